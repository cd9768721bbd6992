import { failureIn, followJob, type LogEvents, readStepLog, type StepLog } from '../cluster/job-log.js';
import { hasEnded, type Job, type JobStep } from '../cluster/job.js';
import { watchJob } from '../cluster/watch-job.js';
import type { Api } from '../cluster/api.js';
import { forTerminal } from '../base/text.js';
import { predictorStep } from '../engine/run/machine.js';
import { parseArguments } from './arguments.js';
import { type CliIo, UsageError } from './command.js';
import { failureText } from './job-get.js';
import { attemptText, failureJson, failedDiagnostic, jobJson, jobLabel, printJson, stateText, wholeSeconds } from './job-text.js';
import { isJson, jobOptions, readTarget } from './job-target.js';
import { showProgress, type StepEnd } from './run-progress.js';
import { suggest } from './suggest.js';
import { unknownJob, withJob } from './with-cluster.js';

const options = { ...jobOptions, step: { type: 'string' }, follow: { type: 'boolean' } } as const;

/**
 * `job logs`: what the steps of a job have logged, or log as it runs. Gives the exit code: with `--follow` 1 where the job did not
 * succeed, otherwise 0.
 */
export async function showLogs(args: readonly string[], io: CliIo): Promise<number> {
  const { values, positionals } = parseArguments(args, options, { least: 1, most: 1, name: 'TEAM/JOB' });
  const json = isJson(values);
  if (json && values.follow) throw new UsageError('--follow prints text only');
  return withJob(
    io,
    values,
    () => readTarget(positionals[0] ?? '', values, io),
    async ({ job, api, print, signal }) => {
      if (values.follow && !hasEnded(job)) {
        if (values.step !== undefined) throw new UsageError('--step shows what a step has logged so far: it does not go with --follow');
        const last = (await followLogs(api, job, io, signal))?.job;
        if (!last) throw unknownJob(job);
        if (last.state === 'succeeded') return 0;
        print([failedDiagnostic(last, failureIn(last, await readLogs(api, last)))]);
        return 1;
      }
      const logs = await readLogs(api, job);
      const shown = values.step === undefined ? logs : [stepNamed(logs, values.step)];
      if (json) io.stdout(printJson(logsJson(job, logs, shown)));
      else if (values.step !== undefined)
        for (const { lines, problem } of shown) io.stdout(forTerminal(problem === undefined ? lines.map((line) => `${line}\n`).join('') : ''));
      else showSections(job, logs, io, io.color && !values['no-color']);
      const unread = shown.filter(({ problem }) => problem !== undefined);
      if (unread.length > 0)
        io.stderr(`${forTerminal(`no log of ${unread.map(({ step }) => step.name).join(', ')}: ${unread[0]?.problem ?? ''}`)}\n`);
      return values.follow && job.state !== 'succeeded' ? 1 : 0;
    },
  );
}

const readLogs = (api: Api, job: Job): Promise<readonly StepLog[]> => Promise.all(job.steps.map((step) => readStepLog(api, job, step)));

function stepNamed(logs: readonly StepLog[], name: string): StepLog {
  const found = logs.find(({ step }) => step.name === name);
  if (found) return found;
  const names = logs.map(({ step }) => step.name);
  throw new UsageError(`the job has no step "${name}"`, suggest(name, names, 'steps'));
}

const logsJson = (job: Job, all: readonly StepLog[], shown: readonly StepLog[]): object => ({
  ...jobJson(job),
  failure: failureJson(hasEnded(job) && job.state !== 'succeeded' ? failureIn(job, all) : undefined),
  logs: shown.map(({ step, lines, problem }) => ({ step: step.name, lines, problem: problem ?? null })),
});

/** The first failed step and its sentence, then a section for each step. */
function showSections(job: Job, logs: readonly StepLog[], io: Pick<CliIo, 'stdout'>, color: boolean): void {
  const failed = hasEnded(job) && job.state !== 'succeeded';
  io.stdout(`${jobLabel(job)} ${stateText(job.state, color)}\n`);
  if (failed) io.stdout(forTerminal(failureText(job, failureIn(job, logs))));
  const attempt = attemptText(job);
  if (attempt !== undefined) io.stdout(`  attempt ${attempt}\n`);
  io.stdout('\n');
  const events = logEvents(job, io);
  for (const { step, lines } of logs) {
    if (step.state === 'waiting') continue;
    events.stepStarts(step);
    for (const line of lines) events.line(step, line);
    events.stepEnds(step);
  }
}

/** As `millrace run` tells a job: records of ours as sentences, the predictor's lines as they are. */
export function logEvents(job: Job, io: Pick<CliIo, 'stdout'>): LogEvents {
  const progress = showProgress({ stdout: (text) => io.stdout(forTerminal(text)) }, job.steps, predictorStep, wholeSeconds);
  return { ...progress, stepEnds: (step) => progress.stepEnds(step, endOf(step)) };
}

function endOf({ state, exitCode = 0, seconds = 0 }: JobStep): StepEnd {
  const reasons = {
    ok: 'Completed',
    skipped: 'Skipped',
    failed: 'Error',
    'timed-out': 'TimeoutExceeded',
    cancelled: 'Cancelled',
    running: 'Running',
    waiting: 'Running',
  } as const;
  return { reason: reasons[state], exitCode, seconds };
}

/** Follows all steps to the end of the job; undefined where it was deleted meanwhile. */
export async function followLogs(
  api: Api,
  start: Job,
  io: Pick<CliIo, 'stdout'>,
  signal: AbortSignal,
  timeout?: number,
): Promise<{ readonly job: Job; readonly still: boolean } | undefined> {
  let current = start;
  let over = false;
  const stop = new AbortController();
  const either = AbortSignal.any([signal, stop.signal]);
  const watching = watchJob(api, start, { seen: (job) => void (current = job), timeout, signal: either }).then((end) => {
    over = true;
    return end;
  });
  // Whichever fails ends the other; the watch's own failure is the one to tell.
  watching.catch(() => stop.abort());
  try {
    await followJob(
      api,
      () => current,
      (job) => over || hasEnded(job),
      logEvents(start, io),
      either,
    );
  } catch (error) {
    if (!stop.signal.aborted) {
      stop.abort();
      await watching.catch(() => undefined);
      throw error;
    }
  }
  return watching;
}
