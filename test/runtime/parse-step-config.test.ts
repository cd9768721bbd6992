import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseStepConfig } from '../../src/contract/parse-step-config.js';
import type { StepConfig, StepConnection } from '../../src/contract/step-config.js';
import { encodeStepConfig, stepConfig as compiled } from '../../src/manifests/job/step-config.js';
import { serviceModel } from '../support/models.js';
import { stepConfig } from './support/job.js';

const parse = (value: unknown): ReturnType<typeof parseStepConfig> => parseStepConfig(JSON.stringify(value));
/** The configuration with one value set, by a path of keys. */
function withValue(path: string, value: unknown): unknown {
  const copy = structuredClone(stepConfig) as unknown as Record<string, unknown>;
  const keys = path.split('.');
  const last = keys.pop() ?? '';
  const parent = keys.reduce((at, key) => at[key] as Record<string, unknown>, copy);
  // JSON leaves out what is undefined.
  parent[last] = value;
  return copy;
}

const roleArn = 'arn:aws:iam::123456789012:role/batch/fraud';
const audience = '//iam.googleapis.com/projects/12/locations/global/workloadIdentityPools/pool/providers/cluster';
const uuid = '01234567-89ab-cdef-0123-456789abcdef';

describe('parseStepConfig', () => {
  it('reads what the compiler writes', () => {
    expect(parseStepConfig(encodeStepConfig(compiled(serviceModel)))).toEqual({ value: compiled(serviceModel) });
    expect(parse(stepConfig)).toEqual({ value: stepConfig });
  });

  it('reads what a service says of invalid files, without limits that have no effect', () => {
    const validation = {
      profile: 'portable',
      framing: 'jsonl',
      coercion: 'allow',
      onInvalid: 'quarantine',
      maxInvalidFiles: 10,
      maxInvalidRatio: 0.05,
      output: { onInvalid: 'quarantine' },
    } as const;
    const tolerant = compiled({ ...serviceModel, validation });
    expect(parse(tolerant)).toEqual({ value: tolerant });
    expect(tolerant.validation).toEqual({ ...compiled(serviceModel).validation, ...validation });
    const { maxInvalidFiles, maxInvalidRatio, ...rest } = validation;
    expect([maxInvalidFiles, maxInvalidRatio]).toEqual([10, 0.05]);
    expect(compiled({ ...serviceModel, validation: { ...validation, onInvalid: 'fail' } }).validation).toEqual({ ...rest, onInvalid: 'fail' });
  });

  it('reads every kind of connection with every key', () => {
    const connections: StepConfig['connections'] = {
      raw: {
        type: 's3',
        bucket: 'b.u_cket',
        region: 'us_east_1',
        endpoint: 'https://minio.example.com:9000',
        pathStyle: true,
        credentials: { kind: 'secret', name: 'store', keys: { access_key_id: 'a', secret_access_key: 'b', session_token: 'c' } },
      },
      models: {
        type: 'gcs',
        bucket: 'bucket',
        projectNumber: '12',
        endpoint: 'http://127.0.0.1:4443',
        credentials: { kind: 'secret', name: 'store', keys: { 'service_account.json': 'service_account.json' } },
      },
      results: {
        type: 'azureblob',
        account: 'acc',
        container: '$web',
        endpoint: 'https://acc.blob.core.windows.net',
        credentials: { kind: 'secret', name: 'store', keys: { sas_url: 'sas_url' } },
      },
    };
    expect(parse({ ...stepConfig, connections })).toEqual({ value: { ...stepConfig, connections } });
  });

  it('leaves name and version of a model to the model where the service gives none', () => {
    const { model } = serviceModel;
    if (model.kind !== 'remote') throw new Error('the model of the test is in a store');
    const config = compiled({ ...serviceModel, model: { ...model, name: undefined, version: undefined } });
    expect(Object.keys(config.model)).not.toContain('name');
    expect(Object.keys(config.model)).not.toContain('version');
    expect(parseStepConfig(encodeStepConfig(config))).toEqual({ value: config });
  });

  it('reads every way of proving to a store who a run is', () => {
    const { raw, models, results } = stepConfig.connections;
    const ways: readonly StepConfig['connections'][] = [
      {
        raw: { ...raw, credentials: { kind: 'workloadIdentity', roleArn } } as StepConnection,
        models: { ...models, credentials: { kind: 'workloadIdentity', audience, serviceAccount: 'job@p.iam.gserviceaccount.com' } } as StepConnection,
        results: { ...results, credentials: { kind: 'workloadIdentity', tenantId: uuid, clientId: uuid } } as StepConnection,
      },
      {
        raw: { ...raw, credentials: { kind: 'instance' } } as StepConnection,
        models: { ...models, credentials: { kind: 'instance' } } as StepConnection,
        results: { ...results, credentials: { kind: 'instance', clientId: uuid } } as StepConnection,
      },
    ];
    for (const connections of ways) expect(parse({ ...stepConfig, connections })).toEqual({ value: { ...stepConfig, connections } });
  });

  it('refuses two identities for one kind of store, since the environment holds one', () => {
    const s3 = { type: 's3', bucket: 'b', region: 'eu-central-1' } as const;
    const identity = { kind: 'workloadIdentity', roleArn } as const;
    const same = { ...stepConfig.connections, raw: { ...s3, credentials: identity }, other: { ...s3, credentials: identity } };
    expect(parse({ ...stepConfig, connections: same }).problem).toBeUndefined();
    for (const credentials of [{ ...identity, roleArn: `${roleArn}-2` }, { kind: 'instance' }]) {
      expect(parse({ ...stepConfig, connections: { ...same, other: { ...s3, credentials } } })).toEqual({
        problem: 'connections.other.credentials is another identity than that of raw: a job has one for each kind of store',
      });
    }
  });

  it.each<[string, unknown, string]>([
    ['version', 2, 'version must be 1'],
    ['service', undefined, 'service is missing'],
    ['service.name', 'Fraud', 'service.name must be a DNS label'],
    ['service.extra', 1, 'service.extra is not a known field'],
    ['validation.onInvalid', 'ignore', 'validation.onInvalid must be "fail" or "quarantine" or "skip"'],
    ['validation.maxInvalidFiles', -1, 'validation.maxInvalidFiles must be an integer of 0 or more'],
    ['validation.maxInvalidRatio', 1.01, 'validation.maxInvalidRatio must be a number from 0 to 1'],
    ['validation.output.onInvalid', 'skip', 'validation.output.onInvalid must be "fail" or "quarantine"'],
    ['service.owner', 'a\nb', 'service.owner must be text of one line'],
    ['connections', [], 'connections must be a map'],
    ['connections.UPPER', {}, 'a name in connections must be a DNS label'],
    ['connections.raw.type', 'sftp', 'connections.raw.type must be s3 or gcs or azureblob'],
    ['connections.raw.bearer_token_command', 'sh', 'connections.raw.bearer_token_command is not a known field'],
    ['connections.raw.bucket', 'a/b', 'connections.raw.bucket must be a bucket name'],
    ['connections.raw.endpoint', 'file:///etc', 'connections.raw.endpoint must be an http or https address'],
    ['connections.raw.endpoint', 'https://user@host', 'connections.raw.endpoint must be an http or https address'],
    [
      'connections.raw.credentials',
      { kind: 'secret', name: 'store', keys: { access_key_id: 'a' } },
      'connections.raw.credentials.keys.secret_access_key is missing',
    ],
    [
      'connections.raw.credentials',
      { kind: 'secret', name: 'store', keys: { access_key_id: '../a', secret_access_key: 'b' } },
      'connections.raw.credentials.keys.access_key_id must be a key of a Secret',
    ],
    ['connections.raw.credentials', { kind: 'key' }, 'connections.raw.credentials.kind must be anonymous or secret or instance or workloadIdentity'],
    ['connections.raw.credentials', { kind: 'workloadIdentity' }, 'connections.raw.credentials.roleArn is missing'],
    [
      'connections.raw.credentials',
      { kind: 'secret', name: 'store', keys: { access_key_id: 'a', secret_access_key: 'b' }, roleArn },
      'connections.raw.credentials.roleArn is not a known field',
    ],
    ['connections.raw.credentials', { kind: 'anonymous', name: 'store' }, 'connections.raw.credentials.name is not a known field'],
    ['connections.raw.credentials', { kind: 'workloadIdentity', roleArn: 'a\nb' }, 'connections.raw.credentials.roleArn must be the ARN of a role'],
    ['connections.models.credentials', { kind: 'workloadIdentity', roleArn }, 'connections.models.credentials.roleArn is not a known field'],
    [
      'connections.models.credentials',
      { kind: 'workloadIdentity', audience: 'https://example.com' },
      'connections.models.credentials.audience must be the audience of a provider of identities',
    ],
    ['connections.results.credentials', { kind: 'workloadIdentity', tenantId: uuid }, 'connections.results.credentials.clientId is missing'],
    ['connections.results.credentials', { kind: 'instance', clientId: '7' }, 'connections.results.credentials.clientId must be a UUID'],
    ['model.path', '../x', 'model.path must be a path'],
    ['model.form', 'zip', 'model.path must end in "/" for a directory, and only then'],
    ['model.connection', 'other', 'model.connection is not one of the connections'],
    ['model.sha256', 'abc', 'model.sha256 must be 64 hexadecimal digits'],
    ['data.allowed', [{ connection: 'other', prefix: 'x/' }], 'data.allowed[0].connection is not one of the connections'],
    ['data.include', [], 'data.include must have at least 1 item'],
    ['data.include', ['a\n- **'], 'data.include[0] must be a filter pattern without blanks around it'],
    ['data.allowEmpty', 'no', 'data.allowEmpty must be true or false'],
    ['output.layout', 'flat', 'output.layout must be "exact" or "perJob"'],
    ['validation.profile', 'strict', 'validation.profile must be "spec" or "odahu" or "portable"'],
    ['feedback.sink', 'kafka', 'feedback.sink must be none or objectStorage or fluentd or cloudevents'],
    ['feedback.sink', 'objectStorage', 'feedback.compression is missing'],
    ['feedback.host', 'fluentd', 'feedback.host is not a known field'],
    ['feedback.payload', { kind: 'inline' }, 'feedback.payload.limit is missing'],
  ])('refuses %s as %j', (path, value, problem) => {
    expect(parse(withValue(path, value))).toEqual({ problem });
  });

  it('refuses what is no JSON, and members of the prototype', () => {
    expect(parseStepConfig('{')).toEqual({ problem: 'the document is not JSON' });
    expect(parseStepConfig('{"__proto__":{"version":1}}')).toEqual({ problem: '__proto__ is not a known field' });
    expect(parseStepConfig('null')).toEqual({ problem: 'the document must be an object' });
  });

  it('never throws, whatever one of its values is', () => {
    const paths = [
      'version',
      'service',
      'service.id',
      'connections',
      'connections.raw',
      'connections.raw.credentials',
      'model',
      'model.kind',
      'data',
      'data.allowed',
      'output.allowed',
      'feedback',
      'validation.output',
    ];
    fc.assert(
      fc.property(fc.constantFrom(...paths), fc.jsonValue(), (path, value) => {
        const { value: config, problem } = parse(withValue(path, value));
        expect(config === undefined).toBe(problem !== undefined);
      }),
    );
  });
});
