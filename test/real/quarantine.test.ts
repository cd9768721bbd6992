/** Invalid files that do not fail a run, through whole jobs on this machine. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Manifest } from '../../src/contract/job-record.js';
import { writeFiles } from '../cli/command.js';
import { json, place, type Place, published, run, withoutTimes } from './run-place.js';

const withValidation = (validation: string): Place => place({ service: (yaml) => `${yaml}  validation: ${validation}\n` });
const manifest = (at: Place, name = '_MANIFEST.json'): Manifest => json(published(at)[name]) as Manifest;
const errors = (text: string | undefined): readonly unknown[] => (text ?? '').trim().split('\n').map(json);
const readExample = ({ store }: Place): string => readFileSync(join(store, 'raw/fraud/in/transactions-1.json'), 'utf8');
/** Without feedback, which is not what these tests are about. */
const paths = (at: Place): readonly string[] => Object.keys(published(at)).filter((path) => !path.startsWith('_feedback/'));

describe('with onInvalid: quarantine', () => {
  const wrong = { 'raw/fraud/in/späte Daten/[1].json': '{"inputs": [', 'raw/fraud/in/_output/_errors.json': '{"inputs": []}' };

  it('invalid files are published apart, and the predictor sees the others only', () => {
    const at = withValidation('{onInvalid: quarantine, maxInvalidFiles: 2, maxInvalidRatio: 0.4}');
    writeFiles(at.store, wrong);
    const { code, stdout, stderr } = run(at);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(paths(at)).toEqual([
      '_MANIFEST.json',
      '_SUCCESS',
      '_quarantine/__output/_errors.json',
      '_quarantine/_errors.jsonl',
      '_quarantine/späte Daten/[1].json',
      '_report/validation.jsonl',
      'transactions-1.json',
      'transactions-2.json',
      'transactions-3.json',
    ]);
    const files = published(at);
    expect(files['_quarantine/späte Daten/[1].json']).toBe('{"inputs": [');
    expect(files['_quarantine/__output/_errors.json']).toBe('{"inputs": []}');
    expect(errors(files['_quarantine/_errors.jsonl'])).toMatchObject([
      { file: '_output/_errors.json', quarantine: '_quarantine/__output/_errors.json', code: 'E-EMPTY-INPUTS', line: 1 },
      { file: 'späte Daten/[1].json', quarantine: '_quarantine/späte Daten/[1].json', code: 'E-JSON', offset: 12 },
    ]);
    expect(manifest(at)).toMatchObject({
      counts: { listed: 5, valid: 3, invalid: 2, quarantined: 2, skipped: 0, outputs: 3, invalidOutputs: 0 },
      input: { quarantined: [{ path: '_output/_errors.json' }, { path: 'späte Daten/[1].json', size: 12 }], skipped: [] },
    });
    expect(withoutTimes(stdout)).toContain(`    the input is inspected (run true, listed 5, valid 3, invalid 2, quarantined 2, ignored 0)\n`);
    const input = /\n( {2}input .*\n.*\n)/.exec(stdout)?.[1];
    expect(input).toBe(
      `  input   3 files, 896 B, from store/raw/fraud/in/\n  invalid 2 files of the input, in store/results/fraud/out/_quarantine/\n`,
    );
  });

  it('a later run takes away what is not invalid any more', () => {
    const at = withValidation('{onInvalid: quarantine}');
    writeFiles(at.store, wrong);
    expect(run(at).code).toBe(0);
    writeFiles(at.store, { 'raw/fraud/in/_output/_errors.json': '{}', 'raw/fraud/in/späte Daten/[1].json': readExample(at) });
    expect(run(at).code).toBe(0);
    expect(paths(at).filter((path) => path.startsWith('_quarantine/'))).toEqual(['_quarantine/__output/_errors.json', '_quarantine/_errors.jsonl']);
    expect(errors(published(at)['_quarantine/_errors.jsonl'])).toMatchObject([{ file: '_output/_errors.json', code: 'E-MISSING' }]);
    expect(manifest(at).counts).toMatchObject({ quarantined: 1, outputs: 4 });
    writeFiles(at.store, { 'raw/fraud/in/_output/_errors.json': readExample(at) });
    // The example's predictor would write _output/, which is not its own.
    expect(run(at).code).toBe(1);
    expect(paths(at).filter((path) => path.startsWith('_quarantine/'))).toEqual([]);
  });

  it('too many fail the run, with the evidence', () => {
    const at = withValidation('{onInvalid: quarantine, maxInvalidRatio: 0.39}');
    writeFiles(at.store, wrong);
    const { code, stdout, stderr } = run(at);
    expect(code).toBe(1);
    expect(withoutTimes(stdout)).toContain('6/9 user-container ... skipped\n');
    expect(stderr).toMatch(
      /^error: step validate-input failed with exit code 2: 2 of 5 input files .* validation\.maxInvalidRatio tolerates a share of 0\.39\./,
    );
    expect(paths(at)).toEqual([
      '_FAILED.json',
      '_quarantine/__output/_errors.json',
      '_quarantine/_errors.jsonl',
      '_quarantine/späte Daten/[1].json',
      '_report/validation.jsonl',
    ]);
    expect(manifest(at, '_FAILED.json')).toMatchObject({ failure: { reason: 'runtime/too-many-invalid', code: 2 }, counts: { quarantined: 2 } });
  });
});

it('with onInvalid: skip invalid files are only told of', () => {
  const at = withValidation('{onInvalid: skip}');
  writeFiles(at.store, { 'raw/fraud/in/broken.json': '{"inputs": [' });
  const { code, stdout } = run(at);
  expect(code).toBe(0);
  expect(paths(at)).toEqual(['_MANIFEST.json', '_SUCCESS', '_report/validation.jsonl', ...[1, 2, 3].map((n) => `transactions-${String(n)}.json`)]);
  expect(manifest(at)).toMatchObject({ counts: { invalid: 1, skipped: 1, quarantined: 0 }, input: { skipped: [{ path: 'broken.json' }] } });
  expect(stdout).toContain('  invalid 1 file of the input, skipped, see store/results/fraud/out/_report/validation.jsonl\n');
});

describe('with output.onInvalid: quarantine', () => {
  const predictor = (text: string): string => `import os
from pathlib import Path
out = Path(os.environ["ODAHU_MODEL_OUTPUT"])
(out / "good.json").write_text(${JSON.stringify(text)})
(out / "bad.json").write_text('{"outputs": []}')
(out / "notes.csv").write_text("1")
`;
  const service = (yaml: string): string => `${yaml}  validation: {output: {onInvalid: quarantine}}\n`;

  it('invalid files of the predictor are published apart', () => {
    const at = place({
      service,
      predictor: predictor('{"model_name": "fraud", "outputs": [{"name": "y", "shape": [1], "datatype": "BOOL", "data": [true]}]}'),
    });
    const { code, stdout } = run(at);
    expect(code).toBe(0);
    expect(paths(at)).toEqual([
      '_MANIFEST.json',
      '_SUCCESS',
      '_quarantine/_output/_errors.jsonl',
      '_quarantine/_output/bad.json',
      '_report/output-validation.jsonl',
      'good.json',
      'notes.csv',
    ]);
    expect(manifest(at).output.files.map(({ path }) => path)).toEqual(['good.json', 'notes.csv']);
    expect(manifest(at).output.quarantined).toMatchObject([{ path: 'bad.json', quarantine: '_quarantine/_output/bad.json' }]);
    expect(stdout).toContain(`  invalid 1 file of the output, in ${join('store', 'results/fraud/out/_quarantine/_output/')}\n`);
  });

  it('no valid response fails the run, with the evidence', () => {
    const at = place({ service, predictor: predictor('{}') });
    const { code, stderr } = run(at);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^error: step validate-output failed with exit code 2: 2 of 2 output files /);
    expect(paths(at)).toEqual([
      '_FAILED.json',
      ...['_errors.jsonl', 'bad.json', 'good.json'].map((name) => `_quarantine/_output/${name}`),
      '_report/output-validation.jsonl',
    ]);
  });
});
