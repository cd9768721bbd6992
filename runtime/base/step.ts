import { exitCodes, type ExitCode } from '../../src/contract/exit-codes.js';
import { stepEnv, type StepName } from '../../src/contract/paths.js';
import { show } from '../../src/base/quote.js';
import { recordFailure } from './control.js';
import { failure, toStepFailure, type StepFailure } from './failure.js';
import type { StepIo } from './io.js';
import { createLog, type Log } from './log.js';

/** A step as a program: everything it does to the outside goes through `io` and the folders that its environment names. */
export type Step = (io: StepIo) => Promise<number>;

type Variable = keyof typeof stepEnv;

/** What the body of a step works with. */
export interface StepContext {
  readonly io: StepIo;
  readonly log: Log;
  /** The value of a variable that must be set. */
  env(variable: Variable): string;
  /** Undefined where it is not set. */
  optionalEnv(variable: Variable): string | undefined;
}

export type StepBody = (step: StepContext) => Promise<void>;

function createContext(name: StepName, io: StepIo): StepContext {
  const optionalEnv = (variable: Variable): string | undefined => io.env[stepEnv[variable]];
  return {
    io,
    log: createLog(name, io),
    optionalEnv,
    env: (variable) => {
      const value = optionalEnv(variable);
      if (value === undefined || value === '') throw failure('runtime/bad-environment', { variable: stepEnv[variable], problem: 'is not set' });
      return value;
    },
  };
}

/** A step whose failure ends the run at once: there is nothing to publish yet. */
export const directStep =
  (name: StepName, body: StepBody): Step =>
  async (io) => {
    const context = createContext(name, io);
    try {
      await body(context);
      return exitCodes.ok;
    } catch (error) {
      const failed = toStepFailure(error, name);
      tell(context, failed);
      return failed.code;
    }
  };

/**
 * A step whose failure is recorded and ends the run only after the last step has published what there is to know:
 * always exits with 0, also for a bug of ours. Only where nothing can be recorded it fails at once, with the code of what
 * went wrong first.
 */
export const recordingStep =
  (name: StepName, body: StepBody): Step =>
  async (io) => {
    const context = createContext(name, io);
    try {
      await body(context);
    } catch (error) {
      try {
        await record(context, name, error);
      } catch (second) {
        tell(context, toStepFailure(second, name));
        return toStepFailure(error, name).code;
      }
    }
    return exitCodes.ok;
  };

/**
 * Tells that a step was stopped, and returns its exit code. It is not recorded: what the pod of a run that was stopped
 * holds goes with it, and the same step started again would take the record for a failure of an earlier one. The code is
 * none that lets later steps run.
 */
export function tellStopped(name: StepName, signal: NodeJS.Signals, io: StepIo): ExitCode {
  tell(createContext(name, io), failure('runtime/stopped', { step: name, signal }));
  return exitCodes.io;
}

/** Tells and records a failure, for a step that has to go on after it. */
export async function record(context: StepContext, name: StepName, error: unknown): Promise<void> {
  const failed = toStepFailure(error, name);
  tell(context, failed);
  const { code, reason, sentence } = failed;
  const recorded = await recordFailure(context.env('control'), { step: failed.step ?? name, code, reason, sentence });
  if (recorded.sentence !== sentence) context.log.info('an earlier failure is recorded already and stays', { reason: recorded.reason });
}

/**
 * What lies behind a failure: where it happened if it is a bug of ours, and what the system said if it is not. A stack
 * tells a user nothing about an archive or a disk.
 */
function causeOf({ cause, reason }: StepFailure): string | undefined {
  if (!(cause instanceof Error)) return undefined;
  if (reason !== 'runtime/internal-error') return show(cause.message);
  const places = (cause.stack ?? '').split('\n').filter((line) => /^ +at /.test(line));
  return `${cause.name}: ${show(cause.message)} ${places.map((line) => line.trim()).join(' ')}`;
}

function tell({ log, io }: StepContext, failed: StepFailure): void {
  log.error(failed.sentence, { reason: failed.reason, code: failed.code, cause: causeOf(failed) });
  io.stderr(`${failed.sentence}\nhelp: millrace explain ${failed.reason}\n`);
}
