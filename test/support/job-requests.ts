/** Requests for services that are compiled from YAML: mostly right, with one wrong thing at a time, in any way of writing. */
import fc from 'fast-check';
import { emittedObjects } from '../../src/cli/emitted-objects.js';
import { consistsOf, type Declaration, digits } from '../oracle/job-body.js';
import { compileFiles } from './compile-files.js';
import { documentText } from './document.js';

const digest = `sha256:${'c'.repeat(64)}`;
const callers = ['airflow', 'ci'];

const raw = { connection: 'raw', path: 'fraud/in/' };
const results = { connection: 'results', path: 'fraud/out/' };
export const declarations: readonly Declaration[] = [
  { name: 'plain', team: 'risk', dataSource: raw, outputDestination: results, callers },
  {
    name: 'own-id',
    serviceId: 'fraud.scorer_V2',
    team: 'risk',
    dataSource: raw,
    outputDestination: { connection: 'results', path: 'own/out/' },
    callers: ['ci'],
  },
  {
    name: 'choosy',
    team: 'risk',
    dataSource: { connection: 'raw', path: 'fraud/in/one.json' },
    outputDestination: { ...results, layout: 'perJob' },
    callers,
    overrides: {
      dataSource: [
        { connection: 'raw', prefix: 'fraud/' },
        { connection: 'results', prefix: '/' },
      ],
      outputDestination: [
        { connection: 'results', prefix: 'fraud/' },
        { connection: 'raw', prefix: 'scratch/' },
      ],
    },
  },
  {
    name: 'open',
    team: 'risk',
    callers,
    overrides: { dataSource: [{ connection: 'raw', prefix: 'fraud/' }], outputDestination: [{ connection: 'results', prefix: 'fraud/' }] },
  },
  {
    name: 'strict',
    team: 'risk',
    dataSource: raw,
    outputDestination: { connection: 'results', path: 'strict/{requestId}/' },
    callers,
    requireRequestId: true,
  },
  {
    name: 'tuned',
    team: 'risk',
    dataSource: raw,
    outputDestination: { connection: 'results', path: 'tuned/out/' },
    callers,
    params: {
      threshold: {
        default: '0.5',
        pattern: '^0\\.[0-9]{1,3}$',
        fits: (text) => text.startsWith('0.') && text.length > 2 && text.length <= 5 && consistsOf(text.slice(2), digits),
      },
      mode: { default: 'fast', pattern: '^(fast|exact)$', fits: (text) => text === 'fast' || text === 'exact' },
    },
  },
  {
    name: 'sized',
    team: 'risk',
    dataSource: raw,
    outputDestination: { connection: 'results', path: 'sized/out/' },
    callers,
    listener: 'dedicated',
    pools: { own: 'a100', selectors: { a100: { pool: 'a100' }, h100: { pool: 'h100' }, zoned: { zone: 'h100' } } },
    resources: { own: { cpu: '2', memory: '8Gi', gpu: 1 }, bounds: { cpu: '8', memory: '32Gi', gpu: 2 } },
  },
];

function definitions(): Readonly<Record<string, string>> {
  const connection = (name: string): string =>
    documentText('Connection', name, {
      type: 's3',
      bucket: `${name}-bucket`,
      region: 'eu-central-1',
      credentials: { anonymous: true },
      access: [{ teams: ['risk'], modes: ['read', 'write'] }],
    });
  const caller = (name: string, auth: string): unknown => ({ name, auth, secretRef: { name: `webhook-${name}` }, services: ['*'] });
  return {
    'services/platform.yaml': documentText('Platform', 'platform', {
      target: { kubernetes: '1.34', pipelines: '1.15', triggers: '0.37' },
      images: { rclone: `rclone/rclone:1.75.2@${digest}`, node: `node:22-slim@${digest}` },
      teams: [{ name: 'risk', registries: ['registry.example.com/risk/'] }],
      nodePools: declarations.flatMap(({ pools }) =>
        Object.entries(pools?.selectors ?? {}).map(([name, nodeSelector]) => ({ name, nodeSelector, teams: ['risk'] })),
      ),
      webhook: { host: 'jobs.example.com', route: { kind: 'none', maxBody: '64Ki' }, callers: [caller('airflow', 'hmac'), caller('ci', 'token')] },
    }),
    'services/connections/raw.yaml': connection('raw'),
    'services/connections/results.yaml': connection('results'),
    ...Object.fromEntries(
      declarations.map(({ name, serviceId, dataSource, outputDestination, callers: own, overrides, params, listener, pools, resources }) => [
        `services/risk/${name}.yaml`,
        documentText('InferenceService', name, {
          image: `registry.example.com/risk/fraud:1@${digest}`,
          command: ['python3'],
          modelSource: { imagePath: '/opt/model', name: 'fraud', version: '1' },
          serviceId,
          params: params && mapValues(params, ({ default: value, pattern }) => ({ default: value, pattern })),
          dataSource,
          outputDestination,
          nodePool: pools?.own,
          resources: resources && {
            requests: { cpu: resources.own.cpu, memory: resources.own.memory },
            limits: resources.own,
          },
          triggers: {
            webhook: {
              callers: own,
              listener,
              overrides: pools ? { ...overrides, nodePools: Object.keys(pools.selectors), resources: resources?.bounds } : overrides,
            },
          },
        }),
      ]),
    ),
  };
}

const mapValues = <T, U>(record: Readonly<Record<string, T>>, change: (value: T) => U): Record<string, U> =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));

export const compiled = compileFiles(definitions());
export const objects = emittedObjects(compiled.files, ['risk/platform.yaml', ...declarations.map(({ name }) => `risk/${name}.yaml`)]);

const hostileTexts = [
  '',
  ' ',
  '-',
  '.',
  '..',
  '/',
  '//',
  '$',
  '$(uid)',
  '$(tt.params.requestId)',
  '${HOME}',
  'fraud/in/../../x/',
  'fraud/in/$(params.dataPath)/',
  '/fraud/in/',
  'fraud/in//',
  'fraud/in/-x/',
  'fraud/in/.x/',
  'fraud/in/x./',
  'fraud/in/a:b/',
  'fraud/in/%2e%2e/',
  'fraud/in/x\\..\\y',
  'fraud/in/\u0430/',
  'fraud/in/\u00e9/',
  'fraud/in/😀/',
  'fraud/in/\ud800/',
  'fraud/in/\u0000',
  'fraud/in/\n',
  'fraud/in/x\u2028',
  'fraud/inn/',
  'fraud/in',
  'FRAUD/IN/',
  `fraud/in/${'x'.repeat(503)}`,
  `fraud/in/${'x'.repeat(504)}`,
  `fraud/${'x'.repeat(441)}/`,
  `fraud/${'x'.repeat(442)}/`,
  'R',
  'r_1',
  'r.1',
  '-r',
  'r-',
  'r--1',
  'sched-',
  'sched-nightly-202611220000',
  'sched',
  'a'.repeat(36),
  'a'.repeat(37),
  'r'.repeat(5000),
  'r\n',
  '0',
  '007',
  'none',
  '__proto__',
  'constructor',
  'toString',
  'InferenceJob ',
  'inferencejob',
  "'",
  '"',
  "' || true || '",
  'raw\u0000',
];
const rightTexts = [
  'fraud/in/',
  'fraud/in/2026-11-22/',
  'fraud/in/x.json',
  'fraud/in/one.json',
  'fraud/in/dt=2026-11-22/hour=03/',
  'fraud/out/',
  'fraud/out/x/',
  'fraud/',
  'scratch/x/',
  'results/anything/',
  'strict/',
  'raw',
  'results',
  'r-1',
  'a',
  '2026-11-22',
  'InferenceJob',
  ...declarations.map(({ name, serviceId }) => serviceId ?? name),
];
const leaf = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...rightTexts) },
  { weight: 4, arbitrary: fc.constantFrom(...hostileTexts) },
  { weight: 1, arbitrary: fc.constantFrom<unknown>(null, true, false, 0, 1, -1, 1.5, 5, 1e21, [], {}, ['raw'], { path: 'fraud/in/' }) },
  {
    weight: 1,
    arbitrary: fc.string({ unit: fc.constantFrom('fraud/in/', 'in', '/', '.', '-', '_', '=', '$', '(', ')', ':', 'x', 'X', '9', '\u00e9') }),
  },
);
const anything = fc.oneof({ weight: 3, arbitrary: leaf }, { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 2 }) });
const somewhere = ['fraud/in/', 'fraud/in/2026-11-22/', 'fraud/in/one.json', 'fraud/x/', 'fraud/out/', 'anything/', 'scratch/y/'];
/** Mostly what is right, so that one wrong thing at a time decides. */
const mostly = (arbitrary: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> => fc.oneof({ weight: 14, arbitrary }, { weight: 1, arbitrary: anything });
const place = (connections: readonly string[]): fc.Arbitrary<unknown> =>
  mostly(
    fc.record(
      { connection: mostly(fc.constantFrom(...connections)), path: mostly(fc.constantFrom(...somewhere)), ...rarely('include') },
      { requiredKeys: ['path'] },
    ),
  );
/** Keys that no request may have, in one of some bodies; `undefined` is left out by JSON. */
const rarely = (...keys: readonly string[]): Record<string, fc.Arbitrary<unknown>> =>
  Object.fromEntries(keys.map((key) => [key, fc.oneof({ weight: 60, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: anything })]));

const params = mostly(
  fc.record(
    {
      threshold: mostly(fc.constantFrom('0.5', '0.25', '0.999', '0.0', '0.1', '0.75', '0.', '0.1234')),
      mode: mostly(fc.constantFrom('fast', 'exact', 'fast', 'exact', 'fast', 'fastexact')),
      ...rarely('other', 'toString'),
    },
    { requiredKeys: [] },
  ),
);

/** Right ones, and now and then one that is not. */
const amount = (right: readonly unknown[], wrong: readonly unknown[]): fc.Arbitrary<unknown> =>
  fc.oneof(
    { weight: 12, arbitrary: fc.constantFrom(...right) },
    { weight: 1, arbitrary: fc.constantFrom(...wrong) },
    { weight: 1, arbitrary: anything },
  );
const amounts = mostly(
  fc.record(
    {
      cpu: amount(['2', '8', '250m', '0.5', '7.999', '1.5'], ['8.001', '8001m', '09', 8, '2 ', '1e3', '0']),
      memory: amount(['8Gi', '32Gi', '512Mi', '33554432Ki', '9Gi'], ['33Gi', '32769Mi', '1Ti', '8G', '8gi', '08Gi']),
      gpu: amount(['1', 1, '2', 2], ['0', 0, 3, '03', 1.5, '-1']),
      ...rarely('nvidia.com/gpu', 'ephemeral-storage'),
    },
    { requiredKeys: [] },
  ),
);
const sizes = {
  nodePool: fc.oneof({ weight: 5, arbitrary: fc.constant(undefined) }, { weight: 3, arbitrary: mostly(fc.constantFrom('a100', 'h100', 'zoned')) }),
  nodeSelector: fc.oneof(
    { weight: 6, arbitrary: fc.constant(undefined) },
    {
      weight: 3,
      arbitrary: mostly(fc.constantFrom({ pool: 'a100' }, { pool: 'h100' }, { zone: 'h100' }, { pool: 'x' }, { pool: 'a100', zone: 'h100' }, {})),
    },
  ),
  resources: fc.oneof(
    { weight: 1, arbitrary: fc.constant(undefined) },
    { weight: 2, arbitrary: mostly(fc.record({ requests: amounts, limits: amounts, ...rarely('claims') }, { requiredKeys: [] })) },
  ),
};

const bodyOf = ({ name, serviceId }: Declaration): fc.Arbitrary<unknown> =>
  mostly(
    fc.record({
      kind: mostly(fc.constant('InferenceJob')),
      spec: mostly(
        fc.record(
          {
            inferenceServiceId: mostly(fc.constant(serviceId ?? name)),
            dataSource: place(['raw', 'raw', 'raw', 'results']),
            outputDestination: place(['results', 'results', 'results', 'raw']),
            requestId: mostly(fc.constantFrom('r-1', 'a', '2026-11-22', 'a'.repeat(36))),
            ...(name === 'tuned' ? { params } : rarely('params')),
            ...(name === 'sized' ? sizes : rarely('nodePool', 'nodeSelector', 'resources')),
            ...rarely('Kind', 'constructor', 'timeout'),
          },
          { requiredKeys: name === 'open' ? ['inferenceServiceId', 'dataSource', 'outputDestination'] : ['inferenceServiceId'] },
        ),
      ),
      ...rarely('metadata', 'apiVersion', 'toString'),
    }),
  );

/** The same value written otherwise, or no JSON at all. */
const written = (body: unknown): fc.Arbitrary<string> => {
  const text = JSON.stringify(body);
  return fc.oneof(
    { weight: 40, arbitrary: fc.constant(text) },
    { weight: 2, arbitrary: fc.constant(JSON.stringify(body, null, 2)) },
    { weight: 1, arbitrary: fc.constant(`${text.slice(0, -1)},"kind":"InferenceJob"}`) },
    { weight: 1, arbitrary: fc.constant(`${text.slice(0, -1)},"spec":{"inferenceServiceId":"plain"}}`) },
    { weight: 1, arbitrary: fc.constant(text.replaceAll('/', '\\/')) },
    { weight: 1, arbitrary: fc.constant(text.replaceAll('r', '\\u0072')) },
    { weight: 1, arbitrary: fc.constantFrom(`\ufeff${text}`, `${text} x`, `[${text}]`, text.slice(0, -1), '', 'null', `${text}${text}`) },
    { weight: 1, arbitrary: fc.nat(text.length).map((at) => text.slice(0, at) + text.slice(at + 1)) },
  );
};

export const request = fc.constantFrom(...declarations).chain((service) =>
  fc.record({
    service: fc.constant(service),
    caller: fc.constantFrom(...service.callers),
    path: fc.oneof(
      { weight: 30, arbitrary: fc.constant(service.listener === 'dedicated' ? `/risk/${service.name}/api/v1/batch/job` : '/risk/api/v1/batch/job') },
      {
        weight: 1,
        arbitrary: fc.constantFrom(
          '/risk/api/v1/batch/job',
          '/risk/sized/api/v1/batch/job',
          '/risk/plain/api/v1/batch/job',
          '/risk/sized/api/v1/batch/job?x=1',
          '/risk/api/v1/batch/job?x=1',
          '/risk/api/v1/batch/job/',
          '/growth/api/v1/batch/job',
          '/risk/../risk/api/v1/batch/job',
          '/',
        ),
      },
    ),
    text: bodyOf(service).chain(written),
  }),
);
