/**
 * Every way in which a run proves to Azure who it is, with the real rclone against Azurite, which takes keys, signatures and
 * tokens: the identities of a machine and of a workload are tokens, which Azure's storage and its emulator take over TLS only. Who
 * gives the tokens are small servers of this test. rclone and azurite-blob must be on PATH.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AzureblobConnection } from '../../src/contract/step-connection.js';
import { createCertificate } from '../support/certificate.js';
import { configured, expectCopied, expectRefused, serve, syncData, syncOutput, type CloudServer, type Variables } from './support/one-store.js';
import { startProgram, type BackgroundProgram, type Ended } from './support/programs.js';
import { thisMachine } from './support/site.js';
import { bucket, put, startAzure, upload, type Store } from './support/stores.js';

const root = mkdtempSync(join(tmpdir(), 'millrace-azure-'));
/** Of the company that all three servers belong to: believed because the connection brings it. */
const certificate = createCertificate('127.0.0.1');
const ca = { name: 'company-ca', key: 'ca.crt' };
const programs: BackgroundProgram[] = [];
let store: Store | undefined;

beforeAll(async () => {
  put(root, 'content/fraud/in/a.json', '{}');
  const start = (argv: readonly string[]): BackgroundProgram => {
    const program = startProgram(argv);
    programs.push(program);
    return program;
  };
  store = await startAzure(thisMachine, start, join(root, 'azure'), certificate);
  await upload(store, join(root, 'content'));
});
afterAll(() => {
  for (const program of programs) program.stop();
  rmSync(root, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
});

const theStore = (): Store => {
  if (!store) throw new Error('the store was not started');
  return store;
};

function here(credentials: AzureblobConnection['credentials']): AzureblobConnection {
  const { backend } = theStore();
  if (backend.type !== 'azureblob') throw new Error('not of Azure');
  return { ...backend, ca, credentials };
}

const tenantId = '11111111-89ab-cdef-0123-456789abcdef';
const clientId = '22222222-89ab-cdef-0123-456789abcdef';
const storage = 'https://storage.azure.com';

/** A token as Azure gives them. Azurite looks at its claims and not at its signature. */
function token(claims: Readonly<Record<string, unknown>> = {}): string {
  const now = Math.floor(Date.now() / 1000);
  const body = { aud: storage, iss: `https://sts.windows.net/${tenantId}/`, iat: now - 60, nbf: now - 60, exp: now + 3600, ...claims };
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'RS256', typ: 'JWT' })}.${part(body)}.c2lnbmF0dXJl`;
}
const answerOf = (accessToken: string): string =>
  JSON.stringify({
    access_token: accessToken,
    client_id: clientId,
    expires_in: '3600',
    expires_on: String(Math.floor(Date.now() / 1000) + 3600),
    resource: storage,
    token_type: 'Bearer',
  });
const queryOf = (asked: string | undefined): Readonly<Record<string, string>> =>
  Object.fromEntries(new URL(asked?.split(' ')[1] ?? '', 'http://metadata').searchParams);

/** Where a run's token is changed: it says where its own endpoints are, and gives what the test says at the one for tokens. */
async function startEntra(answer: () => string, status = 200): Promise<CloudServer & { readonly env: Variables }> {
  const server = await serve(({ url = '', headers: { host = '' } }, _, response) => {
    if (url.includes('/token')) {
      response.statusCode = status;
      return answer();
    }
    const tenant = `https://${host}/${tenantId}`;
    return JSON.stringify({
      authorization_endpoint: `${tenant}/oauth2/v2.0/authorize`,
      token_endpoint: `${tenant}/oauth2/v2.0/token`,
      issuer: `${tenant}/v2.0`,
    });
  }, certificate);
  // The second one: this Azure is known to nobody else.
  return { ...server, env: { AZURE_AUTHORITY_HOST: `https://${server.address}/`, RCLONE_AZUREBLOB_DISABLE_INSTANCE_DISCOVERY: 'true' } };
}

/** Path and body of the first request for a token. */
function tokenRequest(asked: readonly string[]): readonly string[] {
  const [, path = '', ...body] = (asked.find((request) => request.startsWith('POST ')) ?? '').split(' ');
  return [path, body.join(' ')];
}

async function expectPublished(ended: Promise<Ended>): Promise<void> {
  const { code, stdout, stderr } = await ended;
  expect(code, stdout + stderr).toBe(0);
  expect(await theStore().rclone('lsf', [`store:${bucket}/fraud/out`])).toContain('_SUCCESS');
  await theStore().rclone('purge', [`store:${bucket}/fraud/out`]);
}

describe('a container is read and written', () => {
  it('with the key of the account, over TLS', async () => {
    const connection = here({ kind: 'secret', name: 'store', keys: { account_key: 'account_key' } });
    const job = await configured(connection, { secrets: theStore().credentials, ca: certificate.cert });
    await expectCopied(job, syncData(job));
    await expectPublished(syncOutput(job));
  });

  it.each([
    ['the one of the machine', undefined],
    ['one of several', clientId],
  ])('with a managed identity: %s', async (_, id) => {
    // As Azure hosts its containers. On its virtual machines the same library asks an address that is always the same.
    const host = await serve(() => answerOf(token()));
    const env = { IDENTITY_ENDPOINT: `http://${host.address}/msi/token`, IDENTITY_HEADER: 'of-the-host' };
    const connection = here({ kind: 'instance', ...(id === undefined ? {} : { clientId: id }) });
    const job = await configured(connection, { ca: certificate.cert });
    await expectCopied(job, syncData(job, env));
    expect(queryOf(host.asked[0])).toEqual({ 'api-version': '2019-08-01', resource: storage, ...(id === undefined ? {} : { client_id: id }) });
    await expectPublished(syncOutput(job, env));
  });

  it('with the token of a run that Azure changes for one of a client', async () => {
    const entra = await startEntra(() => answerOf(token()));
    const connection = here({ kind: 'workloadIdentity', tenantId, clientId });
    const job = await configured(connection, { ca: certificate.cert });
    await expectCopied(job, syncData(job, entra.env));
    const [path = '', body = ''] = tokenRequest(entra.asked);
    expect(path).toContain(tenantId);
    expect(Object.fromEntries(new URLSearchParams(body))).toMatchObject({
      grant_type: 'client_credentials',
      client_id: clientId,
      client_assertion: 'token of the run',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      scope: expect.stringContaining(`${storage}/.default`) as unknown,
    });
    await expectPublished(syncOutput(job, entra.env));
  });
});

describe('a container is neither read nor written', () => {
  it.each([
    ['that is of another service', { aud: 'https://vault.azure.net' }],
    ['that has expired', { nbf: 1, iat: 1, exp: 2 }],
    ['of another issuer', { iss: 'https://sts.example.com/' }],
  ])('with a token %s', async (_, claims) => {
    const host = await serve(() => answerOf(token(claims)));
    const connection = here({ kind: 'instance' });
    const job = await configured(connection, { ca: certificate.cert });
    const env = { IDENTITY_ENDPOINT: `http://${host.address}/msi/token`, IDENTITY_HEADER: 'of-the-host' };
    await expectRefused(syncData(job, env));
    expect(job.has('data/raw/a.json')).toBe(false);
  });

  it('where Azure does not trust the token of the run, which is printed nowhere', async () => {
    const entra = await startEntra(
      () => JSON.stringify({ error: 'invalid_client', error_description: 'AADSTS70021: no matching federated identity' }),
      401,
    );
    const connection = here({ kind: 'workloadIdentity', tenantId, clientId });
    const job = await configured(connection, { ca: certificate.cert });
    const said = await expectRefused(syncData(job, entra.env));
    expect(tokenRequest(entra.asked)).toHaveLength(2);
    expect(said).toContain('AADSTS70021');
    expect(said).not.toContain('token of the run');
  });
});
