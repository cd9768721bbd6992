/** Events of a store, for the listener and the Triggers that are really emitted. */
import { describe, expect, it } from 'vitest';
import { deliver, type DeliveryOutcome } from '../../../src/engine/triggers/listener.js';
import { acceptedRun, refusals, simulate } from '../../../src/engine/triggers/simulate.js';
import { taskRunParams } from '../../../src/engine/triggers/template.js';
import type { Manifest } from '../../../src/manifests/manifest.js';
import { renderNamespace } from '../../../src/manifests/namespace.js';
import { renderService } from '../../../src/manifests/service.js';
import type { NamespaceModel, ServiceModel } from '../../../src/model/model.js';
import { namespaceModel, serviceModel } from '../../support/models.js';

const namespace: NamespaceModel = {
  ...namespaceModel,
  sharedCallers: [...namespaceModel.sharedCallers, 'aws', 'minio'],
  callers: [
    ...namespaceModel.callers,
    { name: 'aws', auth: 'token', secretName: 'webhook-aws', secretKey: 'token', sends: 'eventbridge' },
    { name: 'minio', auth: 'token', secretName: 'webhook-minio', secretKey: 'token', sends: 'minio' },
  ],
};
const arrival = { connection: 'raw', bucket: 'raw-bucket', prefix: 'fraud/in/', marker: '_SUCCESS' };
const service: ServiceModel = {
  ...serviceModel,
  namespace,
  events: [
    { ...arrival, name: 'aws', caller: 'aws', sends: 'eventbridge' },
    { ...arrival, name: 'minio', caller: 'minio', sends: 'minio' },
  ],
};
const objects: readonly Manifest[] = [...renderNamespace(namespace, 'runtime'), ...renderService(service, 'millrace-runtime-0123456789')];

/** As the documentation of S3 shows it. */
const eventBridge = {
  version: '0',
  id: '17793124-05d4-b198-2fde-7ededc63b103',
  'detail-type': 'Object Created',
  source: 'aws.s3',
  account: '111122223333',
  time: '2021-11-12T00:00:00Z',
  region: 'ca-central-1',
  resources: ['arn:aws:s3:::raw-bucket'],
  detail: {
    version: '0',
    bucket: { name: 'raw-bucket' },
    object: {
      key: 'fraud/in/2026-11-22/_SUCCESS',
      size: 0,
      etag: 'd41d8cd98f00b204e9800998ecf8427e',
      'version-id': 'IYV3p45BT0ac8hjHg1houSdS1a.Mro8e',
      sequencer: '617f08299329d189',
    },
    'request-id': 'N4N7GDK58NMKJ12R',
    requester: '123456789012',
    'source-ip-address': '1.2.3.4',
    reason: 'PutObject',
  },
};
/** As MinIO's webhook target writes it: `Key` decoded, the key in the record not. */
const minio = {
  EventName: 's3:ObjectCreated:Put',
  Key: 'raw-bucket/fraud/in/2026-11-22/_SUCCESS',
  Records: [
    {
      eventVersion: '2.0',
      eventSource: 'minio:s3',
      awsRegion: '',
      eventTime: '2026-11-22T01:02:03.456Z',
      eventName: 's3:ObjectCreated:Put',
      userIdentity: { principalId: 'uploader' },
      requestParameters: { principalId: 'uploader', region: '', sourceIPAddress: '10.0.0.9' },
      responseElements: {
        'x-amz-id-2': 'dd9025bab4ad464b',
        'x-amz-request-id': '18A5B9C4D2E1F003',
        'x-minio-origin-endpoint': 'http://10.0.0.5:9000',
      },
      s3: {
        s3SchemaVersion: '1.0',
        configurationId: 'Config',
        bucket: { name: 'raw-bucket', ownerIdentity: { principalId: 'uploader' }, arn: 'arn:aws:s3:::raw-bucket' },
        object: { key: 'fraud%2Fin%2F2026-11-22%2F_SUCCESS', size: 0, eTag: 'd41d8cd98f00b204e9800998ecf8427e', sequencer: '18A5B9C4D3000001' },
      },
      source: { host: '10.0.0.9', port: '', userAgent: 'MinIO (linux; amd64)' },
    },
  ],
};

const bytes = (body: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(body));
const known: Readonly<Record<string, string>> = { 'webhook-aws': 'aws-token', 'webhook-minio': 'minio-token' };
const tokens = { aws: { 'X-Millrace-Token': 'aws-token' }, minio: { Authorization: 'Bearer minio-token' } };

function send(body: unknown, headers: Readonly<Record<string, string>>): readonly DeliveryOutcome[] {
  const request = { path: '/risk/api/v1/batch/job', headers, body: bytes(body) };
  const secrets = (name: string): Uint8Array | undefined => (name in known ? new TextEncoder().encode(known[name]) : undefined);
  return deliver(objects, { namespace: 'risk', name: 'millrace' }, request, { secrets }).outcomes;
}
const runs = (outcomes: readonly DeliveryOutcome[]): readonly { name: string; params: Record<string, string> }[] =>
  outcomes.flatMap(({ outcome }) =>
    outcome.kind === 'accepted' ? [{ name: outcome.taskRun.metadata.name, params: Object.fromEntries(taskRunParams(outcome.taskRun)) }] : [],
  );
const why = (outcomes: readonly DeliveryOutcome[], caller: string): unknown =>
  outcomes.flatMap(({ group, outcome }) => (group === caller && outcome.kind === 'refused' ? [outcome.refusal.sentence] : []))[0];

describe('an event that tells of the marker', () => {
  it.each([
    ['EventBridge', eventBridge, tokens.aws, 'ev-1779312405d4b1982fde7ededc63b103', 'aws'],
    ['MinIO', minio, tokens.minio, 'ev-18a5b9c4d2e1f003-18a5b9c4d3000001', 'minio'],
  ])('of %s starts one job, whose data is the folder', (_, event, token, requestId, caller) => {
    expect(runs(send(event, token))).toEqual([
      {
        name: `fraud-scorer--${requestId}`,
        params: {
          dataConnection: 'raw',
          dataPath: 'fraud/in/2026-11-22/',
          outputConnection: 'results',
          outputPath: 'fraud/out/',
          requestId,
          caller,
        },
      },
    ]);
  });

  it('makes a name that a label takes, of at most 63 characters with the longest name of a service', () => {
    for (const [event, token] of [
      [eventBridge, tokens.aws],
      [minio, tokens.minio],
    ] as const) {
      const id = runs(send(event, token))[0]?.params['requestId'] ?? '';
      expect(id).toMatch(/^[a-z0-9]([-a-z0-9]{0,34}[a-z0-9])?$/);
    }
  });

  it('makes the same name of the same event, and another of any other', () => {
    const name = (event: unknown, token: Readonly<Record<string, string>>): unknown => runs(send(event, token))[0]?.name;
    expect(name(structuredClone(eventBridge), tokens.aws)).toBe(name(eventBridge, tokens.aws));
    expect(name({ ...eventBridge, id: '17793124-05d4-b198-2fde-7ededc63b104' }, tokens.aws)).not.toBe(name(eventBridge, tokens.aws));
    const later = structuredClone(minio);
    for (const record of later.Records) record.s3.object.sequencer = '18A5B9C4D3000002';
    expect(name(later, tokens.minio)).not.toBe(name(minio, tokens.minio));
  });

  it('may lie in the folder itself', () => {
    const inPrefix = { ...minio, Key: 'raw-bucket/fraud/in/_SUCCESS' };
    expect(runs(send(inPrefix, tokens.minio))[0]?.params['dataPath']).toBe('fraud/in/');
  });
});

const aws = (changes: { readonly key?: unknown; readonly bucket?: unknown; readonly [field: string]: unknown }): unknown => {
  const { key = eventBridge.detail.object.key, bucket = 'raw-bucket', ...others } = changes;
  return { ...eventBridge, detail: { ...eventBridge.detail, bucket: { name: bucket }, object: { ...eventBridge.detail.object, key } }, ...others };
};

describe('an event of EventBridge starts nothing', () => {
  it.each<[string, unknown, string]>([
    ['of another object', aws({ key: 'fraud/in/x/part-0.json' }), 'detail.object.key is "fraud/in/x/part-0.json", but must end with "/_SUCCESS"'],
    [
      'of a name that ends like the marker',
      aws({ key: 'fraud/in/x/NOT_SUCCESS' }),
      'detail.object.key is "fraud/in/x/NOT_SUCCESS", but must end with "/_SUCCESS"',
    ],
    ['of another folder', aws({ key: 'fraud/out/_SUCCESS' }), 'detail.object.key is "fraud/out/_SUCCESS", but must start with "fraud/in/"'],
    ['of another bucket', aws({ bucket: 'other' }), 'detail.bucket.name is "other", but must be "raw-bucket"'],
    ['of a removal', aws({ 'detail-type': 'Object Deleted' }), 'detail-type is "Object Deleted", but must be "Object Created"'],
    ['of another source', aws({ source: 'my.app' }), 'source is "my.app", but must be "aws.s3"'],
    [
      'with a key that is URL-encoded, or has other characters',
      aws({ key: 'fraud/in/a%20b/_SUCCESS' }),
      'detail.object.key is "fraud/in/a%20b/_SUCCESS", but must be a path of letters, digits and ._=+@~- in parts between /, without ..',
    ],
    [
      'with a key that climbs',
      aws({ key: 'fraud/in/../x/_SUCCESS' }),
      'detail.object.key is "fraud/in/../x/_SUCCESS", but must be a path of letters, digits and ._=+@~- in parts between /, without ..',
    ],
    [
      'with a variable of Tekton',
      aws({ key: 'fraud/in/$(uid)/_SUCCESS' }),
      'detail.object.key is "fraud/in/$(uid)/_SUCCESS", but must be a path of letters, digits and ._=+@~- in parts between /, without ..',
    ],
    ['with a key that is no text', aws({ key: ['fraud/in/_SUCCESS'] }), 'detail.object.key is ["fraud/in/_SUCCESS"], but must be a string'],
    ['with a key that is null', aws({ key: null }), 'detail.object.key is null, but must be a string'],
    [
      'with a key that is too long',
      aws({ key: `fraud/in/${'x/'.repeat(300)}_SUCCESS` }),
      `detail.object.key is "fraud/in/${'x/'.repeat(123)}…, but must have at most 520 characters`,
    ],
    ['without an id', { ...(aws({}) as object), id: undefined }, 'id is missing'],
    ['with an id that is none', aws({ id: 'x' }), 'id is "x", but must match ^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'],
    ['that is a job', { kind: 'InferenceJob', spec: { inferenceServiceId: 'fraud-scorer' } }, 'this caller sends events, not jobs'],
    ['that is one of MinIO', minio, 'source is missing'],
  ])('%s', (_, event, sentence) => {
    const outcomes = send(event, tokens.aws);
    expect(runs(outcomes)).toEqual([]);
    expect(why(outcomes, 'aws')).toBe(sentence);
  });
});

describe('an event of MinIO starts nothing', () => {
  const records = (change: (record: (typeof minio.Records)[number]) => unknown): unknown => ({ ...minio, Records: minio.Records.map(change) });
  const created = '"s3:ObjectCreated:Put", "s3:ObjectCreated:Post", "s3:ObjectCreated:Copy", "s3:ObjectCreated:CompleteMultipartUpload"';
  it.each<[string, unknown, unknown]>([
    ['of tags', { ...minio, EventName: 's3:ObjectCreated:PutTagging' }, `EventName is "s3:ObjectCreated:PutTagging", but must be one of ${created}`],
    [
      'of another bucket',
      { ...minio, Key: 'raw-bucket-2/fraud/in/_SUCCESS' },
      'Key is "raw-bucket-2/fraud/in/_SUCCESS", but must start with "raw-bucket/fraud/in/"',
    ],
    ['of another object', { ...minio, Key: 'raw-bucket/fraud/in/a.json' }, 'Key is "raw-bucket/fraud/in/a.json", but must end with "/_SUCCESS"'],
    [
      'with a blank in its key',
      { ...minio, Key: 'raw-bucket/fraud/in/a b/_SUCCESS' },
      'Key is "raw-bucket/fraud/in/a b/_SUCCESS", but must be a path of letters, digits and ._=+@~- in parts between /, without ..',
    ],
    ['of several records', { ...minio, Records: [minio.Records[0], 1] }, expect.stringMatching(/^Records is \[.*, but must have the size 1$/)],
    ['without a record', { ...minio, Records: [] }, 'Records is [], but must have the size 1'],
    [
      'with a request that is no time',
      records((record) => ({ ...record, responseElements: { 'x-amz-request-id': 'tx-1' } })),
      'Records.0.responseElements.x-amz-request-id is "tx-1", but must match ^[0-9A-F]{1,16}$',
    ],
    [
      'with a sequencer that is no text',
      records((record) => ({ ...record, s3: { object: { sequencer: 1 } } })),
      'Records.0.s3.object.sequencer is 1, but must be a string',
    ],
    ['that is a job', { kind: 'InferenceJob', spec: { inferenceServiceId: 'fraud-scorer' } }, 'this caller sends events, not jobs'],
    ['that is one of EventBridge', eventBridge, 'EventName is missing'],
  ])('%s', (_, event, sentence) => {
    const outcomes = send(event, tokens.minio);
    expect(runs(outcomes)).toEqual([]);
    expect(why(outcomes, 'minio')).toEqual(sentence);
  });

  it.each([
    ['without a token', {}, 'the header Authorization is missing, or does not start with "Bearer "'],
    ['with another scheme', { Authorization: 'Basic minio-token' }, 'the header Authorization is missing, or does not start with "Bearer "'],
    ['with an empty token', { Authorization: 'Bearer ' }, 'the header Authorization is missing'],
    [
      'with the token in the header of other callers',
      { 'X-Millrace-Token': 'minio-token' },
      'the header Authorization is missing, or does not start with "Bearer "',
    ],
    [
      'with another token',
      { Authorization: 'Bearer aws-token' },
      'the header Authorization is not what the key token of Secret webhook-minio holds, or there is no such Secret or key',
    ],
  ])('%s', (_, headers, sentence) => {
    const outcomes = send(minio, headers);
    expect(runs(outcomes)).toEqual([]);
    expect(why(outcomes, 'minio')).toBe(sentence);
  });
});

it('a caller that sends events starts no job by a job body, and a caller of jobs none by an event', () => {
  const request = { path: '/risk/api/v1/batch/job', headers: { 'X-Millrace-Token': 'x', Authorization: 'Bearer x' } };
  const letIn = (body: unknown): readonly string[] =>
    simulate(objects, { namespace: 'risk', service: 'fraud-scorer' }, { ...request, body: bytes(body) })
      .filter(acceptedRun)
      .map(({ caller }) => caller);
  expect(letIn({ kind: 'InferenceJob', spec: { inferenceServiceId: 'fraud-scorer' } })).toEqual(['airflow', 'ci']);
  expect(letIn(eventBridge)).toEqual(['aws']);
  expect(letIn(minio)).toEqual(['minio']);
});

it('where events start jobs, no request may take the name of one', () => {
  const answer = (requestId: string): unknown => {
    const request = {
      path: '/risk/api/v1/batch/job',
      headers: {},
      body: bytes({ kind: 'InferenceJob', spec: { inferenceServiceId: 'fraud-scorer', requestId } }),
    };
    const [airflow] = simulate(objects, { namespace: 'risk', service: 'fraud-scorer' }, request);
    return airflow && (acceptedRun(airflow)?.metadata.name ?? refusals(airflow)[0]?.sentence);
  };
  expect(answer('ev-1')).toBe('spec.requestId is "ev-1", but must not start with "ev-"');
  expect(answer('even-1')).toBe('fraud-scorer--even-1');
});

it('the whole bucket is a prefix, but for its root, which is no folder that a job could read', () => {
  const whole: ServiceModel = { ...service, events: service.events.map((event) => ({ ...event, prefix: '/' })) };
  const all = [...renderNamespace(namespace, 'runtime'), ...renderService(whole, 'millrace-runtime-0123456789')];
  const started = (key: string): readonly unknown[] =>
    simulate(
      all,
      { namespace: 'risk', service: 'fraud-scorer' },
      {
        path: '/risk/api/v1/batch/job',
        headers: { 'X-Millrace-Token': 'x', Authorization: 'Bearer x' },
        body: bytes({ ...(aws({ key }) as object), EventName: 's3:ObjectCreated:Put', Key: `raw-bucket/${key}`, Records: minio.Records }),
      },
    ).flatMap((answer) => {
      const run = acceptedRun(answer);
      return run ? [taskRunParams(run).get('dataPath')] : [];
    });
  expect(started('a/_SUCCESS')).toEqual(['a/', 'a/']);
  expect(started('_SUCCESS')).toEqual([]);
  expect(started('/a/_SUCCESS')).toEqual([]);
});
