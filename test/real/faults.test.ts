/**
 * The rclone steps against a store that misbehaves: a proxy in front of `rclone serve s3` that answers with errors, cuts
 * and stalls. rclone must be on PATH.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readListing } from '../../runtime/input/listing.js';
import { validateOutput } from '../../runtime/steps/validate-output.js';
import { programs } from '../../src/contract/programs.js';
import { inputPart, jobRecord, response, type TestJob } from '../runtime/support/job.js';
import { rcloneStepEnv, startFaultyStore, type Fault, type FaultyStore } from './support/faulty-store.js';
import { execute, type Ended } from './support/programs.js';

let store: FaultyStore;
beforeAll(async () => {
  store = await startFaultyStore();
});
afterAll(() => {
  store.stop();
});
beforeEach(() => {
  store.misbehave(() => false);
});

/** Runs a program as its step would, with less patience. What it says holds no secret. */
async function run(job: TestJob, program: string): Promise<Ended> {
  const ended = await execute(['sh', '-ec', program], { env: rcloneStepEnv(job) });
  expect(ended.stdout + ended.stderr).not.toContain(store.secret);
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
    const { job, bucket } = await store.prepare();
    writeFileSync(join(bucket, 'fraud/in/a.json'), '{}');
    job.write('publish/r.csv', '1');
    job.write('report/final/_MANIFEST.json', '{}');
    job.write('report/final/_SUCCESS', 'x');
    store.misbehave(what);
    for (const program of [programs.syncData, programs.syncModelDirectory, programs.syncOutput]) expect((await run(job, program)).code).not.toBe(0);
    expect(readdirSync(join(bucket, 'fraud'))).toEqual(['in']);
  });

  it('refuses one result publishes no marker', async () => {
    const { job, bucket } = await store.prepare();
    job.write('publish/good.csv', '1');
    job.write('publish/bad.csv', '2');
    job.write('report/final/_MANIFEST.json', '{}');
    job.write('report/final/_SUCCESS', 'x');
    store.misbehave((request, response) => isUpload(request, 'bad.csv') && answer(403, 'AccessDenied')(request, response));
    expect((await run(job, programs.syncOutput)).code).not.toBe(0);
    expect(readdirSync(join(bucket, 'fraud/out'))).toEqual(['good.csv']);
  });

  it('cuts a download leaves no half of a file', async () => {
    const { job, bucket } = await store.prepare();
    writeFileSync(join(bucket, 'fraud/in/large.bin'), Buffer.alloc(300_000, 1));
    store.misbehave((request, response) => {
      if (request.method !== 'GET' || !(request.url ?? '').includes('large.bin')) return false;
      response.writeHead(200, { 'content-length': '300000', etag: '"x"' });
      response.write(Buffer.alloc(1000, 1), () => response.destroy());
      return true;
    });
    expect((await run(job, programs.syncData)).code).not.toBe(0);
    expect(readdirSync(job.path('data/raw'))).toEqual([]);
  });
});

describe('a store that is slow', () => {
  it('but answers is waited for, and nothing is lost', async () => {
    const { job, bucket } = await store.prepare();
    const large = Buffer.alloc(300_000, 1);
    writeFileSync(join(bucket, 'fraud/in/large.bin'), large);
    job.write('publish/r.csv', '1');
    job.write('report/final/_MANIFEST.json', '{}');
    job.write('report/final/_SUCCESS', 'x');
    let slow = 0;
    store.misbehave((request, response) => {
      slow += 1;
      if (request.method !== 'GET' || !(request.url ?? '').includes('large.bin')) return 500;
      // Longer than a connection may say nothing, but never that long at once.
      response.writeHead(200, { 'content-length': '300000', etag: '"x"' });
      for (let piece = 0; piece < 10; piece += 1) {
        setTimeout(() => response.write(large.subarray(piece * 30_000, (piece + 1) * 30_000), () => piece === 9 && response.end()), piece * 300);
      }
      return true;
    });
    expect((await run(job, programs.syncData)).code).toBe(0);
    expect(readFileSync(job.path('data/raw/large.bin')).equals(large)).toBe(true);
    expect((await run(job, programs.syncOutput)).code).toBe(0);
    expect(readdirSync(join(bucket, 'fraud/out')).sort()).toEqual(['_MANIFEST.json', '_SUCCESS', 'r.csv']);
    expect(slow).toBeGreaterThan(5);
  });

  it('and cuts uploads publishes no marker, and no half of a result', async () => {
    const { job, bucket } = await store.prepare();
    job.write('publish/good.csv', '1');
    job.write('publish/large.bin', Buffer.alloc(300_000, 1));
    job.write('report/final/_MANIFEST.json', '{}');
    job.write('report/final/_SUCCESS', 'x');
    store.misbehave((request) => {
      if (!isUpload(request, 'large.bin')) return false;
      request.once('data', () => request.socket.destroy());
      return true;
    });
    expect((await run(job, programs.syncOutput)).code).not.toBe(0);
    expect(readdirSync(join(bucket, 'fraud/out'))).toEqual(['good.csv']);
  });
});

describe('names in a store', () => {
  it('come as they are, and are published as they are', async () => {
    const { job, bucket } = await store.prepare();
    const names = ['a b.json', 'ä😀.json', 'a%2Fb.json', '.hidden.json', 'Case.json', 'case.json', '#x;y.json', `${'d'.repeat(250)}.json`];
    for (const name of names) writeFileSync(join(bucket, 'fraud/in', name), '{}');
    expect((await run(job, programs.syncData)).code).toBe(0);
    expect([...(await readListing(job.path('data')))].sort()).toEqual([...names].sort());

    job.write('control/job.json', jobRecord);
    job.write('report/input.part.json', inputPart());
    job.write('exit-code-of-predictor', '0');
    for (const name of names) job.write(`output/${name}`, { ...response, id: name });
    expect(await job.run(validateOutput)).toBe(0);
    expect(job.failure()).toBeUndefined();
    job.write('report/final/_MANIFEST.json', '{}');
    expect((await run(job, programs.syncOutput)).code).toBe(0);
    const published = join(bucket, 'fraud/out');
    expect(readdirSync(published).sort()).toEqual([...names, '_MANIFEST.json'].sort());
    for (const name of names) expect(JSON.parse(readFileSync(join(published, name), 'utf8'))).toMatchObject({ id: name });
  });
});
