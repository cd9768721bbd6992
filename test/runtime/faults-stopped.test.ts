/** SIGTERM in each of our own steps, before every single thing it does to its files. */
import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { Step } from '../../runtime/base/step.js';
import { configureRclone } from '../../runtime/steps/configure-rclone.js';
import { logInput } from '../../runtime/steps/log-input.js';
import { logOutput } from '../../runtime/steps/log-output.js';
import { validateInput } from '../../runtime/steps/validate-input.js';
import { validateOutput } from '../../runtime/steps/validate-output.js';
import type { StepConfig } from '../../src/contract/step-config.js';
import { tarGz } from './support/archives.js';
import { createJob, request, response, stepConfig, stepEnvironment, type TestJob } from './support/job.js';

const runtime = fileURLToPath(new URL('../../lib/runtime.mjs', import.meta.url));

/**
 * Loaded before the runtime: in place of the step's file operation with the given number comes SIGTERM, and the step
 * never hears of its end. Says how many there were.
 */
const stopper = `
import promises from 'node:fs/promises';
import { writeFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
const at = Number(process.env.STOP_AT);
let calls = 0;
function wrap(object, name) {
  const original = object[name];
  object[name] = function (...args) {
    // Node itself reads the program by these.
    if (process.listenerCount('SIGTERM') > 0) calls += 1;
    if (calls !== at || at === 0) return original.apply(this, args);
    setTimeout(() => undefined, 20_000);
    process.kill(process.pid, 'SIGTERM');
    return new Promise(() => undefined);
  };
}
const handle = await promises.open('/dev/null');
for (const name of ['read', 'write', 'writeFile', 'stat', 'sync']) wrap(Object.getPrototypeOf(handle), name);
await handle.close();
for (const name of Object.keys(promises)) if (typeof promises[name] === 'function') wrap(promises, name);
syncBuiltinESMExports();
process.on('exit', () => writeFileSync(process.env.CALLS, String(calls)));
`;

const config: StepConfig = {
  ...stepConfig,
  connections: {
    ...stepConfig.connections,
    raw: {
      type: 's3',
      bucket: 'raw-bucket',
      region: 'eu-central-1',
      credentials: { kind: 'secret', name: 'raw', keys: { access_key_id: 'access_key_id', secret_access_key: 'secret_access_key' } },
    },
  },
  model: { kind: 'remote', connection: 'models', path: 'fraud/1.4.tar.gz', form: 'tar.gz', name: 'fraud', version: '1.4' },
  feedback: { sink: 'objectStorage', compression: 'gzip', input: true, output: true, payload: { kind: 'reference' } },
};

const environment = (root: string): Readonly<Record<string, string>> => stepEnvironment(root, config);

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly calls: number;
}

/** Runs a step as its container does; `at` 0 lets it come to its end. */
function runStep(step: string, root: string, at: number): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--import', pathToFileURL(join(root, '../stopper.mjs')).href, runtime, step], {
      env: { ...environment(root), STOP_AT: String(at), CALLS: `${root}.calls` },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (text: Buffer) => (stdout += text.toString()));
    child.stderr.on('data', (text: Buffer) => (stderr += text.toString()));
    child.on('error', reject);
    child.on('close', (code) => {
      const calls = existsSync(`${root}.calls`) ? readFileSync(`${root}.calls`, 'utf8') : '';
      resolve({ code, stdout, stderr, calls: Number(calls) });
    });
  });
}

const order: readonly (readonly [string, Step])[] = [
  ['configure-rclone', configureRclone],
  ['validate-input', validateInput],
  ['log-input', logInput],
  ['validate-output', validateOutput],
  ['log-output', logOutput],
];

/** The volumes of a job as the steps before `step` leave them, below `before`. */
async function volumesBefore(step: string): Promise<TestJob> {
  const job = createJob();
  job.write('stopper.mjs', stopper);
  const root = job.path('before');
  mkdirSync(root);
  for (const volume of ['data', 'model', 'model-raw', 'output', 'publish', 'report', 'control', 'rclone', 'credentials'])
    mkdirSync(join(root, volume));
  job.write('before/credentials/raw/access_key_id', 'id');
  job.write('before/credentials/raw/secret_access_key', 'canary');
  for (const name of ['a.json', 'deep/er/b.json']) {
    job.write(`before/data/raw/${name}`, request);
    job.write(`before/output/${name}`, response);
  }
  job.write('before/data/raw/notes.txt', 'not a request');
  job.write('before/data/listing.txt', 'a.json\ndeep/er/b.json\nnotes.txt\n');
  job.write('before/model-raw/1.4.tar.gz', tarGz([{ name: 'weights/w.bin', content: 'w'.repeat(3000) }]));
  job.write('before/output/table.csv', '1,2\n');
  job.write('before/exit-code-of-predictor', '0');
  for (const [name, run] of order) {
    if (name === step) break;
    expect(await job.run(run, environment(root)), job.stdout()).toBe(0);
  }
  // Each step has a file of its own for its result.
  rmSync(job.path('before/result-run'), { force: true });
  return job;
}

/** Every file of all volumes with its text; times vary. */
const volumes = (root: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    readdirSync(root, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .sort()
      .map((path) => [path.slice(root.length + 1), readFileSync(path, 'latin1').replace(/20\d\d-\d\d-\d\dT[\d:.]+Z/g, 'TIME')]),
  );
/** Their text holds times. */
const withoutDigests = (files: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(files).filter(([path]) => !/^report\/(?:upload\/_feedback\/|final\/_SUCCESS)/.test(path)));

describe.each(order.map(([name]) => name))('%s', (step) => {
  it('that is stopped says so, lets nothing go on, and begins anew (runtime/stopped)', async () => {
    const job = await volumesBefore(step);
    const at = (place: string): string => {
      cpSync(job.path('before'), job.path(place), { recursive: true });
      return job.path(place);
    };
    const undisturbed = at('undisturbed');
    const { code, stdout, calls } = await runStep(step, undisturbed, 0);
    expect(code, stdout).toBe(0);
    expect(calls).toBeGreaterThan(5);
    const expected = withoutDigests(volumes(undisturbed));
    expect(expected['control/failure.json']).toBeUndefined();

    const attempt = async (number: number): Promise<void> => {
      const root = at(`stopped-${String(number)}`);
      const stopped = await runStep(step, root, number);
      expect(stopped, `before operation ${String(number)} of ${String(calls)}`).toMatchObject({ code: 4 });
      expect(JSON.parse(stopped.stdout.trim().split('\n').at(-1) ?? '')).toMatchObject({ level: 'error', step, reason: 'runtime/stopped', code: 4 });
      expect(stopped.stderr).toContain(`The step ${step} was stopped by SIGTERM`);
      expect(stopped.stdout + stopped.stderr).not.toContain('canary');
      // What lets the predictor run, and what says that all is there, is the last thing that a step does.
      if (step === 'validate-input' || step === 'log-input') expect(volumes(root)['result-run']).not.toBe('yes');
      expect(existsSync(join(root, 'report/final/_SUCCESS'))).toBe(false);
      const again = await runStep(step, root, 0);
      expect(again.code, again.stdout).toBe(0);
      expect(withoutDigests(volumes(root)), `after a stop before operation ${String(number)}`).toEqual(expected);
    };
    for (let number = 1; number <= calls; number += 2) {
      await Promise.all([number, number + 1].filter((each) => each <= calls).map(attempt));
    }
  }, 180_000);
});
