/** Whole repositories of definitions for property tests: valid by construction, varied in every field that resolve reads. */
import fc from 'fast-check';
import { stringify } from 'yaml';
import { digestOf, document } from './document.js';

/** Path below the root -> document. */
export type Documents = Readonly<Record<string, unknown>>;

const digest = digestOf('a');
const optional = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(value, { nil: undefined });
/** Without the fields that are undefined. */
const present = (fields: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));

export const teams = ['risk', 'growth', 'ops'] as const;

const platform = document('Platform', 'platform', {
  target: { kubernetes: '1.34', pipelines: '1.15', triggers: '0.37' },
  images: { rclone: `rclone/rclone:1.75.2@${digest}`, node: `node:22-slim@${digest}` },
  teams: teams.map((name) => ({ name, registries: [`registry.example.com/${name}/`], secrets: [`${name}-*`] })),
  nodePools: [{ name: 'gpu', nodeSelector: { pool: 'gpu' }, tolerations: [{ key: 'gpu', operator: 'Exists' }], teams }],
  queues: [{ name: 'batch', teams }],
  webhook: {
    host: 'jobs.example.com',
    route: { kind: 'none', maxBody: '64Ki' },
    callers: [
      { name: 'airflow', auth: 'hmac', secretRef: { name: 'webhook-airflow' }, services: ['*'] },
      { name: 'ci', auth: 'token', secretRef: { name: 'webhook-ci' }, services: teams.map((name) => `${name}/*`) },
    ],
  },
});

const shared = document('Connection', 'shared', {
  type: 's3',
  bucket: 'shared-bucket',
  region: 'eu-central-1',
  credentials: { secretRef: { name: 'shared' } },
  access: teams.map((name) => ({ teams: [name], modes: ['read', 'write'], prefixes: [`${name}/`] })),
});
const own = (team: string): unknown =>
  document('Connection', `${team}-store`, {
    type: 'gcs',
    bucket: `${team}-bucket`,
    defaultPath: 'landing/',
    credentials: { secretRef: { name: `${team}-gcs` } },
  });

const defaults = fc
  .record({
    timeout: optional(fc.constantFrom('2h', '90m')),
    queue: optional(fc.constant('batch')),
    labels: optional(fc.constant({ 'cost-center': 'x' })),
  })
  .map(present);

const serviceSpec = (team: string): fc.Arbitrary<Record<string, unknown>> => {
  const reference = fc.oneof(
    fc.constantFrom('in/', 'deep/er/').map((path) => ({ connection: 'shared', path: `${team}/${path}` })),
    fc.constant({ connection: `${team}-store` }),
  );
  return fc
    .record({
      image: fc.constant(`registry.example.com/${team}/scorer:1@${digest}`),
      command: fc.constant(['python']),
      args: optional(fc.subarray(['--model', '$(ODAHU_MODEL)', '--fast', '$(ODAHU_OUTPUT_PATH)'])),
      env: optional(fc.dictionary(fc.constantFrom('A', 'B', 'LOG_LEVEL'), fc.constantFrom('', 'x', 'no', '0x1F', 'a: b'))),
      modelSource: fc.oneof(
        fc.constant({ imagePath: '/opt/app/model', name: 'm', version: '1' }),
        fc.constantFrom('m/', 'm.zip', 'm.tar.gz').map((path) => ({ connection: `${team}-store`, path, name: 'm', version: '1' })),
      ),
      dataSource: reference,
      outputDestination: fc.constantFrom('out/', '{jobId}/', 'by/{requestId}/').map((path) => ({ connection: `${team}-store`, path })),
      triggers: optional(
        fc.constantFrom(
          { webhook: { enabled: false } },
          { webhook: { callers: ['ci'] } },
          { webhook: { overrides: { outputDestination: [{ connection: `${team}-store`, prefix: '/' }] } } },
        ),
      ),
      nodePool: optional(fc.constant('gpu')),
      resources: optional(fc.constantFrom({ requests: { cpu: '2' } }, { limits: { memory: '4Gi' } })),
      storage: optional(fc.constantFrom({ data: '5Gi' }, { class: 'fast', shm: '1Gi' })),
      retries: optional(fc.nat(3)),
    })
    .map(present);
};

const service = fc
  .tuple(fc.constantFrom(...teams), fc.constantFrom('scorer', 'tagger', 'ranker', 'a', 'a-b'))
  .chain(([team, name]) =>
    serviceSpec(team).map((spec): [string, unknown] => [`services/${team}/${name}.yaml`, document('InferenceService', name, spec)]),
  );

/** Definitions that compile without an error. */
export const repository: fc.Arbitrary<Documents> = fc
  .record({
    services: fc.array(service, { minLength: 1, maxLength: 6 }),
    defaults: fc.dictionary(fc.constantFrom(...teams), defaults),
  })
  .map(({ services, defaults: given }) => ({
    'services/platform.yaml': platform,
    'services/connections/shared.yaml': shared,
    ...Object.fromEntries(teams.map((team) => [`services/${team}/connections/${team}-store.yaml`, own(team)])),
    ...Object.fromEntries(Object.entries(given).map(([team, spec]) => [`services/${team}/team.yaml`, document('Team', team, spec)])),
    ...Object.fromEntries(services),
  }));

export const isService = (path: string): boolean =>
  /^services\/[a-z]+\/(?!team\.)[a-z-]+\.yaml$/.test(path) && !path.startsWith('services/connections/');

/** YAML of the documents, their keys as they are. */
export const toFiles = (documents: Documents): Record<string, string> =>
  Object.fromEntries(
    Object.entries(documents).map(([path, value]) => [
      path,
      stringify(value, { defaultStringType: 'QUOTE_DOUBLE', defaultKeyType: 'PLAIN', aliasDuplicateObjects: false }),
    ]),
  );
