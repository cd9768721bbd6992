import { setTimeout as sleep } from 'node:timers/promises';
import type { ClusterProgram } from '../src/contract/cluster-programs.js';
import { exitCodes } from '../src/contract/exit-codes.js';
import type { StepName } from '../src/contract/paths.js';
import type { StepIo } from './base/io.js';
import { tellStopped, type Step } from './base/step.js';
import { tellProgramStopped } from './cluster/program.js';
import { janitor } from './cluster/janitor/janitor.js';
import { startRun } from './cluster/start-run.js';
import { configureRclone } from './steps/configure-rclone.js';
import { logInput } from './steps/log-input.js';
import { logOutput } from './steps/log-output.js';
import { validateInput } from './steps/validate-input.js';
import { validateOutput } from './steps/validate-output.js';

/** The steps of a job that run our own program; the others are rclone and the predictor. */
const steps: readonly (readonly [StepName, Step])[] = [
  ['configure-rclone', configureRclone],
  ['validate-input', validateInput],
  ['log-input', logInput],
  ['validate-output', validateOutput],
  ['log-output', logOutput],
];

const io: StepIo = {
  env: process.env,
  now: () => new Date(),
  stdout: (text) => {
    process.stdout.write(text);
  },
  stderr: (text) => {
    process.stderr.write(text);
  },
  sleep: (milliseconds) => sleep(milliseconds),
};

/** What runs in pods of its own. */
const programs: readonly (readonly [ClusterProgram, Step])[] = [
  ['start-run', startRun()],
  ['janitor', janitor()],
];

const all = [
  ...steps.map(([name, run]) => ({ name, run, stopped: (signal: NodeJS.Signals) => tellStopped(name, signal, io) })),
  ...programs.map(([name, run]) => ({ name, run, stopped: (signal: NodeJS.Signals) => tellProgramStopped(name, signal, io) })),
];

const wanted = process.argv[2] ?? '';
const found = all.find(({ name }) => name === wanted);
if (found) {
  // Without a handler nothing is said; and the first process of a container would not hear the signal at all.
  process.once('SIGTERM', (signal) => process.exit(found.stopped(signal)));
  process.exitCode = await found.run(io);
} else {
  process.stderr.write(`There is no step of this name. Usage: node runtime.mjs ${all.map(({ name }) => name).join('|')}\n`);
  process.exitCode = exitCodes.invalid;
}
