/** Files that are not what they were said to be, names at the limits of stores and disks, and disks that are full. rclone must be on PATH. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readListing } from '../../runtime/input/listing.js';
import { validateOutput } from '../../runtime/steps/validate-output.js';
import { programs } from '../../src/contract/programs.js';
import { inputPart, jobRecord, type TestJob } from '../runtime/support/job.js';
import { rcloneStepEnv, startFaultyStore, type FaultyStore } from './support/faulty-store.js';
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

/** Runs a program as its step would; `limit` is the most KiB that a file of it may have, in place of a full disk. */
const run = (job: TestJob, program: string, limit?: number): Promise<Ended> =>
  execute(['sh', '-ec', limit === undefined ? program : `ulimit -f ${String(limit * 2)}\n${program}`], { env: rcloneStepEnv(job) });

const put = (folder: string, path: string, content: string | Uint8Array): void => {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), content);
};
/** Path -> size. Temporary files count. */
const tree = (folder: string): Readonly<Record<string, number>> =>
  Object.fromEntries(
    (existsSync(folder) ? readdirSync(folder, { recursive: true, withFileTypes: true }) : [])
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((file) => [file.slice(folder.length + 1), statSync(file).size]),
  );
const isDownload = ({ method, url }: IncomingMessage, name: string): boolean => method === 'GET' && url?.includes(`/${name}`) === true;
const isListing = ({ method, url }: IncomingMessage): boolean => method === 'GET' && url?.includes('prefix=') === true;

describe('an object that changes while it is copied', () => {
  it.each([
    ['is shorter than listed', 200_000],
    ['is longer than listed', 400_000],
    ['is empty by then', 0],
  ])('and %s is taken whole as it is by then', async (_, size) => {
    const { job, bucket } = await store.prepare();
    put(bucket, 'fraud/in/a.json', '{}');
    put(bucket, 'fraud/in/large.bin', Buffer.alloc(300_000, 1));
    store.misbehave((request, response) => {
      if (!isDownload(request, 'large.bin')) return false;
      response.writeHead(200, { 'content-length': String(size), etag: '"x"' }).end(Buffer.alloc(size, 2));
      return true;
    });
    const { code, stderr } = await run(job, programs.syncData);
    expect(code, stderr).toBe(0);
    expect(tree(job.path('data/raw'))).toEqual({ 'a.json': 2, 'large.bin': size });
    expect(new Set(readFileSync(job.path('data/raw/large.bin')))).toEqual(new Set(size === 0 ? [] : [2]));
  });

  it('and whose answer is not what its checksum says fails the copy, and leaves nothing of it', async () => {
    const { job, bucket } = await store.prepare();
    put(bucket, 'fraud/in/a.json', '{}');
    put(bucket, 'fraud/in/large.bin', Buffer.alloc(300_000, 1));
    store.misbehave((request, response) => {
      if (!isDownload(request, 'large.bin')) return false;
      const md5 = createHash('md5').update(Buffer.alloc(300_000, 1)).digest('hex');
      const mixed = Buffer.concat([Buffer.alloc(100_000, 1), Buffer.alloc(200_000, 2)]);
      response.writeHead(200, { 'content-length': '300000', etag: `"${md5}"` }).end(mixed);
      return true;
    });
    const { code, stderr } = await run(job, programs.syncData);
    expect(code).not.toBe(0);
    expect(stderr).toMatch(/corrupted on transfer.*large\.bin/);
    expect(tree(job.path('data/raw'))).toEqual({ 'a.json': 2 });
  });

  it('and goes away ends the run: nobody takes the rest for all of it (runtime/incomplete-input)', async () => {
    const { job, bucket } = await store.prepare();
    put(bucket, 'fraud/in/a.json', '{}');
    put(bucket, 'fraud/in/b.json', '{}');
    // The first listing is ours; rclone's own looks of the copy come later.
    let looked = false;
    store.misbehave((request) => {
      if (looked && request.url?.includes('b.json') === true) rmSync(join(bucket, 'fraud/in/b.json'), { force: true });
      looked ||= isListing(request);
      return false;
    });
    const { code } = await run(job, programs.syncData);
    expect(tree(job.path('data/raw'))).toEqual({ 'a.json': 2 });
    if (code === 0) await expect(readListing(job.path('data'))).rejects.toMatchObject({ reason: 'runtime/incomplete-input', code: 4 });
  });
});

describe('a name', () => {
  /** Of so many bytes, in parts of at most 255, as object stores and disks allow. */
  const longName = (bytes: number): string => {
    const parts: string[] = [];
    for (let rest = bytes; rest > 0; rest -= 256)
      parts.push('ä'.repeat(127).slice(0, Math.floor(Math.min(rest, 254) / 2)) + 'x'.repeat(rest > 255 ? 1 : rest % 2));
    return parts.join('/');
  };

  it('of 1,024 bytes with its folder is read and is published', async () => {
    const { job, bucket } = await store.prepare();
    const input = longName(1024 - 'fraud/in/'.length);
    expect(Buffer.byteLength(`fraud/in/${input}`)).toBe(1024);
    put(bucket, `fraud/in/${input}`, '{}');
    const { code, stderr } = await run(job, programs.syncData);
    expect(code, stderr).toBe(0);
    expect(await readListing(job.path('data'))).toEqual([input]);

    const output = longName(1024 - 'fraud/out/'.length);
    prepareOutput(job, { [output]: 'x' });
    expect(await job.run(validateOutput)).toBe(0);
    expect(job.failure()).toBeUndefined();
    job.write('report/final/_MANIFEST.json', '{}');
    const published = await run(job, programs.syncOutput);
    expect(published.code, published.stderr).toBe(0);
    expect(tree(join(bucket, 'fraud/out'))).toEqual({ '_MANIFEST.json': 2, [output]: 1 });
  });

  it('of 1,025 bytes with its folder is refused before anything is published', async () => {
    const { job } = await store.prepare();
    prepareOutput(job, { 'good.csv': '1', [longName(1025 - 'fraud/out/'.length)]: 'x' });
    expect(await job.run(validateOutput)).toBe(0);
    expect(job.failure()).toMatchObject({ reason: 'runtime/bad-output-name', code: 2, sentence: expect.stringContaining('1024 bytes') as string });
    expect(tree(job.path('publish'))).toEqual({});
  });

  it('of which one part is longer than a disk takes fails the copy, which names it', async () => {
    const { job } = await store.prepare();
    const name = `${'n'.repeat(300)}.json`;
    const contents = `<Contents><Key>fraud/in/${name}</Key><Size>2</Size><LastModified>2026-11-22T00:00:00.000Z</LastModified><ETag>"x"</ETag></Contents>`;
    const listing = `<ListBucketResult><IsTruncated>false</IsTruncated><KeyCount>1</KeyCount>${contents}</ListBucketResult>`;
    store.misbehave((request, response) => {
      if (isListing(request)) response.writeHead(200, { 'content-type': 'application/xml' }).end(listing);
      else
        response
          .writeHead(200, { 'content-length': '2', etag: '"x"', 'last-modified': 'Sun, 22 Nov 2026 00:00:00 GMT' })
          .end(request.method === 'HEAD' ? '' : '{}');
      return true;
    });
    const { code, stderr } = await run(job, programs.syncData);
    expect(code).not.toBe(0);
    expect(stderr).toContain('file name too long');
    expect(stderr).toContain(name);
    expect(tree(job.path('data/raw'))).toEqual({});
  });
});

describe('a full disk', () => {
  it.each([
    ['sync-data', programs.syncData, 'data/raw', 'fraud/in'],
    ['sync-model', programs.syncModelDirectory, 'model', 'fraud/1.4'],
  ])('fails %s, which leaves no half of a file', async (_, program, volume, folder) => {
    const { job, bucket } = await store.prepare();
    put(bucket, `${folder}/a.json`, '{}');
    put(bucket, `${folder}/large.bin`, Buffer.alloc(300_000, 1));
    const { code, stderr } = await run(job, program, 100);
    expect(code).not.toBe(0);
    expect(stderr).toMatch(/large\.bin.*file too large/);
    expect(tree(job.path(volume))).toEqual({ 'a.json': 2 });
    // With room it goes on as if nothing had been.
    expect((await run(job, program)).code).toBe(0);
    expect(tree(job.path(volume))).toEqual({ 'a.json': 2, 'large.bin': 300_000 });
  });

  it('of the listing fails sync-data, and no part of the data counts as all of it', async () => {
    const { job, bucket } = await store.prepare();
    for (let index = 0; index < 20; index += 1) put(bucket, `fraud/in/${'n'.repeat(200)}${String(index)}.json`, '{}');
    const { code } = await run(job, programs.syncData, 1);
    expect(code).not.toBe(0);
    expect(tree(job.path('data/raw'))).toEqual({});
  });
});

describe('a run that log-output could not finish', () => {
  it.each([
    ['its failure', '3\n', 3],
    ['a failure of ours where none is recorded', undefined, 1],
  ])('ends with the code of %s, and without a marker', async (_, recorded, expected) => {
    const { job, bucket } = await store.prepare();
    put(bucket, 'fraud/out/_SUCCESS', 'old');
    if (recorded !== undefined) job.write('control/exit-code', recorded);
    expect(await run(job, programs.syncOutput)).toMatchObject({
      code: expected,
      stderr: expect.stringContaining('cannot be marked as complete') as string,
    });
    expect(tree(join(bucket, 'fraud/out'))).toEqual({});
  });
});

function prepareOutput(job: TestJob, files: Readonly<Record<string, string>>): void {
  job.write('control/job.json', jobRecord);
  job.write('report/input.part.json', inputPart());
  job.write('exit-code-of-predictor', '0');
  for (const [path, text] of Object.entries(files)) job.write(`output/${path}`, text);
}
