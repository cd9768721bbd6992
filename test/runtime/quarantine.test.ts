import { readdirSync, readFileSync, statSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { sha256OfText } from '../../runtime/base/files.js';
import type { InputPart } from '../../runtime/base/parts.js';
import { validateInput } from '../../runtime/steps/validate-input.js';
import type { JobRecord } from '../../src/contract/job-record.js';
import { createJob, jobRecord, request, type TestJob } from './support/job.js';

type Validation = Partial<JobRecord['validation']>;
const invalid = '{"inputs": []}';
const valid = JSON.stringify(request);

/** Runs the step over files of these names, the first `wrong` of them invalid. */
async function inspect(names: readonly string[], wrong: number, validation: Validation, data: Partial<JobRecord['data']> = {}): Promise<TestJob> {
  const job = createJob();
  job.write('control/job.json', { ...jobRecord, validation: { ...jobRecord.validation, ...validation }, data: { ...jobRecord.data, ...data } });
  job.data(Object.fromEntries(names.map((name, index) => [name, index < wrong ? invalid : valid])));
  expect(await job.run(validateInput)).toBe(0);
  return job;
}

const part = (job: TestJob): InputPart => JSON.parse(job.read('report/input.part.json')) as InputPart;
const below = (job: TestJob, folder: string): readonly string[] =>
  readdirSync(job.path(folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => `${entry.parentPath}/${entry.name}`.slice(job.path(folder).length + 1))
    .sort();
/** What sync-output publishes below `_quarantine/`. */
const quarantined = (job: TestJob): readonly string[] => {
  const folder = 'data/quarantine/upload/_quarantine';
  return job.has(folder) ? below(job, folder) : below(job, 'data/quarantine');
};
const lines = (job: TestJob, path: string): readonly Readonly<Record<string, unknown>>[] =>
  job
    .read(`report/upload/${path}`)
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>);
const named = (count: number): readonly string[] => Array.from({ length: count }, (_, index) => `${String(index).padStart(3, '0')}.json`);

describe('with onInvalid: quarantine', () => {
  it('an invalid file is kept from the predictor and goes to the quarantine, without a copy', async () => {
    const job = await inspect(['sub/b.json', 'a.json', 'c.json'], 1, { onInvalid: 'quarantine' });
    expect(job.failure()).toBeUndefined();
    expect(job.read('result-run')).toBe('yes');
    expect(below(job, 'data/valid')).toEqual(['a.json', 'c.json']);
    expect(quarantined(job)).toEqual(['sub/b.json']);
    expect(statSync(job.path('data/quarantine/upload/_quarantine/sub/b.json')).ino).toBe(statSync(job.path('data/raw/sub/b.json')).ino);
    const record = { path: 'sub/b.json', size: invalid.length, sha256: sha256OfText(invalid), quarantine: '_quarantine/sub/b.json' };
    expect(part(job)).toMatchObject({ invalid: 1, quarantined: { total: 1, files: [record] }, skipped: { total: 0 } });
    expect(lines(job, '_quarantine/_errors.jsonl')).toEqual([
      {
        file: 'sub/b.json',
        quarantine: '_quarantine/sub/b.json',
        code: 'E-EMPTY-INPUTS',
        severity: 'error',
        offset: expect.any(Number) as number,
        line: 1,
        pointer: '/inputs',
        message: expect.any(String) as string,
      },
    ]);
    expect(lines(job, '_report/validation.jsonl')).toMatchObject([{ file: 'sub/b.json', code: 'E-EMPTY-INPUTS' }]);
    expect(job.stdout()).toContain('"valid":2,"invalid":1,"quarantined":1,"ignored":0');
  });

  it('no invalid file leaves no quarantine', async () => {
    const job = await inspect(named(3), 0, { onInvalid: 'quarantine' });
    expect(quarantined(job)).toEqual([]);
    expect(job.has('report/upload')).toBe(false);
    expect(below(job, 'data/valid')).toEqual(named(3));
    expect(job.stdout()).not.toContain('quarantined');
  });

  it('a file that is only warned of is valid', async () => {
    const job = createJob();
    job.write('control/job.json', { ...jobRecord, validation: { ...jobRecord.validation, onInvalid: 'quarantine' } });
    job.data({ 'a.json': { ...request, surprise: 1 } });
    await job.run(validateInput);
    expect(below(job, 'data/valid')).toEqual(['a.json']);
    expect(job.has('report/upload/_report/validation.jsonl')).toBe(true);
    expect(job.has('report/upload/_quarantine')).toBe(false);
  });

  it('the folders stay that are mounted into other steps, and hold what this attempt found', async () => {
    const job = await inspect(named(4), 2, { onInvalid: 'quarantine' });
    const before = ['data/valid', 'data/quarantine'].map((folder) => statSync(job.path(folder)).ino);
    job.data({ '000.json': valid, '001.json': invalid, '002.json': valid, '003.json': valid });
    await job.run(validateInput);
    expect(['data/valid', 'data/quarantine'].map((folder) => statSync(job.path(folder)).ino)).toEqual(before);
    expect([below(job, 'data/valid'), quarantined(job)]).toEqual([['000.json', '002.json', '003.json'], ['001.json']]);
    expect(lines(job, '_quarantine/_errors.jsonl').map(({ file }) => file)).toEqual(['001.json']);
  });

  it('names are kept, and none is one of ours or of two files', async () => {
    const deep = `${'d'.repeat(200)}/`.repeat(4);
    const names = [
      '_errors.jsonl',
      '__errors.jsonl',
      '_output/a.json',
      '_long/a.json',
      'sub/_errors.jsonl',
      '日本語 %2F \u{1f600}.json',
      'e\u0301.json',
      '\u00e9.json',
      `_${'n'.repeat(249)}.json`,
      `${deep}${'x'.repeat(195)}.json`,
    ];
    const job = await inspect(names, names.length, { onInvalid: 'quarantine', framing: 'jsonl' }, { allowEmpty: true });
    const expected = [
      '___errors.jsonl',
      '__errors.jsonl',
      '__long/a.json',
      '__output/a.json',
      `_long/${sha256OfText(names[8] ?? '')}.json`,
      `_long/${sha256OfText(names[9] ?? '')}.json`,
      'sub/_errors.jsonl',
      'e\u0301.json',
      '\u00e9.json',
      '日本語 %2F \u{1f600}.json',
    ].sort();
    expect(quarantined(job)).toEqual(expected);
    const { files } = part(job).quarantined;
    expect(files.map(({ quarantine }) => quarantine).sort()).toEqual(expected.map((name) => `_quarantine/${name}`));
    for (const { path, quarantine } of files) {
      expect(readFileSync(job.path(`data/raw/${path}`))).toEqual(readFileSync(job.path(`data/quarantine/upload/${quarantine}`)));
      expect(Buffer.byteLength(`${jobRecord.output.path}${quarantine}`)).toBeLessThanOrEqual(1024);
    }
    const told = new Map(lines(job, '_quarantine/_errors.jsonl').map(({ file, quarantine }) => [file, quarantine]));
    expect(told).toEqual(new Map(files.map(({ path, quarantine }) => [path, quarantine])));
  });

  it('the list is cut, the count and the lines are not', async () => {
    const job = await inspect(named(1003), 1002, { onInvalid: 'quarantine' });
    expect(part(job).quarantined.total).toBe(1002);
    expect(part(job).quarantined.files).toHaveLength(1000);
    expect(lines(job, '_quarantine/_errors.jsonl')).toHaveLength(1002);
    expect(quarantined(job)).toHaveLength(1002);
    expect(below(job, 'data/valid')).toEqual(['1002.json']);
  });
});

describe('with onInvalid: skip', () => {
  it('an invalid file is kept from the predictor and only told of', async () => {
    const job = await inspect(['b.json', 'a.json'], 1, { onInvalid: 'skip' });
    expect(job.failure()).toBeUndefined();
    expect(below(job, 'data/valid')).toEqual(['a.json']);
    expect(quarantined(job)).toEqual([]);
    expect(below(job, 'report/upload')).toEqual(['_report/validation.jsonl']);
    const record = { path: 'b.json', size: invalid.length, sha256: sha256OfText(invalid) };
    expect(part(job)).toMatchObject({ invalid: 1, quarantined: { total: 0 }, skipped: { total: 1, files: [record] } });
    expect(job.stdout()).toContain('"valid":1,"invalid":1,"skipped":1,"ignored":0');
  });
});

it('with onInvalid: fail no file is left out: the run fails', async () => {
  const job = await inspect(named(3), 1, {});
  expect(job.failure()?.reason).toBe('runtime/invalid-input');
  expect(part(job)).toMatchObject({ run: false, invalid: 1, quarantined: { total: 0 }, skipped: { total: 0 } });
  expect([below(job, 'data/valid'), quarantined(job)]).toEqual([[], []]);
});

describe.each(['quarantine', 'skip'] as const)('with onInvalid: %s', (onInvalid) => {
  /** The reason of the failure, after looking at what every failure has in common. */
  const outcome = async (wrong: number, total: number, validation: Validation, data: Partial<JobRecord['data']> = {}): Promise<string> => {
    const job = await inspect(named(total), wrong, { ...validation, onInvalid }, data);
    const failure = job.failure();
    const runs = job.read('result-run') === 'yes';
    expect(below(job, 'data/valid')).toEqual(runs ? named(total).slice(wrong) : []);
    // The evidence, whatever becomes of the run.
    expect(quarantined(job)).toEqual(onInvalid === 'quarantine' ? named(total).slice(0, wrong) : []);
    expect(wrong === 0 || lines(job, '_report/validation.jsonl').length === wrong).toBe(true);
    if (!failure) return runs ? 'runs' : 'has nothing to do';
    expect([failure.code, runs, job.read('control/exit-code')]).toEqual([2, false, '2\n']);
    return failure.reason;
  };

  it.each<[string, number, number, Validation, string]>([
    ['no limit', 9, 10, {}, 'runs'],
    ['maxInvalidFiles: exactly as many', 2, 10, { maxInvalidFiles: 2 }, 'runs'],
    ['maxInvalidFiles: one more', 3, 10, { maxInvalidFiles: 2 }, 'runtime/too-many-invalid'],
    ['maxInvalidFiles: 0, and none', 0, 3, { maxInvalidFiles: 0 }, 'runs'],
    ['maxInvalidFiles: 0, and one', 1, 3, { maxInvalidFiles: 0 }, 'runtime/too-many-invalid'],
    ['maxInvalidRatio: exactly', 29, 100, { maxInvalidRatio: 0.29 }, 'runs'],
    ['maxInvalidRatio: exactly, of few', 3, 30, { maxInvalidRatio: 0.1 }, 'runs'],
    ['maxInvalidRatio: more', 30, 100, { maxInvalidRatio: 0.29 }, 'runtime/too-many-invalid'],
    ['maxInvalidRatio: 0', 1, 100, { maxInvalidRatio: 0 }, 'runtime/too-many-invalid'],
    ['maxInvalidRatio: 1, and all', 3, 3, { maxInvalidRatio: 1 }, 'runtime/no-valid-input'],
    ['both, and the ratio is exceeded', 5, 10, { maxInvalidFiles: 9, maxInvalidRatio: 0.4 }, 'runtime/too-many-invalid'],
    ['both, and the number is exceeded', 5, 10, { maxInvalidFiles: 4, maxInvalidRatio: 0.9 }, 'runtime/too-many-invalid'],
    ['no limit, and all', 3, 3, {}, 'runtime/no-valid-input'],
    ['a limit, and all', 3, 3, { maxInvalidFiles: 2 }, 'runtime/too-many-invalid'],
  ])('%s: %d of %d', async (_, wrong, total, validation, expected) => {
    expect(await outcome(wrong, total, validation)).toBe(expected);
  });

  it('a run without valid input succeeds where one without input does, within its limits', async () => {
    expect(await outcome(3, 3, {}, { allowEmpty: true })).toBe('has nothing to do');
    expect(await outcome(3, 3, { maxInvalidFiles: 2 }, { allowEmpty: true })).toBe('runtime/too-many-invalid');
  });

  it('files that are ignored count for no ratio', async () => {
    const job = await inspect(['a.json', 'b.json', 'c.csv', 'd.csv'], 1, { onInvalid, maxInvalidRatio: 0.49 });
    expect(job.failure()?.reason).toBe('runtime/too-many-invalid');
  });
});

it('a failure says which limit is exceeded, and the first problem', async () => {
  const sentence = async (validation: Validation, wrong = 2): Promise<string | undefined> =>
    (await inspect(named(3), wrong, { onInvalid: 'skip', ...validation })).failure()?.sentence;
  const first = /The first is "000\.json" at \/inputs \(line 1, byte \d+\): .*\. All are in _report\/validation\.jsonl\./;
  const start = 'of 3 input files are not valid requests of the Open Inference Protocol';
  for (const [found, words] of [
    [await sentence({ maxInvalidFiles: 1 }), `2 ${start}, and validation.maxInvalidFiles tolerates 1. `],
    [await sentence({ maxInvalidRatio: 0.05 }), `2 ${start}, and validation.maxInvalidRatio tolerates a share of 0.05. `],
    [await sentence({}, 3), `3 ${start}, so there is nothing to predict. `],
  ] as const) {
    expect(found?.startsWith(words), found).toBe(true);
    expect(found).toMatch(first);
  }
});
