import { setTimeout as sleep } from 'node:timers/promises';
import { exitCodes } from '../src/contract/exit-codes.js';
import type { StepName } from '../src/contract/paths.js';
import type { StepIo } from './base/io.js';
import { tellStopped, type Step } from './base/step.js';
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

const wanted = process.argv[2] ?? '';
const found = steps.find(([name]) => name === wanted);
if (found) {
  const [name, step] = found;
  // Without a handler nothing is said; and the first process of a container would not hear the signal at all.
  process.once('SIGTERM', (signal) => process.exit(tellStopped(name, signal, io)));
  process.exitCode = await step(io);
} else {
  process.stderr.write(`There is no step of this name. Usage: node runtime.mjs ${steps.map(([name]) => name).join('|')}\n`);
  process.exitCode = exitCodes.invalid;
}
