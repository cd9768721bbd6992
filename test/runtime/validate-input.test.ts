import { mkdirSync, readdirSync, statSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { logOutput } from '../../runtime/steps/log-output.js';
import { validateInput } from '../../runtime/steps/validate-input.js';
import { validateOutput } from '../../runtime/steps/validate-output.js';
import { sha256OfText } from '../../runtime/base/files.js';
import type { JobRecord } from '../../src/contract/job-record.js';
import { stepEnv } from '../../src/contract/paths.js';
import { parseJobRecord } from '../../src/contract/records.js';
import { tar, tarGz, zip } from './support/archives.js';
import { createJob, jobRecord, request, type TestJob } from './support/job.js';

function prepare(changes: Partial<JobRecord> = {}): TestJob {
  const job = createJob();
  job.write('control/job.json', { ...jobRecord, ...changes });
  return job;
}

const remoteModel = (changes: Partial<Extract<JobRecord['model'], { kind: 'remote' }>>): JobRecord['model'] => ({
  kind: 'remote',
  connection: 'models',
  path: 'fraud/1.4/',
  form: 'directory',
  name: 'fraud',
  version: '1.4',
  uri: 'gs://models-bucket/fraud/1.4/',
  ...changes,
});

const part = (job: TestJob): unknown => JSON.parse(job.read('report/input.part.json'));
const report = (job: TestJob): readonly unknown[] =>
  job
    .read('report/upload/_report/validation.jsonl')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);

/** Runs the step, which always exits with 0, and expects the recorded failure and that the predictor will not run. */
async function fails(job: TestJob, reason: string, code = 2): Promise<string> {
  expect(await job.run(validateInput)).toBe(0);
  expect(job.read('result-run')).toBe('no');
  const failure = job.failure();
  expect(failure).toMatchObject({ step: 'validate-input', code, reason });
  expect(job.read('control/exit-code')).toBe(`${String(code)}\n`);
  expect(part(job)).toMatchObject({ run: false });
  expect(readdirSync(job.path('data/valid'))).toEqual([]);
  return failure?.sentence ?? '';
}

describe('the data', () => {
  it('is linked to where the predictor sees it, byte for byte', async () => {
    const job = prepare();
    const text = `${JSON.stringify(request, undefined, 2)}\n`;
    job.data({ 'a.json': text, 'sub/b.json': text, 'notes.txt': 'x' });
    expect(await job.run(validateInput)).toBe(0);
    expect(job.read('result-run')).toBe('yes');
    expect(job.failure()).toBeUndefined();
    expect(job.read('data/valid/sub/b.json')).toBe(text);
    expect(statSync(job.path('data/valid/a.json')).ino).toBe(statSync(job.path('data/raw/a.json')).ino);
    expect(job.has('data/valid/notes.txt')).toBe(false);
    const record = (path: string): unknown => ({ path, size: text.length, sha256: sha256OfText(text) });
    expect(part(job)).toEqual({
      run: true,
      modelSha256: null,
      files: [record('a.json'), record('sub/b.json')],
      listed: 3,
      invalid: 0,
      quarantined: { total: 0, files: [] },
      skipped: { total: 0, files: [] },
      ignored: 1,
    });
    expect(job.has('report/upload')).toBe(false);
  });

  it('keeps the folder that is mounted into the predictor', async () => {
    const job = prepare();
    job.data({ 'a.json': request });
    job.write('data/valid/left-over.json', 'x');
    const before = statSync(job.path('data/valid')).ino;
    await job.run(validateInput);
    await job.run(validateInput);
    expect(job.read('result-run')).toBe('yes');
    expect(statSync(job.path('data/valid')).ino).toBe(before);
    expect(readdirSync(job.path('data/valid'))).toEqual(['a.json']);
  });

  it('with an invalid file fails the run and is reported', async () => {
    const job = prepare();
    job.data({ 'a.json': request, 'b.json': '{"inputs": [', 'c.json': { inputs: [{ name: 'x', shape: [3], datatype: 'INT32', data: [1, 'two'] }] } });
    const sentence = await fails(job, 'runtime/invalid-input');
    expect(sentence).toBe(
      '2 of 3 input files are not valid requests of the Open Inference Protocol. The first is "b.json" at /inputs (line 1, byte 12): is not valid JSON: it ends too early. All are in _report/validation.jsonl.',
    );
    expect(part(job)).toMatchObject({ listed: 3, invalid: 2, ignored: 0, files: [{ path: 'a.json' }] });
    const [line, severity] = [1, 'error'];
    expect(report(job)).toEqual([
      { file: 'b.json', code: 'E-JSON', severity, pointer: '/inputs', message: 'is not valid JSON: it ends too early', offset: 12, line },
      {
        file: 'c.json',
        code: 'E-COUNT',
        severity,
        pointer: '/inputs/0/data',
        message: 'the number of elements does not match "shape". Expected: 3 values; Actual: 2 values',
        offset: 61,
        line,
      },
      {
        file: 'c.json',
        code: 'C-COERCE',
        severity,
        pointer: '/inputs/0/data/1',
        message: 'INT32 takes integers from -2147483648 to 2147483647; found a string',
        offset: 64,
        line,
      },
    ]);
    expect(job.stdout()).not.toContain('two');
  });

  it('has at most 100 lines of report for one file, and a count', async () => {
    const job = prepare();
    job.data({ 'a.json': { inputs: [{ name: 'x', shape: [1000], datatype: 'BOOL', data: Array.from({ length: 1000 }, () => 1) }] } });
    await fails(job, 'runtime/invalid-input');
    expect(report(job)).toHaveLength(101);
    expect(report(job).at(-1)).toEqual({ file: 'a.json', notShown: 900 });
  });

  it('that is missing fails the run, unless that is allowed', async () => {
    expect(await fails(prepare(), 'runtime/no-input')).toContain('s3://raw-bucket/fraud/in/');
    const empty = prepare();
    empty.write('data/listing.txt', '');
    await fails(empty, 'runtime/no-input');

    const allowed = prepare({ data: { ...jobRecord.data, allowEmpty: true } });
    allowed.write('data/listing.txt', '');
    expect(await allowed.run(validateInput)).toBe(0);
    expect(allowed.read('result-run')).toBe('no');
    expect(allowed.failure()).toBeUndefined();
  });

  it('without any .json file fails the run, unless that is allowed', async () => {
    const job = prepare();
    job.data({ 'a.csv': '1', 'b.JSON': '{}' });
    expect(await fails(job, 'runtime/no-json-input')).toContain('None of the 2 files');
    expect(part(job)).toMatchObject({ listed: 2, ignored: 2 });

    const allowed = prepare({ data: { ...jobRecord.data, allowEmpty: true } });
    allowed.data({ 'a.csv': '1' });
    await allowed.run(validateInput);
    expect(allowed.failure()).toBeUndefined();
  });

  it('that is not what was listed fails the run', async () => {
    const missing = prepare();
    missing.data({ 'a.json': request });
    missing.write('data/listing.txt', 'a.json\nb.json\n');
    expect(await fails(missing, 'runtime/incomplete-input', 4)).toContain('1 files are missing and 0 were not listed, the first is "b.json"');

    const surplus = prepare();
    surplus.data({ 'a.json': request });
    surplus.write('data/raw/b.json', request);
    expect(await fails(surplus, 'runtime/incomplete-input', 4)).toContain('0 files are missing and 1 were not listed');
  });

  it('is checked piece by piece, however large a file is', async () => {
    const job = prepare();
    // Larger than a piece, with a wrong element near the end.
    const data = `${'1,'.repeat(200_000)}"x"`;
    job.data({ 'a.json': `{"inputs":[{"name":"x","shape":[200001],"datatype":"INT32","data":[${data}]}]}` });
    await fails(job, 'runtime/invalid-input');
    expect(JSON.parse(job.read('report/upload/_report/validation.jsonl'))).toMatchObject({
      code: 'C-COERCE',
      pointer: '/inputs/0/data/200000',
      line: 1,
    });
  });

  it('is read as the service says', async () => {
    const job = prepare({ validation: { ...jobRecord.validation, profile: 'odahu', framing: 'jsonl' } });
    const line = '{"inputs":[{"name":"x","shape":[2],"datatype":"FP32","data":[1]}]}\n';
    job.data({ 'a.jsonl': line + line, 'b.json': line, 'c.txt': 'not read' });
    await job.run(validateInput);
    expect(job.failure()).toBeUndefined();
    expect(part(job)).toMatchObject({ listed: 3, ignored: 1, files: [{ path: 'a.jsonl' }, { path: 'b.json' }] });
    expect(report(job)).toHaveLength(3);

    const strict = prepare({ validation: { ...jobRecord.validation, framing: 'array' } });
    strict.data({ 'a.json': [request, { ...request, inputs: 1 }] });
    await fails(strict, 'runtime/invalid-input');
    expect(report(strict)).toMatchObject([{ code: 'E-TYPE', pointer: '/1/inputs' }]);
  });

  it('with nothing but warnings is valid, and the report has them', async () => {
    const job = prepare();
    job.data({ 'a.json': { ...request, extra: 1 } });
    await job.run(validateInput);
    expect(job.failure()).toBeUndefined();
    expect(job.read('result-run')).toBe('yes');
    expect(JSON.parse(job.read('report/upload/_report/validation.jsonl'))).toMatchObject({
      file: 'a.json',
      code: 'W-UNKNOWN-MEMBER',
      severity: 'warning',
      pointer: '/extra',
    });
  });
});

describe('the model', () => {
  const withModel = (changes: Parameters<typeof remoteModel>[0]): TestJob => {
    const job = prepare({ model: remoteModel(changes) });
    job.data({ 'a.json': request });
    return job;
  };
  const archive = (form: 'tar' | 'tar.gz' | 'zip', sha256?: string): Parameters<typeof remoteModel>[0] => ({
    form,
    path: `fraud/m.${form}`,
    uri: `gs://models-bucket/fraud/m.${form}`,
    ...(sha256 === undefined ? {} : { sha256 }),
  });

  it.each([
    ['tar', tar],
    ['tar.gz', tarGz],
    ['zip', zip],
  ] as const)('is unpacked from a %s archive and known by its digest', async (form, pack) => {
    const bytes = pack([{ name: 'weights/w.bin', content: 'w' }]);
    const job = withModel(archive(form, sha256OfText(bytes)));
    job.write(`model-raw/m.${form}`, bytes);
    job.write('model/left-over', 'of an attempt before');
    await job.run(validateInput);
    await job.run(validateInput);
    expect(job.failure()).toBeUndefined();
    expect(readdirSync(job.path('model'))).toEqual(['weights']);
    expect(job.read('model/weights/w.bin')).toBe('w');
    expect(part(job)).toMatchObject({ modelSha256: sha256OfText(bytes) });
  });

  it('has one digest as a folder, whatever order its files come in', async () => {
    const digest = sha256OfText(`${sha256OfText('2')}  a/b\n${sha256OfText('1')}  z\n`);
    for (const names of [
      ['z', 'a/b'],
      ['a/b', 'z'],
    ] as const) {
      const job = withModel({ sha256: digest });
      for (const name of names) job.write(`model/${name}`, name === 'z' ? '1' : '2');
      await job.run(validateInput);
      expect(job.failure()).toBeUndefined();
      expect(part(job)).toMatchObject({ modelSha256: digest });
    }
  });

  it('that did not come fails the run', async () => {
    expect(await fails(withModel({}), 'runtime/missing-model')).toContain('gs://models-bucket/fraud/1.4/');
    expect(await fails(withModel(archive('zip')), 'runtime/missing-model')).toContain('gs://models-bucket/fraud/m.zip');
  });

  it('of another digest fails the run before it is unpacked', async () => {
    const job = withModel(archive('tar', 'a'.repeat(64)));
    job.write('model-raw/m.tar', tar([{ name: '../x', content: 'evil' }]));
    expect(await fails(job, 'runtime/model-digest')).toContain('a'.repeat(64));
    expect(readdirSync(job.path('model'))).toEqual([]);
  });

  it('whose archive is broken, unsafe or a bomb fails the run', async () => {
    const broken = withModel(archive('zip'));
    broken.write('model-raw/m.zip', 'no zip');
    expect(await fails(broken, 'runtime/bad-archive')).toContain('"m.zip" cannot be read');
    const unsafe = withModel(archive('tar.gz'));
    unsafe.write('model-raw/m.tar.gz', tarGz([{ name: 'l', type: '2', link: '/' }]));
    expect(await fails(unsafe, 'runtime/unsafe-archive')).toContain('"l", which is a link');
    const bomb = withModel(archive('tar.gz'));
    bomb.write('model-raw/m.tar.gz', tarGz([{ name: 'zeros', content: Buffer.alloc(70_000_000) }]));
    await fails(bomb, 'runtime/archive-limit', 3);
  });
});

describe("the model's name and version", () => {
  /** Of a service that leaves to the model what `given` does not say. */
  function unnamed(given: { readonly name?: string; readonly version?: string }, project?: string): TestJob {
    const job = createJob();
    job.write('control/job.json', { ...jobRecord, model: { ...remoteModel({}), name: undefined, version: undefined, ...given } });
    job.data({ 'a.json': request });
    job.write('model/w.bin', 'w');
    if (project !== undefined) job.write('model/odahuflow.project.yaml', project);
    return job;
  }
  const inRecord = (job: TestJob): unknown => parseJobRecord(job.read('control/job.json')).value?.model;
  const project = 'model:\n  name: wine\n  version: 1.0\n';

  it.each([
    [{}, { name: 'wine', version: '1.0' }],
    [{ name: 'fraud' }, { name: 'fraud', version: '1.0' }],
    [{ version: '7' }, { name: 'wine', version: '7' }],
    [
      { name: 'fraud', version: '7' },
      { name: 'fraud', version: '7' },
    ],
  ])('are its own where the service gives %j', async (given, expected) => {
    const job = unnamed(given, project);
    expect(await job.run(validateInput)).toBe(0);
    expect(await job.run(validateInput)).toBe(0);
    expect(job.failure()).toBeUndefined();
    expect(inRecord(job)).toMatchObject({ ...expected, uri: 'gs://models-bucket/fraud/1.4/' });
  });

  it('come out of an archive, too', async () => {
    const job = createJob();
    const model = { ...remoteModel({ form: 'zip', path: 'fraud/m.zip' }), name: undefined, version: undefined };
    job.write('control/job.json', { ...jobRecord, model });
    job.data({ 'a.json': request });
    job.write('model-raw/m.zip', zip([{ name: 'odahuflow.project.yml', content: project }]));
    expect(await job.run(validateInput)).toBe(0);
    expect(inRecord(job)).toMatchObject({ name: 'wine', version: '1.0' });
  });

  it('are not looked for where the service gives both', async () => {
    const job = unnamed({ name: 'fraud', version: '7' }, 'model: &anchor [');
    expect(await job.run(validateInput)).toBe(0);
    expect(job.read('result-run')).toBe('yes');
  });

  it('fail the run where neither gives them, or the model does not say them plainly', async () => {
    expect(await fails(unnamed({}), 'runtime/model-not-named')).toContain('name and version. Give modelSource.name and modelSource.version, or');
    expect(await fails(unnamed({ name: 'a' }, 'model:\n  name: b\n'), 'runtime/model-not-named')).toContain("says the model's version. Give");
    expect(await fails(unnamed({}, 'model: &anchor [\n'), 'runtime/bad-model-description')).toContain('odahuflow.project.yaml has a "model"');
  });

  it('are unknown to the manifest of a run that failed before', async () => {
    const job = unnamed({ version: '7' });
    await fails(job, 'runtime/model-not-named');
    expect(await job.run(validateOutput)).toBe(0);
    expect(await job.run(logOutput)).toBe(0);
    expect(job.manifest('_FAILED.json').model).toMatchObject({ name: null, version: '7', uri: 'gs://models-bucket/fraud/1.4/' });
  });
});

describe('what goes wrong around it', () => {
  it('is a bug of ours where the record of the job is missing or is none', async () => {
    const missing = createJob();
    expect(await fails(missing, 'runtime/internal-error', 1)).toContain('validate-input');
    expect(missing.stdout()).toContain('job.json is missing');
    const other = createJob();
    other.write('control/job.json', { ...jobRecord, version: 2 });
    await fails(other, 'runtime/internal-error', 1);
  });

  it('is transient where the system refuses a file', async () => {
    const job = prepare();
    mkdirSync(job.path('data/listing.txt'));
    expect(await fails(job, 'runtime/io-error', 4)).toContain('EISDIR at read');
  });

  it('never replaces a failure that is recorded already', async () => {
    const job = prepare();
    const first = { step: 'validate-input', code: 3, reason: 'runtime/archive-limit', sentence: 'first' };
    job.write('control/failure.json', first);
    expect(await job.run(validateInput)).toBe(0);
    expect(job.failure()).toEqual(first);
    expect(job.read('control/exit-code')).toBe('3\n');
    expect(job.stdout()).toContain('an earlier failure is recorded already and stays');
  });

  it('ends the step where nothing can be recorded, with the code of what went wrong first', async () => {
    const job = prepare();
    expect(await job.run(validateInput, { [stepEnv.control]: job.path('no/such/folder') })).toBe(1);
    expect(await job.run(validateInput, { [stepEnv.control]: undefined })).toBe(2);
    expect(job.stderr()).toContain('help: millrace explain runtime/bad-environment');
  });

  it('shows names of files without acting on them', async () => {
    const job = prepare();
    const name = 'a\u001b[31m\u202e.json';
    job.data({ [name]: '{' });
    expect(await fails(job, 'runtime/bad-file-name')).toContain('"a\\u001b[31m\\u202e.json"');
    expect(`${job.stdout()}${job.stderr()}`).not.toMatch(/[\u001b\u202e]/);
  });

  it('prints one JSON line for each message', async () => {
    const job = prepare();
    job.data({ 'a.json': '{' });
    await job.run(validateInput);
    const lines = job
      .stdout()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>);
    expect(lines).toEqual([
      {
        time: '2026-11-22T12:30:00.000Z',
        level: 'info',
        step: 'validate-input',
        message: 'the input is inspected',
        run: false,
        listed: 1,
        valid: 0,
        invalid: 1,
        ignored: 0,
      },
      {
        time: '2026-11-22T12:30:00.000Z',
        level: 'error',
        step: 'validate-input',
        message: job.failure()?.sentence,
        reason: 'runtime/invalid-input',
        code: 2,
      },
    ]);
    expect(job.stderr()).toBe(`${job.failure()?.sentence ?? ''}\nhelp: millrace explain runtime/invalid-input\n`);
  });

  it('takes nothing but plain files as input', async () => {
    const job = prepare();
    job.data({ 'a.json': request });
    mkdirSync(job.path('data/raw/folder.json'));
    job.write('data/listing.txt', 'a.json\nfolder.json\n');
    expect(await fails(job, 'runtime/incomplete-input', 4)).toContain('"folder.json"');
  });
});
