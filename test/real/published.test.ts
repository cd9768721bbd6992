/** What a reader of the destination sees while a run publishes, after a run was killed while it did, and after the same job ran again. */
import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sha256OfText } from '../../runtime/base/files.js';
import { logInput } from '../../runtime/steps/log-input.js';
import { logOutput } from '../../runtime/steps/log-output.js';
import { validateInput } from '../../runtime/steps/validate-input.js';
import { validateOutput } from '../../runtime/steps/validate-output.js';
import { stepEnv } from '../../src/contract/paths.js';
import { programs } from '../../src/contract/programs.js';
import { rcloneEnv } from '../../src/contract/rclone-env.js';
import { parseManifest } from '../../src/contract/records.js';
import { findProgram } from '../../src/engine/run/programs.js';
import { readFiles } from '../cli/command.js';
import { createJob, jobRecord, request, response, type TestJob } from '../runtime/support/job.js';

interface Content {
  readonly input: Readonly<Record<string, string | object>>;
  readonly output: Readonly<Record<string, string | object>>;
  readonly maxInvalidFiles?: number;
}

const earlier: Content = {
  input: { 'a.json': request, 'b.json': request, 'x.json': '{}' },
  output: { 'a.json': response, 'b.json': response, 'n.csv': '1', 'bad.json': '{}' },
};
const later: Content = {
  input: { 'a.json': { ...request, id: '2' }, 'c.json': request, 'y.json': '{', 'z.json': '[]' },
  output: { 'a.json': { ...response, id: '2' }, 'c.json': response, 'n.csv': '2', 'worse.json': '[' },
};
const failing: Content = { ...later, maxInvalidFiles: 1 };

/** A job up to its last step. */
async function carryOut({ input, output, maxInvalidFiles }: Content): Promise<TestJob> {
  const job = createJob();
  const validation = { ...jobRecord.validation, onInvalid: 'quarantine', output: { onInvalid: 'quarantine' } } as const;
  job.write('control/job.json', {
    ...jobRecord,
    validation: { ...validation, ...(maxInvalidFiles === undefined ? {} : { maxInvalidFiles }) },
    feedback: { ...jobRecord.feedback, sink: 'objectStorage', compression: 'none' },
  });
  job.data(input);
  for (const step of [validateInput, logInput]) expect(await job.run(step)).toBe(0);
  if (job.read('result-run') === 'yes') for (const [name, content] of Object.entries(output)) job.write(`output/${name}`, content);
  job.write('exit-code-of-predictor', '0');
  for (const step of [validateOutput, logOutput]) expect(await job.run(step)).toBe(0);
  return job;
}

interface Cut {
  /** The call of rclone that does not come to its end; none: the last step is done. */
  readonly call: number;
  /** `before` it does anything, or `amid` its transfers. */
  readonly when: 'before' | 'amid';
}

/** Runs sync-output against a folder. Returns its exit code and how often it called rclone. */
function publish(job: TestJob, destination: string, cut?: Cut): { readonly code: number | null; readonly calls: number } {
  const rclone = findProgram('rclone', process.env['PATH'] ?? '');
  if (rclone === undefined) throw new Error('rclone must be on PATH');
  const calls = job.path('calls');
  writeFileSync(calls, '');
  writeFileSync(job.path('rclone/rclone.conf'), `[output]\ntype = alias\nremote = ${destination}\n`);
  const amid = cut?.when === 'amid' ? `"${rclone}" "$@" --transfers=1 --max-transfer=1B --cutoff-mode=soft >&2 || :` : ':';
  const stop = cut ? `if [ "$(wc -c < "${calls}")" -eq ${String(cut.call)} ]; then ${amid}; exit 9; fi` : '';
  mkdirSync(job.path('bin'), { recursive: true });
  writeFileSync(job.path('bin/rclone'), `#!/bin/sh\nprintf x >> "${calls}"\n${stop}\nexec "${rclone}" "$@"\n`);
  chmodSync(job.path('bin/rclone'), 0o755);
  const { status } = spawnSync('sh', ['-ec', programs.syncOutput], {
    env: {
      PATH: `${job.path('bin')}:${process.env['PATH'] ?? ''}`,
      HOME: job.root,
      ...rcloneEnv({ parallel: 4 }),
      RCLONE_CONFIG: job.path('rclone/rclone.conf'),
      [stepEnv.rclone]: job.path('rclone'),
      [stepEnv.publish]: job.path('publish'),
      [stepEnv.report]: job.path('report'),
      [stepEnv.quarantine]: job.path('data/quarantine/upload'),
      [stepEnv.control]: job.path('control'),
    },
    encoding: 'utf8',
  });
  return { code: status, calls: readFileSync(calls, 'utf8').length };
}

/** Looks as a reader does: what is marked must be there, whole. Returns the markers. */
function look(destination: string): readonly string[] {
  const files = readFiles(destination);
  const { '_MANIFEST.json': text, _SUCCESS: success, '_FAILED.json': failed } = files;
  if (success !== undefined) expect(success).toBe(`${sha256OfText(text ?? '')}\n`);
  if (text !== undefined) {
    expect(failed).toBeUndefined();
    const manifest = parseManifest(text).value;
    expect(manifest?.output.files.length).toBeGreaterThan(0);
    for (const { path, sha256 } of manifest?.output.files ?? []) expect(sha256OfText(files[path] ?? ''), path).toBe(sha256);
    for (const each of [...(manifest?.input.quarantined ?? []), ...(manifest?.output.quarantined ?? [])])
      expect(sha256OfText(files[each.quarantine] ?? ''), each.quarantine).toBe(each.sha256);
  }
  if (failed !== undefined) expect([success, text]).toEqual([undefined, undefined]);
  return ['_SUCCESS', '_MANIFEST.json', '_FAILED.json'].filter((name) => files[name] !== undefined);
}

describe('a reader of the destination', () => {
  it.each([
    ['a run that succeeds', 'one that succeeded', later, earlier, ['_SUCCESS', '_MANIFEST.json']],
    ['a run that fails', 'one that succeeded', failing, earlier, ['_FAILED.json']],
    ['a run that succeeds', 'one that failed', later, failing, ['_SUCCESS', '_MANIFEST.json']],
  ] as const)('sees all of what is marked, wherever %s ends after %s', async (_, __, content, before, markers) => {
    const job = await carryOut(content);
    const first = await carryOut(before);
    const [start, whole, destination] = [first.path('start'), first.path('whole'), first.path('destination')];
    mkdirSync(start);
    publish(first, start);
    cpSync(start, whole, { recursive: true });
    const { calls, code } = publish(job, whole);
    expect(look(whole)).toEqual(markers);
    expect(calls).toBeGreaterThan(6);

    const seen = new Set<string>();
    for (const when of ['before', 'amid'] as const) {
      for (let call = 1; call <= calls; call += 1) {
        rmSync(destination, { recursive: true, force: true });
        cpSync(start, destination, { recursive: true });
        expect(publish(job, destination, { call, when }).code).not.toBe(0);
        seen.add(look(destination).join());
        // Another attempt makes it whole.
        if (call % 3 === 0) {
          expect(publish(job, destination).code).toBe(code);
          expect(readFiles(destination)).toEqual(readFiles(whole));
        }
      }
    }
    // Runs were cut where nothing was marked, and where the marks of the run before stood.
    expect(seen.has('')).toBe(true);
    expect(seen.size).toBeGreaterThan(1);
  });
});

it('the same job again leaves the same bytes', async () => {
  const trees: unknown[] = [];
  const destination = (await carryOut(earlier)).path('destination');
  mkdirSync(destination);
  for (let attempt = 0; attempt < 2; attempt += 1) {
    const job = await carryOut(later);
    expect(publish(job, destination).code).toBe(0);
    trees.push(readFiles(destination));
  }
  expect(trees[1]).toEqual(trees[0]);
  expect(Object.keys(trees[0] as object)).toEqual([
    '_MANIFEST.json',
    '_SUCCESS',
    '_feedback/requests.jsonl',
    '_feedback/responses.jsonl',
    '_quarantine/_errors.jsonl',
    '_quarantine/_output/_errors.jsonl',
    '_quarantine/_output/worse.json',
    '_quarantine/y.json',
    '_quarantine/z.json',
    '_report/output-validation.jsonl',
    '_report/validation.jsonl',
    'a.json',
    'c.json',
    'n.csv',
  ]);
});

it('a run takes away what only an earlier one published beside its results', async () => {
  const first = await carryOut(earlier);
  const destination = join(first.root, 'destination');
  mkdirSync(destination);
  publish(first, destination);
  expect(Object.keys(readFiles(destination))).toContain('_quarantine/x.json');
  const clean: Content = { input: { 'a.json': request }, output: { 'a.json': response } };
  publish(await carryOut(clean), destination);
  expect(Object.keys(readFiles(destination)).filter((name) => /^_(quarantine|report)/.test(name))).toEqual([]);
  // Results of earlier runs stay: they may be others' too.
  expect(Object.keys(readFiles(destination))).toContain('b.json');
});
