import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expiredRuns, hungRuns } from '../../runtime/cluster/janitor/decide.js';
import { janitor } from '../../runtime/cluster/janitor/janitor.js';
import { podState, runState, type RunState } from '../../runtime/cluster/janitor/state.js';
import { stepNames } from '../../src/contract/paths.js';
import type { JanitorConfig } from '../../src/contract/janitor.js';
import { programIo, quickTimes, startKubernetesApi, type KubernetesApi, type ProgramIo, type StoredObject } from './support/kubernetes-api.js';

const now = '2026-11-22T12:00:00Z';
const ago = (seconds: number): string => new Date(Date.parse(now) - seconds * 1000).toISOString();
const minutes = 60;
const hours = 3600;

const config: JanitorConfig = {
  version: 1,
  namespace: 'risk',
  finished: { ttlSeconds: 72 * hours, keepLast: 2 },
  hungSeconds: 5 * minutes,
  quietSeconds: hours,
};

const runs = '/apis/tekton.dev/v1/namespaces/risk/taskruns';
const tasks = '/apis/tekton.dev/v1/namespaces/risk/tasks';
const cronJobs = '/apis/batch/v1/namespaces/risk/cronjobs';
const jobs = '/apis/batch/v1/namespaces/risk/jobs';
const pods = '/api/v1/namespaces/risk/pods';
const configMaps = '/api/v1/namespaces/risk/configmaps';

async function clean(api: KubernetesApi, changes: Partial<JanitorConfig> = {}): Promise<ProgramIo & { code: number }> {
  const io = programIo({ ...api.env, MILLRACE_CONFIG: JSON.stringify({ ...config, ...changes }) }, now);
  return { ...io, code: await janitor(quickTimes)(io) };
}

type Fields = Record<string, unknown>;

const run = (
  name: string,
  { status, spec, metadata, service = 'scorer' }: { status?: Fields; spec?: Fields; metadata?: Fields; service?: string } = {},
): StoredObject => ({
  apiVersion: 'tekton.dev/v1',
  kind: 'TaskRun',
  metadata: { name, uid: `uid-${name}`, creationTimestamp: ago(5 * hours), labels: { 'millrace.dev/service': service }, ...metadata },
  spec: { taskRef: { name: service }, ...spec },
  status: { conditions: [{ type: 'Succeeded', status: 'Unknown', reason: 'Running' }], podName: `${name}-pod`, ...status },
});
const finished = (name: string, secondsAgo: number, more: Parameters<typeof run>[1] = {}): StoredObject =>
  run(name, { ...more, status: { conditions: [{ type: 'Succeeded', status: 'True' }], completionTime: ago(secondsAgo), ...more.status } });

type Step = 'waiting' | 'running' | readonly [exitCode: number, secondsAgo: number, reason?: string];
const container = (name: string, step: Step): Fields => ({
  name,
  state: typeof step === 'string' ? { [step]: {} } : { terminated: { exitCode: step[0], finishedAt: ago(step[1]), reason: step[2] ?? 'Error' } },
});
const pod = (
  name: string,
  steps: readonly Step[],
  { metadata, status, others = [] }: { metadata?: Fields; status?: Fields; others?: readonly Fields[] } = {},
): StoredObject => ({
  metadata: { name: `${name}-pod`, ownerReferences: [{ kind: 'TaskRun', controller: true, uid: `uid-${name}` }], ...metadata },
  spec: {
    containers: [...steps.map((_, index) => ({ name: `step-${stepNames[index] ?? ''}` })), ...others.map(({ name: other }) => ({ name: other }))],
  },
  status: {
    phase: 'Running',
    // The kubelet sorts them by name.
    containerStatuses: [...steps.map((step, index) => container(`step-${stepNames[index] ?? ''}`, step)), ...others].reverse(),
    ...status,
  },
});

const done: Step = [0, 600, 'Completed'];
/** The predictor was killed with its entrypoint; the last three steps wait for it. */
const hung: readonly Step[] = [done, done, done, done, done, [137, 301, 'OOMKilled'], 'running', 'running', 'running'];

describe('a run that hangs', () => {
  it('is cancelled with a message that says why', async () => {
    const api = await startKubernetesApi();
    api.add(runs, run('a'), run('b'));
    api.add(pods, pod('a', hung), pod('b', [...hung.slice(0, 5), 'running', 'running', 'running', 'running']));
    const { code, lines } = await clean(api);
    expect(code).toBe(0);
    expect(api.get(runs, 'a')?.['spec']).toEqual({
      taskRef: { name: 'scorer' },
      status: 'TaskRunCancelled',
      statusMessage: expect.stringMatching(
        /^Ended by the janitor of millrace: the container of step user-container was killed \(OOMKilled, exit code 137\) at 2026-11-22T11:54:59\.000Z/,
      ) as string,
    });
    expect(api.get(runs, 'b')?.['spec']).toEqual({ taskRef: { name: 'scorer' } });
    expect(lines()).toEqual([
      expect.objectContaining({ program: 'janitor', message: 'ended a run that hung', run: 'a', step: 'user-container', exitCode: 137 }),
      expect.objectContaining({ message: 'done', runs: 2, ended: 1, deleted: 0, removed: 0 }),
    ]);
  });

  it('stays as it is if it has changed since it was listed', async () => {
    const api = await startKubernetesApi((request) => {
      // Tekton makes the pod again, or the run ends, just before the janitor speaks.
      if (request.method === 'PATCH') api.add(runs, run('a', { status: { podName: 'a-pod-retry1' } }));
      return undefined;
    });
    api.add(runs, run('a'));
    api.add(pods, pod('a', hung));
    const { code, lines } = await clean(api);
    expect(code).toBe(0);
    expect(api.get(runs, 'a')?.['spec']).toEqual({ taskRef: { name: 'scorer' } });
    expect(lines().at(-1)).toMatchObject({ ended: 0 });
  });

  /** Everything that looks like it and is well, or is somebody else's business. */
  const healthy: Readonly<Record<string, readonly [StoredObject, StoredObject | undefined]>> = {
    'all steps wait for the first': [
      run('a'),
      pod(
        'a',
        stepNames.map(() => 'waiting' as const),
        { status: { phase: 'Pending' } },
      ),
    ],
    'steps run one after the other': [run('a'), pod('a', [done, done, ...stepNames.slice(2).map(() => 'running' as const)])],
    'the predictor failed, and the steps after it go on': [
      run('a'),
      pod('a', [done, done, done, done, done, [0, 4 * hours], 'running', 'running', 'running']),
    ],
    'a step failed by itself long ago, which Tekton sees': [
      run('a'),
      pod('a', [done, [4, 900], ...stepNames.slice(2).map(() => 'running' as const)]),
    ],
    'killed just now: the later steps may be on their way out': [
      run('a'),
      pod('a', [...hung.slice(0, 5), [137, 299], 'running', 'running', 'running']),
    ],
    'killed by a clock that is ahead': [run('a'), pod('a', [...hung.slice(0, 5), [137, -3600], 'running', 'running', 'running'])],
    'all steps have ended': [run('a'), pod('a', [...hung.slice(0, 5), [137, 900], [1, 900], [1, 900], [1, 900]])],
    'the last step was killed': [run('a'), pod('a', [done, done, done, done, done, done, done, done, [137, 900]])],
    'later steps never started': [run('a'), pod('a', [...hung.slice(0, 6), 'waiting', 'waiting', 'waiting'])],
    'only a sidecar died': [
      run('a'),
      pod(
        'a',
        stepNames.map(() => 'running' as const),
        { others: [container('sidecar-proxy', [137, 900]), container('istio-proxy', [137, 900])] },
      ),
    ],
    'a sidecar runs on after the steps': [
      run('a'),
      pod('a', [done, done, done, done, done, done, done, done, [137, 900]], { others: [container('istio-proxy', 'running')] }),
    ],
    'the pod is being deleted, and is made again': [run('a'), pod('a', hung, { metadata: { deletionTimestamp: ago(10) } })],
    'the pod is that of another run': [
      run('a'),
      pod('a', hung, { metadata: { ownerReferences: [{ kind: 'TaskRun', controller: true, uid: 'uid-earlier' }] } }),
    ],
    'the pod is not owned by a run': [run('a'), pod('a', hung, { metadata: { ownerReferences: [] } })],
    'the run has another pod by now': [run('a', { status: { podName: 'a-pod-retry1' } }), pod('a', hung)],
    'there is no pod yet': [run('a', { status: { podName: '' } }), pod('a', hung)],
    'the pod is gone': [run('a'), undefined],
    'the node is lost': [run('a'), pod('a', hung, { status: { reason: 'NodeLost' } })],
    'the pod has failed': [run('a'), pod('a', hung, { status: { phase: 'Failed' } })],
    'the run is cancelled already': [run('a', { spec: { status: 'TaskRunCancelled' } }), pod('a', hung)],
    'the run has finished': [finished('a', 10), pod('a', hung)],
    'the run is being deleted': [run('a', { metadata: { deletionTimestamp: ago(1) } }), pod('a', hung)],
    'the run is part of a PipelineRun': [run('a', { metadata: { ownerReferences: [{ kind: 'PipelineRun', uid: 'x' }] } }), pod('a', hung)],
    'the run is of no service': [run('a', { metadata: { labels: { app: 'x' } } }), pod('a', hung)],
    'statuses are missing': [run('a'), { metadata: { name: 'a-pod' } }],
  };

  it.each(Object.entries(healthy))('is not one where %s', async (_, [theRun, thePod]) => {
    const api = await startKubernetesApi();
    api.add(runs, theRun);
    if (thePod) api.add(pods, thePod);
    const { code, lines } = await clean(api, { finished: { ttlSeconds: 72 * hours, keepLast: 2 } });
    expect(code).toBe(0);
    expect(lines().at(-1)).toMatchObject({ ended: 0 });
    expect(api.requests.filter(({ method }) => method !== 'GET')).toEqual([]);
  });

  it('is one only if a later step waits for a killed one: any states of the steps', () => {
    const step = fc.oneof(
      fc.constant<Step>('waiting'),
      fc.constant<Step>('running'),
      fc.tuple(fc.constantFrom(0, 1, 2, 4, 9, 127, 128, 137, 139, 255), fc.constantFrom(0, 299, 300, 301, 4000)),
    );
    fc.assert(
      fc.property(fc.array(step, { minLength: 9, maxLength: 9 }), (steps) => {
        const theRun = runState({ ...run('a'), metadata: { ...run('a').metadata, resourceVersion: '1' } }) as RunState;
        const found = hungRuns([theRun], [podState(pod('a', steps))], config, Date.parse(now));
        const killed = steps.findIndex((each) => Array.isArray(each) && each[0] >= 128);
        const since = steps[killed]?.[1];
        const expected = killed >= 0 && typeof since === 'number' && since >= 300 && steps.slice(killed + 1).includes('running');
        expect(found.map((each) => each.step)).toEqual(expected ? [stepNames[killed]] : []);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('finished runs', () => {
  it('go after their time, but for the last ones of each service', async () => {
    const api = await startKubernetesApi();
    const late = 73 * hours;
    api.add(
      runs,
      finished('a-1', late + 3),
      finished('a-2', late + 2, { status: { conditions: [{ type: 'Succeeded', status: 'False' }] }, spec: { status: 'TaskRunCancelled' } }),
      finished('a-3', late + 1),
      finished('a-4', 71 * hours),
      finished('b-1', 900 * hours, { service: 'other' }),
      finished('b-2', 800 * hours, { service: 'other' }),
      finished('c-1', late, { service: 'busy' }),
      finished('c-2', 3, { service: 'busy' }),
      finished('c-3', 2, { service: 'busy' }),
      run('a-5'),
      finished('foreign', 900 * hours, { metadata: { labels: {} } }),
      finished('d-1', late, {
        service: 'pipeline',
        metadata: { ownerReferences: [{ kind: 'PipelineRun' }], labels: { 'millrace.dev/service': 'pipeline' } },
      }),
      finished('d-2', 3, { service: 'pipeline' }),
      finished('d-3', 2, { service: 'pipeline' }),
    );
    const { code, lines } = await clean(api);
    expect(code).toBe(0);
    expect(api.names(runs)).toEqual(['a-3', 'a-4', 'a-5', 'b-1', 'b-2', 'c-2', 'c-3', 'd-1', 'd-2', 'd-3', 'foreign']);
    expect(lines().at(-1)).toMatchObject({ runs: 13, deleted: 3 });
    const [first] = api.requests.filter(({ method }) => method === 'DELETE');
    expect(first?.body).toMatchObject({ propagationPolicy: 'Background', preconditions: { uid: expect.any(String) as string } });
  });

  it('stay where that is left to others', async () => {
    const api = await startKubernetesApi();
    api.add(runs, finished('a-1', 900 * hours), finished('a-2', 901 * hours), finished('a-3', 902 * hours));
    const { version, namespace, hungSeconds, quietSeconds } = config;
    const io = programIo({ ...api.env, MILLRACE_CONFIG: JSON.stringify({ version, namespace, hungSeconds, quietSeconds }) }, now);
    expect(await janitor(quickTimes)(io)).toBe(0);
    expect(api.names(runs)).toHaveLength(3);
  });

  it('are read in pages', async () => {
    const api = await startKubernetesApi();
    api.add(runs, ...Array.from({ length: 250 }, (_, index) => finished(`a-${String(index)}`, 100 * hours + index)));
    await clean(api);
    expect(api.names(runs)).toEqual(['a-0', 'a-1']);
    expect(api.requests.filter(({ method, path }) => method === 'GET' && path === runs).map(({ query }) => query.get('continue'))).toEqual([
      null,
      '100',
      '200',
    ]);
  });

  it('are all read where the place in the list has expired meanwhile', async () => {
    const api = await startKubernetesApi(({ query }) =>
      query.get('continue') === '100'
        ? { status: 410, body: { kind: 'Status', reason: 'Expired', metadata: { continue: '101' }, code: 410 } }
        : undefined,
    );
    api.add(runs, ...Array.from({ length: 250 }, (_, index) => finished(`a-${String(index)}`, 100 * hours + index)));
    const { code } = await clean(api);
    expect(code).toBe(0);
    // The API server names where it would go on; the fake one leaves out a run there, to be told from a second beginning.
    expect(api.names(runs)).toEqual(['a-0', 'a-1', 'a-100']);
  });

  it('are not read for ever where the place in the list has always expired', async () => {
    const api = await startKubernetesApi(({ path }) =>
      path === runs
        ? { status: 410, body: { kind: 'Status', reason: 'Expired', message: 'expired', metadata: { continue: '0' }, code: 410 } }
        : undefined,
    );
    const { code, lines } = await clean(api);
    expect(code).toBe(4);
    expect(lines().at(-1)).toMatchObject({ reason: 'runtime/api-refused' });
    expect(api.requests.filter(({ path }) => path === runs).length).toBeLessThan(10);
  });

  it('never leave a service with fewer than keepLast, or go before their time', () => {
    const state = fc.record({ service: fc.constantFrom('a', 'b'), age: fc.option(fc.integer({ min: -10, max: 100 }), { nil: undefined }) });
    fc.assert(
      fc.property(
        fc.array(state, { maxLength: 30 }),
        fc.integer({ min: 0, max: 5 }),
        fc.integer({ min: 0, max: 90 }),
        (states, keepLast, ttlSeconds) => {
          const all = states.map(({ service, age }, index): RunState => ({
            name: `run-${String(index)}`,
            uid: 'u',
            resourceVersion: '1',
            service,
            finished: age === undefined ? undefined : Date.parse(now) - age * 1000,
            asked: false,
            leaveAlone: false,
            podName: undefined,
            runtimes: [],
          }));
          const expired = new Set(expiredRuns(all, { ...config, finished: { ttlSeconds, keepLast } }, Date.parse(now)).map(({ name }) => name));
          for (const service of ['a', 'b']) {
            const ended = all.filter((each) => each.service === service && each.finished !== undefined);
            const gone = ended.filter(({ name }) => expired.has(name));
            expect(ended.length - gone.length).toBeGreaterThanOrEqual(Math.min(keepLast, ended.length));
            for (const each of gone) expect(Date.parse(now) - (each.finished ?? 0)).toBeGreaterThan(ttlSeconds * 1000);
            // Whoever goes is no younger than anybody who stays.
            const stayed = ended.filter(({ name }) => !expired.has(name));
            for (const each of gone) for (const other of stayed) expect(each.finished).toBeLessThanOrEqual(other.finished ?? 0);
          }
          for (const each of all) if (each.finished === undefined) expect(expired.has(each.name)).toBe(false);
        },
      ),
    );
  });
});

describe('runtimes', () => {
  const runtime = (digit: string): string => `millrace-runtime-${digit.repeat(10)}`;
  const configMap = (name: string, secondsAgo = 48 * hours): StoredObject => ({ metadata: { name, creationTimestamp: ago(secondsAgo) } });
  const volume = (name: string): Fields => ({ volumes: [{ name: 'runtime', configMap: { name } }] });
  const task = (name: string, more: Fields = {}): StoredObject => ({
    metadata: { name: 'scorer', creationTimestamp: ago(48 * hours), ...more },
    spec: volume(name),
  });

  /** One for each way in which a runtime is used, and one that nothing uses. */
  async function withRuntimes(): Promise<KubernetesApi> {
    const api = await startKubernetesApi();
    api.add(configMaps, ...['0', '1', '2', '3', '4', '5', '6'].map((digit) => configMap(runtime(digit))));
    api.add(
      configMaps,
      configMap('millrace-runtime-of-mine'),
      configMap('kube-root-ca.crt'),
      configMap(`${runtime('0')}-copy`),
      configMap(`my-${runtime('0')}`),
    );
    api.add(tasks, task(runtime('1')));
    api.add(cronJobs, {
      metadata: { name: 'scorer--nightly', creationTimestamp: ago(48 * hours) },
      spec: { jobTemplate: { spec: { template: { spec: volume(runtime('2')) } } } },
    });
    api.add(runs, run('a', { status: { taskSpec: volume(runtime('3')) } }), finished('b', 10, { status: { taskSpec: volume(runtime('0')) } }));
    api.add(pods, { metadata: { name: 'waiting' }, spec: volume(runtime('4')), status: { phase: 'Pending' } });
    api.add(pods, { metadata: { name: 'over' }, spec: volume(runtime('0')), status: { phase: 'Succeeded' } });
    api.add(jobs, { metadata: { name: 'waits-for-quota' }, spec: { template: { spec: volume(runtime('6')) } } });
    api.add(jobs, {
      metadata: { name: 'is-over' },
      spec: { template: { spec: volume(runtime('0')) } },
      status: { conditions: [{ type: 'Failed', status: 'True' }] },
    });
    // Just made: the Tasks that name it are still to come.
    api.add(configMaps, configMap(runtime('5'), 59 * minutes));
    return api;
  }

  it('go if no Task, CronJob, unfinished run, Job or pod names them', async () => {
    const api = await withRuntimes();
    const { code, lines } = await clean(api);
    expect(code).toBe(0);
    expect(api.names(configMaps)).toEqual(
      [
        ...['1', '2', '3', '4', '5', '6'].map(runtime),
        'kube-root-ca.crt',
        'millrace-runtime-of-mine',
        `${runtime('0')}-copy`,
        `my-${runtime('0')}`,
      ].sort(),
    );
    expect(lines()).toContainEqual(expect.objectContaining({ message: 'removed a runtime that nothing uses', configMap: runtime('0') }));
  });

  it('are listed without what they hold', async () => {
    const api = await withRuntimes();
    await clean(api);
    expect(api.requests.find(({ path }) => path === configMaps)?.accept).toContain('PartialObjectMetadata');
  });

  it.each<[string, (api: KubernetesApi) => void]>([
    [
      'a Task',
      (api) => {
        api.add(tasks, task(runtime('1'), { managedFields: [{ operation: 'Apply', time: ago(30 * minutes) }] }));
      },
    ],
    [
      'a new Task',
      (api) => {
        api.add(tasks, task(runtime('1'), { creationTimestamp: ago(60) }));
      },
    ],
    [
      'a CronJob',
      (api) => {
        api.add(cronJobs, { metadata: { name: 'x', creationTimestamp: ago(48 * hours), managedFields: [{ time: ago(60) }] } });
      },
    ],
  ])('all stay while a sync may be under way: %s has just changed', async (_, change) => {
    const api = await withRuntimes();
    change(api);
    const before = api.names(configMaps);
    const { code } = await clean(api);
    expect(code).toBe(0);
    expect(api.names(configMaps)).toEqual(before);
  });

  it('go although the CronJob controller has just written a status', async () => {
    const api = await withRuntimes();
    api.add(cronJobs, { metadata: { name: 'x', creationTimestamp: ago(48 * hours), managedFields: [{ subresource: 'status', time: ago(60) }] } });
    await clean(api);
    expect(api.names(configMaps)).not.toContain(runtime('0'));
  });
});

describe('what goes wrong', () => {
  it('with one run keeps nothing else from being done, and shows in the exit code', async () => {
    const api = await startKubernetesApi((request) =>
      request.method === 'DELETE' && /\/a-[12]$/.test(request.path) ? { status: 403, body: { message: 'denied by a policy' } } : undefined,
    );
    api.add(runs, ...[1, 2, 3, 4, 5].map((index) => finished(`a-${String(index)}`, 100 * hours - index)));
    const { code, lines } = await clean(api);
    expect(code).toBe(4);
    expect(api.names(runs)).toEqual(['a-1', 'a-2', 'a-4', 'a-5']);
    expect(lines().map(({ level }) => level)).toEqual(['info', 'error', 'info', 'error']);
    expect(lines().at(-1)).toMatchObject({ reason: 'runtime/api-refused', message: expect.stringContaining('denied by a policy') as string });
  });

  it.each([runs, pods, tasks, jobs, cronJobs, configMaps])('with the list %s ends it before it deletes a runtime', async (collection) => {
    const api = await startKubernetesApi(({ path }) => (path === collection ? { status: 403, body: { message: 'is forbidden' } } : undefined));
    api.add(configMaps, { metadata: { name: `millrace-runtime-${'0'.repeat(10)}`, creationTimestamp: ago(48 * hours) } });
    const { code } = await clean(api);
    expect(code).toBe(4);
    expect(api.names(configMaps)).toHaveLength(1);
  });

  it('with its own configuration is said', async () => {
    const api = await startKubernetesApi();
    const { code, lines } = await clean(api, { hungSeconds: -1 });
    expect(code).toBe(2);
    expect(lines()[0]).toMatchObject({ reason: 'runtime/bad-environment', message: expect.stringContaining('hungSeconds') as string });
  });
});
