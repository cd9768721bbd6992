import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { failure } from '../../runtime/base/failure.js';
import { sha256OfText } from '../../runtime/base/files.js';
import { logInput } from '../../runtime/steps/log-input.js';
import { createLogOutput, logOutput } from '../../runtime/steps/log-output.js';
import type { JobRecord, Manifest } from '../../src/contract/job-record.js';
import { createJob, inputPart, jobRecord, outputPart, type TestJob } from './support/job.js';

const sha256 = 'c'.repeat(64);
const { input, output, payload } = jobRecord.feedback;
const objectStorage: JobRecord['feedback'] = { sink: 'objectStorage', compression: 'none', input, output, payload };

const noCounts: Manifest['counts'] = {
  listed: 0,
  valid: 0,
  invalid: 0,
  quarantined: 0,
  skipped: 0,
  ignored: 0,
  outputs: 0,
  invalidOutputs: 0,
  quarantinedOutputs: 0,
};

function prepare(changes: Partial<JobRecord> = {}, run = true): TestJob {
  const job = createJob();
  job.write('control/job.json', { ...jobRecord, requestId: 'nightly', caller: 'airflow', ...changes });
  job.write(
    'report/input.part.json',
    inputPart({
      run,
      modelSha256: sha256,
      files: run ? [{ path: 'a.json', size: 3, sha256 }] : [],
      listed: 2,
      ignored: 1,
    }),
  );
  job.write('report/manifest.part.json', outputPart(run ? [{ path: 'sub/b.json', size: 5, sha256 }] : []));
  return job;
}

const lines = (job: TestJob, name: string): readonly unknown[] =>
  job
    .read(`report/upload/_feedback/${name}.jsonl`)
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);
const record = (kind: string, file: string, uri: string, size: number): unknown => ({
  id: expect.stringMatching(new RegExp(`^fraud-scorer--abc/${kind}/[0-9a-f]{32}$`)) as unknown,
  kind,
  time: '2026-11-22T12:30:00.000Z',
  jobId: 'fraud-scorer--abc',
  requestId: 'nightly',
  service: { name: 'fraud-scorer', id: 'fraud-scorer-v2', team: 'risk', namespace: 'risk' },
  model: { name: 'fraud', version: '1.4' },
  file,
  payload: { uri, size, sha256 },
});

describe('log-input', () => {
  it('writes a record that refers to each request', async () => {
    const job = prepare({ feedback: objectStorage });
    expect(await job.run(logInput)).toBe(0);
    expect(lines(job, 'requests')).toEqual([record('request', 'a.json', 's3://raw-bucket/fraud/in/a.json', 3)]);
    expect(JSON.parse(job.read('report/feedback.part.json'))).toEqual({ delivered: 1, undelivered: 0 });
  });

  it('writes the same records when it runs again', async () => {
    const job = prepare({ feedback: objectStorage });
    await job.run(logInput);
    const first = job.read('report/upload/_feedback/requests.jsonl');
    await job.run(logInput);
    expect(job.read('report/upload/_feedback/requests.jsonl')).toBe(first);
  });

  it('knows a data source that is one object by its own address', async () => {
    const job = prepare({ feedback: objectStorage, data: { ...jobRecord.data, path: 'fraud/in/a.json', uri: 's3://raw-bucket/fraud/in/a.json' } });
    await job.run(logInput);
    expect(lines(job, 'requests')).toMatchObject([{ payload: { uri: 's3://raw-bucket/fraud/in/a.json' } }]);
  });

  it.each<[string, Partial<JobRecord>, boolean]>([
    ['without a sink', {}, true],
    ['where input is not to be logged', { feedback: { ...objectStorage, input: false } }, true],
    ['where the predictor does not run', { feedback: objectStorage }, false],
  ])('writes nothing %s', async (_, changes, run) => {
    const job = prepare(changes, run);
    expect(await job.run(logInput)).toBe(0);
    expect(job.has('report/upload')).toBe(false);
    expect(job.read('result-run')).toBe(run ? 'yes' : 'no');
    expect(JSON.parse(job.read('report/feedback.part.json'))).toEqual({ delivered: 0, undelivered: 0 });
  });
});

it('log-input keeps the predictor from running after a failure', async () => {
  const job = prepare({ feedback: objectStorage });
  job.write('control/failure.json', { step: 'validate-input', code: 2, reason: 'runtime/no-input', sentence: 'x' });
  job.write('result-run', 'yes');
  expect(await job.run(logInput)).toBe(0);
  expect(job.read('result-run')).toBe('no');
  expect(job.has('report/upload')).toBe(false);
});

describe('log-output', () => {
  it('writes a record of each response and completes the manifest', async () => {
    const job = prepare({ feedback: objectStorage });
    await job.run(logInput);
    expect(await job.run(logOutput)).toBe(0);
    expect(lines(job, 'responses')).toEqual([record('response', 'sub/b.json', 'azblob://riskaccount/results/fraud/out/sub/b.json', 5)]);
    expect(job.manifest()).toEqual({
      schema: 'millrace.dev/manifest/v1',
      jobId: 'fraud-scorer--abc',
      requestId: 'nightly',
      caller: 'airflow',
      service: jobRecord.service,
      model: { name: 'fraud', version: '1.4', uri: 'image:/opt/app/model', sha256 },
      input: { uri: 's3://raw-bucket/fraud/in/', files: [{ path: 'a.json', size: 3, sha256 }], quarantined: [], skipped: [] },
      output: { uri: 'azblob://riskaccount/results/fraud/out/', files: [{ path: 'sub/b.json', size: 5, sha256 }], quarantined: [] },
      counts: { ...noCounts, listed: 2, valid: 1, ignored: 1, outputs: 1 },
      feedback: { sink: 'objectStorage', input: { delivered: 1, undelivered: 0 }, output: { delivered: 1, undelivered: 0 } },
      startedAt: '2026-11-22T12:00:00.000Z',
      finishedAt: '2026-11-22T12:30:00.000Z',
    });
    expect(readdirSync(job.path('report/final')).sort()).toEqual(['_MANIFEST.json', '_SUCCESS']);
    expect(job.read('report/final/_SUCCESS')).toBe(`${sha256OfText(job.read('report/final/_MANIFEST.json'))}\n`);
    expect(job.has('control/exit-code')).toBe(false);
  });

  it('tells a failure in place of the manifest, with its exit code', async () => {
    const job = prepare({ feedback: objectStorage });
    const failed = { step: 'user-container', code: 42, reason: 'runtime/predictor-failed', sentence: 'The predictor exited with code 42.' };
    job.write('control/failure.json', failed);
    job.write('report/final/_SUCCESS', 'of an attempt before');
    expect(await job.run(logOutput)).toBe(0);
    expect(readdirSync(job.path('report/final'))).toEqual(['_FAILED.json']);
    expect(job.manifest('_FAILED.json')).toMatchObject({ failure: failed, feedback: { output: { delivered: 0 } } });
    expect(job.read('control/exit-code')).toBe('42\n');
    expect(job.has('report/upload/_feedback/responses.jsonl')).toBe(false);
  });

  it('tells of a run that failed before anything was found', async () => {
    const job = createJob();
    job.write('control/job.json', jobRecord);
    job.write('control/failure.json', { step: 'validate-input', code: 1, reason: 'runtime/internal-error', sentence: 'x' });
    expect(await job.run(logOutput)).toBe(0);
    expect(job.manifest('_FAILED.json')).toMatchObject({
      requestId: null,
      caller: null,
      model: { sha256: null },
      counts: noCounts,
    });
  });

  it('marks a run without input as complete', async () => {
    const job = prepare({}, false);
    await job.run(logOutput);
    expect(readdirSync(job.path('report/final')).sort()).toEqual(['_MANIFEST.json', '_SUCCESS']);
    expect(job.manifest().counts).toEqual({ ...noCounts, listed: 2, ignored: 1 });
  });

  it('fails the run, and still tells of it, where the feedback does not arrive', async () => {
    const job = prepare({ feedback: objectStorage });
    const broken = createLogOutput(() => ({
      send: () => Promise.reject(failure('runtime/io-error', { code: 'ECONNREFUSED', operation: 'connect' })),
    }));
    expect(await job.run(broken)).toBe(0);
    expect(job.failure()).toMatchObject({ step: 'log-output', code: 4, reason: 'runtime/io-error' });
    expect(readdirSync(job.path('report/final'))).toEqual(['_FAILED.json']);
    expect(job.manifest('_FAILED.json').failure).toEqual(job.failure());
  });

  it('leaves no marker where it cannot read the job: the last step says so', async () => {
    const job = createJob();
    job.write('control/job.json', '{');
    expect(await job.run(logOutput)).toBe(0);
    expect(job.failure()).toMatchObject({ step: 'log-output', code: 1, reason: 'runtime/internal-error' });
    expect(readdirSync(job.path('report/final'))).toEqual([]);
  });
});
