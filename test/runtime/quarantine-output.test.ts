import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { sha256OfText } from '../../runtime/base/files.js';
import type { OutputPart } from '../../runtime/base/parts.js';
import { logOutput } from '../../runtime/steps/log-output.js';
import { validateOutput } from '../../runtime/steps/validate-output.js';
import { createJob, inputPart, jobRecord, response, type TestJob } from './support/job.js';

const invalid = '{"outputs": []}';
const valid = JSON.stringify(response);

/** Runs the step over what a predictor has left. */
async function takeOver(output: Readonly<Record<string, string>>, onInvalid: 'fail' | 'quarantine' = 'quarantine'): Promise<TestJob> {
  const job = createJob();
  job.write('control/job.json', { ...jobRecord, validation: { ...jobRecord.validation, output: { onInvalid } } });
  job.write('report/input.part.json', inputPart());
  job.write('exit-code-of-predictor', '0');
  for (const [name, text] of Object.entries(output)) job.write(`output/${name}`, text);
  expect(await job.run(validateOutput)).toBe(0);
  return job;
}

const part = (job: TestJob): OutputPart => JSON.parse(job.read('report/manifest.part.json')) as OutputPart;
const below = (job: TestJob, folder: string): readonly string[] =>
  readdirSync(job.path(folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => `${entry.parentPath}/${entry.name}`.slice(job.path(folder).length + 1))
    .sort();

describe('with output.onInvalid: quarantine', () => {
  it('an invalid file is no result, and lies in the quarantine', async () => {
    const job = await takeOver({ 'a.json': valid, 'sub/b.json': invalid, 'c.csv': '1' });
    expect(job.failure()).toBeUndefined();
    expect(below(job, 'publish')).toEqual(['_quarantine/_output/sub/b.json', 'a.json', 'c.csv']);
    expect(job.read('publish/_quarantine/_output/sub/b.json')).toBe(invalid);
    const quarantine = '_quarantine/_output/sub/b.json';
    expect(part(job)).toMatchObject({
      files: [{ path: 'a.json' }, { path: 'c.csv' }],
      invalid: 1,
      quarantined: { total: 1, files: [{ path: 'sub/b.json', size: invalid.length, sha256: sha256OfText(invalid), quarantine }] },
    });
    expect(JSON.parse(job.read('report/upload/_quarantine/_output/_errors.jsonl'))).toMatchObject({
      file: 'sub/b.json',
      quarantine,
      code: 'E-MISSING',
      severity: 'error',
      message: '"model_name" is missing',
    });
    expect(JSON.parse(job.read('report/upload/_report/output-validation.jsonl'))).toMatchObject({ file: 'sub/b.json' });
    await job.run(logOutput);
    expect(job.manifest()).toMatchObject({
      output: { files: [{ path: 'a.json' }, { path: 'c.csv' }], quarantined: [{ path: 'sub/b.json', quarantine }] },
      counts: { outputs: 2, invalidOutputs: 1, quarantinedOutputs: 1, quarantined: 0 },
    });
    expect(job.stdout()).toContain('"outputs":2,"invalidOutputs":1,"quarantinedOutputs":1');
  });

  it('no invalid file leaves no quarantine', async () => {
    const job = await takeOver({ 'a.json': valid });
    expect(below(job, 'publish')).toEqual(['a.json']);
    expect(job.has('report/upload')).toBe(false);
    expect(part(job)).toMatchObject({ invalid: 0, quarantined: { total: 0, files: [] } });
  });

  it('a run without any valid response fails, publishes no result and keeps the evidence', async () => {
    const job = await takeOver({ 'a.json': invalid, 'b.json': '{', 'c.csv': '1' });
    expect(job.failure()).toMatchObject({ step: 'validate-output', code: 2, reason: 'runtime/no-valid-output' });
    expect(job.failure()?.sentence).toMatch(
      /^2 of 2 output files are not valid responses of the Open Inference Protocol, so the run has no result\. The first is "a\.json" .* All are in _report\/output-validation\.jsonl\.$/,
    );
    expect(below(job, 'publish')).toEqual(['_quarantine/_output/a.json', '_quarantine/_output/b.json']);
    expect(part(job)).toMatchObject({ files: [], invalid: 2, quarantined: { total: 2 } });
    await job.run(logOutput);
    expect(job.manifest('_FAILED.json')).toMatchObject({
      failure: { reason: 'runtime/no-valid-output' },
      output: { files: [], quarantined: [{ path: 'a.json' }, { path: 'b.json' }] },
      counts: { outputs: 0, invalidOutputs: 2, quarantinedOutputs: 2 },
    });
  });

  it('files that are no documents are results as they are', async () => {
    const job = await takeOver({ 'a.csv': '1', 'sub/b': '{' });
    expect(job.failure()).toBeUndefined();
    expect(part(job).files.map(({ path }) => path)).toEqual(['a.csv', 'sub/b']);
  });

  it('names are kept where they fit, and no two files have one', async () => {
    const deep = `${'d'.repeat(200)}/`.repeat(4);
    const long = `${deep}${'x'.repeat(190)}.json`;
    const job = await takeOver({ 'a.json': valid, [long]: invalid, 'sub/_errors.json': invalid, 'ü \u{1f600}.json': invalid });
    expect(job.failure()).toBeUndefined();
    expect(below(job, 'publish/_quarantine')).toEqual(
      [`_output/_long/${sha256OfText(long)}.json`, '_output/sub/_errors.json', '_output/ü \u{1f600}.json'].sort(),
    );
  });

  it('another attempt finds the same', async () => {
    const job = await takeOver({ 'a.json': valid, 'b.json': invalid });
    const before = [below(job, 'publish'), part(job), job.read('report/upload/_quarantine/_output/_errors.jsonl')];
    await job.run(validateOutput);
    expect([below(job, 'publish'), part(job), job.read('report/upload/_quarantine/_output/_errors.jsonl')]).toEqual(before);
  });
});

it('with output.onInvalid: fail nothing is published', async () => {
  const job = await takeOver({ 'a.json': valid, 'b.json': invalid }, 'fail');
  expect(job.failure()?.reason).toBe('runtime/invalid-output');
  expect(below(job, 'publish')).toEqual([]);
  expect(part(job)).toMatchObject({ files: [], invalid: 1, quarantined: { total: 0 } });
  expect(below(job, 'report/upload')).toEqual(['_report/output-validation.jsonl']);
});
