/**
 * The pods of schedules and of the janitor against a real API server, in a namespace that enforces Pod Security `restricted`, which
 * their accounts are enough for. No controller of Tekton runs: runs and their pods are made by hand here.
 */
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { compile } from '../../src/compile.js';
import { parseScheduledRun } from '../../src/contract/scheduled-run.js';
import type { Manifest } from '../../src/manifests/manifest.js';
import { memoryFileSystem } from '../../src/source/file-system.js';
import { type Cluster, startCluster } from './support/cluster.js';
import { documentText } from '../support/document.js';

const namespace = 'millrace-operations-test';
const runtime = { text: readFileSync(fileURLToPath(new URL('../../lib/runtime.mjs', import.meta.url)), 'utf8') };

function definitions(images: Cluster['images'], service: string): Readonly<Record<string, string>> {
  const everyMinute = { cron: '* * * * *', request: { dataSource: { path: 'in/{date-1d}/' }, outputDestination: { path: 'out/{date}/{jobId}/' } } };
  return {
    'services/platform.yaml': documentText('Platform', 'platform', {
      target: { kubernetes: '1.34', pipelines: '1.15', triggers: '0.37' },
      images,
      requireDigests: false,
      teams: [{ name: 'lab', namespace, registries: ['testbed.local/'] }],
      cleanup: { ttl: '1h', keepLast: 1 },
    }),
    'services/lab/connections/store.yaml': documentText('Connection', 'store', {
      type: 's3',
      bucket: 'store-bucket',
      region: 'eu-central-1',
      credentials: { anonymous: true },
    }),
    [`services/lab/${service}.yaml`]: documentText('InferenceService', service, {
      image: 'testbed.local/predictor:1',
      command: ['node'],
      modelSource: { imagePath: '/opt/app/model', name: 'm', version: '1' },
      dataSource: { connection: 'store', path: 'in/' },
      outputDestination: { connection: 'store', path: 'out/' },
      triggers: {
        webhook: { enabled: false },
        schedules: [
          { name: 'often', timeZone: 'Pacific/Kiritimati', ...everyMinute },
          { name: 'asleep', suspend: true, ...everyMinute },
        ],
      },
    }),
  };
}

const compiled = (images: Cluster['images'], service: string): readonly Manifest[] => {
  const { files, diagnostics } = compile({ fileSystem: memoryFileSystem(definitions(images, service)), runtime });
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) throw new Error(JSON.stringify(errors));
  return files.flatMap(({ text }) => parseAllDocuments(text).map((each) => each.toJS() as Manifest));
};

interface Container {
  readonly env: { name: string; value?: string }[];
}
interface JobTemplate {
  readonly spec: { readonly template: { readonly spec: { readonly containers: readonly Container[] } } };
}
const containerOf = (cronJob: Manifest): Container => {
  const [container] = (cronJob['spec'] as { readonly jobTemplate: JobTemplate }).jobTemplate.spec.template.spec.containers;
  if (!container) throw new Error('a CronJob without a container');
  return container;
};
const configOf = (container: Container): string => container.env.find(({ name }) => name === 'MILLRACE_CONFIG')?.value ?? '';

/** A service whose second of the minute comes soon. */
function quickService(images: Cluster['images']): { readonly service: string; readonly objects: readonly Manifest[] } {
  for (let index = 0; ; index += 1) {
    const service = `scorer-${String(index)}`;
    const objects = compiled(images, service);
    const cronJob = objects.find(({ kind, metadata }) => kind === 'CronJob' && metadata.name === `${service}--often`);
    if (cronJob && (parseScheduledRun(configOf(containerOf(cronJob))).value?.delaySeconds ?? 60) <= 2) return { service, objects };
  }
}

let made: { readonly cluster: Cluster; readonly service: string; readonly objects: readonly Manifest[] } | undefined;
const bed = (): NonNullable<typeof made> => {
  if (!made) throw new Error('there is no cluster');
  return made;
};
const kubectl = (args: readonly string[], input?: unknown): Promise<string> =>
  bed().cluster.kubectl(['-n', namespace, ...args], input === undefined ? undefined : JSON.stringify(input));
const getJson = async <T>(...args: readonly string[]): Promise<T> => JSON.parse(await kubectl(['get', ...args, '-o', 'json'])) as T;
interface Named {
  readonly metadata: { readonly name: string };
}
const namesOf = async (kind: string, ...more: readonly string[]): Promise<readonly string[]> =>
  (await getJson<{ items: Named[] }>(kind, ...more)).items.map(({ metadata }) => metadata.name).sort();

async function until<T>(what: string, look: () => Promise<T | undefined>, seconds = 150): Promise<T> {
  const end = performance.now() + seconds * 1000;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (performance.now() > end) {
      throw new Error(`${what}: not within ${String(seconds)} s\n${await kubectl(['get', 'pods,jobs,events'])}`);
    }
    await sleep(500);
  }
}

/** Makes a Job of a CronJob and gives what its pod said. */
async function runJob(
  cronJob: string,
  name: string,
  change: (container: Container) => void = () => undefined,
): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const job = JSON.parse(await kubectl(['create', 'job', name, `--from=cronjob/${cronJob}`, '--dry-run=client', '-o', 'json'])) as JobTemplate;
  const [container] = job.spec.template.spec.containers;
  if (container) change(container);
  await kubectl(['create', '-f', '-'], job);
  await until(`Job ${name}`, async () => {
    const { status } = await getJson<{ status: { conditions?: { type: string; status: string }[] } }>('job', name);
    const failed = status.conditions?.find(({ type }) => type === 'Failed');
    if (failed) throw new Error(`${JSON.stringify(failed)}\n${await kubectl(['logs', `job/${name}`])}`);
    return status.conditions?.find(({ type }) => type === 'Complete');
  });
  const log = await kubectl(['logs', `job/${name}`]);
  await kubectl(['delete', 'job', name, '--wait']);
  return log
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

beforeAll(async () => {
  const cluster = await startCluster();
  made = { cluster, ...quickService(cluster.images) };
  await cluster.installTekton();
  const { objects } = made;
  const apply = (items: readonly Manifest[]): Promise<string> =>
    cluster.kubectl(
      ['apply', '--server-side', '--validate=strict', '--field-manager=argocd', '-f', '-'],
      JSON.stringify({ apiVersion: 'v1', kind: 'List', items }),
    );
  await apply(objects.filter(({ kind }) => kind === 'Namespace'));
  await apply(objects);
});
afterAll(async () => {
  if (!made) return;
  await made.cluster.kubectl(['delete', 'namespace', namespace, '--ignore-not-found', '--timeout=90s']).catch(() => undefined);
  await made.cluster.stop();
});

describe('a schedule', () => {
  const day = (time: number): string => new Date(time + 14 * 3_600_000).toISOString().slice(0, 10);

  it('starts a run at its time, which says when and why', async () => {
    const { service } = bed();
    const run = await until('a run', async () => {
      const { items } = await getJson<{
        items: { metadata: { name: string; labels: Record<string, string> }; spec: { params: { name: string; value: string }[] } }[];
      }>('taskruns');
      return items.find(({ metadata }) => metadata.name.startsWith(`${service}--sched-often-`));
    });
    await kubectl(['patch', 'cronjob', `${service}--often`, '--type=merge', '-p', '{"spec":{"suspend":true}}']);
    const [, year, month, date, hour, minute] = /-(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)$/.exec(run.metadata.name) ?? [];
    const due = Date.UTC(Number(year), Number(month) - 1, Number(date), Number(hour), Number(minute));
    expect(Math.abs(Date.now() - due)).toBeLessThan(300_000);
    expect(run.metadata.labels).toMatchObject({ 'millrace.dev/caller': 'schedule.often', 'millrace.dev/service': service });
    // Fourteen hours ahead of UTC.
    expect(Object.fromEntries(run.spec.params.map(({ name, value }) => [name, value]))).toMatchObject({
      dataPath: `in/${day(due - 86_400_000)}/`,
      outputPath: `out/${day(due)}/{jobId}/`,
      requestId: run.metadata.name.slice(service.length + 2),
    });
  });

  it('makes one run for two starts of one scheduled time', async () => {
    const { service } = bed();
    // Two in the morning, a while ago.
    const name = `${service}--often-${String(Date.UTC(2026, 0, 2, 2, 0) / 60_000)}`;
    const [first] = await runJob(`${service}--often`, name);
    const [second] = await runJob(`${service}--often`, name);
    const run = `${service}--sched-often-202601020200`;
    expect(first).toMatchObject({ program: 'start-run', message: 'the run is created', run });
    expect(second).toMatchObject({ message: 'the run is there already: nothing to do', run });
    expect((await namesOf('taskruns')).filter((each) => each === run)).toHaveLength(1);
  });

  it('that is suspended starts nothing, and by hand a run of its own', async () => {
    const { service } = bed();
    expect((await namesOf('taskruns')).filter((name) => name.includes('asleep'))).toEqual([]);
    const [line] = await runJob(`${service}--asleep`, 'try-it');
    expect(line).toMatchObject({ message: 'the run is created', by: 'hand', run: expect.stringMatching(/--sched-asleep-m[0-9a-f]{11}$/) as string });
  });
});

describe('the janitor', () => {
  const restricted = {
    allowPrivilegeEscalation: false,
    capabilities: { drop: ['ALL'] },
    runAsNonRoot: true,
    runAsUser: 65532,
    seccompProfile: { type: 'RuntimeDefault' },
  };

  /** A run that Tekton has started, and its pod: what each step does, in order. */
  async function startedRun(name: string, steps: readonly string[]): Promise<void> {
    const { service, cluster } = bed();
    const run = {
      apiVersion: 'tekton.dev/v1',
      kind: 'TaskRun',
      metadata: { name, namespace, labels: { 'millrace.dev/service': service } },
      spec: { taskRef: { kind: 'Task', name: service } },
    };
    await kubectl(['create', '-f', '-'], run);
    await setStatus(name, { conditions: [{ type: 'Succeeded', status: 'Unknown', reason: 'Running' }], podName: `${name}-pod` });
    const { metadata } = await getJson<{ metadata: { uid: string } }>('taskrun', name);
    const containers = steps.map((program, index) => ({
      name: `step-${String(index)}`,
      image: cluster.images.node,
      command: ['sh', '-c', program],
      securityContext: restricted,
    }));
    const owner = { apiVersion: 'tekton.dev/v1', kind: 'TaskRun', name, uid: metadata.uid, controller: true };
    const pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: `${name}-pod`, namespace, ownerReferences: [owner] },
      spec: { restartPolicy: 'Never', terminationGracePeriodSeconds: 1, automountServiceAccountToken: false, containers },
    };
    await kubectl(['create', '-f', '-'], pod);
  }
  const setStatus = (name: string, status: unknown): Promise<string> =>
    kubectl(['patch', 'taskrun', name, '--subresource=status', '--type=merge', '-p', JSON.stringify({ status })]);

  async function finishedRun(name: string, hoursAgo: number): Promise<void> {
    const { service } = bed();
    const metadata = { name, namespace, labels: { 'millrace.dev/service': `of-${service}` } };
    await kubectl(['create', '-f', '-'], {
      apiVersion: 'tekton.dev/v1',
      kind: 'TaskRun',
      metadata,
      spec: { taskRef: { kind: 'Task', name: service } },
    });
    const completionTime = new Date(Date.now() - hoursAgo * 3_600_000).toISOString();
    await setStatus(name, { conditions: [{ type: 'Succeeded', status: 'True', reason: 'Succeeded' }], completionTime, podName: '' });
  }

  const unused = `millrace-runtime-${'0'.repeat(10)}`;
  const usedByRun = `millrace-runtime-${'1'.repeat(10)}`;
  const wait = 'sleep 600';

  beforeAll(async () => {
    await startedRun('hung', ['true', 'exit 137', wait]);
    await startedRun('well', ['true', wait, wait]);
    await startedRun('failing', ['exit 1', wait]);
    for (const [name, hoursAgo] of [
      ['old-1', 4],
      ['old-2', 3],
      ['old-3', 2],
      ['young', 0.5],
    ] as const)
      await finishedRun(name, hoursAgo);
    for (const name of [unused, usedByRun, 'millrace-of-mine']) await kubectl(['create', 'configmap', name, '--from-literal=runtime.mjs=x']);
    await setStatus('well', { taskSpec: { steps: [], volumes: [{ name: 'runtime', configMap: { name: usedByRun } }] } });
    await until('the killed step', async () => {
      const { status } = await getJson<{ status: { phase: string; containerStatuses?: { name: string; state: object }[] } }>('pod', 'hung-pod');
      return status.phase === 'Running' && status.containerStatuses?.some(({ name, state }) => name === 'step-1' && 'terminated' in state)
        ? true
        : undefined;
    });
  });

  it('touches nothing that is younger than it must be', async () => {
    const log = await runJob('millrace-janitor', 'janitor-by-hand');
    expect(log.at(-1)).toMatchObject({ program: 'janitor', message: 'done', ended: 0, removed: 0 });
    expect(await namesOf('configmaps')).toEqual(expect.arrayContaining([unused, usedByRun]));
  });

  it('has deleted finished runs by then, but for the last ones', async () => {
    expect((await namesOf('taskruns')).filter((name) => /^(old|young)/.test(name))).toEqual(['young']);
  });

  it('ends a run that hangs and no other, and removes the runtime that nothing uses', async () => {
    await sleep(3000);
    const log = await runJob('millrace-janitor', 'janitor-in-a-hurry', (container) => {
      for (const variable of container.env) {
        const { value = '' } = variable;
        if (value !== '') variable.value = value.replace('"hungSeconds":300', '"hungSeconds":1').replace('"quietSeconds":3600', '"quietSeconds":1');
      }
    });
    expect(log.at(-1)).toMatchObject({ message: 'done', ended: 1, removed: 1 });
    const specOf = async (name: string): Promise<{ status?: string; statusMessage?: string }> =>
      (await getJson<{ spec: object }>('taskrun', name)).spec;
    expect(await specOf('hung')).toMatchObject({ status: 'TaskRunCancelled', statusMessage: expect.stringContaining('step 1 was killed') as string });
    for (const name of ['well', 'failing']) expect(await specOf(name)).not.toHaveProperty('status');
    const left = await namesOf('configmaps');
    expect(left).not.toContain(unused);
    expect(left).toEqual(expect.arrayContaining([usedByRun, 'millrace-of-mine']));
    expect(left.filter((name) => name.startsWith('millrace-runtime-'))).toHaveLength(2);
  });
});
