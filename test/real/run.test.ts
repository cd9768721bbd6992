/** Whole jobs on this machine: the compiled Task, the real rclone, the bundled runtime, a predictor in Python. */
import { cpSync, existsSync, mkdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findProgram } from '../../src/engine/run/programs.js';
import { millrace, readFiles, writeFiles } from '../cli/command.js';
import { fraud, isRunning, json, place, published, run, withoutTimes } from './run-place.js';

describe('a job that succeeds', () => {
  it('prints each step and what came of it', () => {
    const { code, stdout, stderr } = run(place());
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(withoutTimes(stdout)).toBe(`job fraud-scorer--local of risk/fraud-scorer

1/9 configure-rclone ... ok TIME
    the job is configured (data s3://raw-bucket/fraud/in/, model s3://models-bucket/fraud/1.4/, output s3://results-bucket/fraud/out/)
2/9 sync-data ... ok TIME
    3 files, 896 B copied
3/9 sync-model ... ok TIME
    1 file, 167 B copied
4/9 validate-input ... ok TIME
    the input is inspected (run true, listed 3, valid 3, invalid 0, ignored 0)
5/9 log-input ... ok TIME
    the feedback records are delivered (sink objectStorage, records 3)
6/9 user-container ...
    | transactions-1.json: 4 transactions, 1 flagged
    | transactions-2.json: 3 transactions, 1 flagged
    | transactions-3.json: 2 transactions, 1 flagged
    ok TIME
7/9 validate-output ... ok TIME
    the output is checked (files 3)
8/9 log-output ... ok TIME
    the feedback records are delivered (sink objectStorage, records 3)
    the run has succeeded (listed 3, valid 3, invalid 0, ignored 0, outputs 3)
9/9 sync-output ... ok TIME
${/\n( {4}\d+ files, [\d.]+ kB copied)\n\ndone/.exec(stdout)?.[1] ?? ''}

done in TIME
  model   fraud 1.4, sha256 2f11bf286f7d8f10912628a040dadd368a230265ae759e86990a7e8de0608fc9
  input   3 files, 896 B, from store/raw/fraud/in/
  output  3 files, 765 B, in store/results/fraud/out/
`);
  });

  it('publishes responses with the ids of their requests, the manifest and the marker, and leaves nothing else behind', () => {
    const at = place();
    const before = readFiles(join(at.store, 'raw'));
    expect(run(at).code).toBe(0);
    const files = published(at);
    expect(Object.keys(files)).toEqual([
      '_MANIFEST.json',
      '_SUCCESS',
      '_feedback/requests.jsonl',
      '_feedback/responses.jsonl',
      'transactions-1.json',
      'transactions-2.json',
      'transactions-3.json',
    ]);
    expect(json(files['transactions-2.json'])).toEqual({
      id: '2026-11-22-2',
      model_name: 'fraud',
      model_version: '1.4',
      outputs: [
        { name: 'score', shape: [3], datatype: 'FP64', data: [0.7368, 0.0028, 0.1806] },
        { name: 'flagged', shape: [3], datatype: 'BOOL', data: [true, false, false] },
      ],
    });
    expect(json(files['_MANIFEST.json'])).toMatchObject({
      jobId: 'fraud-scorer--local',
      requestId: null,
      counts: { listed: 3, valid: 3, outputs: 3 },
    });
    expect(readFiles(join(at.store, 'raw'))).toEqual(before);
    expect(existsSync(join(at.root, '.millrace-run'))).toBe(false);
  });

  it('gives the same results a second time', () => {
    const at = place();
    const results = [0, 1].map(() => {
      expect(run(at).code).toBe(0);
      const { '_MANIFEST.json': manifest, _SUCCESS: marker, ...files } = published(at);
      expect(marker).toBeDefined();
      return { manifest: manifest?.replace(/"20\d\d-[^"]+Z"/g, '""'), files: JSON.stringify(files).replace(/20\d\d-\d\d-\d\dT[^"\\]+Z/g, '') };
    });
    expect(results[1]).toEqual(results[0]);
  });

  it('keeps its volumes with --keep, in the folder of --work, and takes them over the next time', () => {
    const at = place();
    expect(run(at, ['--work', 'volumes', '--keep']).code).toBe(0);
    expect(existsSync(join(at.root, 'volumes/volumes/data/valid/transactions-1.json'))).toBe(true);
    expect(run(at, ['--work', 'volumes']).code).toBe(0);
    expect(existsSync(join(at.root, 'volumes'))).toBe(false);
  });

  it('has a folder of its own for each job with layout perJob', () => {
    const at = place({ service: (yaml) => yaml.replace('path: fraud/out/', 'path: fraud/out/\n    layout: perJob') });
    expect(run(at, ['--job-id', 'try-7']).code).toBe(0);
    expect(Object.keys(published(at)).filter((path) => path.endsWith('_SUCCESS'))).toEqual(['try-7/_SUCCESS']);
  });

  it('with --schedule: what the schedule would start at that time, with its dates and its requestId', () => {
    const schedules = `  triggers:
    webhook: {enabled: false}
    schedules:
      - name: nightly
        cron: "0 2 * * *"
        timeZone: Europe/Berlin
        suspend: true
        request:
          dataSource: {path: "fraud/in/{date-1d}/"}
          outputDestination: {path: "fraud/out/{date}/{requestId}/"}
`;
    const at = place({ service: (yaml) => `${yaml.replace(/^ {2}triggers:\n(?: {4}.*\n)*/m, '').trimEnd()}\n${schedules}` });
    cpSync(join(at.store, 'raw/fraud/in'), join(at.store, 'day'), { recursive: true });
    renameSync(join(at.store, 'day'), join(at.store, 'raw/fraud/in/2026-11-21'));
    // An hour of the 22nd in Berlin is still one of the 21st in UTC.
    const { code, stdout } = run(at, ['--schedule', 'nightly', '--at', '2026-11-22T00:30+01:00']);
    expect({ code, first: stdout.split('\n')[0] }).toMatchObject({
      code: 0,
      first: expect.stringContaining('of risk/fraud-scorer, as schedule nightly starts it for 2026-11-21T23:30Z') as string,
    });
    const folder = '2026-11-22/sched-nightly-202611212330';
    const files = published(at);
    expect(files[`${folder}/_SUCCESS`]).toBeDefined();
    expect(json(files[`${folder}/_MANIFEST.json`])).toMatchObject({ jobId: 'fraud-scorer--local', requestId: 'sched-nightly-202611212330' });
  });

  it('with a model inside the image', () => {
    const embedded = `  modelSource:
    imagePath: /opt/app/model
    name: fraud
    version: "1.4"
  dataSource`;
    const at = place({ service: (yaml) => yaml.replace(/ {2}modelSource:[^]*?\n {2}dataSource/, embedded) });
    cpSync(join(at.store, 'models/fraud/1.4'), join(at.app, 'model'), { recursive: true });
    const { code, stdout } = run(at);
    expect({ code, model: /model +(.*)/.exec(stdout.split('done in')[1] ?? '')?.[1] }).toEqual({ code: 0, model: 'fraud 1.4 (in the image)' });
    expect(published(at)['_SUCCESS']).toBeDefined();
  });
});

describe('the predictor', () => {
  it('sees a clean environment and the folders of the contract', () => {
    const predictor = `import json, os, sys
print(json.dumps({"names": sorted(os.environ), "model": os.listdir(os.environ["ODAHU_MODEL_PATH"]), "args": sys.argv[1:]}))
print(sorted(os.listdir(os.environ["ODAHU_INPUT_PATH"])), os.environ["ODAHU_OUTPUT_PATH"] == os.environ["ODAHU_MODEL_OUTPUT"], file=sys.stderr)
sys.exit(1)
`;
    const at = place({ predictor });
    const { stdout } = millrace(fraud(at), { cwd: at.root, env: { AWS_SECRET_ACCESS_KEY: 'secret', MILLRACE_TEST: '1' } });
    const [line = '{}', ...others] = [...stdout.matchAll(/^ {4}\| (.*)$/gm)]
      .map(([, text = '']) => text)
      .sort((a, b) => Number(b.startsWith('{')) - Number(a.startsWith('{')));
    const seen = json(line) as { names: string[]; model: string[]; args: string[] };
    const promised = ['HOME', 'LANG', 'PATH', 'TMPDIR', 'ODAHU_MODEL', 'ODAHU_MODEL_PATH', 'ODAHU_MODEL_INPUT', 'ODAHU_INPUT_PATH'];
    expect(seen.names).toEqual(expect.arrayContaining([...promised, 'ODAHU_MODEL_OUTPUT', 'ODAHU_OUTPUT_PATH']));
    // A wrapper around Python may add variables of its own; what comes from outside or is meant for our steps is never among them.
    expect(seen.names.filter((name) => /^(AWS|MILLRACE|RCLONE)_/.test(name))).toEqual([]);
    expect(seen.model).toEqual(['model.json']);
    expect(seen.args).toEqual(['--model', join(at.root, '.millrace-run/fraud-scorer--local/volumes/model')]);
    expect(others).toEqual(["['transactions-1.json', 'transactions-2.json', 'transactions-3.json'] True"]);
  });

  it('crashes: the evidence is published, no result is, and the exit code is told (run/step-failed)', () => {
    const at = place({ predictor: 'import sys\nprint("no such column")\nsys.exit(42)\n' });
    writeFiles(at.store, { 'results/fraud/out/_SUCCESS': '' });
    const { code, stdout, stderr } = run(at);
    expect(code).toBe(1);
    expect(stdout).toContain('    | no such column\n    exit code 42 ');
    expect(stderr)
      .toBe(`error: step user-container failed with exit code 42: The predictor exited with code 42. Its log is that of the step user-container; nothing of its output is published. [run/step-failed]
   hint: more about it: millrace explain runtime/predictor-failed
   help: millrace explain run/step-failed
last lines of user-container:
    | no such column
evidence: store/results/fraud/out/_FAILED.json
work folder: .millrace-run/fraud-scorer--local
`);
    expect(Object.keys(published(at))).toEqual(['_FAILED.json', '_feedback/requests.jsonl']);
    expect(json(published(at)['_FAILED.json'])).toMatchObject({ failure: { step: 'user-container', code: 42 }, counts: { outputs: 0 } });
  });

  it('exceeds its time: it is killed with what it has started, and nothing is published (run/step-timed-out)', () => {
    const predictor = `import subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
print(child.pid, flush=True)
time.sleep(60)
`;
    const at = place({ predictor, service: (yaml) => `${yaml}  timeout: 2s\n` });
    const started = Date.now();
    const { code, stdout, stderr } = run(at);
    expect({ code, fast: Date.now() - started < 50_000 }).toEqual({ code: 1, fast: true });
    expect(stderr).toContain(
      'error: step user-container took longer than its 2s, so the run ended there and nothing was published [run/step-timed-out]\n',
    );
    expect(withoutTimes(stdout)).toMatch(/\n {4}timed out TIME\n$/);
    expect(isRunning(Number(/^ {4}\| (\d+)$/m.exec(stdout)?.[1]))).toBe(false);
    expect(published(at)).toEqual({});
  });

  it('writes into the model: told, because it would fail on a cluster (run/read-only-changed)', () => {
    const at = place({
      predictor: 'import os\ntry:\n  open(os.environ["ODAHU_MODEL"] + "/cache", "w")\nexcept OSError as error:\n  print(error.strerror)\n',
    });
    const { stdout, stderr } = run(at);
    // Whoever runs the tests as root may write anywhere; anyone else is kept from it.
    const isKept = stdout.includes('    | Permission denied\n');
    expect(
      isKept || stderr.includes('warning: step user-container changed what it may only read: /mnt/job/model/cache [run/read-only-changed]\n'),
    ).toBe(true);
  });
});

describe('an input that is not valid', () => {
  it('keeps the predictor from running; the report is published', () => {
    const at = place();
    writeFiles(at.store, { 'raw/fraud/in/broken.json': '{"inputs": [' });
    const { code, stdout, stderr } = run(at);
    expect(code).toBe(1);
    expect(withoutTimes(stdout)).toContain('6/9 user-container ... skipped\n');
    expect(stderr).toMatch(/^error: step validate-input failed with exit code 2: 1 of 4 input files are not valid requests /);
    expect(Object.keys(published(at))).toEqual(['_FAILED.json', '_report/validation.jsonl']);
  });

  it('is not there at all: the sentence names the store as it is on the cluster', () => {
    const at = place();
    rmSync(join(at.store, 'raw/fraud'), { recursive: true });
    const { code, stderr } = run(at);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^error: step validate-input failed with exit code 2: Nothing was found at "s3:\/\/raw-bucket\/fraud\/in\/"/);
  });

  it('nor is the folder of its connection: the first step says so', () => {
    const at = place();
    rmSync(join(at.store, 'raw'), { recursive: true });
    const { code, stdout, stderr } = run(at);
    expect(code).toBe(1);
    expect(withoutTimes(stdout)).toMatch(/\n1\/9 configure-rclone ... exit code 2 TIME\n/);
    expect(stderr).toMatch(/^error: step configure-rclone failed with exit code 2: The connection "raw" has no folder in the local store: /);
  });
});

it('shows what a predictor prints without letting it act on the terminal', () => {
  const hostile = String.raw`\x1b]0;mine\x07\x1b[2Jx\ry\u202elive\x9bK`;
  const { code, stdout, stderr } = run(place({ predictor: `import sys\nprint("${hostile}", flush=True)\nsys.exit(1)\n` }));
  expect(code).toBe(1);
  const shown = String.raw`\u001b]0;mine\u0007\u001b[2Jx\u000dy\u202elive\u009bK`;
  expect(stdout).toContain(`    | ${shown}\n`);
  expect(stderr).toContain(`last lines of user-container:\n    | ${shown}\n`);
});

it('says how to get rclone where it is not on PATH', () => {
  const at = place();
  const bin = join(at.root, 'bin');
  mkdirSync(bin);
  for (const name of ['sh', 'python3']) symlinkSync(findProgram(name, process.env['PATH'] ?? '') ?? '', join(bin, name));
  const { code, stdout, stderr } = millrace(fraud(at), { cwd: at.root, env: { PATH: bin } });
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toContain(
    'error: rclone is not on PATH [run/rclone-missing]\n   hint: install rclone 1.75 or later from https://rclone.org/downloads/',
  );
});
