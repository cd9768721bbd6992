/** What a request may change beside the data and the results, where the service says so. */
import { describe, expect, it } from 'vitest';
import { renderNamespace } from '../../../src/manifests/namespace.js';
import { renderService } from '../../../src/manifests/service.js';
import { trusting } from '../../../src/engine/triggers/cel.js';
import { explainRefusal } from '../../../src/engine/triggers/explain.js';
import type { JsonObject } from '../../../src/engine/triggers/request.js';
import type { ServiceModel } from '../../../src/model/model.js';
import { renderTrigger } from '../../../src/manifests/triggers/trigger.js';
import { renderTriggerTemplate } from '../../../src/manifests/triggers/trigger-template.js';
import { gpuPool, namespaceModel, noChoices, serviceModel, withParams } from '../../support/models.js';
import { sendRequest } from '../../../src/engine/triggers/listener.js';
import { emitYaml } from '../../../src/emit/yaml.js';
import { filterOf, jobBody, passes, runValuesOf, webhookOf, webhookUrl } from '../../support/requests.js';

/** Why a request is refused, in words. */
function refusal(service: ServiceModel, spec: Readonly<Record<string, unknown>>): string | undefined {
  const variables = { body: jobBody(spec) as JsonObject, header: {}, extensions: {}, requestURL: webhookUrl };
  return explainRefusal(filterOf(service), variables, trusting)?.sentence;
}

/** Each value in the place of a right one. */
const hostile: readonly unknown[] = [
  null,
  true,
  0,
  1e300,
  [],
  ['a'],
  {},
  { a: 'b' },
  '',
  ' ',
  '$(uid)',
  '$(params.dataPath)',
  '${HOME}',
  '..',
  '-rf',
  ':sftp:',
  'a"b',
  'a\\b',
  'a\n',
  '\u0000',
  '\u00e9',
  '\uff10',
  '\u202e',
  'a'.repeat(5000),
  '9'.repeat(5000),
];

describe('params', () => {
  const service = withParams(serviceModel, { threshold: ['0.5', '^0\\.[0-9]{1,4}$'], mode: ['low', '^(low|high|)$'], note: ["it's", '^.*$'] });

  it('get what the request gives, and their defaults otherwise', () => {
    expect(passes(service, jobBody({}))).toBe(true);
    expect(runValuesOf(service, {})).toMatchObject({ param_threshold: '0.5', param_mode: 'low', param_note: "it's" });
    const params = { threshold: '0.75', mode: '', note: "a 'b' {c}: #d" };
    expect(passes(service, jobBody({ params }))).toBe(true);
    expect(runValuesOf(service, { params })).toMatchObject({ param_threshold: '0.75', param_mode: '', param_note: "a 'b' {c}: #d" });
    expect(runValuesOf(service, { params: {} })).toMatchObject({ param_threshold: '0.5', param_mode: 'low' });
  });

  it.each(hostile.filter((value) => value !== ''))('refuse %j', (value) => {
    expect(passes(service, jobBody({ params: { threshold: value } }))).toBe(false);
    expect(passes(service, jobBody({ params: { mode: value } }))).toBe(false);
    if (typeof value !== 'object' || value === null || Object.keys(value).length > 0 || Array.isArray(value)) {
      expect(passes(service, jobBody({ params: value }))).toBe(false);
    }
  });

  it('never take what something could expand or what ends a text of JSON, whatever their pattern', () => {
    const wrong = hostile.filter((value) => typeof value !== 'string' || /[$"\\]|[^ -~]/.test(value) || value.length > 256);
    expect(wrong.length).toBeGreaterThan(15);
    for (const value of wrong) expect(passes(service, jobBody({ params: { note: value } })), JSON.stringify(value)).toBe(false);
    for (const value of ['', '..', '-rf', ':sftp:', 'a'.repeat(256)]) expect(passes(service, jobBody({ params: { note: value } })), value).toBe(true);
  });

  it('are refused where a service has none, and where it has others', () => {
    expect(passes(serviceModel, jobBody({ params: {} }))).toBe(false);
    expect(passes(service, jobBody({ params: { other: '1' } }))).toBe(false);
  });

  it('say in words what is wrong', () => {
    expect(refusal(service, { params: { treshold: '0.7' } })).toBe('spec.params.treshold is not a field; did you mean threshold?');
    expect(refusal(service, { params: { threshold: 0.7 } })).toBe('spec.params.threshold is 0.7, but must be a string');
    expect(refusal(service, { params: { threshold: '7' } })).toBe('spec.params.threshold is "7", but must match ^0\\.[0-9]{1,4}$');
    expect(refusal(service, { params: { note: '5 $' } })).toBe(
      'spec.params.note is "5 $", but must be at most 256 printable ASCII characters without $, " and \\',
    );
  });

  it('reach the run by a binding of the Trigger itself, so that no other service changes', () => {
    const { bindings } = renderTrigger(service)?.['spec'] as { bindings: object[] };
    expect(bindings).toEqual([
      { kind: 'TriggerBinding', ref: 'millrace' },
      ...['mode', 'note', 'threshold'].map((name) => ({
        kind: 'TriggerBinding',
        name: `param_${name}`,
        value: `$(extensions.param_${name})`,
      })),
    ]);
    expect(JSON.stringify(renderTriggerTemplate(service))).toContain('{"name":"param_mode","value":"$(tt.params.param_mode)"}');
  });
});

/** The TaskRun of a request that passes. */
function runOf(service: ServiceModel, spec: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const objects = [...renderNamespace(service.namespace, 'runtime'), ...renderService(service, 'millrace-runtime-0123456789')];
  const outcome = sendRequest(
    objects,
    { namespace: 'risk', trigger: 'fraud-scorer', caller: 'airflow' },
    { path: webhookUrl, headers: {}, body: new TextEncoder().encode(JSON.stringify(jobBody(spec))) },
  );
  if (outcome.kind === 'refused') throw new Error(outcome.refusal.sentence);
  return outcome.taskRun['spec'] as Record<string, unknown>;
}

describe('node pools', () => {
  const pool = (name: string, nodeSelector: Readonly<Record<string, string>>) => ({ ...gpuPool, name, nodeSelector });
  const own = pool('a', { pool: 'a100', zone: 'x' });
  const pools = [own, pool('b', { pool: 'h100', zone: 'x' }), pool('c', { accelerator: 'tpu', zone: 'y' })];
  const service: ServiceModel = { ...serviceModel, nodePool: own, webhook: { ...webhookOf(serviceModel), nodePools: pools } };
  const selectorOf = (spec: Readonly<Record<string, unknown>>): unknown =>
    (runOf(service, spec)['podTemplate'] as { nodeSelector: unknown }).nodeSelector;

  it('are the one that the request names, or whose nodeSelector it gives as ODAHU does', () => {
    expect(selectorOf({})).toEqual(own.nodeSelector);
    for (const { name, nodeSelector } of pools) {
      expect(selectorOf({ nodePool: name })).toEqual(nodeSelector);
      expect(selectorOf({ nodeSelector })).toEqual(nodeSelector);
    }
  });

  it.each([...hostile, 'd', 'A', 'a,b'])('refuse %j', (value) => {
    expect(passes(service, jobBody({ nodePool: value }))).toBe(false);
    expect(passes(service, jobBody({ nodeSelector: value }))).toBe(false);
    expect(passes(service, jobBody({ nodeSelector: { pool: value, zone: 'x' } }))).toBe(false);
  });

  it('refuse two choices at once, and parts of a choice', () => {
    expect(passes(service, jobBody({ nodePool: 'b', nodeSelector: { pool: 'h100', zone: 'x' } }))).toBe(false);
    expect(passes(service, jobBody({ nodeSelector: { pool: 'h100' } }))).toBe(false);
    expect(passes(service, jobBody({ nodeSelector: { pool: 'h100', zone: 'y' } }))).toBe(false);
    expect(passes(service, jobBody({ nodeSelector: { pool: 'h100', zone: 'x', more: '' } }))).toBe(false);
  });

  it('are refused where the service has none; its own may be repeated', () => {
    expect(passes(serviceModel, jobBody({ nodePool: 'a' }))).toBe(false);
    const only: ServiceModel = { ...service, webhook: { ...webhookOf(serviceModel), nodePools: [own] } };
    expect(passes(only, jobBody({ nodeSelector: { pool: 'a100', zone: 'x' } }))).toBe(true);
    expect(passes(only, jobBody({ nodePool: 'b' }))).toBe(false);
    expect(runValuesOf(only, {})).not.toHaveProperty('nodeValue1');
  });

  it('say in words what is wrong', () => {
    expect(refusal(service, { nodePool: 'gpu' })).toBe('spec.nodePool is "gpu", but must be one of "a", "b", "c"');
    expect(refusal(service, { nodeSelector: { pool: 'v100' } })).toMatch(/^spec\.nodeSelector is \{"pool":"v100"\}, but must be one of /);
  });
});

describe('resources', () => {
  const withBounds = (resources: NonNullable<ReturnType<typeof webhookOf>['resources']>, more: Partial<ServiceModel> = {}): ServiceModel => ({
    ...serviceModel,
    nodePool: gpuPool,
    ...more,
    webhook: { ...webhookOf(serviceModel), resources },
  });
  const service = withBounds({ cpu: '8', memory: '32Gi', gpu: 2 });
  const computeOf = (spec: Readonly<Record<string, unknown>>, of = service): unknown => {
    const [step, ...others] = runOf(of, spec)['stepSpecs'] as readonly { name: string; computeResources: unknown }[];
    expect(others).toEqual([]);
    expect(step?.name).toBe('user-container');
    return step?.computeResources;
  };
  const limits = (values: Readonly<Record<string, unknown>>): unknown => jobBody({ resources: { limits: values } });

  it("are the service's own without a request for others; a service without a limit of CPU keeps none", () => {
    const own = { requests: { cpu: '2', memory: '8Gi', 'nvidia.com/gpu': '0' }, limits: { memory: '8Gi', 'nvidia.com/gpu': '0' } };
    const disk = { 'ephemeral-storage': expect.stringMatching(/^[0-9]+Mi$/) as unknown };
    expect(computeOf({})).toEqual({ ...own, limits: { ...own.limits, ...disk } });
    expect(computeOf({ resources: {} })).toEqual({ ...own, limits: { ...own.limits, ...disk } });
  });

  it('are what the request gives; a request or a limit alone is both', () => {
    const resources = { requests: { cpu: '500m', memory: '4Gi' }, limits: { cpu: '1.5', memory: '6Gi', gpu: '1' } };
    expect(computeOf({ resources })).toEqual({
      requests: { cpu: '500m', memory: '4Gi', 'nvidia.com/gpu': '1' },
      limits: { cpu: '1.5', memory: '6Gi', 'nvidia.com/gpu': '1' },
    });
    expect(computeOf({ resources: { limits: { memory: '16Gi', cpu: '4' } } })).toMatchObject({
      requests: { cpu: '4', memory: '16Gi' },
      limits: { cpu: '4', memory: '16Gi' },
    });
    expect(computeOf({ resources: { requests: { memory: '1Gi', gpu: 2 } } })).toMatchObject({
      requests: { memory: '1Gi', 'nvidia.com/gpu': '2' },
      limits: { memory: '1Gi', 'nvidia.com/gpu': '2' },
    });
    const limited = withBounds({ cpu: '8' }, { resources: { ...serviceModel.resources, limits: { ...serviceModel.resources.limits, cpu: '4' } } });
    expect(computeOf({}, limited)).toEqual({ requests: { cpu: '2' }, limits: { cpu: '4' } });
    expect(computeOf({ resources: { requests: { cpu: '6' } } }, limited)).toEqual({ requests: { cpu: '6' }, limits: { cpu: '6' } });
  });

  it.each([
    [
      'cpu',
      ['8', '8.0', '7.999', '0.001', '0.5', '8000m', '1m', '7999m'],
      [
        '8.001',
        '9',
        '80',
        '8001m',
        '10000m',
        '0',
        '0.0',
        '0m',
        '00.5',
        '01',
        '1.',
        '.5',
        '1.0001',
        '1e0',
        '+1',
        '-1',
        '1 ',
        '1k',
        '8Gi',
        'm',
        '0x1',
        '1_0',
      ],
    ],
    [
      'memory',
      ['32Gi', '1Ki', '33554432Ki', '32768Mi'],
      [
        '33Gi',
        '33554433Ki',
        '32769Mi',
        '1Ti',
        '999999999Ti',
        '9999999999Ki',
        '0Gi',
        '08Gi',
        '1.5Gi',
        '8',
        '8G',
        '8gi',
        '8GiB',
        'Gi',
        '-1Gi',
        '8 Gi',
        '1e3',
        '8Gi\n',
      ],
    ],
    ['gpu', ['0', '1', '2', 0, 1, 2], ['3', '02', '1.0', '-1', '1e0', 3, 1.5, -1, 1e300, true, '2 ']],
  ] as const)('%s is parsed, never compared as text', (name, right, wrong) => {
    for (const value of right) expect(passes(service, limits({ [name]: value })), JSON.stringify(value)).toBe(true);
    for (const value of [...wrong, ...hostile.filter((value) => name !== 'gpu' || value !== 0)]) {
      expect(passes(service, limits({ [name]: value })), JSON.stringify(value)).toBe(false);
      expect(passes(service, jobBody({ resources: { requests: { [name]: value } } })), JSON.stringify(value)).toBe(false);
    }
  });

  it('take an amount that has no exact double as what it says', () => {
    const exact = withBounds({ cpu: '32100m' });
    expect(passes(exact, limits({ cpu: '32.1' }))).toBe(true);
    expect(passes(exact, limits({ cpu: '32.101' }))).toBe(false);
  });

  it('refuse a request above its limit, and two numbers of GPUs', () => {
    const both = (requests: object, more: object): boolean => passes(service, jobBody({ resources: { requests, limits: more } }));
    expect(both({ cpu: '2' }, { cpu: '2000m' })).toBe(true);
    expect(both({ cpu: '2001m' }, { cpu: '2' })).toBe(false);
    expect(both({ memory: '1Gi' }, { memory: '1024Mi' })).toBe(true);
    expect(both({ memory: '1025Mi' }, { memory: '1Gi' })).toBe(false);
    expect(both({ gpu: 1 }, { gpu: '1' })).toBe(true);
    expect(both({ gpu: 1 }, { gpu: 2 })).toBe(false);
  });

  it.each(hostile.filter((value) => JSON.stringify(value) !== '{}'))('refuse %j in place of a map', (value) => {
    expect(passes(service, jobBody({ resources: value }))).toBe(false);
    expect(passes(service, jobBody({ resources: { limits: value } }))).toBe(false);
  });

  it('refuse what has no bound', () => {
    expect(passes(serviceModel, jobBody({ resources: {} }))).toBe(false);
    expect(passes(withBounds({ memory: '32Gi' }), limits({ cpu: '1' }))).toBe(false);
    expect(passes(service, limits({ 'nvidia.com/gpu': 1 }))).toBe(false);
    expect(passes(service, limits({ 'ephemeral-storage': '1Gi' }))).toBe(false);
    expect(passes(service, jobBody({ resources: { claims: [] } }))).toBe(false);
  });

  it('say in words what is wrong', () => {
    const say = (resources: unknown): string | undefined => refusal(service, { resources });
    expect(say({ limits: { memory: '64Gi' } })).toBe('spec.resources.limits.memory is "64Gi", but must be at most 32Gi');
    expect(say({ requests: { cpu: '9' } })).toBe('spec.resources.requests.cpu is "9", but must be at most 8');
    expect(say({ limits: { gpu: 3 } })).toBe('spec.resources.limits.gpu is 3, but must be at most 2');
    expect(say({ limits: { gpu: ['1'] } })).toBe('spec.resources.limits.gpu is ["1"], but must be a whole number of GPUs');
    expect(say({ limits: { memory: '8G' } })).toBe(
      'spec.resources.limits.memory is "8G", but must be an amount of memory: a whole number with Ki, Mi, Gi or Ti, such as "8Gi"',
    );
    expect(say({ requests: { memory: '2Gi' }, limits: { memory: '1Gi' } })).toBe(
      'spec.resources.requests.memory is "2Gi", but must be at most spec.resources.limits.memory',
    );
    expect(say({ limits: { memroy: '8Gi' } })).toBe('spec.resources.limits.memroy is not a field; did you mean memory?');
    expect(say({ limit: { cpu: '1' } })).toBe('spec.resources.limit is not a field; did you mean limits?');
    expect(refusal(withBounds({ cpu: '8', memory: '32Gi' }), { resources: { limits: { gpu: 1 } } })).toBe(
      'spec.resources.limits has the key "gpu"; it may have cpu, memory',
    );
    expect(say({ limits: { disk: 1 } })).toBe('spec.resources.limits has the key "disk"; it may have cpu, memory, gpu');
  });
});

describe('a dedicated listener', () => {
  const service: ServiceModel = { ...serviceModel, webhook: { ...webhookOf(serviceModel), callers: ['ci'], listener: 'dedicated' } };
  const listener = renderService(service, 'millrace-runtime-0123456789').find(({ kind }) => kind === 'EventListener');

  it('is named like the service, and has a group for each of its callers', () => {
    expect(listener?.metadata).toEqual({ name: 'fraud-scorer', namespace: 'risk' });
    const { triggerGroups } = listener?.['spec'] as { triggerGroups: { name: string; triggerSelector: unknown }[] };
    expect(triggerGroups.map(({ name }) => name)).toEqual(['ci']);
  });

  it('is the only one that finds the Trigger', () => {
    const objects = [
      ...renderNamespace({ ...namespaceModel, sharedCallers: ['airflow', 'ci'] }, 'runtime'),
      ...renderService(service, 'millrace-runtime-0'),
    ];
    const trigger = objects.find(({ kind }) => kind === 'Trigger');
    const finders = objects.flatMap((object) => {
      if (object.kind !== 'EventListener') return [];
      const { triggerGroups } = object['spec'] as {
        triggerGroups: { triggerSelector: { labelSelector: { matchLabels: Record<string, string> } } }[];
      };
      return triggerGroups.flatMap(({ triggerSelector: { labelSelector } }) =>
        Object.entries(labelSelector.matchLabels).every(([key, value]) => trigger?.metadata.labels?.[key] === value) ? [object.metadata.name] : [],
      );
    });
    expect(finders).toEqual(['fraud-scorer']);
    expect(renderService({ ...service, webhook: { ...webhookOf(service), ...noChoices } }, 'x').some(({ kind }) => kind === 'EventListener')).toBe(
      false,
    );
  });
});

it('stays within what one event may cost, with everything that a request may change', () => {
  const pools = Array.from({ length: 8 }, (_, index) => ({ ...gpuPool, name: `pool-${String(index)}`, nodeSelector: { pool: `p${String(index)}` } }));
  const everything = withParams(
    {
      ...serviceModel,
      nodePool: gpuPool,
      webhook: { ...webhookOf(serviceModel), nodePools: [gpuPool, ...pools], resources: { cpu: '8', memory: '32Gi', gpu: 2 } },
    },
    Object.fromEntries(Array.from({ length: 8 }, (_, index) => [`param_${String(index)}`, ['0.5', '^0\\.[0-9]+$'] as const])),
  );
  expect(filterOf(everything).length).toBeLessThan(8 * 1024);
  expect(emitYaml(renderTrigger(everything)).length).toBeLessThan(16 * 1024);
});
