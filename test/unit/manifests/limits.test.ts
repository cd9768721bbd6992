import { describe, expect, it } from 'vitest';
import { isSmallNamespace, isSmallService, mayPassLimits, small } from '../../../src/check/small.js';
import { addedByServer, limits } from '../../../src/manifests/limits/limits.js';
import { largestPart } from '../../../src/manifests/limits/parts.js';
import { checkPolicyLimits } from '../../../src/manifests/limits/policy-limits.js';
import { checkServiceLimits, longestRule, runSize, stepConfigSize } from '../../../src/manifests/limits/service-limits.js';
import { renderTask } from '../../../src/manifests/job/task.js';
import { policyExpressions, renderAdmissionPolicy } from '../../../src/manifests/walls/admission-policy.js';
import type { ConnectionModel, NodePoolModel, ScheduleModel, ServiceModel } from '../../../src/model/model.js';
import { namespaceModel, noChoices, s3Connection, serviceModel, withParams } from '../../support/models.js';

const times = <T>(count: number, make: (index: number) => T): readonly T[] => Array.from({ length: count }, (_, index) => make(index));
/** As long as a schema lets it be. */
const long = (start: string, length: number): string => start + 'x'.repeat(length - start.length);
const folder = (start: string): string => `${long(start, 511)}/`;

const largestConnection = (index: number): ConnectionModel => ({
  ...s3Connection(long(`store-${String(index)}-`, 63)),
  backend: {
    type: 's3',
    bucket: long('b', 63),
    region: long('r', 63),
    endpoint: long('https://s', 2048),
    sse: { type: 'aws:kms', keyId: long('arn:', 2048) },
    ca: { name: long('ca', 253), key: long('ca.crt', 253) },
  },
  credentials: {
    kind: 'secret',
    secretName: long('secret', 253),
    keys: { access_key_id: long('a', 253), secret_access_key: long('s', 253), session_token: long('t', 253) },
  },
  proxy: { url: long('http://proxy', 2048), noProxy: times(64, (at) => long(`.host-${String(at)}-`, 253)) },
});
const pool = (index: number): NodePoolModel => ({
  name: long(`pool-${String(index)}-`, 63),
  nodeSelector: Object.fromEntries(times(16, (at) => [long(`k${String(at)}-${String(index)}`, 317), long(`v${String(index)}`, 63)])),
  tolerations: [],
  runtimeClass: undefined,
  gpuResource: 'nvidia.com/gpu',
});

interface Counts {
  readonly prefixes: number;
  readonly connections: number;
  readonly pools: number;
  readonly texts: number;
}
/** A service with so many of everything, each as long as it may be; what has no count here is at its limit. */
function largest({ prefixes, connections, pools, texts }: Counts): ServiceModel {
  const all = times(connections, largestConnection);
  const [first] = all;
  const rules = (start: string, count: number) =>
    times(count, (index) => ({ connection: all[index % connections]?.name ?? '', prefix: folder(`${start}${String(index)}-`) }));
  const nodePools = times(pools, pool);
  const params = withParams(
    serviceModel,
    Object.fromEntries(times(16, (index) => [long(`p${String(index)}_`, 63), ['x'.repeat(250), `^${'[$$]'.repeat(60)}x{1,9}$`] as const])),
  );
  return {
    ...params,
    connections: all,
    model: {
      kind: 'remote',
      connection: first ?? s3Connection('x'),
      path: folder('m'),
      form: 'directory',
      name: undefined,
      version: undefined,
      sha256: undefined,
    },
    dataSource: undefined,
    outputDestination: undefined,
    include: times(32, (index) => long(`"${String(index)}`, 512)),
    validation: { ...serviceModel.validation, profile: 'odahu' },
    command: [],
    args: [long('-', texts)],
    env: {},
    nodePool: nodePools[0],
    retries: 10,
    webhook: {
      callers: ['airflow'],
      ...noChoices,
      nodePools,
      dataSource: rules('in', Math.ceil(prefixes / 2)),
      outputDestination: rules('out', Math.floor(prefixes / 2)),
      requireRequestId: true,
    },
  };
}

const codesOf = (service: ServiceModel): readonly string[] => checkServiceLimits(service).map(({ code }) => code);

describe('a service that is not measured', () => {
  const service = largest(small.service);

  it('has no variable, rule or run that a cluster would not take', () => {
    expect(isSmallService(service)).toBe(true);
    expect(checkServiceLimits(service)).toEqual([]);
    expect(stepConfigSize(service)).toBeLessThanOrEqual(limits.environmentString);
    expect(longestRule(service)).toBeLessThanOrEqual(limits.expression);
    expect(runSize(service)).toBeLessThanOrEqual(limits.object);
  });

  it('is measured with one prefix, connection, pool or character more', () => {
    // Each of them is far too large in something else, which is only seen because it is measured.
    for (const field of ['prefixes', 'connections', 'pools', 'texts'] as const) {
      const more = largest({ ...small.service, [field]: small.service[field] + 1 });
      const tooLong = { ...more, image: long('i', limits.environmentString) };
      expect(codesOf(tooLong), field).toContain('manifests/step-config-too-large');
    }
  });
});

describe('manifests/step-config-too-large', () => {
  const wide = largest({ ...small.service, prefixes: 80 });
  /** With its image the variable has exactly this size. */
  const sized = (size: number): ServiceModel => ({ ...wide, retries: 0, image: wide.image + 'x'.repeat(size - stepConfigSize(wide)) });

  it('is said from the first byte that Linux does not take', () => {
    const sizes = [limits.environmentString, limits.environmentString + 1];
    const services = sizes.map(sized);
    expect(services.map(stepConfigSize)).toEqual(sizes);
    expect(services.map((service) => codesOf(service).includes('manifests/step-config-too-large'))).toEqual([false, true]);
  });

  it('names schedules where they take most', () => {
    const store = s3Connection('store');
    const schedule = (index: number): ScheduleModel => {
      const at = (start: string) => {
        const path = folder(`${start}${String(index)}/`);
        return { connection: store, path, within: { connection: 'store', prefix: path } };
      };
      const name = `s${String(index)}`;
      return {
        name,
        cron: '0 2 * * *',
        timeZone: 'Etc/UTC',
        suspend: false,
        params: {},
        dataSource: at('in'),
        outputDestination: at('out'),
        nodePool: undefined,
        resources: undefined,
      };
    };
    const service = { ...sized(limits.environmentString), schedules: times(64, schedule) };
    const [problem] = checkServiceLimits(service);
    expect(problem?.where).toEqual({ file: serviceModel.place.file, path: ['spec', 'triggers', 'schedules'], target: 'key' });
  });

  it('counts connections for the field that alone names them', () => {
    const names = times(40, (index) => largestConnection(index).name);
    const service: ServiceModel = {
      ...serviceModel,
      connections: [...serviceModel.connections, ...times(40, largestConnection)],
      webhook: serviceModel.webhook && { ...serviceModel.webhook, outputDestination: names.map((connection) => ({ connection, prefix: 'out/' })) },
    };
    const { path, size } = largestPart(service, stepConfigSize);
    expect(path.at(-1)).toBe('outputDestination');
    expect(size).toBeGreaterThan(0.9 * stepConfigSize(service));
    expect(codesOf(service)).toEqual(['manifests/step-config-too-large']);
  });
});

describe('manifests/rules-too-long', () => {
  it('looks at every expression, and at the Trigger as a whole', () => {
    const many = largest({ ...small.service, pools: 16 });
    const [problem] = checkServiceLimits({ ...many, retries: 0 });
    expect(longestRule(many)).toBeGreaterThan(limits.expression);
    expect(problem?.message).toContain('triggers.webhook.overrides.nodePools takes');
    const shorter = times(16, pool).map((each) => ({
      ...each,
      nodeSelector: Object.fromEntries(Object.entries(each.nodeSelector).map(([key, value]) => [key.slice(0, 180), value])),
    }));
    const whole: ServiceModel = { ...many, retries: 0, nodePool: shorter[0], webhook: many.webhook && { ...many.webhook, nodePools: shorter } };
    expect(longestRule(whole)).toBeLessThanOrEqual(limits.expression);
    expect(codesOf(whole)).toEqual(['manifests/rules-too-long']);
  });
});

describe('manifests/run-too-large', () => {
  it('counts a copy of the Task for each retry', () => {
    const service: ServiceModel = { ...serviceModel, args: times(32, () => 'x'.repeat(4096)) };
    const task = JSON.stringify(renderTask(service, 'millrace-runtime-0123456789')).length;
    for (const retries of [0, 1, 10]) expect(runSize({ ...service, retries })).toBeGreaterThan(task * (retries + 1) + addedByServer);
    expect(codesOf({ ...service, retries: 5 })).toEqual([]);
    expect(codesOf({ ...service, retries: 10 })).toEqual(['manifests/run-too-large']);
  });
});

describe('manifests/policy-too-long', () => {
  const model = { ...namespaceModel, enforcement: 'enforce' } as const;
  const services = (count: number): readonly ServiceModel[] =>
    times(count, (index) => ({ ...serviceModel, namespace: model, name: long(`scorer-${String(index)}-`, 25) }));

  it('is said of more services than an expression can list', () => {
    expect(checkPolicyLimits(model, services(900))).toEqual([]);
    const [problem] = checkPolicyLimits(model, services(1200));
    expect(problem?.message).toContain('each of its 1,200 services');
    expect(problem?.where).toEqual({ ...model.place, path: ['enforcement'] });
    const [policy] = renderAdmissionPolicy(model, services(1200));
    const { variables } = policy?.['spec'] as { readonly variables: readonly { readonly expression: string }[] };
    expect(Math.max(...variables.map(({ expression }) => expression.length))).toBeGreaterThan(limits.expression);
  });

  it('is not said of a namespace that is not measured', () => {
    const { services: count, pools } = small.namespace;
    const nodePools = times(pools, pool).map((each) => ({
      ...each,
      tolerations: times(16, (at) => ({ key: long(`t${String(at)}`, 317), operator: 'Equal', value: long('v', 63), effect: 'NoSchedule' })),
      runtimeClass: long('r', 253),
      gpuResource: long('g', 317),
    }));
    const largestServices = services(count).map((service, index) => ({
      ...service,
      nodePool: nodePools[index % pools],
      webhook: service.webhook && { ...service.webhook, nodePools, resources: { cpu: '1', memory: '1Gi', gpu: 1 } },
    }));
    expect(isSmallNamespace(model, largestServices)).toBe(true);
    expect(Math.max(...policyExpressions(model, largestServices).map(([, { length }]) => length))).toBeLessThanOrEqual(limits.expression);
    expect(mayPassLimits([model], services(count + 1))).toBe(true);
    expect(mayPassLimits([model], services(count))).toBe(false);
  });

  it('is not said without enforcement, or of the services of other namespaces', () => {
    expect(checkPolicyLimits({ ...model, enforcement: undefined }, services(1200))).toEqual([]);
    expect(checkPolicyLimits({ ...model, namespace: 'other' }, services(1200))).toEqual([]);
  });
});
