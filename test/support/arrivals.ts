/** Events of stores for a service that is compiled from YAML: mostly right, with one wrong thing at a time. */
import fc from 'fast-check';
import { emittedObjects } from '../../src/cli/emitted-objects.js';
import type { Arrival } from '../oracle/arrival.js';
import { compileFiles } from './compile-files.js';
import { documentText } from './document.js';

const digest = `sha256:${'c'.repeat(64)}`;
const output = { connection: 'results', path: 'scored/' };
export const aws: Arrival = {
  service: 'scorer',
  team: 'risk',
  caller: 'aws',
  connection: 'raw',
  bucket: 'raw-bucket',
  prefix: 'fraud/in/',
  marker: '_SUCCESS',
  output,
};
export const minio: Arrival = { ...aws, caller: 'minio', connection: 'local', bucket: 'local-bucket', prefix: '/', marker: 'done.flag' };

const s3 = { type: 's3', region: 'eu-central-1', credentials: { anonymous: true }, access: [{ teams: ['risk'], modes: ['read', 'write'] }] };
const caller = (name: string, sends: string): unknown => ({ name, auth: 'token', sends, secretRef: { name: `webhook-${name}` }, services: ['*'] });
export const compiled = compileFiles({
  'services/platform.yaml': documentText('Platform', 'platform', {
    target: { kubernetes: '1.34', pipelines: '1.15', triggers: '0.37' },
    images: { rclone: `rclone/rclone:1.75.2@${digest}`, node: `node:22-slim@${digest}` },
    teams: [{ name: 'risk', registries: ['registry.example.com/risk/'] }],
    webhook: {
      host: 'jobs.example.com',
      route: { kind: 'none', maxBody: '64Ki' },
      callers: [caller('aws', 'eventbridge'), caller('minio', 'minio')],
    },
  }),
  'services/connections/raw.yaml': documentText('Connection', 'raw', { ...s3, bucket: 'raw-bucket' }),
  'services/connections/local.yaml': documentText('Connection', 'local', { ...s3, bucket: 'local-bucket', endpoint: 'https://minio.example.com' }),
  'services/connections/results.yaml': documentText('Connection', 'results', { ...s3, bucket: 'results-bucket' }),
  'services/risk/scorer.yaml': documentText('InferenceService', 'scorer', {
    image: `registry.example.com/risk/fraud:1@${digest}`,
    command: ['python3'],
    modelSource: { imagePath: '/opt/model', name: 'fraud', version: '1' },
    dataSource: { connection: 'raw', path: 'fraud/in/' },
    outputDestination: output,
    triggers: {
      webhook: { enabled: false },
      events: [
        { name: 'aws', caller: 'aws' },
        { name: 'minio', caller: 'minio', dataSource: { connection: 'local', prefix: '/' }, marker: 'done.flag' },
      ],
    },
  }),
});
export const objects = emittedObjects(compiled.files, ['risk/platform.yaml', 'risk/scorer.yaml']);

const hostile = fc.oneof(
  fc.constantFrom<unknown>(null, 0, 1.5, true, [], {}, ['x'], '', ' ', '$(uid)', '__proto__', 'x'.repeat(600), '\ud800', 'é', 'a\nb', '-', '..', '/'),
  fc.jsonValue({ maxDepth: 2 }),
);
const mostly = (arbitrary: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> => fc.oneof({ weight: 14, arbitrary }, { weight: 1, arbitrary: hostile });
const folder = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constantFrom('fraud/in/', 'fraud/in/2026-11-22/', 'fraud/in/dt=2026-11-22/hour=03/', 'fraud/in/a+b/', 'fraud/in/A@b~c/'),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      '',
      '/',
      'fraud/',
      'fraud/inn/',
      'fraud/in/a b/',
      'fraud/in/a%20b/',
      'fraud%2Fin%2F',
      'fraud/in/../',
      'fraud/in//',
      'fraud/in/$(uid)/',
    ),
  },
  { weight: 1, arbitrary: fc.constantFrom(`fraud/in/${'x'.repeat(502)}/`, `fraud/in/${'x'.repeat(503)}/`) },
  { weight: 1, arbitrary: fc.string({ unit: fc.constantFrom('fraud/in/', 'x', '/', '.', '-', '=', ' ', '%', ':', 'é') }) },
);
const marker = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom('_SUCCESS', 'done.flag') },
  { weight: 1, arbitrary: fc.constantFrom('NOT_SUCCESS', 'part-0.json', '', '_success', '_SUCCESS/') },
);
const key = fc.tuple(folder, marker).map((parts) => parts.join(''));
const hex = (length: number, unit: string): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(...unit), minLength: length, maxLength: length });
const id = fc.oneof(
  { weight: 8, arbitrary: fc.uuid() },
  { weight: 1, arbitrary: fc.uuid().map((text) => text.toUpperCase()) },
  { weight: 1, arbitrary: hex(36, '0-f') },
);
const time = fc.oneof(
  { weight: 8, arbitrary: hex(16, '0123456789ABCDEF') },
  { weight: 1, arbitrary: hex(17, '9A') },
  { weight: 1, arbitrary: hex(16, 'af') },
);

export const eventBridge = mostly(
  fc.record(
    {
      version: fc.constant('0'),
      id: mostly(id),
      'detail-type': mostly(fc.constant('Object Created')),
      source: mostly(fc.constant('aws.s3')),
      detail: mostly(
        fc.record({
          bucket: mostly(fc.record({ name: mostly(fc.constant('raw-bucket')) })),
          object: mostly(fc.record({ key: mostly(key), size: fc.nat(), sequencer: time })),
        }),
      ),
    },
    { requiredKeys: ['id', 'detail-type', 'source', 'detail'] },
  ),
);
const record = mostly(
  fc.record({
    responseElements: mostly(fc.record({ 'x-amz-request-id': mostly(time) })),
    s3: mostly(fc.record({ object: mostly(fc.record({ key: key.map(encodeURIComponentLikeGo), sequencer: mostly(time) })) })),
  }),
);
export const minioEvent = mostly(
  fc.record({
    EventName: mostly(fc.constantFrom('s3:ObjectCreated:Put', 's3:ObjectCreated:CompleteMultipartUpload', 's3:ObjectCreated:PutTagging')),
    Key: mostly(
      fc.tuple(fc.constantFrom('local-bucket/', 'local-bucket/', 'local-bucket/', 'local-bucket', 'other/'), key).map((parts) => parts.join('')),
    ),
    Records: mostly(fc.oneof({ weight: 12, arbitrary: fc.tuple(record) }, { weight: 1, arbitrary: fc.array(record, { maxLength: 3 }) })),
  }),
);
function encodeURIComponentLikeGo(text: string): string {
  return encodeURIComponent(text).replaceAll('%20', '+');
}
