/**
 * SIGTERM in the rclone steps, as Tekton's entrypoint passes it on: to the process group of the step. The store stops
 * answering in the middle of a transfer, so the signal always comes while rclone works. rclone must be on PATH.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { programs } from '../../src/contract/programs.js';
import type { TestJob } from '../runtime/support/job.js';
import { execute } from './support/programs.js';
import { rcloneStepEnv, startFaultyStore, type FaultyStore, type Prepared } from './support/faulty-store.js';

let store: FaultyStore;
beforeAll(async () => {
  store = await startFaultyStore();
});
afterAll(() => {
  store.stop();
});

interface Stopped {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly milliseconds: number;
  readonly output: string;
}

/** Runs a step whose store says nothing more once `stalls` holds, and stops it there. */
function stopWhere(job: TestJob, program: string, stalls: (request: IncomingMessage) => boolean): Promise<Stopped> {
  return new Promise((resolve, reject) => {
    let stoppedAt: number | undefined;
    // Patience as in a job: it is the signal that ends it.
    const child = spawn('sh', ['-ec', program], { env: rcloneStepEnv(job, ''), stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    const { pid = 0 } = child;
    store.misbehave((request, response) => {
      if (!stalls(request)) return false;
      if (request.method === 'GET' && request.url?.includes('prefix=') === false) {
        response.writeHead(200, { 'content-length': '300000', etag: '"x"' });
        response.write(Buffer.alloc(100_000, 1));
      }
      if (stoppedAt === undefined) {
        stoppedAt = performance.now();
        // What has come by then is on the disk.
        setTimeout(() => {
          stoppedAt = performance.now();
          process.kill(-pid, 'SIGTERM');
        }, 300);
      }
      return true;
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text: Buffer) => (output += text.toString()));
    child.on('error', reject);
    // Comes when nobody is left that could print: rclone has ended too.
    child.on('close', (code, signal) => {
      store.misbehave(() => false);
      resolve({ code, signal, milliseconds: performance.now() - (stoppedAt ?? Infinity), output });
    });
  });
}

function expectStopped({ code, signal, milliseconds, output }: Stopped): void {
  expect(code === 0 && signal === null, output).toBe(false);
  // A pod has 30 seconds.
  expect(milliseconds).toBeLessThan(30_000);
  expect(output).not.toContain(store.secret);
}

const put = ({ bucket }: Prepared, path: string, content: string | Uint8Array): void => {
  mkdirSync(dirname(join(bucket, path)), { recursive: true });
  writeFileSync(join(bucket, path), content);
};
const tree = (folder: string): readonly string[] =>
  existsSync(folder)
    ? readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
        .sort()
    : [];
const again = async (job: TestJob, program: string): Promise<void> => {
  const { code, stderr } = await execute(['sh', '-ec', program], { env: rcloneStepEnv(job) });
  expect(code, stderr).toBe(0);
};

describe('a step that is stopped', () => {
  it.each([
    ['lists', (request: IncomingMessage) => request.url?.includes('prefix=') === true],
    ['copies', (request: IncomingMessage) => request.method === 'GET' && request.url?.includes('large.bin') === true],
  ])('while sync-data %s ends at once, and begins anew', async (_, stalls) => {
    const prepared = await store.prepare();
    put(prepared, 'fraud/in/a.json', '{}');
    put(prepared, 'fraud/in/large.bin', Buffer.alloc(300_000, 1));
    expectStopped(await stopWhere(prepared.job, programs.syncData, stalls));
    expect(tree(prepared.job.path('data/raw'))).not.toContain('large.bin');
    await again(prepared.job, programs.syncData);
    expect(tree(prepared.job.path('data/raw'))).toEqual(['a.json', 'large.bin']);
  });

  it.each([
    ['a folder', programs.syncModelDirectory, 'fraud/1.4/', 'directory', 'model'],
    ['an archive', programs.syncModelArchive, 'fraud/1.4/large.tar', 'tar', 'model-raw'],
  ] as const)('while sync-model copies %s ends at once, and begins anew', async (_, program, path, form, volume) => {
    const prepared = await store.prepare({ model: { kind: 'remote', connection: 'models', path, form, name: 'fraud', version: '1.4' } });
    put(prepared, 'fraud/1.4/large.tar', Buffer.alloc(300_000, 1));
    expectStopped(await stopWhere(prepared.job, program, ({ method, url }) => method === 'GET' && url?.includes('large.tar') === true));
    await again(prepared.job, program);
    // Nothing of the first attempt counts as a file of the model.
    expect(tree(prepared.job.path(volume))).toEqual(['large.tar']);
  });

  it.each([
    ['looks for old markers', ({ method }: IncomingMessage) => method === 'GET'],
    ['removes old markers', ({ method, url }: IncomingMessage) => method === 'DELETE' && url?.includes('_MANIFEST.json') === true],
    ['uploads a result', ({ method, url }: IncomingMessage) => method === 'PUT' && url?.includes('b.csv') === true],
    ['uploads the manifest', ({ method, url }: IncomingMessage) => method === 'PUT' && url?.includes('_MANIFEST.json') === true],
    ['uploads the marker', ({ method, url }: IncomingMessage) => method === 'PUT' && url?.includes('_SUCCESS') === true],
  ])('while sync-output %s leaves no marker beside half a result, and begins anew', async (what, stalls) => {
    const prepared = await store.prepare();
    const old = { 'a.csv': 'old', _SUCCESS: 'old', '_MANIFEST.json': 'old' };
    for (const [path, text] of Object.entries(old)) put(prepared, `fraud/out/${path}`, text);
    const { job, bucket } = prepared;
    job.write('publish/a.csv', 'new');
    job.write('publish/b.csv', 'new');
    job.write('report/final/_MANIFEST.json', '{}');
    job.write('report/final/_SUCCESS', 'new');
    expectStopped(await stopWhere(job, programs.syncOutput, stalls));
    // Until the first change all of the earlier run is there; from then on no marker is, to the end.
    const untouched = what === 'looks for old markers';
    expect(tree(join(bucket, 'fraud/out')).includes('_SUCCESS')).toBe(untouched);
    await again(job, programs.syncOutput);
    expect(tree(join(bucket, 'fraud/out'))).toEqual(['_MANIFEST.json', '_SUCCESS', 'a.csv', 'b.csv']);
  });
});
