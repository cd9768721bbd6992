/** A run of the emitted Task with what its request asks for. */
import { describe, expect, it } from 'vitest';
import { InvariantError } from '../../../src/base/assert.js';
import { gpusOf } from '../../../src/engine/run/containers/gpu.js';
import { defaultRun, findTask, withStepSpecs } from '../../../src/engine/run/job.js';
import type { Task } from '../../../src/engine/run/task.js';
import { sendRequest } from '../../../src/engine/triggers/listener.js';
import type { Manifest } from '../../../src/manifests/manifest.js';
import { renderNamespace } from '../../../src/manifests/namespace.js';
import { renderService } from '../../../src/manifests/service.js';
import type { ServiceModel } from '../../../src/model/model.js';
import { gpuPool, serviceModel } from '../../support/models.js';
import { jobBody, webhookOf, webhookUrl } from '../../support/requests.js';

const service: ServiceModel = {
  ...serviceModel,
  nodePool: gpuPool,
  resources: { requests: { cpu: '2', memory: '8Gi' }, limits: { cpu: undefined, memory: '8Gi', gpu: 1 } },
  webhook: { ...webhookOf(serviceModel), resources: { cpu: '8', memory: '32Gi', gpu: 2 } },
};
const objects: readonly Manifest[] = [...renderNamespace(service.namespace, 'runtime'), ...renderService(service, 'millrace-runtime-0123456789')];
const task = findTask(objects, 'risk', 'fraud-scorer');

function runOf(resources: unknown): Manifest {
  const body = new TextEncoder().encode(JSON.stringify(jobBody({ resources })));
  const outcome = sendRequest(objects, { namespace: 'risk', trigger: 'fraud-scorer', caller: 'airflow' }, { path: webhookUrl, headers: {}, body });
  if (outcome.kind === 'refused') throw new Error(outcome.refusal.sentence);
  return outcome.taskRun;
}

function predictorOf({ steps }: Task): Task['steps'][number] {
  const step = steps.find(({ name }) => name === 'user-container');
  if (!step) throw new Error('a Task has a predictor');
  return step;
}
const limitsOf = (resources: unknown): Readonly<Record<string, string>> =>
  Object.fromEntries(predictorOf(withStepSpecs(task, runOf(resources))).container.limits);

const own = Object.fromEntries(predictorOf(task).container.limits);

describe('the limits of a run', () => {
  it('are those of the Task where the request asks for none, and without a request', () => {
    expect(own).toMatchObject({ memory: '8Gi', 'nvidia.com/gpu': '1' });
    expect(own).not.toHaveProperty('cpu');
    expect(limitsOf({})).toEqual(own);
    expect(withStepSpecs(task, defaultRun(objects, 'risk', 'fraud-scorer'))).toEqual(task);
  });

  it('are what the request asks for, one by one, in its predictor only', () => {
    expect(limitsOf({ limits: { memory: '16Gi' } })).toEqual({ ...own, memory: '16Gi' });
    expect(limitsOf({ requests: { cpu: '500m', memory: '4Gi' }, limits: { cpu: '1.5', gpu: 2 } })).toEqual({
      ...own,
      cpu: '1.5',
      memory: '4Gi',
      'nvidia.com/gpu': '2',
    });
    const others = (each: Task): readonly unknown[] => each.steps.filter(({ name }) => name !== 'user-container');
    expect(others(withStepSpecs(task, runOf({ limits: { memory: '16Gi' } })))).toEqual(others(task));
  });

  it('can be without GPUs', () => {
    expect(gpusOf(predictorOf(withStepSpecs(task, runOf({ limits: { gpu: 0 } }))))).toEqual({ count: 0, others: [] });
  });

  it('of a step that the Task does not have, or of more than resources, are a bug of ours', () => {
    const specs = (stepSpecs: unknown): Manifest => ({ ...runOf({}), spec: { stepSpecs } });
    expect(() => withStepSpecs(task, specs([{ name: 'other', computeResources: {} }]))).toThrow(InvariantError);
    expect(() => withStepSpecs(task, specs([{ name: 'user-container', stdinOnce: true }]))).toThrow(InvariantError);
  });
});
