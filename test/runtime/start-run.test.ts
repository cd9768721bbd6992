import { describe, expect, it } from 'vitest';
import { startRun } from '../../runtime/cluster/start-run.js';
import { encodeConfig } from '../../src/contract/cluster-programs.js';
import type { ScheduledRun } from '../../src/contract/scheduled-run.js';
import { programIo, quickTimes, startKubernetesApi, type KubernetesApi, type ProgramIo, type Reply } from './support/kubernetes-api.js';

const collection = '/apis/tekton.dev/v1/namespaces/risk/taskruns';
const minutes = Date.parse('2026-11-22T01:00:00Z') / 60_000;

const config: ScheduledRun = {
  version: 1,
  cronJob: 'fraud-scorer--nightly',
  service: 'fraud-scorer',
  schedule: 'nightly',
  timeZone: 'Europe/Berlin',
  delaySeconds: 0,
  taskRun: {
    apiVersion: 'tekton.dev/v1',
    kind: 'TaskRun',
    metadata: { namespace: 'risk', labels: { 'millrace.dev/caller': 'schedule.nightly' }, annotations: {} },
    spec: {
      taskRef: { kind: 'Task', name: 'fraud-scorer' },
      params: [
        { name: 'dataPath', value: 'fraud/in/{date-1d}/' },
        { name: 'outputPath', value: 'fraud/out/{date}/{jobId}/' },
        { name: 'requestId', value: '-' },
        { name: 'caller', value: 'schedule.nightly' },
      ],
    },
  },
};

interface Start {
  readonly config?: Partial<ScheduledRun>;
  readonly job?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly now?: string;
}

const job = (suffix: string | number): string => `fraud-scorer--nightly-${String(suffix)}`;

async function start(api: KubernetesApi, { config: changes, job: name = job(minutes), env, now }: Start = {}): Promise<ProgramIo & { code: number }> {
  const io = programIo(
    {
      ...api.env,
      MILLRACE_CONFIG: encodeConfig({ ...config, ...changes }),
      MILLRACE_JOB_NAME: name,
      MILLRACE_JOB_UID: '0F1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0',
      ...env,
    },
    now,
  );
  return { ...io, code: await startRun(quickTimes)(io) };
}

const paramsOf = (api: KubernetesApi, name: string): Readonly<Record<string, string>> => {
  const { params } = api.get(collection, name)?.['spec'] as { params: { name: string; value: string }[] };
  return Object.fromEntries(params.map(({ name: param, value }) => [param, value]));
};

describe('start-run', () => {
  it('makes the run of the scheduled time: dates are those of the time zone, the id is in UTC', async () => {
    const api = await startKubernetesApi();
    // Half past midnight in Berlin is the day before in UTC.
    const { code, lines } = await start(api, { job: job(Date.parse('2026-11-21T23:30:00Z') / 60_000), now: '2026-11-21T23:30:02Z' });
    expect([code, lines()]).toEqual([0, [expect.objectContaining({ level: 'info', program: 'start-run', message: 'the run is created' })]]);
    const name = 'fraud-scorer--sched-nightly-202611212330';
    expect(api.names(collection)).toEqual([name]);
    expect(paramsOf(api, name)).toEqual({
      dataPath: 'fraud/in/2026-11-21/',
      outputPath: 'fraud/out/2026-11-22/{jobId}/',
      requestId: 'sched-nightly-202611212330',
      caller: 'schedule.nightly',
    });
    expect(api.get(collection, name)?.metadata).toMatchObject({ namespace: 'risk', labels: { 'millrace.dev/caller': 'schedule.nightly' } });
    expect(api.requests).toHaveLength(1);
    expect(api.requests[0]?.query.get('fieldManager')).toBe('millrace-schedule');
  });

  it('makes one run for two starts of one scheduled time, and both succeed', async () => {
    const api = await startKubernetesApi();
    expect((await start(api)).code).toBe(0);
    const second = await start(api, { now: '2026-11-23T09:00:00Z' });
    expect(second.code).toBe(0);
    expect(second.lines().at(-1)).toMatchObject({
      message: 'the run is there already: nothing to do',
      run: 'fraud-scorer--sched-nightly-202611220100',
    });
    expect(api.names(collection)).toHaveLength(1);
  });

  it('takes a lost answer for no answer: the second attempt finds the run, and nothing fails', async () => {
    let lost = false;
    const api = await startKubernetesApi((request) => {
      if (request.method !== 'POST' || lost) return undefined;
      lost = true;
      api.add(collection, request.body as never);
      return 'cut';
    });
    expect((await start(api)).code).toBe(0);
    expect(api.requests).toHaveLength(2);
    expect(api.names(collection)).toHaveLength(1);
  });

  it.each<[string, Reply]>([
    ['no connection', 'cut'],
    ['no answer', 'nothing'],
    ['429', { status: 429, headers: { 'retry-after': '1' } }],
    ['500', { status: 500, body: { message: 'failed calling webhook' } }],
    ['503 without JSON', { status: 503, body: 'unavailable' }],
  ])('tries again after %s', async (_, reply) => {
    const api = await startKubernetesApi((__, count) => (count < 3 ? reply : undefined));
    expect((await start(api)).code).toBe(0);
    expect(api.requests).toHaveLength(3);
    expect(api.names(collection)).toHaveLength(1);
  });

  it('gives up in time, with an exit code that lets the Job try again', async () => {
    const api = await startKubernetesApi(() => ({ status: 500, body: { message: 'etcd is full' } }));
    const { code, lines } = await start(api);
    expect(code).toBe(4);
    expect(lines()).toHaveLength(1);
    expect(lines()[0]).toMatchObject({
      level: 'error',
      reason: 'runtime/api-unavailable',
      message: expect.stringContaining('etcd is full') as string,
    });
  });

  it.each([
    [403, 4, 'taskruns.tekton.dev is forbidden'],
    [404, 4, 'the server could not find the requested resource'],
    [422, 2, 'denied the request'],
    [400, 2, 'admission webhook "validation.webhook.pipeline.tekton.dev" denied the request'],
  ])('says what the server says with %d and ends with %d', async (status, exit, message) => {
    const api = await startKubernetesApi(() => ({ status, body: { kind: 'Status', reason: 'Forbidden', message } }));
    const { code, lines } = await start(api);
    expect(code).toBe(exit);
    expect(api.requests).toHaveLength(1);
    expect(lines()[0]).toMatchObject({
      reason: 'runtime/api-refused',
      message: `The Kubernetes API server does not create TaskRun fraud-scorer--sched-nightly-202611220100 (${String(status)}): ${message}`,
    });
  });

  it('talks to no server whose certificate is not signed by the cluster', async () => {
    const [api, other] = [await startKubernetesApi(), await startKubernetesApi()];
    const { code, lines } = await start(api, { env: { MILLRACE_SERVICE_ACCOUNT: other.env['MILLRACE_SERVICE_ACCOUNT'] ?? '' } });
    expect(code).toBe(4);
    expect(lines()[0]?.['message']).toMatch(/certificate/);
    expect(api.requests).toEqual([]);
  });

  it('never logs the token', async () => {
    const api = await startKubernetesApi(() => ({ status: 401, body: { message: 'Unauthorized' } }));
    const { lines } = await start(api);
    expect(JSON.stringify(lines())).not.toContain(api.token);
  });
});

describe('when a run is made', () => {
  it.each([
    ['2026-11-22T01:00:02Z', [29_000]],
    ['2026-11-22T01:00:31Z', []],
    ['2026-11-22T05:00:00Z', []],
    // A clock that is behind.
    ['2026-11-21T23:00:00Z', [31_000]],
  ])('its turn comes 31 seconds after the minute: at %s it waits %j', async (now, slept) => {
    const api = await startKubernetesApi();
    expect((await start(api, { now, config: { delaySeconds: 31 } })).slept).toEqual(slept);
    expect(api.names(collection)).toHaveLength(1);
  });

  it('a Job made by hand makes a run of its own, once, with the date of now', async () => {
    const api = await startKubernetesApi();
    const first = await start(api, { job: 'try-it', config: { delaySeconds: 59 } });
    expect([first.code, first.slept]).toEqual([0, []]);
    const name = 'fraud-scorer--sched-nightly-m0f1e2d3c4b5';
    expect(first.lines().at(-1)).toMatchObject({ run: name, by: 'hand', due: '2026-11-22T01:00:03.000Z' });
    expect(paramsOf(api, name)['dataPath']).toBe('fraud/in/2026-11-21/');
    // The Job's second pod.
    expect((await start(api, { job: 'try-it', now: '2026-11-23T01:00:00Z' })).code).toBe(0);
    expect(api.names(collection)).toEqual([name]);
  });

  it.each([job('29384720x'), job('2938472'), job('029384720'), 'other--nightly-29384720', 'fraud-scorer--nightly'])(
    'the Job %s is one made by hand',
    async (name) => {
      const api = await startKubernetesApi();
      const { lines } = await start(api, { job: name });
      expect(lines().at(-1)).toMatchObject({ by: 'hand' });
    },
  );
});

describe('a CronJob that was edited by hand', () => {
  it.each<[string, unknown]>([
    ['is not JSON', '{'],
    ['has a field that is not known', { ...config, more: 1 }],
    ['has another kind', { ...config, taskRun: { ...config.taskRun, kind: 'Pod' } }],
    ['has params that are no texts', { ...config, taskRun: { ...config.taskRun, spec: { params: [{ name: 'dataPath', value: ['a'] }] } } }],
    ['names no time zone', { ...config, timeZone: 'Mars/Olympus' }],
    ['waits for an hour', { ...config, delaySeconds: 3600 }],
  ])('%s', async (_, value) => {
    const api = await startKubernetesApi();
    const { code, lines } = await start(api, { env: { MILLRACE_CONFIG: typeof value === 'string' ? value : JSON.stringify(value) } });
    expect(code).toBe(2);
    expect(lines()[0]).toMatchObject({ reason: 'runtime/bad-environment' });
    expect(api.requests).toEqual([]);
  });

  it.each(['MILLRACE_CONFIG', 'MILLRACE_JOB_NAME', 'MILLRACE_JOB_UID', 'KUBERNETES_SERVICE_HOST', 'MILLRACE_SERVICE_ACCOUNT'])(
    '%s is not set',
    async (name) => {
      const api = await startKubernetesApi();
      const { code, lines } = await start(api, { env: { [name]: '' } });
      expect(code).toBe(2);
      expect(lines()[0]?.['message']).toContain(`${name} is not set`);
    },
  );
});
