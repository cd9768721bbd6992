/** The recorded Task of evidence.json, carried out here, ends as its four runs on a real cluster did. */
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { processHost } from '../../../src/engine/run/process-host.js';
import { runTask, type StepResult } from '../../../src/engine/run/run-task.js';
import { findProgram } from '../../../src/engine/run/programs.js';
import { readTask } from '../../../src/engine/run/task.js';
import { claimWorkFolder, makeVolumes } from '../../../src/engine/run/work-folder.js';
import type { Manifest } from '../../../src/manifests/manifest.js';

interface RecordedStep {
  name: string;
  args: string[];
  env: { name: string; value: string }[];
  timeout?: string;
}
interface Outcome {
  condition: { status: string };
  steps: { name: string; exitCode: number; terminationReason: string }[];
}
interface Evidence {
  task: Manifest & { spec: { steps: RecordedStep[] } };
  outcomes: Record<'ok' | 'crash' | 'bad' | 'timeout', Outcome>;
}

const readEvidence = (): Evidence => JSON.parse(readFileSync(new URL('../../recordings/evidence.json', import.meta.url), 'utf8')) as Evidence;

/**
 * The recorded Task holds paths inside its programs, which ours never do (a path is a whole argument or value).
 * So they become variables of the environment; everything else stays as it was recorded.
 */
function withPathsInEnv({ task }: Evidence): Evidence['task'] {
  for (const step of task.spec.steps) {
    const program = step.args.length === 1 ? step.args[0] : undefined;
    if (program === undefined) continue;
    const isShell = step.name === 'sync-output';
    step.args[0] = program.replace(
      /'?(\/(?:mnt\/job|var\/run\/millrace)\/[a-z/.-]+|\$\(steps\.step-[a-z-]+\.exitCode\.path\))('\+d\+')?'?/g,
      (_, path: string) => {
        const name = `P${String(step.env.length)}`;
        step.env.push({ name, value: path });
        return isShell ? `"$${name}"` : `process.env.${name}`;
      },
    );
  }
  return task;
}

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'millrace-evidence-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Stands for the copies between store and volumes: the Task is about when steps run, not about rclone. */
const rclone = `#!${process.execPath}
const { cpSync, existsSync } = require('node:fs');
const remotes = { 'data:': process.env.STORE + '/in', 'model:': process.env.STORE + '/model', 'output:': process.env.STORE + '/out' };
const [, from, to] = process.argv.slice(2);
const at = (name) => remotes[name] ?? name;
if (existsSync(at(from))) cpSync(at(from), at(to), { recursive: true });
`;

interface Run {
  readonly results: readonly StepResult[];
  readonly published: readonly string[];
  readonly lines: readonly string[];
}

async function runEvidence(settings: { input: string; mode?: string; timeout?: string }): Promise<Run> {
  const bin = join(folder, 'bin');
  const store = join(folder, 'store');
  for (const path of [bin, join(store, 'in'), join(store, 'out'), join(store, 'model'), join(folder, 'image')]) mkdirSync(path, { recursive: true });
  writeFileSync(join(bin, 'rclone'), rclone);
  chmodSync(join(bin, 'rclone'), 0o755);
  writeFileSync(join(store, 'in', 'a.json'), settings.input);
  const predictor = `import { readFileSync, writeFileSync } from 'node:fs';
if (process.env.MODE === 'slow') await new Promise((resolve) => setTimeout(resolve, 60_000));
const { x } = JSON.parse(readFileSync(process.env.ODAHU_MODEL_INPUT + '/a.json', 'utf8'));
writeFileSync(process.env.ODAHU_MODEL_OUTPUT + '/a.json', JSON.stringify({ y: x * 2 }));
`;
  writeFileSync(join(folder, 'image', 'predictor.mjs'), predictor);

  const recorded = withPathsInEnv(readEvidence());
  const user = recorded.spec.steps.find(({ name }) => name === 'user-container');
  if (!user) throw new Error('no user-container was recorded');
  if (settings.timeout) user.timeout = settings.timeout;
  user.args = [(user.args[0] ?? '').replace("'/opt/app/predictor.mjs'", 'process.env.PREDICTOR')];
  user.env.push({ name: 'PREDICTOR', value: '/opt/app/predictor.mjs' });

  const task = readTask(recorded);
  const [work] = claimWorkFolder(join(folder, 'work'), 'work');
  if (!work) throw new Error('the work folder is not free');
  // The recorded runtime only printed: it stands for what the steps of ours do.
  makeVolumes(work, task.volumes, (name) => ({ 'runtime.mjs': `console.log('${name}', process.argv[2])` }));
  const searchPath = `${bin}:${process.env['PATH'] ?? ''}`;
  const lines: string[] = [];
  const results = await runTask({
    task,
    name: 'flow-rec',
    params: new Map(settings.mode === undefined ? [] : [['request-id', settings.mode]]),
    work,
    host: (step) =>
      processHost({
        program: (command) => (command === 'node' ? process.execPath : findProgram(command, searchPath)),
        imageFolders: step.name === 'user-container' ? [{ container: '/opt/app', host: join(folder, 'image') }] : [],
        baseEnv: { PATH: searchPath },
        env: { STORE: store },
        ...(step.name === 'user-container' ? { changedReadOnly: () => undefined } : {}),
      }),
    signal: new AbortController().signal,
    events: {
      stepStarts: () => undefined,
      line: (step, line) => lines.push(`${step.name}: ${line}`),
      stepEnds: () => undefined,
    },
  });
  return { results, published: readdirSync(join(store, 'out')).sort(), lines };
}

const asRecorded = (results: readonly StepResult[]): unknown =>
  results.map(({ name, exitCode, reason }) => ({ name, exitCode, terminationReason: reason }));

it('a run that succeeds', async () => {
  const { results, published, lines } = await runEvidence({ input: '{"x": 21}' });
  expect(asRecorded(results)).toEqual(readEvidence().outcomes.ok.steps);
  expect(published).toEqual(['_MANIFEST.json', 'a.json']);
  expect(readFileSync(join(folder, 'store', 'out', 'a.json'), 'utf8')).toBe('{"y":42}');
  expect(lines).toContain('configure-rclone: millrace-runtime configure-rclone');
  expect(lines).toContain('validate-output: user exit 0 control false');
});

it('a predictor that exits with 42: the evidence is published and the last step ends the run with that code', async () => {
  const { results, published, lines } = await runEvidence({ input: '{"x": 21}', mode: 'crash' });
  expect(asRecorded(results)).toEqual(readEvidence().outcomes.crash.steps);
  expect(published).toEqual(['_FAILED.json']);
  expect(lines).toContain('user-container: boom');
});

it('input that is no JSON: the predictor is skipped and counts as one that exited with 0', async () => {
  const { results, published, lines } = await runEvidence({ input: '{' });
  expect(asRecorded(results)).toEqual(readEvidence().outcomes.bad.steps);
  expect(published).toEqual(['_FAILED.json']);
  expect(lines).toContain('validate-output: user exit 0 control true');
});

it('a predictor that exceeds its time: it is killed, and no later step runs', async () => {
  const { results, published } = await runEvidence({ input: '{"x": 21}', mode: 'slow', timeout: '1s' });
  expect(asRecorded(results)).toEqual(readEvidence().outcomes.timeout.steps);
  expect(published).toEqual([]);
});
