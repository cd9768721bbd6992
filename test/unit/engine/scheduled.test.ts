import { expect, it } from 'vitest';
import { scheduledTaskRun } from '../../../src/engine/run/scheduled.js';
import { taskRunParams } from '../../../src/engine/triggers/template.js';
import { renderService } from '../../../src/manifests/service.js';
import type { ScheduleModel } from '../../../src/model/model.js';
import { gpuPool, s3Connection, serviceModel } from '../../support/models.js';

const raw = s3Connection('raw');
const schedule: ScheduleModel = {
  name: 'nightly',
  cron: '0 2 * * *',
  timeZone: 'Europe/Berlin',
  suspend: true,
  params: {},
  dataSource: { connection: raw, path: 'in/{date-1d}/', within: { connection: 'raw', prefix: 'in/' } },
  outputDestination: { connection: raw, path: 'out/{date}/', within: { connection: 'raw', prefix: 'out/' } },
  nodePool: undefined,
  resources: { requests: {}, limits: { memory: '32Gi' } },
};
const objects = renderService({ ...serviceModel, nodePool: gpuPool, schedules: [schedule] }, 'runtime');
const query = { namespace: 'risk', service: 'fraud-scorer', schedule: 'nightly', time: new Date('2026-11-21T23:30:59Z') };

it('is the run that the CronJob would start at that time, whole minutes counting', () => {
  const run = scheduledTaskRun(objects, query);
  if (!run) throw new Error('there is no run');
  const params = taskRunParams(run);
  expect(run.metadata.name).toBe('fraud-scorer--sched-nightly-202611212330');
  expect(['dataPath', 'outputPath', 'requestId'].map((name) => params.get(name))).toEqual([
    'in/2026-11-21/',
    'out/2026-11-22/',
    'sched-nightly-202611212330',
  ]);
  expect(run['spec']).toMatchObject({ stepSpecs: [{ computeResources: { limits: { memory: '32Gi' }, requests: { memory: '32Gi' } } }] });
});

it.each(['1990-01-01T00:00:00Z', '2159-12-31T23:59:59Z'])('has a name of its own for each minute: %s', (time) => {
  const minute = time.replace(/[-T:]/g, '').slice(0, 12);
  expect(scheduledTaskRun(objects, { ...query, time: new Date(time) })?.metadata.name).toBe(`fraud-scorer--sched-nightly-${minute}`);
});

it('is none where the service has no such schedule', () => {
  expect(scheduledTaskRun(objects, { ...query, schedule: 'weekly' })).toBeUndefined();
});
