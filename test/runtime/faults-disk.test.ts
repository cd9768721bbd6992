/** Disks that are full, for our own steps: a limit on the size of each file stands for them, so that no test fills a real one. */
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { configureRclone } from '../../runtime/steps/configure-rclone.js';
import { tarGz } from './support/archives.js';
import { createJob, inputPart, jobRecord, request, stepEnvironment, type TestJob } from './support/job.js';

const runtime = fileURLToPath(new URL('../../lib/runtime.mjs', import.meta.url));

interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a step as its container does, but no file that it writes may be larger than `limit` KiB. */
function run(job: TestJob, step: string, limit: number): Ended {
  // Blocks of 512 bytes.
  const program = `ulimit -f ${String(limit * 2)}; exec "$0" "$@"`;
  return spawnSync('sh', ['-ec', program, process.execPath, runtime, step], { env: stepEnvironment(job.root), encoding: 'utf8' });
}

const full = { reason: 'runtime/disk-full', code: 3 } as const;
const logged = ({ stdout }: Ended): readonly unknown[] =>
  stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);

describe('a full disk', () => {
  it('while the model is unpacked is recorded, and the predictor does not run', () => {
    const job = createJob();
    const model = { kind: 'remote', connection: 'models', path: 'fraud/m.tar.gz', form: 'tar.gz', name: 'm', version: '1', uri: 'gs://models/m' };
    job.write('control/job.json', { ...jobRecord, model });
    job.write('model-raw/m.tar.gz', tarGz([{ name: 'w.bin', content: 'w'.repeat(100_000) }]));
    job.data({ 'a.json': request });
    const ended = run(job, 'validate-input', 8);
    expect(ended).toMatchObject({ status: 0, stderr: expect.stringContaining('Raise spec.storage of the service') as string });
    expect(job.failure()).toMatchObject({ ...full, step: 'validate-input' });
    expect(job.read('result-run')).toBe('no');
  });

  it('while the output is copied is recorded, and nothing is published', () => {
    const job = createJob();
    job.write('control/job.json', jobRecord);
    job.write('report/input.part.json', inputPart());
    job.write('exit-code-of-predictor', '0');
    job.write('output/a.csv', '1');
    job.write('output/b.bin', Buffer.alloc(100_000, 1));
    expect(run(job, 'validate-output', 8).status).toBe(0);
    expect(job.failure()).toMatchObject({ ...full, step: 'validate-output' });
    expect(readdirSync(job.path('publish'))).toEqual([]);
    // The run still tells what it did.
    expect(run(job, 'log-output', 8).status).toBe(0);
    expect(readdirSync(job.path('report/final'))).toEqual(['_FAILED.json']);
    expect(job.manifest('_FAILED.json').failure).toMatchObject(full);
  });

  it('while the report is written is recorded', () => {
    const job = createJob();
    job.write('control/job.json', jobRecord);
    job.data(Object.fromEntries([...Array(60).keys()].map((index) => [`${'n'.repeat(200)}${String(index)}.json`, '{'])));
    expect(run(job, 'validate-input', 8).status).toBe(0);
    expect(job.failure()).toMatchObject({ ...full, step: 'validate-input' });
    expect(job.read('result-run')).toBe('no');
  });

  it('on which not even the failure can be recorded ends the run with the code of what went wrong', () => {
    const job = createJob();
    job.write('control/job.json', jobRecord);
    job.data({ 'a.json': request });
    const ended = run(job, 'validate-input', 0);
    expect(ended.status).toBe(3);
    expect(logged(ended)).toContainEqual(expect.objectContaining(full));
    expect(job.has('result-run') && job.read('result-run')).not.toBe('yes');
  });

  it('fails configure-rclone at once, and leaves no half of a configuration', async () => {
    const job = createJob();
    const ended = run(job, 'configure-rclone', 0);
    expect(ended.status).toBe(3);
    expect(logged(ended)).toContainEqual(expect.objectContaining({ ...full, step: 'configure-rclone' }));
    expect(readdirSync(job.path('rclone')).filter((name) => !name.endsWith('.tmp'))).toEqual([]);
    expect(await job.run(configureRclone)).toBe(0);
    expect(readdirSync(job.path('rclone')).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  it('keeps log-output from marking a run as complete', () => {
    const job = createJob();
    job.write('control/job.json', jobRecord);
    job.write('report/input.part.json', inputPart());
    const files = [...Array(100).keys()].map((index) => ({ path: `${String(index)}.csv`, size: 1, sha256: 'a'.repeat(64) }));
    job.write('report/manifest.part.json', { files, invalid: 0, quarantined: { files: [], total: 0 } });
    expect(run(job, 'log-output', 4).status).toBe(0);
    expect(job.failure()).toMatchObject({ ...full, step: 'log-output' });
    expect(readdirSync(job.path('report/final')).filter((name) => !name.endsWith('.tmp'))).toEqual([]);
  });
});
