import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { configureRclone } from '../../runtime/steps/configure-rclone.js';
import { logInput } from '../../runtime/steps/log-input.js';
import { logOutput } from '../../runtime/steps/log-output.js';
import { validateInput } from '../../runtime/steps/validate-input.js';
import { validateOutput } from '../../runtime/steps/validate-output.js';
import type { JobRecord } from '../../src/contract/job-record.js';
import { parseManifest } from '../../src/contract/records.js';
import { createJob, jobRecord, request, response, type TestJob } from './support/job.js';

/** As they are published. */
const schema = (name: string): Readonly<Record<string, unknown>> =>
  JSON.parse(readFileSync(new URL(`../../schemas/${name}.json`, import.meta.url), 'utf8')) as Readonly<Record<string, unknown>>;
const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, allErrors: true });
const compiled = new Map<string, ValidateFunction>();
function problems(name: string, value: unknown): readonly string[] {
  const validate = compiled.get(name) ?? ajv.compile(schema(name));
  compiled.set(name, validate);
  return validate(value) ? [] : (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message ?? ''}`);
}

interface Run {
  readonly input: Readonly<Record<string, string | object>>;
  readonly output: Readonly<Record<string, string | object>>;
  readonly exitCode?: string;
  readonly changes?: Partial<JobRecord>;
}

const { input, output } = jobRecord.feedback;
const tolerant: JobRecord['validation'] = { ...jobRecord.validation, onInvalid: 'quarantine', output: { onInvalid: 'quarantine' } };
const inline: JobRecord['feedback'] = { sink: 'objectStorage', compression: 'none', input, output, payload: { kind: 'inline', limit: 200 } };
const wrong = { inputs: [{ name: 'x', shape: [300], datatype: 'BOOL', data: Array.from({ length: 300 }, () => 1) }], surprise: 1 };

const runs: Readonly<Record<string, Run>> = {
  'that succeeds': { input: { 'a.json': request, 'n.csv': '1' }, output: { 'a.json': response } },
  'of a caller, with records that hold the files': {
    input: { 'a.json': request, 'long.json': { ...request, id: 'x'.repeat(300) } },
    output: { 'a.json': response, 'b.bin': '1' },
    changes: { caller: 'airflow', requestId: 'nightly', feedback: inline, service: { ...jobRecord.service, owner: '' } },
  },
  'with a quarantine on both sides': {
    input: { 'a.json': request, '_b.json': wrong, 'c.json': '{' },
    output: { 'a.json': response, 'b.json': {}, 'c.json': '[' },
    changes: { validation: tolerant },
  },
  'that skips': {
    input: { 'a.json': request, 'b.json': wrong },
    output: { 'a.json': response },
    changes: { validation: { ...tolerant, onInvalid: 'skip' } },
  },
  'with invalid input': { input: { 'a.json': request, 'b.json': wrong }, output: {} },
  'with too many invalid files': {
    input: { 'a.json': request, 'b.json': wrong },
    output: {},
    changes: { validation: { ...tolerant, maxInvalidFiles: 0 } },
  },
  'whose predictor crashes': { input: { 'a.json': request }, output: { 'a.json': response }, exitCode: '42', changes: { feedback: inline } },
  'without a valid response': { input: { 'a.json': request }, output: { 'a.json': {} }, changes: { validation: tolerant } },
  'with nothing': { input: {}, output: {} },
};

async function carryOut({ input: data, output: results, exitCode = '0', changes = {} }: Run): Promise<TestJob> {
  const job = createJob();
  // What it logs; the record is replaced by that of the test.
  await job.run(configureRclone);
  job.write('control/job.json', { ...jobRecord, ...changes });
  job.data(data);
  for (const step of [validateInput, logInput]) expect(await job.run(step)).toBe(0);
  for (const [name, content] of Object.entries(results)) job.write(`output/${name}`, content);
  job.write('exit-code-of-predictor', exitCode);
  for (const step of [validateOutput, logOutput]) expect(await job.run(step)).toBe(0);
  return job;
}

/** Each line of a file of the run, or nothing where there is none. */
const lines = (job: TestJob, path: string): readonly unknown[] =>
  existsSync(job.path(path))
    ? job
        .read(path)
        .trimEnd()
        .split('\n')
        .map((text) => JSON.parse(text) as unknown)
    : [];
const uploads: Readonly<Record<string, string>> = {
  '_report/validation.jsonl': 'report-line',
  '_report/output-validation.jsonl': 'report-line',
  '_quarantine/_errors.jsonl': 'quarantine-line',
  '_quarantine/_output/_errors.jsonl': 'quarantine-line',
  '_feedback/requests.jsonl': 'feedback-record',
  '_feedback/responses.jsonl': 'feedback-record',
};

describe.each(Object.entries(runs))('a run %s', (_, run) => {
  it('leaves what the schemas say', async () => {
    const job = await carryOut(run);
    for (const name of readdirSync(job.path('report/final')).filter((each) => each !== '_SUCCESS')) {
      expect(problems(name === '_FAILED.json' ? 'failed' : 'manifest', JSON.parse(job.read(`report/final/${name}`)))).toEqual([]);
    }
    const left = existsSync(job.path('report/upload'))
      ? readdirSync(job.path('report/upload'), { recursive: true, encoding: 'utf8' }).filter((name) => name.includes('.'))
      : [];
    expect(left.filter((name) => !Object.hasOwn(uploads, name))).toEqual([]);
    for (const name of left) for (const each of lines(job, `report/upload/${name}`)) expect(problems(uploads[name] ?? '', each), name).toEqual([]);
    const log = job.stdout().trimEnd().split('\n');
    expect(log.length).toBeGreaterThan(3);
    for (const each of log) expect(problems('log-line', JSON.parse(each)), each).toEqual([]);
  });
});

it('the runs above leave every kind of file and every form of line', async () => {
  const found = new Map<string, unknown[]>();
  for (const run of Object.values(runs)) {
    const job = await carryOut(run);
    for (const name of Object.keys(uploads)) found.set(name, [...(found.get(name) ?? []), ...lines(job, `report/upload/${name}`)]);
  }
  for (const name of Object.keys(uploads)) expect(found.get(name)?.length, name).toBeGreaterThan(0);
  const has = (name: string, part: object): void => {
    expect(found.get(name)).toContainEqual(expect.objectContaining(part));
  };
  has('_report/validation.jsonl', { severity: 'warning' });
  has('_report/validation.jsonl', { notShown: expect.any(Number) as number });
  has('_quarantine/_errors.jsonl', { notShown: expect.any(Number) as number, quarantine: '_quarantine/__b.json' });
  has('_feedback/requests.jsonl', { payload: expect.objectContaining({ contentOmitted: 'too-large' }) as object });
  has('_feedback/responses.jsonl', { payload: expect.objectContaining({ content: JSON.stringify(response) }) as object });
});

/** The paths of all values inside a value. */
const pathsOf = (value: unknown, path: readonly string[] = []): readonly (readonly string[])[] => [
  path,
  ...(typeof value === 'object' && value !== null ? Object.entries(value).flatMap(([key, inner]) => pathsOf(inner, [...path, key])) : []),
];

/** A copy in which `change` was done to what holds the last step of a path. */
function changed(value: unknown, path: readonly string[], change: (parent: Record<string, unknown>, key: string) => void): unknown {
  const root = { value: structuredClone(value) };
  const steps = ['value', ...path];
  const parent = steps.slice(0, -1).reduce<Record<string, unknown>>((at, step) => at[step] as Record<string, unknown>, root);
  change(parent, steps.at(-1) ?? '');
  return root.value;
}

describe.each([
  ['manifest', '_MANIFEST.json', 'with a quarantine on both sides'],
  ['manifest', '_MANIFEST.json', 'that skips'],
  ['failed', '_FAILED.json', 'whose predictor crashes'],
] as const)('schemas/%s.json and our reader of %s', (name, file, run) => {
  const others: readonly unknown[] = [null, '', 'two words', 'a\nb', 'a\u2028b', '2026-11-22', 'F'.repeat(64), 0, -1, 1.5, 2 ** 53, true, {}, []];

  it(`take and refuse the same, whatever is changed in that of a run ${run}`, async () => {
    const job = await carryOut(runs[run] ?? { input: {}, output: {} });
    const sample = JSON.parse(job.read(`report/final/${file}`)) as unknown;
    let refused = 0;
    const compare = (value: unknown, what: string): void => {
      const [bySchema, byReader] = [problems(name, value), parseManifest(JSON.stringify(value) ?? '').problem];
      expect(bySchema.length > 0, `${what}: ${bySchema.join(', ')} | ${byReader ?? ''}`).toBe(byReader !== undefined);
      if (byReader !== undefined) refused += 1;
    };
    for (const path of pathsOf(sample).filter(({ length }) => length > 0)) {
      const where = path.join('.');
      for (const other of others)
        compare(
          changed(sample, path, (parent, key) => (parent[key] = other)),
          `${where} = ${JSON.stringify(other)}`,
        );
      compare(
        changed(sample, [...path, 'extra'], (parent, key) => {
          if (typeof parent === 'object' && parent !== null && !Array.isArray(parent)) parent[key] = 1;
        }),
        `${where}.extra`,
      );
      // Our reader takes both documents; only one of the schemas wants a failure.
      if (where !== 'failure' && !Array.isArray(path.slice(0, -1).reduce<unknown>((at, step) => (at as Record<string, unknown>)[step], sample)))
        compare(
          changed(sample, path, (parent, key) => {
            // eslint-disable-next-line @typescript-eslint/no-dynamic-delete -- that is the change
            delete parent[key];
          }),
          `without ${where}`,
        );
    }
    expect(refused).toBeGreaterThan(100);
  });
});

it('a manifest has no failure, and a failed run has one', async () => {
  const job = await carryOut(runs['that succeeds'] ?? { input: {}, output: {} });
  const manifest = JSON.parse(job.read('report/final/_MANIFEST.json')) as object;
  const failure = { step: 'x', code: 1, reason: 'runtime/internal-error', sentence: 'x' };
  expect(problems('failed', manifest)).toEqual([" must have required property 'failure'"]);
  expect(problems('failed', { ...manifest, failure })).toEqual([]);
  expect(problems('manifest', { ...manifest, failure })).toEqual([' must NOT have additional properties']);
});

it('every object is closed, every field says what it is', () => {
  const visit = (node: unknown, path: string): void => {
    if (typeof node !== 'object' || node === null) return;
    const { type, description, additionalProperties, properties = {}, items, oneOf = [] } = node as Record<string, unknown>;
    expect(typeof description === 'string' && /[.…]$/.test(description), path).toBe(true);
    // A map with names of the author's choice has a rule for its values instead.
    if (typeof additionalProperties === 'object') visit(additionalProperties, `${path}.*`);
    else if (type === 'object' && path !== 'log-line') expect(additionalProperties, path).toBe(false);
    for (const [name, inner] of Object.entries(properties as object)) visit(inner, `${path}.${name}`);
    if (items) visit(items, `${path}[]`);
    for (const inner of oneOf as readonly unknown[]) visit(inner, `${path}|`);
  };
  for (const name of new Set(['manifest', 'failed', 'log-line', ...Object.values(uploads)])) visit(schema(name), name);
});
