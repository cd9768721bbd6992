import { failure, type StepFailure } from '../base/failure.js';
import { readIfThere } from '../base/files.js';
import type { StepIo } from '../base/io.js';

/** Tekton lets the next step begin before it writes the file. */
const patienceMilliseconds = 10_000;
const pauseMilliseconds = 100;

/** What the predictor's container ended with, or undefined where it left nothing. */
export async function readExitCode(file: string, io: StepIo): Promise<string | undefined> {
  for (let waited = 0; ; waited += pauseMilliseconds) {
    const text = (await readIfThere(file))?.trim();
    if (text !== undefined && text !== '') return text;
    if (waited >= patienceMilliseconds) return undefined;
    await io.sleep(pauseMilliseconds);
  }
}

/** A process that a signal ends has no exit code; this is what shells say for the signal that cannot be caught. */
const killed = 137;

/** The failure that an exit code stands for, or undefined for 0. The run ends with the predictor's own code. */
export function predictorFailure(text: string): StepFailure | undefined {
  const code = /^-?[0-9]{1,5}$/.test(text) ? Number(text) : undefined;
  if (code === 0) return undefined;
  const predictorFailed = (how: string, exit: number): StepFailure =>
    failure('runtime/predictor-failed', { how }, { step: 'user-container', code: exit });
  if (code === undefined) return predictorFailed('ended without an exit code', 1);
  if (code < 0 || code === killed) return predictorFailed('was killed, most often because it used more memory than resources.limits.memory', killed);
  return predictorFailed(`exited with code ${String(code)}`, Math.min(code, 255));
}
