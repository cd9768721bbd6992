/** Jobs in words and in JSON. */
import { goDuration } from '../base/duration.js';
import type { JobFailure } from '../cluster/job-log.js';
import type { Job, JobState, JobStep } from '../cluster/job.js';
import { diagnose } from '../diagnostics/diagnose.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';

/** `risk/fraud-scorer--2026-11-22`: what the other subcommands take. */
export const jobLabel = ({ namespace, name }: { readonly namespace: string; readonly name: string }): string => `${namespace}/${name}`;

const colors: Readonly<Record<JobState, number>> = { waiting: 33, running: 36, succeeded: 32, failed: 31, cancelled: 33, 'timed-out': 31 };

/** The state of a job, on a terminal in its colour. */
export const stateText = (state: JobState, color: boolean): string => (color ? `\x1b[${String(colors[state])}m${state}\x1b[0m` : state);

/** Why a job did not succeed, as a problem without a place. */
export const failedDiagnostic = (job: Job, failure: JobFailure): Diagnostic =>
  diagnose('job/failed', undefined, { job: jobLabel(job), state: job.state, ...failure });

/** `2d`, `3h`, `5m`, `12s` */
export function ageText(milliseconds: number): string {
  const seconds = Math.max(Math.floor(milliseconds / 1000), 0);
  for (const [unit, size] of [
    ['d', 86_400],
    ['h', 3600],
    ['m', 60],
  ] as const)
    if (seconds >= size) return `${String(Math.floor(seconds / size))}${unit}`;
  return `${String(seconds)}s`;
}

/** Milliseconds from start to end, or until now. */
export function durationOf({ startedAt, finishedAt }: Job, now: number): number | undefined {
  return startedAt === undefined ? undefined : (finishedAt === undefined ? now : Date.parse(finishedAt)) - Date.parse(startedAt);
}

/** Of a job that `retries` started again: which attempt its steps and logs are of. */
export const attemptText = ({ attempt }: Job): string | undefined =>
  attempt === 1
    ? undefined
    : `${String(attempt)}: its steps and logs; ${attempt === 2 ? 'the one before' : `the ${String(attempt - 1)} before it`} failed`;

const stepWords: Readonly<Record<JobStep['state'], string>> = {
  waiting: 'waiting',
  running: 'running',
  ok: 'ok',
  skipped: 'skipped',
  failed: 'failed',
  'timed-out': 'timed out',
  cancelled: 'cancelled',
};

/** `ok 2s`, `exit code 42 1m5s` */
export function stepText({ state, exitCode, seconds }: JobStep): string {
  const word = state === 'failed' && exitCode !== undefined ? `exit code ${String(exitCode)}` : stepWords[state];
  return seconds === undefined || state === 'skipped' ? word : `${word} ${wholeSeconds(seconds)}`;
}

/** Tekton gives the times of a step in whole seconds. */
export const wholeSeconds = (seconds: number): string => (seconds < 1 ? '<1s' : goDuration(Math.round(seconds)));

/** How many columns a list may take is its reader's to say; values are never cut. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => visibleLength(row[column] ?? ''))));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) => (column === row.length - 1 ? cell : cell + ' '.repeat((widths[column] ?? 0) - visibleLength(cell))))
      .join('  ')
      .trimEnd();
  return rows.map((row) => `${line(row)}\n`).join('');
}

const visibleLength = (text: string): number => text.replace(/\x1b\[[0-9]+m/g, '').length;

/** What the JSON of every subcommand calls a job. */
export const jobJson = (job: Job): object => ({
  job: job.name,
  namespace: job.namespace,
  service: job.service,
  caller: job.caller,
  requestId: job.requestId ?? null,
  state: job.state,
  reason: job.reason,
  message: job.message,
  createdAt: job.createdAt,
  startedAt: job.startedAt ?? null,
  finishedAt: job.finishedAt ?? null,
  attempt: job.attempt,
  steps: job.steps.map(({ name, state, exitCode, seconds }) => ({ name, state, exitCode: exitCode ?? null, seconds: seconds ?? null })),
});

/** Likewise in the JSON of `--format json`: every field is there, null where nothing is known; null where the job did not fail. */
export const failureJson = (failure: JobFailure | undefined): object | null =>
  failure === undefined
    ? null
    : { step: failure.step ?? null, exitCode: failure.exitCode ?? null, reason: failure.reason ?? null, sentence: failure.sentence };

/** One JSON value as the `job` commands print it: indented, with a line feed at its end. */
export const printJson = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
