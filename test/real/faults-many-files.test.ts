/** A job with 30,000 requests and as many responses, through our own steps (many-objects.test.ts has 100,000, in a whole job): what they take is bounded, and grows with the number of files only. */
import { spawn } from 'node:child_process';
import { linkSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { stepEnv } from '../../src/contract/paths.js';
import { jobRecord, request, response } from '../runtime/support/job.js';

const runtime = fileURLToPath(new URL('../../lib/runtime.mjs', import.meta.url));
const steps = ['validate-input', 'log-input', 'validate-output', 'log-output'] as const;
/** A quarter of the limit that the Task sets for each of our steps. */
const mostMemory = 2 ** 31 / 4;

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'millrace-many-files-'));
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

interface Taken {
  /** The most at any time, in bytes. */
  readonly memory: number;
  /** Of the processor, in seconds. */
  readonly seconds: number;
  readonly published: number;
}

/** Runs all of our steps with `count` files, in folders of 1,000. */
async function runSteps(count: number): Promise<Taken> {
  const job = join(root, String(count));
  const path = (relative: string): string => join(job, relative);
  for (const volume of ['data/raw', 'output', 'model', 'publish', 'report', 'control', 'originals']) mkdirSync(path(volume), { recursive: true });
  const names: string[] = [];
  for (let index = 0; index < count; index += 1) {
    const folder = `part-${String(Math.floor(index / 1000))}`;
    for (const [volume, content] of [
      ['data/raw', request],
      ['output', response],
    ] as const) {
      if (index % 1000 === 0) mkdirSync(path(`${volume}/${folder}`));
      const file = path(`${volume}/${folder}/${String(index)}.json`);
      // What comes from a store may have a second name, and is made faster; of an output that is refused.
      const original = path(`originals/${folder}`);
      if (volume === 'output' || index % 1000 === 0) writeFileSync(volume === 'output' ? file : original, JSON.stringify(content));
      if (volume === 'data/raw') linkSync(original, file);
    }
    names.push(`${folder}/${String(index)}.json\n`);
  }
  writeFileSync(path('data/listing.txt'), names.join(''));
  writeFileSync(path('exit-code'), '0');
  writeFileSync(
    path('control/job.json'),
    JSON.stringify({ ...jobRecord, feedback: { ...jobRecord.feedback, sink: 'objectStorage', compression: 'gzip' } }),
  );
  let [memory, seconds] = [0, 0];
  for (const step of steps) {
    const taken = await runStep(step, path);
    memory = Math.max(memory, taken.memory);
    seconds += taken.seconds;
  }
  const manifest = JSON.parse(readFileSync(path('report/final/_MANIFEST.json'), 'utf8')) as {
    readonly output: { readonly files: readonly unknown[] };
  };
  return { memory, seconds, published: manifest.output.files.length };
}

function runStep(step: string, path: (relative: string) => string): Promise<Pick<Taken, 'memory' | 'seconds'>> {
  const [measure, result] = [path('measure.mjs'), path('taken.json')];
  writeFileSync(
    measure,
    `import { writeFileSync } from 'node:fs';
process.on('exit', () => {
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
  writeFileSync(${JSON.stringify(result)}, JSON.stringify({ memory: maxRSS * 1024, seconds: (userCPUTime + systemCPUTime) / 1e6 }));
});
await import(${JSON.stringify(runtime)});`,
  );
  const env = {
    [stepEnv.data]: path('data'),
    [stepEnv.model]: path('model'),
    [stepEnv.output]: path('output'),
    [stepEnv.publish]: path('publish'),
    [stepEnv.report]: path('report'),
    [stepEnv.control]: path('control'),
    [stepEnv.resultRun]: path('run'),
    [stepEnv.exitCodeFile]: path('exit-code'),
  };
  return new Promise((resolve, reject) => {
    // A file that stays open is told long before the end.
    const child = spawn('sh', ['-ec', 'ulimit -n 128; exec "$0" "$@"', process.execPath, measure, step], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text: Buffer) => (output += text.toString()));
    child.on('error', reject);
    child.on('close', (code) => {
      if (code !== 0 || output.includes('"level":"error"')) reject(new Error(`${step} ended with ${String(code)}:\n${output.slice(-2000)}`));
      else resolve(JSON.parse(readFileSync(result, 'utf8')) as Pick<Taken, 'memory' | 'seconds'>);
    });
  });
}

it('30,000 files take little memory, few handles, and ten times as long as 3,000', async () => {
  const few = await runSteps(3_000);
  const many = await runSteps(30_000);
  expect([few.published, many.published]).toEqual([3_000, 30_000]);
  expect(many.memory).toBeLessThan(mostMemory);
  // What grows with the square of their number would take a hundred times as long.
  expect(many.seconds / few.seconds).toBeLessThan(20);
}, 600_000);
