/**
 * One job each against a real store of the three kinds, with credentials: the Task that is emitted, the real rclone, our
 * runtime. `rclone serve s3`, fake-gcs-server and Azurite stand for the clouds; all three must be on PATH.
 */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StepBackend } from '../../src/contract/step-config.js';
import { readTask } from '../../src/engine/run/task.js';
import { runTask, type StepResult } from '../../src/engine/run/run-task.js';
import { claimWorkFolder, makeVolumes } from '../../src/engine/run/work-folder.js';
import { renderTask } from '../../src/manifests/job/task.js';
import type { ConnectionModel, ServiceModel } from '../../src/model/model.js';
import { freePort } from '../support/free-port.js';
import { serviceModel } from '../support/models.js';

const runtime = readFileSync(fileURLToPath(new URL('../../lib/runtime.mjs', import.meta.url)), 'utf8');
const root = mkdtempSync(join(tmpdir(), 'millrace-stores-'));
const children: ChildProcess[] = [];
afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(root, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
});

function serve(command: string, args: readonly string[]): void {
  const child = spawn(command, [...args], { stdio: 'ignore', detached: false });
  child.on('error', (cause) => {
    throw new Error(`${command} cannot be started: it must be on PATH (README, "Working on millrace")`, { cause });
  });
  children.push(child);
}

async function until(what: string, attempt: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 150; tries += 1) {
    if (await attempt().catch(() => false)) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error(`${what} did not come up`);
}
const answers = (url: string) => async (): Promise<boolean> => (await fetch(url)).status > 0;

interface Store {
  readonly backend: StepBackend;
  readonly credentials: Readonly<Record<string, string>>;
  /** Options of a remote for the test's own access, independent of what configure-rclone writes. */
  readonly remote: readonly string[];
  readonly bucket: string;
}

async function s3(): Promise<Store> {
  const port = await freePort();
  const folder = join(root, 's3');
  mkdirSync(join(folder, 'bucket'), { recursive: true });
  serve('rclone', ['serve', 's3', folder, '--addr', `127.0.0.1:${String(port)}`, '--auth-key', 'key-id,s3cr=t/+ "key"']);
  const endpoint = `http://127.0.0.1:${String(port)}`;
  await until('rclone serve s3', answers(endpoint));
  return {
    backend: { type: 's3', bucket: 'bucket', region: 'us-east-1', endpoint, pathStyle: true },
    credentials: { access_key_id: 'key-id', secret_access_key: 's3cr=t/+ "key"' },
    remote: ['s3', 'provider=Other', `endpoint=${endpoint}`, 'access_key_id=key-id', 'secret_access_key=s3cr=t/+ "key"', 'region=us-east-1'],
    bucket: 'bucket',
  };
}

async function gcs(): Promise<Store> {
  const port = await freePort();
  const host = `127.0.0.1:${String(port)}`;
  serve('fake-gcs-server', ['-scheme', 'http', '-backend', 'memory', '-host', '127.0.0.1', '-port', String(port), '-public-host', host]);
  await until('fake-gcs-server', answers(`http://${host}/storage/v1/b`));
  await fetch(`http://${host}/storage/v1/b?project=test`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"name":"bucket"}',
  });
  const endpoint = `http://${host}/storage/v1/`;
  return {
    backend: { type: 'gcs', bucket: 'bucket', endpoint },
    credentials: {},
    remote: ['gcs', 'anonymous=true', `endpoint=${endpoint}`],
    bucket: 'bucket',
  };
}

/** The account that Azurite has from the start; its key is public. */
const azurite = { account: 'devstoreaccount1', key: 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==' };

async function azureblob(): Promise<Store> {
  const port = await freePort();
  const folder = join(root, 'azure');
  mkdirSync(folder);
  serve('azurite-blob', [
    '--blobHost',
    '127.0.0.1',
    '--blobPort',
    String(port),
    '--location',
    folder,
    '--skipApiVersionCheck',
    '--silent',
    '--disableTelemetry',
  ]);
  const endpoint = `http://127.0.0.1:${String(port)}/${azurite.account}`;
  await until('azurite-blob', answers(endpoint));
  const remote = ['azureblob', `account=${azurite.account}`, `key=${azurite.key}`, `endpoint=${endpoint}`];
  const store = {
    backend: { type: 'azureblob', account: azurite.account, container: 'bucket', endpoint },
    credentials: { account_key: azurite.key },
    remote,
    bucket: 'bucket',
  } as const;
  rclone(store, 'mkdir', ['store:bucket']);
  return store;
}

/** The test's own rclone: its remote comes from the environment. */
function rclone({ remote }: Pick<Store, 'remote'>, command: string, args: readonly string[]): string {
  const [type = '', ...options] = remote;
  const env: Record<string, string> = { PATH: process.env['PATH'] ?? '', RCLONE_CONFIG: '', RCLONE_CONFIG_STORE_TYPE: type };
  for (const option of options) {
    const cut = option.indexOf('=');
    env[`RCLONE_CONFIG_STORE_${option.slice(0, cut).toUpperCase()}`] = option.slice(cut + 1);
  }
  return execFileSync('rclone', [command, ...args, '--retries=1'], { encoding: 'utf8', env, stdio: ['ignore', 'pipe', 'pipe'] });
}

const connection = (name: string, store: Store): ConnectionModel => ({
  name,
  backend: store.backend,
  defaultPath: undefined,
  credentials:
    Object.keys(store.credentials).length === 0
      ? { kind: 'anonymous' }
      : { kind: 'secret', secretName: name, keys: Object.fromEntries(Object.keys(store.credentials).map((key) => [key, key])) },
  place: serviceModel.place,
});

const predictor = `
const fs = require('fs');
const { ODAHU_MODEL, ODAHU_MODEL_INPUT, ODAHU_MODEL_OUTPUT } = process.env;
const factor = JSON.parse(fs.readFileSync(ODAHU_MODEL + '/model.json', 'utf8')).factor;
for (const file of fs.readdirSync(ODAHU_MODEL_INPUT)) {
  const { id, inputs: [{ data }] } = JSON.parse(fs.readFileSync(ODAHU_MODEL_INPUT + '/' + file, 'utf8'));
  const output = { name: 'y', datatype: 'FP64', shape: [data.length], data: data.map((x) => x * factor) };
  fs.writeFileSync(ODAHU_MODEL_OUTPUT + '/' + file, JSON.stringify({ model_name: 'm', id, outputs: [output] }));
}`;

const serviceFor = (store: Store, model: 'directory' | 'tar.gz'): ServiceModel => {
  const [data, models, results] = [connection('data', store), connection('models', store), connection('results', store)];
  return {
    ...serviceModel,
    command: ['node', '-e'],
    args: [predictor],
    model: {
      kind: 'remote',
      connection: models,
      path: model === 'directory' ? 'models/m/' : 'models/m.tar.gz',
      form: model,
      name: 'm',
      version: '1',
      sha256: undefined,
    },
    dataSource: { connection: data, path: 'in/' },
    outputDestination: { connection: results, path: 'out/{jobId}/' },
    webhook: undefined,
    connections: [data, models, results],
  };
};

async function runJob(
  service: ServiceModel,
  credentials: Readonly<Record<string, string>>,
  name: string,
): Promise<{ results: readonly StepResult[]; lines: string[] }> {
  const [work] = claimWorkFolder(join(root, `work-${name}`), name);
  if (!work) throw new Error('no work folder');
  const task = readTask(JSON.parse(JSON.stringify(renderTask(service, 'runtime'))));
  makeVolumes(work, task.volumes, () => ({ 'runtime.mjs': runtime }));
  for (const each of service.connections) {
    for (const [key, value] of Object.entries(credentials)) {
      const folder = join(work.volume('credentials'), each.name);
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, key), value);
    }
  }
  const lines: string[] = [];
  const results = await runTask({
    task,
    name,
    params: new Map(),
    work,
    host: () => ({
      program: (command) =>
        command === 'node' ? process.execPath : execFileSync('sh', ['-c', 'command -v "$0"', command], { encoding: 'utf8' }).trim(),
      imageFolders: [],
      env: {},
      protect: false,
    }),
    baseEnv: { PATH: process.env['PATH'] ?? '' },
    signal: new AbortController().signal,
    events: {
      stepStarts: () => undefined,
      line: (step, line) => lines.push(`${step.name}: ${line}`),
      changedReadOnly: () => undefined,
      stepEnds: () => undefined,
    },
  });
  return { results, lines };
}

const request = (id: string, data: readonly number[]): string =>
  JSON.stringify({ id, inputs: [{ name: 'x', datatype: 'FP64', shape: [data.length], data }] });

const stores = {
  s3: { start: s3, model: 'directory' },
  gcs: { start: gcs, model: 'tar.gz' },
  azureblob: { start: azureblob, model: 'directory' },
} as const;
type Kind = keyof typeof stores;
const started: Partial<Record<Kind, Store>> = {};
function storeOf(kind: Kind): Store {
  const store = started[kind];
  if (!store) throw new Error(`the store ${kind} was not started`);
  return store;
}

beforeAll(async () => {
  const source = join(root, 'source');
  mkdirSync(join(source, 'in'), { recursive: true });
  mkdirSync(join(source, 'models/m'), { recursive: true });
  writeFileSync(join(source, 'in/a.json'), request('a', [1, 2]));
  writeFileSync(join(source, 'in/b c.json'), request('b', [3]));
  writeFileSync(join(source, 'in/readme.txt'), 'not for the predictor');
  writeFileSync(join(source, 'models/m/model.json'), '{"factor": 10}');
  execFileSync('tar', ['-czf', join(source, 'models/m.tar.gz'), '-C', join(source, 'models/m'), 'model.json']);
  for (const kind of Object.keys(stores) as Kind[]) {
    const store = await stores[kind].start();
    rclone(store, 'copy', [source, `store:${store.bucket}`]);
    started[kind] = store;
  }
});

describe.each(Object.keys(stores) as Kind[])('%s', (kind) => {
  it('carries out a job, with the right output and its markers', async () => {
    const store = storeOf(kind);
    const { results, lines } = await runJob(serviceFor(store, stores[kind].model), store.credentials, `job-${kind}`);
    expect(
      results.map(({ name, reason }) => `${name} ${reason}`),
      lines.join('\n'),
    ).toEqual(results.map(({ name }) => `${name} Completed`));

    const published = join(root, `published-${kind}`);
    rclone(store, 'copy', [`store:${store.bucket}/out/job-${kind}/`, published]);
    const output = JSON.parse(readFileSync(join(published, 'b c.json'), 'utf8')) as unknown;
    expect(output).toMatchObject({ id: 'b', outputs: [{ data: [30] }] });
    const manifest = JSON.parse(readFileSync(join(published, '_MANIFEST.json'), 'utf8')) as unknown;
    expect(manifest).toMatchObject({ jobId: `job-${kind}`, counts: { valid: 2, outputs: 2, invalid: 0 } });
    expect(existsSync(join(published, '_SUCCESS'))).toBe(true);
    for (const secret of Object.values(store.credentials)) expect(lines.join('\n')).not.toContain(secret);
  });
});

describe.each(['s3', 'azureblob'] as const)('%s with wrong credentials', (kind) => {
  it('fails where the data is listed, and prints no key', async () => {
    const store = storeOf(kind);
    const wrong = Object.fromEntries(Object.keys(store.credentials).map((key) => [key, kind === 'azureblob' ? 'd3Jvbmc=' : 'wrong-value']));
    const { results, lines } = await runJob(serviceFor(store, 'directory'), wrong, `wrong-${kind}`);
    expect(results.find(({ reason }) => reason === 'Error')?.name).toBe('sync-data');
    for (const value of Object.values(wrong)) expect(lines.join('\n')).not.toContain(value);
  });

  it('names the Secret and key that are missing', async () => {
    const all = Object.entries(storeOf(kind).credentials);
    const [missing = ''] = all.at(-1) ?? [];
    const rest = Object.fromEntries(all.filter(([key]) => key !== missing));
    const { results, lines } = await runJob(serviceFor(storeOf(kind), 'directory'), rest, `missing-${kind}`);
    expect(results.find(({ reason }) => reason === 'Error')).toMatchObject({ name: 'configure-rclone', exitCode: 2 });
    expect(lines.join('\n')).toContain(missing);
  });
});

it('takes a service account of GCS: rclone signs with its key and gets a token where it says', async () => {
  const { privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  let asked = 0;
  const tokens = createHttpServer((_, response) => {
    asked += 1;
    response.setHeader('content-type', 'application/json').end('{"access_token":"token","token_type":"Bearer","expires_in":3600}');
  });
  await new Promise<void>((resolve) => tokens.listen(0, '127.0.0.1', resolve));
  try {
    const token_uri = `http://127.0.0.1:${String((tokens.address() as AddressInfo).port)}/token`;
    const account = {
      type: 'service_account',
      project_id: 'p',
      private_key_id: 'k',
      private_key: privateKey,
      client_email: 'job@p.iam.gserviceaccount.com',
      client_id: '1',
      token_uri,
    };
    const credentials = { 'service_account.json': JSON.stringify(account, undefined, 2) };
    const { results, lines } = await runJob(serviceFor({ ...storeOf('gcs'), credentials }, 'directory'), credentials, 'gcs-account');
    expect(
      results.map(({ reason }) => reason),
      lines.join('\n'),
    ).toEqual(results.map(() => 'Completed'));
    expect(asked).toBeGreaterThan(0);
    expect(lines.join('\n')).not.toContain('PRIVATE KEY');
  } finally {
    tokens.close();
  }
});
