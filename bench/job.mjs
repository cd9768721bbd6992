// A whole job on this machine, with a predictor that does nothing but copy responses: how much longer its nine steps take than
// the rclone copies in them alone. Both sides are of one run: a program in rclone's place writes down how long each call takes.
// Needs rclone on PATH. node bench/job.mjs [ROUNDS]
import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { median, row } from './measure.mjs';

const rounds = Number(process.argv[2] ?? 7);
const repository = fileURLToPath(new URL('..', import.meta.url));
const root = mkdtempSync(join(tmpdir(), 'millrace-bench-job-'));
const [store, app, programs] = ['store', 'app', 'programs'].map((name) => join(root, name));
const calls = join(root, 'calls');

function prepare() {
  cpSync(join(repository, 'services'), join(root, 'services'), { recursive: true });
  for (const connection of ['raw', 'models'])
    cpSync(join(repository, 'examples/fraud/store', connection), join(store, connection), { recursive: true });
  mkdirSync(join(store, 'results'));
  const definition = join(root, 'services/risk/fraud-scorer.yaml');
  const yaml = readFileSync(definition, 'utf8');
  const changed = yaml.replace(/^ {2}command: .*\n {2}args: .*$/m, '  command: [sh]\n  args: [/opt/app/predictor.sh]');
  if (changed === yaml) throw new Error('the service has no command to put the empty predictor in');
  writeFileSync(definition, changed);

  mkdirSync(join(app, 'responses'), { recursive: true });
  writeFileSync(join(app, 'predictor.sh'), 'cp "$(dirname "$0")"/responses/* "$ODAHU_MODEL_OUTPUT"/\n');
  const input = join(store, 'raw/fraud/in');
  for (const name of readdirSync(input).filter((each) => each.endsWith('.json'))) {
    const { id } = JSON.parse(readFileSync(join(input, name), 'utf8'));
    const response = { id, model_name: 'fraud', outputs: [{ name: 'score', shape: [1], datatype: 'FP64', data: [0.5] }] };
    writeFileSync(join(app, 'responses', name), JSON.stringify(response));
  }

  mkdirSync(programs);
  const rclone = execFileSync('sh', ['-c', 'command -v rclone'], { encoding: 'utf8' }).trim();
  const lines = ['#!/bin/sh', 'start=$(date +%s%N)', `'${rclone}' "$@"`, 'code=$?', `echo "$start $(date +%s%N) $*" >> '${calls}'`, 'exit $code'];
  writeFileSync(join(programs, 'rclone'), `${lines.join('\n')}\n`);
  chmodSync(join(programs, 'rclone'), 0o755);
}

/** Seconds of a run, of the copies in it, and of all calls of rclone. */
function runOnce() {
  rmSync(join(store, 'results'), { recursive: true, force: true });
  mkdirSync(join(store, 'results'));
  writeFileSync(calls, '');
  const args = ['run', 'risk/fraud-scorer', '--root', root, '--store', 'store', '--exec', '--exec-map', '/opt/app=app'];
  const start = performance.now();
  execFileSync(process.execPath, [join(repository, 'bin/millrace.mjs'), ...args], {
    cwd: root,
    stdio: 'ignore',
    env: { ...process.env, PATH: `${programs}${delimiter}${process.env.PATH}` },
  });
  const seconds = (performance.now() - start) / 1000;
  if (!readdirSync(join(store, 'results/fraud/out')).includes('_SUCCESS')) throw new Error('the run has not published its results');
  const found = readFileSync(calls, 'utf8').trim().split('\n');
  const spent = (lines) => lines.reduce((sum, line) => sum + Number(line.split(' ')[1] - line.split(' ')[0]) / 1e9, 0);
  return { seconds, copies: spent(found.filter((line) => / copy /.test(line))), rclone: spent(found), count: found.length };
}

try {
  prepare();
  runOnce();
  const runs = Array.from({ length: rounds }, runOnce);
  const of = (pick) => median(runs.map(pick));
  row('nine steps', `${of(({ seconds }) => seconds).toFixed(2)} s`, '');
  row(
    'the rclone copies in them',
    `${of(({ copies }) => copies).toFixed(2)} s`,
    `all ${of(({ count }) => count)} calls: ${of(({ rclone }) => rclone).toFixed(2)} s`,
  );
  row('overhead over the copies', `${of(({ seconds, copies }) => seconds - copies).toFixed(2)} s`, '<= 1.5 s');
} finally {
  rmSync(root, { recursive: true, force: true });
}
