/** Whole jobs on this machine that a request starts, or a signal ends. */
import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { millrace, packageRoot, writeFiles } from '../cli/command.js';
import { fraud, isRunning, json, place, type Place, published, run, withoutTimes } from './run-place.js';

describe('a request', () => {
  const request = (at: Place, spec: object): readonly string[] => {
    writeFiles(at.root, { 'job.json': JSON.stringify({ kind: 'InferenceJob', spec: { inferenceServiceId: 'fraud-scorer', ...spec } }) });
    return ['--request', 'job.json'];
  };

  it('chooses the data below the service', () => {
    const at = place();
    cpSync(join(at.store, 'raw/fraud/in/transactions-3.json'), join(at.store, 'raw/fraud/in/today/one.json'));
    const { code, stdout } = run(at, request(at, { dataSource: { connection: 'raw', path: 'fraud/in/today/' }, requestId: 'r-1' }));
    expect(code).toBe(0);
    expect(stdout).toContain('  caller  airflow\n');
    expect(stdout).toContain('  input   1 file, 283 B, from store/raw/fraud/in/today/\n');
    expect(json(published(at)['_MANIFEST.json'])).toMatchObject({ requestId: 'r-1', caller: 'airflow', jobId: 'fraud-scorer--local' });
    expect(published(at)['one.json']).toBeDefined();
  });

  it('that the listener refuses starts nothing', () => {
    const at = place();
    const { code, stdout, stderr } = run(at, request(at, { dataSource: { connection: 'raw', path: 'growth/in/' } }));
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^error: the listener would not start risk\/fraud-scorer: spec\.dataSource.* is .*"growth\/in\/"/);
    expect(published(at, 'results')).toEqual({});
  });

  it('gives a service with an archive for a model all that it leaves open', () => {
    const at = place();
    const embed = `#!/usr/bin/env python3
import json, os, pathlib
words = json.loads(pathlib.Path(os.environ["ODAHU_MODEL"], "vocabulary", "words.json").read_text())
for path in pathlib.Path(os.environ["ODAHU_MODEL_INPUT"]).glob("*.json"):
    data = [words.index(word) for word in json.loads(path.read_text())["inputs"][0]["data"]]
    output = {"name": "ids", "shape": [len(data)], "datatype": "INT64", "data": data}
    pathlib.Path(os.environ["ODAHU_MODEL_OUTPUT"], path.name).write_text(json.dumps({"model_name": "embedder", "outputs": [output]}))
`;
    writeFileSync(join(at.app, 'embed'), embed);
    chmodSync(join(at.app, 'embed'), 0o755);
    writeFiles(at.store, {
      'raw/texts/today/a.json': '{"inputs": [{"name": "text", "shape": [2], "datatype": "BYTES", "data": ["b", "a"]}]}',
      'model/vocabulary/words.json': '["a", "b"]',
    });
    mkdirSync(join(at.store, 'models/embedder'));
    const zip = 'import shutil, sys; shutil.make_archive(sys.argv[1], "zip", sys.argv[2])';
    expect(spawnSync('python3', ['-c', zip, join(at.store, 'models/embedder/3'), join(at.store, 'model')]).status).toBe(0);
    writeFiles(at.root, {
      'job.json': JSON.stringify({
        kind: 'InferenceJob',
        spec: {
          inferenceServiceId: 'embedder',
          dataSource: { connection: 'raw', path: 'texts/today/' },
          outputDestination: { connection: 'results', path: 'embeddings/today/' },
        },
      }),
    });
    const args = ['run', 'growth/embedder', '--store', 'store', '--exec', '--exec-map', '/opt/app=app', '--request', 'job.json'];
    const { code, stderr } = millrace(args, { cwd: at.root });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const files = published(at, 'results/embeddings/today');
    expect(json(files['a.json'])).toMatchObject({ outputs: [{ data: [1, 0] }] });
    expect(files['_SUCCESS']).toBeDefined();
  });
});

describe('a run that is stopped', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('by %s ends its processes, publishes nothing and exits with %d', async (signal, expected) => {
    const at = place({ predictor: 'import os, time\nprint(os.getpid(), flush=True)\ntime.sleep(60)\n' });
    const child = spawn(process.execPath, [join(packageRoot, 'bin/millrace.mjs'), ...fraud(at)], { cwd: at.root, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
    const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
    while (!/\| \d+\n/.test(output) && child.exitCode === null) await sleep(50);
    child.kill(signal);
    expect(await ended).toBe(expected);
    expect(withoutTimes(output)).toMatch(/\n {4}stopped TIME\n(.*\n)*work folder: \.millrace-run\/fraud-scorer--local\n$/);
    expect(isRunning(Number(/\| (\d+)\n/.exec(output)?.[1]))).toBe(false);
    expect(published(at)).toEqual({});
    // What it has left behind is no obstacle.
    writeFileSync(join(at.app, 'predictor.py'), readFileSync(join(packageRoot, 'examples/fraud/predictor.py')));
    expect(run(at).code).toBe(0);
  });
});
