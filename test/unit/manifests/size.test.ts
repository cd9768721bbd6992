import { expect, it } from 'vitest';
import { emitYaml } from '../../../src/emit/yaml.js';
import { renderTask } from '../../../src/manifests/job/task.js';
import { renderTrigger } from '../../../src/manifests/triggers/trigger.js';
import { serviceModel } from '../../support/models.js';

it('keeps the Task within 16 KiB, since every run stores a copy of it', () => {
  expect(emitYaml(renderTask(serviceModel, 'millrace-runtime-0123456789')).length).toBeLessThanOrEqual(16 * 1024);
});

it('keeps the Trigger small: every event is compared with all of them', () => {
  expect(emitYaml(renderTrigger(serviceModel)).length).toBeLessThanOrEqual(6 * 1024);
});
