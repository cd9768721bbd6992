import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { resolveData, resolveOutput } from '../../../runtime/rclone/references.js';
import { knownPattern } from '../../../src/base/pattern.js';
import { isDnsLabel } from '../../../src/base/names.js';
import { isTimeZone, timeZones } from '../../../src/base/time-zone.js';
import { dateIn } from '../../../src/base/date-placeholder.js';
import { dueOf, fillScheduledRun, parseScheduledRun, type ScheduledRun } from '../../../src/contract/scheduled-run.js';
import { requestIdPattern } from '../../../src/contract/request-id.js';
import { fillTemplate, taskRunParams, templateDefaults } from '../../../src/engine/triggers/template.js';
import { stepConfig } from '../../../src/manifests/job/step-config.js';
import type { Manifest } from '../../../src/manifests/manifest.js';
import { renderNamespace } from '../../../src/manifests/namespace.js';
import { renderCronJob } from '../../../src/manifests/schedules/cron-job.js';
import { renderService } from '../../../src/manifests/service.js';
import { renderTriggerTemplate } from '../../../src/manifests/triggers/trigger-template.js';
import type { ScheduleModel, ServiceModel } from '../../../src/model/model.js';
import { compileFiles } from '../../support/compile-files.js';
import { gpuPool, namespaceModel, s3Connection, serviceModel } from '../../support/models.js';

const raw = s3Connection('raw');
const results = s3Connection('results');
const nightly: ScheduleModel = {
  name: 'nightly',
  cron: '0 2 * * *',
  timeZone: 'Europe/Berlin',
  suspend: false,
  params: {},
  dataSource: { connection: raw, path: 'fraud/in/{date-1d}/', within: { connection: 'raw', prefix: 'fraud/in/' } },
  outputDestination: { connection: results, path: 'fraud/out/', within: { connection: 'results', prefix: 'fraud/out/' } },
  nodePool: undefined,
  resources: undefined,
};
const service: ServiceModel = { ...serviceModel, schedules: [nightly], nodePool: gpuPool, localQueue: 'batch' };
const runtimeName = 'millrace-runtime-0123456789';

interface PodSpec {
  readonly containers: readonly { readonly env: readonly { readonly name: string; readonly value?: string }[] }[];
}
const cronJob = (of: ServiceModel = service, schedule = nightly): Manifest => renderCronJob(of, schedule, runtimeName);
const podOf = (manifest: Manifest): PodSpec =>
  (manifest['spec'] as { jobTemplate: { spec: { template: { spec: PodSpec } } } }).jobTemplate.spec.template.spec;
function configOf(manifest: Manifest): ScheduledRun {
  const text = podOf(manifest).containers[0]?.env.find(({ name }) => name === 'MILLRACE_CONFIG')?.value ?? '';
  const { value, problem } = parseScheduledRun(text);
  if (!value) throw new Error(problem);
  return value;
}
const due = (time: string): ReturnType<typeof dueOf> =>
  dueOf({ name: `fraud-scorer--nightly-${String(Date.parse(time) / 60_000)}`, uid: '' }, 'fraud-scorer--nightly', new Date());

describe('the CronJob of a schedule', () => {
  it('starts a restricted pod, the only kind of the namespace with a token', () => {
    const manifest = cronJob();
    expect(manifest.metadata.name).toBe('fraud-scorer--nightly');
    expect(manifest['spec']).toMatchObject({
      schedule: '0 2 * * *',
      timeZone: 'Europe/Berlin',
      suspend: false,
      concurrencyPolicy: 'Allow',
      startingDeadlineSeconds: 3600,
      successfulJobsHistoryLimit: 1,
      failedJobsHistoryLimit: 3,
    });
    expect(podOf(manifest)).toMatchObject({
      restartPolicy: 'Never',
      serviceAccountName: 'millrace-schedule',
      automountServiceAccountToken: true,
      imagePullSecrets: [{ name: 'regcred' }],
      securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
      containers: [
        { image: namespaceModel.images.node, args: ['/opt/millrace/runtime.mjs', 'start-run'], securityContext: { readOnlyRootFilesystem: true } },
      ],
      volumes: [{ configMap: { name: runtimeName } }],
    });
  });

  it('leaves the user to OpenShift', () => {
    const manifest = cronJob({ ...service, namespace: { ...namespaceModel, target: { ...namespaceModel.target, distribution: 'openshift' } } });
    expect(JSON.stringify(manifest)).not.toContain('runAsUser');
  });

  it('holds nothing that the kubelet, Tekton or Flux would replace', () => {
    const labels = { price: 'a' };
    const text = JSON.stringify(cronJob({ ...service, labels, nodePool: { ...gpuPool, nodeSelector: { pool: 'a' } } }));
    expect(text).not.toContain('$');
  });

  it('makes the run that a request with the same values would make', () => {
    const run = fillScheduledRun(configOf(cronJob()), due('2026-11-22T01:00:00Z'));
    const template = renderTriggerTemplate(service);
    const values = {
      dataPath: 'fraud/in/2026-11-21/',
      requestId: 'sched-nightly-202611220100',
      runName: 'fraud-scorer--sched-nightly-202611220100',
      caller: 'schedule.nightly',
    };
    const { metadata, ...requested } = fillTemplate(template, new Map([...templateDefaults(template), ...Object.entries(values)]));
    const { generateName, ...named } = metadata;
    expect(generateName).toBe('fraud-scorer--');
    expect(run).toEqual({ ...requested, metadata: named });
  });

  it('gives the params that the schedule gives, and the others their defaults', () => {
    const params = ['limit', 'threshold'].map((name) => ({ name, default: '0', pattern: knownPattern('^[0-9.]+$') }));
    const run = fillScheduledRun(
      configOf(cronJob({ ...service, params }, { ...nightly, params: { threshold: '0.7' } })),
      due('2026-11-22T01:00:00Z'),
    );
    const given = taskRunParams(run as unknown as Manifest);
    expect([given.get('param_limit'), given.get('param_threshold')]).toEqual(['0', '0.7']);
  });

  it('has labels that Kubernetes takes', () => {
    const run = fillScheduledRun(configOf(cronJob()), due('2026-11-22T01:00:00Z'));
    for (const value of Object.values(run.metadata.labels)) expect(value).toMatch(/^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/);
  });

  it('gives each service its own second of the minute, whatever else is there', () => {
    const delays = Array.from({ length: 300 }, (_, index) => configOf(cronJob({ ...service, name: `service-${String(index)}` })).delaySeconds);
    expect(new Set(delays).size).toBeGreaterThan(55);
    expect(Math.max(...delays)).toBeLessThan(60);
    expect(configOf(cronJob()).delaySeconds).toBe(configOf(cronJob({ ...service, schedules: [] })).delaySeconds);
  });
});

describe('names of scheduled runs', () => {
  it('fit, and are those of one scheduled time only', () => {
    const label = fc.stringMatching(/^[a-z0-9]([-a-z0-9]{0,15}[a-z0-9])?$/);
    const minutes = fc.integer({ min: 10_000_000, max: 99_999_999 });
    fc.assert(
      fc.property(label, label, minutes, minutes, (first, second, a, b) => {
        const of = (schedule: string, minute: number): string => {
          const config = { ...configOf(cronJob()), schedule, cronJob: `fraud-scorer--${schedule}` };
          const run = fillScheduledRun(config, dueOf({ name: `fraud-scorer--${schedule}-${String(minute)}`, uid: '' }, config.cronJob, new Date()));
          expect(taskRunParams(run as unknown as Manifest).get('requestId')).toMatch(new RegExp(requestIdPattern));
          return run.metadata.name;
        };
        const [one, other] = [of(first, a), of(second, b)];
        expect(isDnsLabel(one)).toBe(true);
        expect(one === other).toBe(first === second && a === b);
      }),
    );
  });
});

describe('dates', () => {
  it.each([
    // Clocks go back at three: the hour from two to three comes twice, and is one day.
    ['Europe/Berlin', '2026-10-25T00:30:00Z', '2026-10-25', '2026-10-24'],
    ['Europe/Berlin', '2026-10-25T01:30:00Z', '2026-10-25', '2026-10-24'],
    ['America/New_York', '2026-03-01T04:59:00Z', '2026-02-28', '2026-02-27'],
    ['Pacific/Kiritimati', '2027-12-31T10:00:00Z', '2028-01-01', '2027-12-31'],
    ['Etc/UTC', '2028-03-01T00:00:00Z', '2028-03-01', '2028-02-29'],
  ])('in %s at %s', (timeZone, time, date, before) => {
    const config = { ...configOf(cronJob()), timeZone };
    const template = {
      ...config,
      taskRun: {
        ...config.taskRun,
        spec: { ...config.taskRun.spec, params: [{ name: 'dataPath', value: '{date}/{date-1d}/{date-366d}/{date-367d}/{dates}/' }] },
      },
    };
    const [today, yesterday, , tooFar, other] = (
      taskRunParams(fillScheduledRun(template, due(time)) as unknown as Manifest).get('dataPath') ?? ''
    ).split('/');
    expect([today, yesterday, tooFar, other]).toEqual([date, before, '{date-367d}', '{dates}']);
  });

  it('are known for every time zone that a schedule may have', () => {
    const unknown = [...timeZones()].filter((name) => {
      try {
        return !/^2026-11-2[123]$/.test(dateIn(name, new Date('2026-11-22T12:00:00Z')));
      } catch {
        return true;
      }
    });
    expect(unknown).toEqual([]);
    expect(isTimeZone('Europe/Berlin')).toBe(true);
  });
});

describe('what a schedule chooses', () => {
  const definitions = (request: string): Readonly<Record<string, string>> => ({
    'services/platform.yaml': `apiVersion: millrace.dev/v1
kind: Platform
metadata: {name: platform}
spec:
  target: {kubernetes: "1.34", pipelines: "1.15", triggers: "0.37"}
  images: {rclone: "rclone/rclone:1.75.2@sha256:${'a'.repeat(64)}", node: "node:22-slim@sha256:${'b'.repeat(64)}"}
  teams: [{name: risk, registries: [registry.example.com/risk/], secrets: [raw-s3, archive-s3]}]
`,
    ...Object.fromEntries(
      ['raw', 'archive'].map((name) => [
        `services/risk/connections/${name}.yaml`,
        `apiVersion: millrace.dev/v1
kind: Connection
metadata: {name: ${name}}
spec: {type: s3, bucket: ${name}-bucket, region: eu-central-1, credentials: {secretRef: {name: ${name}-s3}}}
`,
      ]),
    ),
    'services/risk/scorer.yaml': `apiVersion: millrace.dev/v1
kind: InferenceService
metadata: {name: scorer}
spec:
  image: registry.example.com/risk/scorer:1@sha256:${'c'.repeat(64)}
  command: [python]
  modelSource: {imagePath: /opt/app/model, name: scorer, version: "1"}
  dataSource: {connection: raw, path: in/}
  outputDestination: {connection: raw, path: out/}
  triggers:
    webhook: {enabled: false}
    schedules: [{name: nightly, cron: "0 2 * * *", request: ${request}}]
`,
  });
  it.each([
    '{}',
    '{dataSource: {path: "in/{date-1d}/"}}',
    '{dataSource: {path: "elsewhere/{date}.json"}}',
    '{dataSource: {path: "{date}/x/"}}',
    '{dataSource: {connection: archive, path: "one.json"}}',
    '{outputDestination: {path: "out/{requestId}/{date}/{jobId}/"}}',
    '{outputDestination: {connection: archive, path: "{jobId}/{date}/"}, dataSource: {connection: archive, path: "a/b/c-{date-2d}/"}}',
    '{outputDestination: {path: "late/{jobId}/"}}',
  ])('is taken by the runtime, and its Secret is mounted: %s', (request) => {
    const { diagnostics, services } = compileFiles(definitions(request));
    expect(diagnostics).toEqual([]);
    const [model] = services;
    if (!model) throw new Error('there is no service');
    const config = stepConfig(model);
    const [schedule] = model.schedules;
    if (!schedule) throw new Error('there is no schedule');
    const run = fillScheduledRun(configOf(cronJob(model, schedule)), due('2026-11-22T01:00:00Z'));
    const params = taskRunParams(run as unknown as Manifest);
    const given = (kind: string) => ({ connection: params.get(`${kind}Connection`), path: params.get(`${kind}Path`) });
    expect(resolveData(given('data'), config).path).not.toContain('{');
    expect(resolveOutput(given('output'), config, { jobId: run.metadata.name, requestId: params.get('requestId') }).path).not.toContain('{');
    const text = JSON.stringify(renderService(model, runtimeName));
    for (const connection of [given('data').connection, given('output').connection]) expect(text).toContain(`${connection ?? ''}-s3`);
  });
});

describe('what a namespace has for schedules', () => {
  const kinds = (hasSchedules: boolean): readonly string[] =>
    renderNamespace({ ...namespaceModel, hasSchedules }, 'runtime')
      .filter(({ metadata }) => metadata.name === 'millrace-schedule')
      .map(({ kind }) => kind);

  it('is an account that may create TaskRuns and nothing else', () => {
    expect(kinds(true)).toEqual(['ServiceAccount', 'Role', 'RoleBinding']);
    const objects = renderNamespace({ ...namespaceModel, hasSchedules: true }, 'runtime');
    const of = (kind: string): Manifest | undefined => objects.find((each) => each.kind === kind && each.metadata.name === 'millrace-schedule');
    expect(of('Role')?.['rules']).toEqual([{ apiGroups: ['tekton.dev'], resources: ['taskruns'], verbs: ['create'] }]);
    expect(of('ServiceAccount')?.['automountServiceAccountToken']).toBe(false);
  });

  it('is nothing where no service has a schedule', () => {
    expect(kinds(false)).toEqual([]);
  });
});
