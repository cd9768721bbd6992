import { describe, expect, test } from 'vitest';
import { findSecrets } from '../../../src/source/find-secrets.js';
import { disguises, secrets, serviceAccount } from '../../support/planted.js';

describe.each(Object.entries(secrets))('%s', (_, secret) => {
  test.each([
    ['a value', (text: string) => `spec:\n  env:\n    X: "${text}"\n`],
    ['a comment', (text: string) => `spec:\n  bucket: raw # was ${text} once\n`],
    ['a key', (text: string) => `spec:\n  "${text}": 1\n`],
    ['a text that is no YAML', (text: string) => `spec: [ {${text}\n`],
  ])('is found in %s', (_where, write) => {
    const text = write(secret);
    const found = findSecrets(text);
    expect(found.length).toBeGreaterThan(0);
    // What is marked lies in the secret.
    for (const { start, end } of found) expect(secret).toContain(text.slice(start, end));
  });

  test('is found in base64', () => {
    const encoded = Buffer.from(secret).toString('base64');
    const text = `spec:\n  keySecret: ${encoded}\n`;
    expect(findSecrets(text).map(({ start, end }) => text.slice(start, end))).toEqual([encoded]);
  });

  test.each(Object.entries(disguises))('is found %s', (_name, disguise) => {
    const text = `spec:\n  env:\n    X: ${disguise(secret)}\n  queue: batch\n`;
    const [found] = findSecrets(text);
    expect(found).toBeDefined();
    // Nothing of it is left beside the mark, nor is anything marked that stands elsewhere.
    const { start = 0, end = 0 } = found ?? {};
    expect(start).toBeGreaterThanOrEqual(text.indexOf('X: ') + 3);
    expect(end).toBeLessThanOrEqual(text.indexOf('\n  queue'));
  });
});

test('the key file of a service account is found, as it is and in base64', () => {
  expect(findSecrets(`a: ${JSON.stringify(serviceAccount)}\n`).map(({ kind }) => kind)).toEqual(['a private key']);
  expect(findSecrets(`a: ${Buffer.from(serviceAccount).toString('base64')}\n`).map(({ kind }) => kind)).toEqual(['a private key in base64']);
});

const random = Buffer.from(Array.from({ length: 96 }, (_, index) => (index * 89 + 41) % 256))
  .toString('base64')
  .replaceAll(/[+/=]/g, '7');

test.each([
  ['an AWS access key id', `${secrets.awsId}${secrets.awsKey}`],
  ['an AWS access key id', `x${secrets.awsId}${secrets.awsKey}`],
  ['an AWS access key id', `${secrets.awsId}:${secrets.awsKey}`],
  ['an AWS access key id', `${secrets.awsId}.${secrets.awsKey}`],
  ['a private key', ['MIIEvQIBADANBgkqhkiG9w0BAQ', `EFAASCBKcwggSj${random}`].join('')],
  ['a private key', ['MIIEpAIBAAKCAQ', `EA${random}`].join('')],
  ['a private key', ['MHcCAQEE', `I${random}`].join('')],
  ['a session token of AWS', ['IQoJb3JpZ2lu', `X2VjE${random}`].join('')],
  ['a key of Google', ['AIza', 'SyA1234567890abcdefghijklmnopqrstuv'].join('')],
  ['an HMAC key id of Google', ['GOOG', '1EABCDEFGHIJKLMNOPQRSTUVWXYZ234567ABCDEFGHIJKLMNOPQRSTUVWXYZ2'].join('')],
  ['a client secret of Azure', ['abc8', `Q~${random.slice(0, 34)}`].join('')],
  ['a secret key of age', ['AGE-SECRET', '-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX'].join('')],
  ['a token of Vault', ['hvs', `.${random.slice(0, 30)}`].join('')],
  ['the signature of a SAS URL', ['sig', '=F%6GRVAZ5Cdj2Pw4tgU7IlSTkWgn7bUkkAg8P6HESXwmf%4B&sv=2019-02-02'].join('')],
])('%s is told by its form, and all of it is marked', (kind, secret) => {
  const found = findSecrets(`x: "${secret}"\n`);
  expect(found[0]?.kind).toBe(kind);
  const left = [...`x: "${secret}"\n`].filter((_, at) => !found.some(({ start, end }) => at >= start && at < end)).join('');
  expect(left).toMatch(/^x: "(?:sig=)?[:.]?(?:&sv=2019-02-02)?"\n$/);
});

test.each([
  ['awsKey', 'fraud/in/KEY/'],
  ['awsKey', 'fraud/in/KEY'],
  ['awsKey', 'KEY/2026/11/'],
  ['awsKey', '/Team1/V2/KEY/part-0001.json'],
  ['awsKey', 's3://landing/KEY/'],
  ['azureKey', 'fraud/in/KEY/'],
  ['azureKey', 'Fraud/Landing/2026/KEY'],
] as const)('%s is found in the path %s', (name, path) => {
  const text = path.replace('KEY', secrets[name]);
  expect(findSecrets(text).map(({ start, end }) => text.slice(start, end))).toEqual([secrets[name]]);
});

const hex = '0a1b2c3d';
/** Lines of a certificate have 64 characters; here a slash stands wherever one would cut off as many as a key has. */
const certificate = `${random.slice(0, 23)}/${random.slice(24, 64)}\n${random.slice(64, 104)}/${random.slice(105, 128)}`;
const innocent: readonly (readonly [what: string, text: string])[] = [
  ['a digest', `image: registry.example.com/risk/fraud:1.4.2@sha256:${hex.repeat(8)}`],
  ['a digest of 512 bits', `image: registry.example.com/risk/fraud@sha512:${hex.repeat(16)}`],
  ['the digest of a model', `sha256: ${hex.repeat(8)}`],
  ['a digest without its algorithm in a path', `path: blobs/${hex.repeat(8)}/model.tar.gz`],
  ['an MD5 sum', `labels: {md5: ${hex.repeat(4)}}`],
  ['a commit', 'revision: 3f786850e387550fdab836ed7e6dc881de23001b'],
  ['a commit in a path', 'path: models/3f786850e387550fdab836ed7e6dc881de23001b/'],
  ['a commit in capitals', 'path: models/3F786850E387550FDAB836ED7E6DC881DE23001B/'],
  ['a long path', 'path: Landing/2026/EU/Part=0001/SegmentedCustomers_v2/Model_07/'],
  ['a path of exactly forty characters', 'path: Landing/2026/CustomersByRegionVersion2b7'],
  ['a path of parts in capitals and digits', 'path: Data/ForecastVision2026/SegmentedRiskQA7B'],
  ['a path with dates', 'path: Landing/2026/11/22/TransactionsPart0001a/'],
  ['a path of a feature store', 'path: FeatureStore/v12/CustomerLifetimeValue30d/'],
  ['a partition of Hive', 'path: db/Events/year=2026/month=11/day=22/Hour07/'],
  ['an id', 'projectNumber: "123456789012345678"'],
  ['a UUID', 'x: 123e4567-e89b-12d3-a456-426614174000'],
  ['a UUID in capitals', 'clientId: 123E4567-E89B-12D3-A456-426614174000'],
  ['UUIDs, one below the other', 'keys:\n  - 123e4567-e89b-12d3-a456-426614174000\n  - 223e4567-e89b-12d3-a456-426614174001'],
  ['a ULID', 'x: 01ARZ3NDEKTSV4RRFFQ69G5FAV'],
  ['a role of AWS', 'roleArn: arn:aws:iam::123456789012:role/service-role/BatchInferenceRiskProductionRole2026'],
  ['a role that CloudFormation has named', 'roleArn: arn:aws:iam::123456789012:role/MlPlatformStack-BatchJobRole4D2B1C7A-1XK9Q2W7E5R3T'],
  ['a key of KMS', 'keyId: arn:aws:kms:eu-central-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab'],
  ['a key of KMS in several regions', 'keyId: arn:aws:kms:eu-central-1:123456789012:key/mrk-1234abcd12ab34cd56ef1234567890ab'],
  ['an alias of KMS', 'keyId: alias/RiskBatchResults2026EncryptionKeyPrimary'],
  ['a secret of Secrets Manager, by its ARN', 'key: arn:aws:secretsmanager:eu-central-1:123456789012:secret:prod/raw-AbCdEf'],
  ['a provider of Google', 'audience: //iam.googleapis.com/projects/123456789012/locations/global/workloadIdentityPools/ml-pool/providers/k8s-1'],
  ['a service account of Google', 'serviceAccount: batch-inference-2@my-project-123456.iam.gserviceaccount.com'],
  ['a key of Cloud KMS', 'x: projects/my-project-12/locations/europe-west3/keyRings/batch/cryptoKeys/results-2026/cryptoKeyVersions/1'],
  ['a resource of Azure', 'x: /subscriptions/123e4567-e89b-12d3-a456-426614174000/resourceGroups/RgMlPlatform01/providers/Microsoft.Storage'],
  ['a model of Hugging Face', 'name: mistralai/Mixtral-8x7B-Instruct-v0.1-GPTQ-4bit-128g-actorder_True'],
  ['a file of a model', 'path: Meta-Llama-3.1-405B-Instruct-Q4_K_M-00001-of-00012.gguf'],
  ['a run of MLflow', 'path: mlruns/0/5f2b8c7d9e1a4f3b8c6d7e9f0a1b2c3d/artifacts/model/'],
  ['an image of ECR', 'image: 123456789012.dkr.ecr.eu-central-1.amazonaws.com/ml/FraudScorer2026:build-20261122.4'],
  ['a URL without a password', 'endpoint: https://minio.risk.example.com:9000'],
  ['a URL with a user only', 'repoURL: ssh://git@git.example.com:2222/ml/services.git'],
  ['a URL in a URL', 'x: https://login.example.com/?next=https%3A%2F%2Fjobs.example.com%3A443%2Fteam%2Fa'],
  ['the name of a Secret', 'secretRef: {name: risk-models-s3-production-credentials-2}'],
  ['the name that External Secrets gives', 'secretRef: {name: millrace-connection-raw-landing-zone-2026}'],
  ['base64 of plain text', `x: ${Buffer.from('just a sentence of plain text, 1 of 2').toString('base64')}`],
  [
    'lines of base64 of plain text',
    `x: |\n  ${
      Buffer.from('just a sentence of plain text, '.repeat(9))
        .toString('base64')
        .match(/.{1,64}/g)
        ?.join('\n  ') ?? ''
    }`,
  ],
  ['base64 of JSON', `x: ${Buffer.from('{"model": "fraud", "version": 14, "threshold": 0.5}').toString('base64')}`],
  ['a public key', `x: ${['-----BEGIN PUBLIC', ' KEY-----'].join('')}MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAu1SU1LfVLPHCozMxH2Mo`],
  ['a recipient of age', 'recipient: age1yt3tfqlfrwdwx0z0ynwplcr6qxcxfaqycuprpmy89nr83ltx74tqdpszlw'],
  ['a certificate', `x: |\n  ${['-----BEGIN', ' CERTIFICATE-----'].join('')}\n  ${certificate.replace('\n', '\n  ')}\n`],
  ['a path with forty characters between two slashes', 'path: Landing/2026/CustomersByRegionVersion2b7/ForecastQA7B/11/'],
  ['a path of a bucket, with an id of a run', 'path: s3://landing/Runs/2026/11/RunQA7B4/TransactionsByRegion0001/Part7/'],
  ['a class in dotted notation', 'args: [--class, com.Example2.VeryLongPackageName.ScorerFactory3Impl]'],
  ['a regular expression', 'pattern: "^[A-Z]{2}[0-9]{2}[A-Z0-9]{4}[0-9]{7}([A-Z0-9]?){0,16}$"'],
  ['a command in words', 'args: ["python3 -m scorer2 --batch-size=4096 --maxSequenceLength=2048 --modelName=FraudScorerV14"]'],
  ['escapes and percent signs', 'description: "100\\u00a0% of \\x41ll, in part%20one"'],
];

test.each(innocent)('%s is none', (_, text) => {
  expect(findSecrets(text)).toEqual([]);
  expect(findSecrets(JSON.stringify({ text }))).toEqual([]);
  expect(findSecrets(`# ${text}\n`)).toEqual([]);
});

test('a long text of anything is read in linear time', () => {
  for (const text of [
    'a1'.repeat(120_000),
    'Ab1/'.repeat(60_000),
    'eyJ'.repeat(80_000),
    'x://'.repeat(60_000),
    '-----BEGIN '.repeat(20_000),
    `-----BEGIN PRIVATE${' KEY-----'}`.repeat(9_000),
    `?sig=${'%'.repeat(200_000)}`,
    '%41'.repeat(80_000),
    '\\n'.repeat(120_000),
    '\\\n'.repeat(120_000),
    'abcd1234abcd1234\n'.repeat(15_000),
    'AKIAABCDEFGHIJKLMNOP'.repeat(12_000),
    Buffer.from('QUtJ1234'.repeat(20_000)).toString('base64'),
  ]) {
    // Quadratic time would take minutes, which the time limit of every test tells.
    expect(findSecrets(text)).toBeInstanceOf(Array);
  }
});
