/**
 * What docs/storage.md promises of a store's settings, as the real rclone carries it out with what configure-rclone wrote: seen in
 * the requests that reach a store of each kind. rclone, fake-gcs-server and azurite-blob must be on PATH.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StepConnection } from '../../src/contract/step-connection.js';
import { createCertificate } from '../support/certificate.js';
import { freePort } from '../support/free-port.js';
import { configured, expectCopied, expectRefused, syncData, syncOutput } from './support/one-store.js';
import { eventually, startProgram, type BackgroundProgram } from './support/programs.js';
import { thisMachine } from './support/site.js';
import { put, startStores, upload, type StoreKind, type Stores } from './support/stores.js';
import { recordRequests, startProxy, type Recorded } from './support/way-to-store.js';

const root = mkdtempSync(join(tmpdir(), 'millrace-storage-'));
const ca = { name: 'company-ca', key: 'ca.crt' };
let stores: Stores | undefined;
let hosted: BackgroundProgram | undefined;
/** Of the same S3 store, with the bucket in the name of the host. */
let hostedPort = 0;

const storeOf = (kind: StoreKind): Stores['of'][StoreKind] => {
  if (!stores) throw new Error('the stores were not started');
  return stores.of[kind];
};
const portOf = (kind: StoreKind): number => Number(new URL(storeOf(kind).backend.endpoint ?? '').port);

/** The store of the test at another address, with settings of its kind. */
const connectionTo = (kind: StoreKind, endpoint: string, settings: object = {}): StepConnection => {
  const { backend, credentials } = storeOf(kind);
  const keys = Object.fromEntries(Object.keys(credentials).map((key) => [key, key]));
  return { ...backend, endpoint, credentials: { kind: 'secret', name: 'store', keys }, ...settings } as StepConnection;
};

beforeAll(async () => {
  stores = await startStores(thisMachine, join(root, 'stores'));
  put(root, 'content/fraud/in/a.json', '{}');
  for (const store of Object.values(stores.of)) await upload(store, join(root, 'content'));
  const { access_key_id: id = '', secret_access_key: key = '' } = storeOf('s3').credentials;
  hostedPort = await freePort();
  const address = `127.0.0.1:${String(hostedPort)}`;
  const folder = join(root, 'stores/s3');
  hosted = startProgram(['rclone', 'serve', 's3', folder, '--addr', address, '--auth-key', `${id},${key}`, '--force-path-style=false']);
  await eventually(hosted, 'the store with buckets as hosts', () => fetch(`http://${address}`));
});
afterAll(() => {
  stores?.stop();
  hosted?.stop();
  rmSync(root, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
});

/** All requests of a job that reads and writes the store, and of these the ones that write `a.json`. */
async function requestsOf(kind: StoreKind, settings: object): Promise<{ readonly all: readonly Recorded[]; readonly writes: readonly Recorded[] }> {
  const { address, recorded } = await recordRequests(portOf(kind));
  const job = await configured(connectionTo(kind, `http://${address}`, settings), { secrets: storeOf(kind).credentials });
  await expectCopied(job, syncData(job));
  const before = recorded.length;
  const { code, stderr } = await syncOutput(job);
  expect(code, stderr).toBe(0);
  const writes = recorded.slice(before).filter(({ method }) => method === 'PUT' || method === 'POST');
  expect(writes.length).toBeGreaterThan(2);
  return { all: recorded, writes };
}

describe('a request to S3', () => {
  it('carries encryption, storage class and who pays, and no ACL', async () => {
    const keyId = 'arn:aws:kms:eu-central-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef';
    const { all, writes } = await requestsOf('s3', { sse: { type: 'aws:kms', keyId }, storageClass: 'STANDARD_IA', requesterPays: true });
    for (const { headers } of writes) {
      expect(headers).toMatchObject({
        'x-amz-server-side-encryption': 'aws:kms',
        'x-amz-server-side-encryption-aws-kms-key-id': keyId,
        'x-amz-storage-class': 'STANDARD_IA',
        'x-amz-request-payer': 'requester',
      });
      expect(headers).not.toHaveProperty('x-amz-acl');
    }
    expect(all.filter(({ method }) => method === 'GET').map(({ headers }) => headers['x-amz-request-payer'])).not.toContain(undefined);
  });

  it('has none of it where the connection says nothing, and the region of stores that have none', async () => {
    const { all, writes } = await requestsOf('s3', {});
    for (const { headers } of writes) {
      expect(Object.keys(headers).filter((name) => /^x-amz-(server-side|storage|request-payer|acl)/.test(name))).toEqual([]);
    }
    for (const { headers, url } of all) {
      expect(headers.authorization).toContain('/us-east-1/s3/');
      expect(url.pathname).toMatch(/^\/bucket(\/|$)/);
    }
  });
});

describe('a request to Google', () => {
  it('carries the storage class and who pays, and no ACL', async () => {
    const { all, writes } = await requestsOf('gcs', { storageClass: 'NEARLINE', quotaProject: 'risk-batch' });
    for (const { url } of all) expect(url.searchParams.get('userProject')).toBe('risk-batch');
    for (const { url, body } of writes) {
      expect(url.searchParams.has('predefinedAcl')).toBe(false);
      expect(body()).toContain('"storageClass":"NEARLINE"');
      expect(body()).not.toContain('"acl"');
    }
  });
});

describe('a request to Azure', () => {
  it('carries the tier of what is written', async () => {
    const { writes } = await requestsOf('azureblob', { tier: 'cool' });
    const tiers = writes.flatMap(({ headers }) => headers['x-ms-access-tier'] ?? []);
    expect(tiers.length).toBeGreaterThan(2);
    expect([...new Set(tiers)]).toEqual(['Cool']);
  });
});

describe('a store with a certificate of the company', () => {
  const own = createCertificate('127.0.0.1');

  it('is believed, with the authority that the connection brings', async () => {
    const { address } = await recordRequests(portOf('s3'), own);
    const job = await configured(connectionTo('s3', `https://${address}`, { ca }), { secrets: storeOf('s3').credentials, ca: own.cert });
    await expectCopied(job, syncData(job));
  });

  it.each([
    ['none', undefined],
    ['another authority', createCertificate('127.0.0.1').cert],
  ])('is not believed with %s', async (_, bundle) => {
    const { address, recorded } = await recordRequests(portOf('s3'), own);
    const connection = connectionTo('s3', `https://${address}`, bundle === undefined ? {} : { ca });
    const job = await configured(connection, { secrets: storeOf('s3').credentials, ...(bundle === undefined ? {} : { ca: bundle }) });
    expect(await expectRefused(syncData(job))).toContain('certificate signed by unknown authority');
    expect(recorded).toEqual([]);
  });
});

describe('a proxy', () => {
  const secrets = (): Readonly<Record<string, string>> => storeOf('s3').credentials;
  /** A name that nobody but the proxy knows. */
  const host = 'minio.invalid';

  it('is asked for every request, also for a bucket in the name of the host', async () => {
    const proxy = await startProxy(hostedPort);
    const connection = connectionTo('s3', `http://${host}`, { pathStyle: false });
    const job = await configured(connection, { secrets: secrets(), proxy: { url: `http://${proxy.address}`, noProxy: [] } });
    await expectCopied(job, syncData(job));
    expect([...new Set(proxy.hosts)]).toEqual([`bucket.${host}`]);
  });

  it('is a tunnel for a store with TLS, whose certificate is checked all the same', async () => {
    const certificate = createCertificate(host);
    const store = await recordRequests(portOf('s3'), certificate);
    const proxy = await startProxy(store.port);
    const connection = connectionTo('s3', `https://${host}`, { ca });
    const way = { url: `http://${proxy.address}`, noProxy: [] };
    const job = await configured(connection, { secrets: secrets(), ca: certificate.cert, proxy: way });
    await expectCopied(job, syncData(job));
    expect([...new Set(proxy.hosts)]).toEqual([`CONNECT ${host}:443`]);
    const other = await configured(connection, { secrets: secrets(), ca: createCertificate(host).cert, proxy: way });
    expect(await expectRefused(syncData(other))).toContain('certificate signed by unknown authority');
  });

  it('is left out for the hosts of noProxy', async () => {
    const proxy = await startProxy(portOf('s3'));
    const store = await recordRequests(portOf('s3'));
    // This machine, by the one name of it that is not exempt from proxies anyway.
    const connection = connectionTo('s3', `http://0.0.0.0:${String(store.port)}`);
    for (const noProxy of [[], ['0.0.0.0']]) {
      const [asked, direct] = [proxy.hosts.length, store.recorded.length];
      const job = await configured(connection, { secrets: secrets(), proxy: { url: `http://${proxy.address}`, noProxy } });
      await expectCopied(job, syncData(job));
      expect([proxy.hosts.length > asked, store.recorded.length > direct]).toEqual(noProxy.length === 0 ? [true, false] : [false, true]);
    }
  });

  it('that is down fails the transfer, in our words', async () => {
    const proxy = { url: `http://127.0.0.1:${String(await freePort())}`, noProxy: [] };
    const job = await configured(connectionTo('s3', `http://${host}`), { secrets: secrets(), proxy });
    expect(await expectRefused(syncData(job))).toContain('proxyconnect');
  });
});
