/**
 * The rclone steps against a store that misbehaves: a proxy in front of `rclone serve s3` that answers with errors, cuts
 * and stalls. rclone must be on PATH.
 */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, request as send, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTcpServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { configureRclone } from '../../runtime/steps/configure-rclone.js';
import { readListing } from '../../runtime/input/listing.js';
import { files, stepEnv } from '../../src/contract/paths.js';
import { programs } from '../../src/contract/programs.js';
import { rcloneEnv } from '../../src/contract/rclone-env.js';
import type { StepConnection } from '../../src/contract/step-config.js';
import { createJob, stepConfig, type TestJob } from '../runtime/support/job.js';
import { eventually, execute, startProgram, type BackgroundProgram, type Ended } from './support/programs.js';

const root = mkdtempSync(join(tmpdir(), 'millrace-faults-'));
const key = { id: 'key-of-the-store', secret: 'canary-4d1f0c' };
/** What the proxy does with a request, or undefined to pass it on. */
type Fault = (request: IncomingMessage, response: ServerResponse) => boolean;

let store: BackgroundProgram;
let proxy: Server;
let endpoint = '';
let fault: Fault = () => false;
let buckets = 0;

const listen = (server: { listen(port: number, host: string, done: () => void): unknown; address(): unknown }): Promise<number> =>
  new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)));

beforeAll(async () => {
  const probe = createTcpServer();
  const port = await listen(probe);
  await new Promise((resolve) => probe.close(resolve));
  store = startProgram([
    'rclone',
    'serve',
    's3',
    root,
    '--addr',
    `127.0.0.1:${String(port)}`,
    '--auth-key',
    `${key.id},${key.secret}`,
    '--dir-cache-time',
    '10ms',
  ]);
  await eventually(store, 'rclone serve s3', () => fetch(`http://127.0.0.1:${String(port)}`));
  proxy = createServer((incoming, outgoing) => {
    if (fault(incoming, outgoing)) return;
    const { method, url: path, headers } = incoming;
    const onward = send({ host: '127.0.0.1', port, method, path, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(outgoing);
    });
    onward.on('error', () => outgoing.destroy());
    incoming.pipe(onward);
  });
  endpoint = `http://127.0.0.1:${String(await listen(proxy))}`;
});
afterAll(() => {
  store.stop();
  proxy.closeAllConnections();
  proxy.close();
  rmSync(root, { recursive: true, force: true });
});
beforeEach(() => {
  fault = () => false;
});

interface Prepared {
  readonly job: TestJob;
  readonly bucket: string;
}

async function prepare(): Promise<Prepared> {
  const job = createJob();
  buckets += 1;
  const bucket = `bucket-${String(buckets)}`;
  mkdirSync(join(root, bucket, 'fraud/in'), { recursive: true });
  const connection: StepConnection = {
    type: 's3',
    bucket,
    region: 'us-east-1',
    endpoint,
    pathStyle: true,
    credentials: { kind: 'secret', name: 'store', keys: { access_key_id: 'access_key_id', secret_access_key: 'secret_access_key' } },
  };
  for (const name of ['raw', 'models', 'results']) {
    job.write(`credentials/${name}/access_key_id`, key.id);
    job.write(`credentials/${name}/secret_access_key`, key.secret);
  }
  const connections = { raw: connection, models: connection, results: connection };
  const data = { ...stepConfig.data, include: ['**'] };
  expect(await job.run(configureRclone, { [stepEnv.config]: JSON.stringify({ ...stepConfig, connections, data }) })).toBe(0);
  return { job, bucket: join(root, bucket) };
}

/** Runs a program as its step would, with less patience. What it says holds no secret. */
async function run(job: TestJob, program: string): Promise<Ended> {
  const { MILLRACE_RCLONE_FLAGS: flags = '' } = rcloneEnv({ parallel: 4 });
  const env = {
    PATH: process.env['PATH'],
    HOME: job.root,
    RCLONE_CONFIG: job.path(`rclone/${files.rcloneConf}`),
    MILLRACE_RCLONE_FLAGS: `${flags} --retries=1 --low-level-retries=2 --timeout=2s --contimeout=2s`,
    [stepEnv.rclone]: job.path('rclone'),
    [stepEnv.data]: job.path('data'),
    [stepEnv.model]: job.path('model'),
    [stepEnv.publish]: job.path('publish'),
    [stepEnv.report]: job.path('report'),
    [stepEnv.quarantine]: job.path('data/quarantine'),
    [stepEnv.control]: job.path('control'),
  };
  const ended = await execute(['sh', '-ec', program], { env });
  expect(ended.stdout + ended.stderr).not.toContain(key.secret);
  return ended;
}

const answer =
  (status: number, code: string): Fault =>
  (request, response) => {
    request.resume();
    response.writeHead(status, { 'content-type': 'application/xml' }).end(`<Error><Code>${code}</Code></Error>`);
    return true;
  };
const isUpload = ({ method, url = '' }: IncomingMessage, name: string): boolean => method === 'PUT' && url.includes(name);

describe('a store that', () => {
  it.each<[string, Fault]>([
    ['is busy (503)', answer(503, 'SlowDown')],
    ['refuses (403)', answer(403, 'AccessDenied')],
    ['cuts every connection', (request) => Boolean(request.socket.destroy())],
    ['never answers', () => true],
  ])('%s ends each step within its retries', async (_, what) => {
    const { job, bucket } = await prepare();
    writeFileSync(join(bucket, 'fraud/in/a.json'), '{}');
    job.write('publish/r.csv', '1');
    job.write('report/final/_MANIFEST.json', '{}');
    job.write('report/final/_SUCCESS', 'x');
    fault = what;
    for (const program of [programs.syncData, programs.syncModelDirectory, programs.syncOutput]) expect((await run(job, program)).code).not.toBe(0);
    expect(readdirSync(join(bucket, 'fraud'))).toEqual(['in']);
  });

  it('refuses one result publishes no marker', async () => {
    const { job, bucket } = await prepare();
    job.write('publish/good.csv', '1');
    job.write('publish/bad.csv', '2');
    job.write('report/final/_MANIFEST.json', '{}');
    job.write('report/final/_SUCCESS', 'x');
    fault = (request, response) => isUpload(request, 'bad.csv') && answer(403, 'AccessDenied')(request, response);
    expect((await run(job, programs.syncOutput)).code).not.toBe(0);
    expect(readdirSync(join(bucket, 'fraud/out'))).toEqual(['good.csv']);
  });

  it('cuts a download leaves no half of a file', async () => {
    const { job, bucket } = await prepare();
    writeFileSync(join(bucket, 'fraud/in/large.bin'), Buffer.alloc(300_000, 1));
    fault = (request, response) => {
      if (request.method !== 'GET' || !(request.url ?? '').includes('large.bin')) return false;
      response.writeHead(200, { 'content-length': '300000', etag: '"x"' });
      response.write(Buffer.alloc(1000, 1), () => response.destroy());
      return true;
    };
    expect((await run(job, programs.syncData)).code).not.toBe(0);
    expect(readdirSync(job.path('data/raw'))).toEqual([]);
  });
});

describe('names in a store', () => {
  it('come as they are', async () => {
    const { job, bucket } = await prepare();
    const names = ['a b.json', 'ä😀.json', 'a%2Fb.json', '.hidden.json', 'Case.json', 'case.json', '#x;y.json', `${'d'.repeat(250)}.json`];
    for (const name of names) writeFileSync(join(bucket, 'fraud/in', name), '{}');
    expect((await run(job, programs.syncData)).code).toBe(0);
    expect([...(await readListing(job.path('data')))].sort()).toEqual([...names].sort());
  });
});
