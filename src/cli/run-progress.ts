import { readLogLine } from '../engine/run/log-line.js';
import type { StepResult } from '../engine/run/run-task.js';
import type { CliIo } from './command.js';

/** How many lines of a failed step are told again. */
const lastLines = 10;

/** All that matters here of a step. */
interface Step {
  readonly name: string;
}

/** How a step ended: {@link StepResult} of a run here, or what a cluster tells. */
export interface StepEnd extends Pick<StepResult, 'exitCode' | 'seconds'> {
  readonly reason: StepResult['reason'] | 'Running';
}

export interface Progress {
  readonly stepStarts: (step: Step) => void;
  readonly line: (step: Step, line: string) => void;
  readonly stepEnds: (step: Step, end: StepEnd) => void;
  /** The last lines of a step, as they were shown. */
  tail(step: string): readonly string[];
  /** The failure that a step of ours told last. */
  failure(step: string): ToldFailure | undefined;
}

export interface ToldFailure {
  readonly sentence: string;
  readonly reason: string;
}

/**
 * Tells how a run goes on: a line for each step, and what it says. The predictor's lines are shown as they come; those of
 * our own steps as sentences, when the step has ended. Whoever gives `io` keeps what they hold from acting on a terminal.
 *
 * @param took the words for the seconds of a step
 */
export function showProgress(io: Pick<CliIo, 'stdout'>, steps: readonly Step[], predictor: string, took = secondsText): Progress {
  const tails = new Map<string, string[]>();
  const failures = new Map<string, ToldFailure>();
  let current = startStep();

  const remember = (step: Step, line: string): void => {
    const tail = tails.get(step.name) ?? [];
    tails.set(step.name, tail);
    tail.push(line);
    if (tail.length > lastLines) tail.shift();
  };
  /** Below the line of the step, which stays open until it ends. */
  const showLine = (line: string): void => {
    io.stdout(`${current.broken ? '' : '\n'}${line}\n`);
    current.broken = true;
  };
  const say = (step: Step, line: string): void => {
    const read = readLogLine(line);
    if (read.kind === 'copied') {
      current.files += 1;
      current.bytes += read.bytes;
    }
    if (read.kind === 'progress') showLine(`    ${read.text}`);
    // A failure is told twice: as a record, and in plain words for whoever reads the log of a pod.
    if (read.kind !== 'message' || current.sentences.has(read.text)) return;
    current.sentences.add(read.text);
    if (read.reason !== undefined) failures.set(step.name, { sentence: read.text, reason: read.reason });
    remember(step, read.text);
  };

  return {
    stepStarts(step) {
      current = startStep();
      io.stdout(`${steps.findIndex(({ name }) => name === step.name) + 1}/${steps.length} ${step.name} ...`);
    },
    line(step, line) {
      if (step.name !== predictor) {
        say(step, line);
        return;
      }
      remember(step, line);
      showLine(`    | ${line}`);
    },
    stepEnds(_, result) {
      const copied = current.files > 0 ? [`${fileCount(current.files)}, ${byteCount(current.bytes)} copied`] : [];
      io.stdout(
        `${current.broken ? '    ' : ' '}${endOf(result)}${['Running', 'Skipped'].includes(result.reason) ? '' : ` ${took(result.seconds)}`}\n`,
      );
      for (const sentence of [...copied, ...current.sentences]) io.stdout(`    ${sentence}\n`);
    },
    tail: (step) => tails.get(step) ?? [],
    failure: (step) => failures.get(step),
  };
}

const startStep = (): { broken: boolean; files: number; bytes: number; readonly sentences: Set<string> } => ({
  broken: false,
  files: 0,
  bytes: 0,
  sentences: new Set(),
});

function endOf({ reason, exitCode }: StepEnd): string {
  switch (reason) {
    case 'Running':
      return 'not ended yet';
    case 'Completed':
      return 'ok';
    case 'Skipped':
      return 'skipped';
    case 'TimeoutExceeded':
      return 'timed out';
    case 'Cancelled':
      return 'stopped';
    case 'Continued':
    case 'Error':
      return `exit code ${exitCode}`;
  }
}

/** `1.2s` */
export const secondsText = (seconds: number): string => `${seconds.toFixed(1)}s`;

/** `1 file`, `2 files`. */
export const fileCount = (count: number): string => (count === 1 ? '1 file' : `${count} files`);

const units = ['B', 'kB', 'MB', 'GB', 'TB'];

/** `1.2 kB`: three digits are enough to recognise a file. */
export function byteCount(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${units[unit] ?? ''}`;
}
