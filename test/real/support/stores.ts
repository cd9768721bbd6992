/**
 * A real store of each kind, with credentials: `rclone serve s3`, fake-gcs-server and Azurite stand for the clouds.
 * All three programs must be on PATH.
 */
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { StepBackend } from '../../../src/contract/step-config.js';
import type { Certificate } from '../../support/certificate.js';
import { freePort } from '../../support/free-port.js';
import { type BackgroundProgram, eventually, startProgram, succeed } from './programs.js';
import type { Site } from './site.js';

export const storeKinds = ['s3', 'gcs', 'azureblob'] as const;
export type StoreKind = (typeof storeKinds)[number];

export interface Store {
  readonly kind: StoreKind;
  readonly backend: StepBackend;
  /** What a Secret for it holds, by our own names of the keys. */
  readonly credentials: Readonly<Record<string, string>>;
  /** What must appear nowhere but in that Secret. */
  readonly canaries: readonly string[];
  /** The test's own rclone. The remote is `store:`, its options come from the environment: nothing of ours is used. */
  rclone(command: string, args: readonly string[]): Promise<string>;
}

export interface Stores {
  readonly of: Readonly<Record<StoreKind, Store>>;
  /** How often a run has changed a signed assertion of the GCS service account for a token. */
  tokensGiven(): number;
  stop(): void;
}

export const bucket = 'bucket';

/** Starts all three, each with an empty bucket. `folder` is for what they store. */
export async function startStores(site: Site, folder: string): Promise<Stores> {
  const programs: BackgroundProgram[] = [];
  const start: Start = (argv) => {
    const program = startProgram(site.at(argv));
    programs.push(program);
    return program;
  };
  const stop = (): void => {
    for (const program of programs) program.stop();
  };
  const grants = join(folder, 'grants');
  try {
    const [s3, gcs, azureblob] = await Promise.all([
      startS3(site, start, join(folder, 's3')),
      startGcs(site, start, grants),
      startAzure(site, start, join(folder, 'azure')),
    ]);
    return { of: { s3, gcs, azureblob }, tokensGiven: () => (existsSync(grants) ? readFileSync(grants, 'utf8').length : 0), stop };
  } catch (error) {
    stop();
    throw error;
  }
}

export type Start = (argv: readonly string[]) => BackgroundProgram;
type Remote = Readonly<Record<string, string>> & { readonly type: string };

async function startS3(site: Site, start: Start, folder: string): Promise<Store> {
  const port = await freePort();
  mkdirSync(folder, { recursive: true });
  const [id, secret] = ['key-id', `s3cr=t/+ "key" ${randomBytes(12).toString('hex')}`];
  const server = start(['rclone', 'serve', 's3', folder, '--addr', `${site.address}:${String(port)}`, '--auth-key', `${id},${secret}`]);
  const endpoint = `http://${site.address}:${String(port)}`;
  return withBucket(site, server, {
    kind: 's3',
    backend: { type: 's3', bucket, region: 'us-east-1', endpoint, pathStyle: true },
    credentials: { access_key_id: id, secret_access_key: secret },
    canaries: [secret],
    remote: { type: 's3', provider: 'Other', endpoint, access_key_id: id, secret_access_key: secret, region: 'us-east-1' },
  });
}

/** fake-gcs-server asks for no credentials; whoever signs with the service account's key gets a token, and each one leaves a byte in `grants`. */
async function startGcs(site: Site, start: Start, grants: string): Promise<Store> {
  const [port, tokenPort] = [await freePort(), await freePort()];
  const host = `${site.address}:${String(port)}`;
  const server = start([
    'fake-gcs-server',
    '-scheme',
    'http',
    '-backend',
    'memory',
    '-host',
    site.address,
    '-port',
    String(port),
    '-public-host',
    host,
  ]);
  const tokens = `
    const { createServer } = require('node:http');
    const [grants, address, port] = process.argv.slice(1);
    createServer((request, response) => {
      require('node:fs').appendFileSync(grants, '.');
      response.setHeader('content-type', 'application/json');
      response.end('{"access_token":"token","token_type":"Bearer","expires_in":3600}');
    }).listen(Number(port), address);`;
  start([process.execPath, '-e', tokens, grants, site.address, String(tokenPort)]);

  const privateKey = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const account = {
    type: 'service_account',
    project_id: 'p',
    private_key_id: 'k',
    private_key: privateKey,
    client_email: 'job@p.iam.gserviceaccount.com',
    client_id: '1',
    token_uri: `http://${site.address}:${String(tokenPort)}/token`,
  };
  return withBucket(site, server, {
    kind: 'gcs',
    backend: { type: 'gcs', bucket, endpoint: `http://${host}` },
    credentials: { 'service_account.json': JSON.stringify(account, undefined, 2) },
    canaries: privateKey.split('\n').slice(1, 3),
    remote: { type: 'gcs', anonymous: 'true', endpoint: `http://${host}/storage/v1/`, project_number: '1', bucket_policy_only: 'true' },
  });
}

/** The account that Azurite has from the start; its key is public. */
const azurite = { account: 'devstoreaccount1', key: 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==' };

/** With a certificate it speaks TLS, and takes tokens besides keys and signatures. */
export async function startAzure(site: Site, start: Start, folder: string, certificate?: Certificate): Promise<Store> {
  const port = await freePort();
  mkdirSync(folder, { recursive: true });
  const options = ['--skipApiVersionCheck', '--silent', '--disableTelemetry', ...(certificate ? tokensOverTls(folder, certificate) : [])];
  const server = start(['azurite-blob', '--blobHost', site.address, '--blobPort', String(port), '--location', folder, ...options]);
  const endpoint = `${certificate ? 'https' : 'http'}://${site.address}:${String(port)}`;
  return withBucket(
    site,
    server,
    {
      kind: 'azureblob',
      backend: { type: 'azureblob', account: azurite.account, container: bucket, endpoint },
      credentials: { account_key: azurite.key },
      canaries: [azurite.key],
      remote: { type: 'azureblob', account: azurite.account, key: azurite.key, endpoint: `${endpoint}/${azurite.account}` },
    },
    certificate ? [`--ca-cert=${join(folder, tls.cert)}`] : [],
  );
}

const tls = { cert: 'tls.crt', key: 'tls.key' } as const;

function tokensOverTls(folder: string, certificate: Certificate): readonly string[] {
  for (const part of ['cert', 'key'] as const) writeFileSync(join(folder, tls[part]), certificate[part]);
  return ['--oauth', 'basic', '--cert', join(folder, tls.cert), '--key', join(folder, tls.key)];
}

async function withBucket(
  site: Site,
  server: BackgroundProgram,
  { remote, ...store }: Omit<Store, 'rclone'> & { readonly remote: Remote },
  flags: readonly string[] = [],
): Promise<Store> {
  const options = Object.entries(remote).map(([name, value]) => [`RCLONE_CONFIG_STORE_${name.toUpperCase()}`, value] as const);
  const env = { ...process.env, RCLONE_CONFIG: '', ...Object.fromEntries(options) };
  const rclone = (command: string, args: readonly string[]): Promise<string> =>
    succeed(site.at(['rclone', command, ...args, '--retries=1', '--low-level-retries=1', '--contimeout=2s', ...flags]), { env });
  await eventually(server, `the store ${store.kind}`, () => rclone('mkdir', [`store:${bucket}`]));
  return { ...store, rclone };
}

/**
 * Copies the files below a folder of this machine into a store's bucket, one after the other: of two that are put at the
 * same time below a folder that is not there yet, `rclone serve s3` answers 500 to one (seen in rclone 1.75.2).
 */
export async function upload(store: Store, folder: string): Promise<void> {
  await store.rclone('copy', [folder, `store:${bucket}`, '--transfers=1']);
}

/** Copies what is below a path of a store's bucket to a folder of this machine. */
export async function download(store: Store, path: string, folder: string): Promise<void> {
  await store.rclone('copy', [`store:${bucket}/${path}`, folder]);
}

/** A value as it may appear by accident: as it is, in JSON, in base64. */
export const disguises = (secret: string): readonly string[] => [
  secret,
  JSON.stringify(secret).slice(1, -1),
  Buffer.from(secret).toString('base64').replace(/=+$/, ''),
];

/** Writes the bytes of a file whose folder may be missing. */
export function put(root: string, path: string, content: string | Uint8Array): void {
  mkdirSync(join(root, path, '..'), { recursive: true });
  writeFileSync(join(root, path), content);
}
