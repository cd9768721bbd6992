/**
 * Every way in which a connection proves to its store who a run is, as configure-rclone writes it, with the real rclone:
 * each option is one of its own, and each way that needs no cloud reads from a store. The clouds' token services and
 * metadata servers are small servers of this test; Azure's are in rclone-azure-identities.test.ts. rclone, fake-gcs-server and azurite-blob must be on PATH.
 */
import { createHmac, generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { backendOptions } from '../../runtime/rclone/backend.js';
import { files } from '../../src/contract/paths.js';
import type { AzureblobConnection, GcsConnection, S3Connection, StepConnection } from '../../src/contract/step-connection.js';
import { freePort } from '../support/free-port.js';
import { configured, expectCopied, expectRefused, serve, syncData } from './support/one-store.js';
import { eventually, startProgram, succeed } from './support/programs.js';
import { thisMachine } from './support/site.js';
import { bucket, put, startStores, upload, type Stores } from './support/stores.js';

const root = mkdtempSync(join(tmpdir(), 'millrace-credentials-'));
let stores: Stores | undefined;
const theStores = (): Stores['of'] => {
  if (!stores) throw new Error('the stores were not started');
  return stores.of;
};

beforeAll(async () => {
  stores = await startStores(thisMachine, join(root, 'stores'));
  put(root, 'content/fraud/in/a.json', '{}');
  for (const store of Object.values(stores.of)) await upload(store, join(root, 'content'));
});
afterAll(() => {
  stores?.stop();
  rmSync(root, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
});

const uuid = '01234567-89ab-cdef-0123-456789abcdef';
const roleArn = 'arn:aws:iam::123456789012:role/batch/fraud';
const audience = '//iam.googleapis.com/projects/12/locations/global/workloadIdentityPools/pool/providers/cluster';
const secret = (...keys: readonly string[]) => ({ kind: 'secret', name: 'store', keys: Object.fromEntries(keys.map((key) => [key, key])) }) as const;
const account = {
  type: 'service_account',
  client_email: 'job@p.iam.gserviceaccount.com',
  private_key: generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
};

const s3 = (credentials: S3Connection['credentials']): StepConnection => ({
  type: 's3',
  bucket,
  region: 'eu-central-1',
  endpoint: 'https://minio.example.com',
  pathStyle: true,
  credentials,
});
const gcs = (credentials: GcsConnection['credentials']): StepConnection => ({
  type: 'gcs',
  bucket,
  projectNumber: '12',
  endpoint: 'https://storage.example.com',
  credentials,
});
const azure = (credentials: AzureblobConnection['credentials']): StepConnection => ({
  type: 'azureblob',
  account: 'acc',
  container: bucket,
  endpoint: 'https://acc.blob.core.windows.net',
  credentials,
});

interface Option {
  readonly Name: string;
  readonly Type: string;
  readonly Examples?: readonly { readonly Value: string }[];
}

describe('an option that is written', () => {
  it.each<[string, StepConnection, Readonly<Record<string, string>>, readonly string[]]>([
    ['s3, keys', s3(secret('access_key_id', 'secret_access_key', 'session_token')), keys('a', 'b', 'c'), ['access_key_id', 'session_token']],
    ['s3, keys that last', s3(secret('access_key_id', 'secret_access_key', 'session_token')), keys('a', 'b'), ['secret_access_key']],
    ['s3, workload identity', s3({ kind: 'workloadIdentity', roleArn }), {}, ['env_auth']],
    ['s3, instance role', s3({ kind: 'instance' }), {}, ['env_auth']],
    ['s3, public', s3({ kind: 'anonymous' }), {}, []],
    ['s3 of AWS', { type: 's3', bucket, region: 'eu-central-1', credentials: { kind: 'anonymous' } }, {}, []],
    ['gcs, key file', gcs(secret('service_account.json')), { 'service_account.json': JSON.stringify(account) }, ['service_account_credentials']],
    ['gcs, workload identity', gcs({ kind: 'workloadIdentity', audience }), {}, ['env_auth']],
    ['gcs, metadata server', gcs({ kind: 'instance' }), {}, ['env_auth']],
    ['gcs, public', gcs({ kind: 'anonymous' }), {}, ['anonymous']],
    ['azureblob, account key', azure(secret('account_key')), { account_key: 'S2V5' }, ['key']],
    ['azureblob, signature', azure(secret('sas_url')), { sas_url: `https://acc.blob.core.windows.net/${bucket}?sv=1&sig=a` }, ['sas_url']],
    ['azureblob, workload identity', azure({ kind: 'workloadIdentity', tenantId: uuid, clientId: uuid }), {}, ['env_auth']],
    ['azureblob, managed identity', azure({ kind: 'instance' }), {}, ['use_msi']],
    ['azureblob, one of several managed identities', azure({ kind: 'instance', clientId: uuid }), {}, ['use_msi', 'msi_client_id']],
    ['azureblob, public', azure({ kind: 'anonymous' }), {}, []],
  ])('is one of rclone, with a value of its type, and gives one way only: %s', async (name, connection, values, ways) => {
    for (const [key, value] of Object.entries(values)) put(root, `secrets/${name}/${key}`, value);
    const { type, ...options } = await backendOptions(name, connection, join(root, 'secrets'));
    const providers = JSON.parse(await succeed(['rclone', 'config', 'providers'])) as readonly { Name: string; Options: readonly Option[] }[];
    const known = providers.find((provider) => provider.Name === type)?.Options ?? [];
    for (const [key, value] of Object.entries(options)) {
      const option = known.find(({ Name }) => Name === key);
      expect(option, key).toBeDefined();
      if (option?.Type === 'bool' || option?.Type === 'Tristate') expect(value, key).toMatch(/^(true|false)$/);
      if (option?.Type === 'int') expect(value, key).toMatch(/^\d+$/);
      if (key === 'provider') expect(option?.Examples?.map(({ Value }) => Value)).toContain(value);
    }
    const proofs = ['env_auth', 'access_key_id', 'secret_access_key', 'session_token', 'anonymous', 'key', 'sas_url', 'use_msi', 'msi_client_id'];
    const given = [...proofs, 'service_account_credentials'].filter((key) => options[key] !== undefined && options[key] !== 'false');
    expect(given).toEqual(expect.arrayContaining([...ways]));
    expect(new Set(given.map(wayOf)).size).toBe(ways.length === 0 ? 0 : 1);
  });
});

function keys(id: string, key: string, token?: string): Readonly<Record<string, string>> {
  return { access_key_id: id, secret_access_key: key, ...(token === undefined ? {} : { session_token: token }) };
}

/** Options that are one way together. */
function wayOf(option: string): string {
  if (['access_key_id', 'secret_access_key', 'session_token'].includes(option)) return 'keys';
  return option === 'msi_client_id' ? 'use_msi' : option;
}

const soon = (): string => new Date(Date.now() + 3_600_000).toISOString();

describe('a store is read', () => {
  /** The test's S3 store with other credentials. */
  const s3Here = (credentials: S3Connection['credentials']): StepConnection => ({ ...theStores().s3.backend, credentials }) as S3Connection;
  const gcsHere = (credentials: GcsConnection['credentials']): StepConnection => ({ ...theStores().gcs.backend, credentials }) as GcsConnection;

  it('with a web identity that AWS changes for keys of a role', async () => {
    const { access_key_id: id = '', secret_access_key: key = '' } = theStores().s3.credentials;
    const escaped = key.replace(/[<>&"]/g, (c) => `&#${String(c.charCodeAt(0))};`);
    const sts = await serve(
      () =>
        `<AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleWithWebIdentityResult><Credentials><AccessKeyId>${id}</AccessKeyId><SecretAccessKey>${escaped}</SecretAccessKey><SessionToken>session</SessionToken><Expiration>${soon()}</Expiration></Credentials></AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>`,
    );
    const connection = s3Here({ kind: 'workloadIdentity', roleArn });
    const job = await configured(connection);
    await expectCopied(job, syncData(job, { AWS_ENDPOINT_URL_STS: `http://${sts.address}` }));
    const [asked = ''] = sts.asked;
    expect(Object.fromEntries(new URLSearchParams(asked.split(' ').slice(2).join(' ')))).toMatchObject({
      Action: 'AssumeRoleWithWebIdentity',
      RoleArn: roleArn,
      RoleSessionName: 'millrace',
      WebIdentityToken: 'token of the run',
    });
  });

  it('with the role of the instance', async () => {
    const { access_key_id: AccessKeyId = '', secret_access_key: SecretAccessKey = '' } = theStores().s3.credentials;
    const metadata = await serve(({ url = '' }) => {
      if (url.endsWith('/api/token')) return 'metadata token';
      if (url.endsWith('/security-credentials/')) return 'node-role';
      return JSON.stringify({ Code: 'Success', Type: 'AWS-HMAC', AccessKeyId, SecretAccessKey, Token: 'session', Expiration: soon() });
    });
    const connection = s3Here({ kind: 'instance' });
    const job = await configured(connection);
    await expectCopied(job, syncData(job, { AWS_EC2_METADATA_SERVICE_ENDPOINT: `http://${metadata.address}` }));
    expect(metadata.asked.join()).toContain('/security-credentials/node-role');
  });

  it('without credentials where it is public, and is not where it is not', async () => {
    const port = await freePort();
    const endpoint = `http://127.0.0.1:${String(port)}`;
    const open = startProgram(['rclone', 'serve', 's3', join(root, 'public'), '--addr', `127.0.0.1:${String(port)}`]);
    try {
      put(root, `public/${bucket}/fraud/in/a.json`, '{}');
      await eventually(open, 'the public store', () => fetch(endpoint));
      const connection = { ...s3Here({ kind: 'anonymous' }), endpoint } as StepConnection;
      const job = await configured(connection);
      await expectCopied(job, syncData(job));
    } finally {
      open.stop();
    }
    const closed = s3Here({ kind: 'anonymous' });
    await expectRefused(syncData(await configured(closed)));
  });

  it('with a workload identity that Google changes for a token, as another account if one is given', async () => {
    const google = await serve(({ url = '' }) =>
      url === '/v1/token'
        ? JSON.stringify({
            access_token: 'federated',
            issued_token_type: 'urn:ietf:params:oauth:token-type:access_token',
            token_type: 'Bearer',
            expires_in: 3600,
          })
        : JSON.stringify({ accessToken: 'of the account', expireTime: soon() }),
    );
    const connection = gcsHere({ kind: 'workloadIdentity', audience, serviceAccount: account.client_email });
    const job = await configured(connection);
    const identity = job.read(`rclone/${files.googleIdentity}`);
    job.write(`rclone/${files.googleIdentity}`, identity.replaceAll(/https:\/\/(sts|iamcredentials)\.googleapis\.com/g, `http://${google.address}`));
    await expectCopied(job, syncData(job));
    const [first = '', second = ''] = google.asked;
    expect(Object.fromEntries(new URLSearchParams(first.split(' ').slice(2).join(' ')))).toMatchObject({
      audience,
      subject_token: 'token of the run',
    });
    expect(second).toContain(`/serviceAccounts/${account.client_email}:generateAccessToken`);
  });

  it('with the account of the metadata server', async () => {
    const metadata = await serve(() => JSON.stringify({ access_token: 'of the node', token_type: 'Bearer', expires_in: 3600 }));
    const connection = gcsHere({ kind: 'instance' });
    const job = await configured(connection);
    await expectCopied(job, syncData(job, { GCE_METADATA_HOST: metadata.address }));
    expect(metadata.asked.join()).toContain('/service-accounts/default/token');
  });

  it('with a signature for one container of Azure', async () => {
    const { backend, credentials } = theStores().azureblob;
    if (backend.type !== 'azureblob') throw new Error('not of Azure');
    const [version, expires] = ['2021-12-02', soon().replace(/\.\d+/, '')];
    const signed = ['rl', '', expires, `/blob/${backend.account}/${bucket}`, '', '', '', version, 'c', '', '', '', '', '', '', ''].join('\n');
    const sig = createHmac('sha256', Buffer.from(credentials['account_key'] ?? '', 'base64'))
      .update(signed)
      .digest('base64');
    const query = new URLSearchParams({ sv: version, sr: 'c', sp: 'rl', se: expires, sig });
    const url = `${backend.endpoint ?? ''}/${backend.account}/${bucket}?${query.toString()}`;
    const connection: StepConnection = { ...backend, credentials: secret('sas_url') };
    const job = await configured(connection, { secrets: { sas_url: url } });
    await expectCopied(job, syncData(job));
    const wrong = await configured(connection, { secrets: { sas_url: url.replace(/sig=.{6}/, 'sig=AAAAAA') } });
    expect(await expectRefused(syncData(wrong))).not.toContain(query.get('sig')?.slice(10) ?? url);
  });
});
