/** Logs of a job's steps, and the failure that they tell. */
import { setTimeout as sleep } from 'node:timers/promises';
import { readLogLine } from '../engine/run/log-line.js';
import type { Api } from './api.js';
import type { Job, JobStep } from './job.js';
import { resources } from './resource.js';

/** Bytes of one step's log that are read: more is what `kubectl logs` is for. */
const largestLog = 16 * 1024 * 1024;
/** Lines at the end of a log in which a failure is looked for. */
const lastLines = '200';

/** What a step has logged, as far as it is there. */
export interface StepLog {
  readonly step: JobStep;
  readonly lines: readonly string[];
  /** Why there are no lines. */
  readonly problem: string | undefined;
}

const podOf = ({ namespace }: Job, name: string): { readonly type: typeof resources.pods; readonly namespace: string; readonly name: string } => ({
  type: resources.pods,
  namespace,
  name,
});

const never = new AbortController().signal;

/** The log of one step, at most {@link largestLog} bytes of it. `query` is what the API takes beside: `tailLines`. */
export async function readStepLog(api: Api, job: Job, step: JobStep, query: Readonly<Record<string, string>> = {}): Promise<StepLog> {
  if (job.pod === undefined) return { step, lines: [], problem: 'the job has no pod yet' };
  if (step.state === 'skipped') return { step, lines: [], problem: undefined };
  const lines: string[] = [];
  const options = { container: step.container, limitBytes: String(largestLog), ...query };
  const problem = await api.log(podOf(job, job.pod), options, (line) => void lines.push(line), never);
  return { step, lines, problem };
}

/** Why a job has failed, in one sentence. */
export interface JobFailure {
  /** The first step that failed; undefined where the run never came to a step. */
  readonly step: string | undefined;
  readonly exitCode: number | undefined;
  readonly sentence: string;
  /** For `millrace explain`. */
  readonly reason: string | undefined;
}

/** The first failure of a job that has failed. A step of ours that fails records why and lets the last step fail for it. */
export async function findFailure(api: Api, job: Job): Promise<JobFailure> {
  const logs = job.pod === undefined ? [] : await Promise.all(job.steps.map((step) => readStepLog(api, job, step, { tailLines: lastLines })));
  return failureIn(job, logs);
}

/** The same, in logs that have been read already: one for each step, in their order. */
export function failureIn(job: Job, logs: readonly StepLog[]): JobFailure {
  const failed = job.steps.findIndex(({ state }) => state === 'failed' || state === 'timed-out' || state === 'cancelled');
  const records = logs.map(({ step, lines }) => (step.name === 'user-container' ? undefined : recordOf(lines)));
  const recorded = records.findIndex((each) => each !== undefined);
  const first = recorded >= 0 && (failed < 0 || recorded < failed) ? recorded : failed;
  const step = job.steps[first];
  const record = records[recorded];
  const isOfRecord = record !== undefined && (first === recorded || step?.name === 'user-container');
  const timedOut = step?.state === 'timed-out';
  const sentence = isOfRecord && !timedOut ? record.sentence : undefined;
  return {
    step: step?.name,
    exitCode: step?.state === 'failed' ? step.exitCode : undefined,
    sentence: sentence ?? (timedOut || step === undefined ? job.message || job.reason : (lastMessage(logs[first]) ?? (job.message || job.reason))),
    reason: sentence === undefined ? undefined : record?.reason,
  };
}

/** What a step of ours said of a failure: the first is the one that counts. */
function recordOf(lines: readonly string[]): { readonly sentence: string; readonly reason: string } | undefined {
  for (const line of lines) {
    const read = readLogLine(line);
    if (read.kind === 'message' && read.reason !== undefined) return { sentence: read.text, reason: read.reason };
  }
  return undefined;
}

/** Of the predictor and of rclone, the last line says most. */
function lastMessage(log: StepLog | undefined): string | undefined {
  for (const line of [...(log?.lines ?? [])].reverse()) {
    const read = readLogLine(line);
    if (read.kind === 'message') return read.text;
  }
  return undefined;
}

/** What a log that is followed tells, step by step. */
export interface LogEvents {
  readonly stepStarts: (step: JobStep) => void;
  readonly line: (step: JobStep, line: string) => void;
  /** With the step as it ended, as far as that is known. */
  readonly stepEnds: (step: JobStep) => void;
}

/** Milliseconds between two looks at a job. */
const interval = 1000;
/** Milliseconds that a log may still take when its step or the job has ended. */
const grace = 5000;

/**
 * Follows the steps of a job one after the other until the job has ended. `current` gives the job as it was seen last;
 * somebody else looks at it in the meantime.
 */
export async function followJob(api: Api, current: () => Job, ended: (job: Job) => boolean, events: LogEvents, signal: AbortSignal): Promise<void> {
  for (let index = 0; index < current().steps.length; index += 1) {
    const name = current().steps[index]?.name;
    const stepNow = (): JobStep | undefined => current().steps.find((each) => each.name === name);
    await until(() => stepNow()?.state !== 'waiting' || ended(current()), signal);
    const step = stepNow();
    if (!step || (step.state === 'waiting' && ended(current()))) return;
    events.stepStarts(step);
    if (step.state !== 'skipped') await followStep(api, current, ended, step, (line) => events.line(step, line), signal);
    await until(() => isOver(stepNow()) || ended(current()), signal);
    events.stepEnds(stepNow() ?? step);
  }
}

const isOver = (step: JobStep | undefined): boolean => step === undefined || (step.state !== 'waiting' && step.state !== 'running');

/** How often a log that is complete is asked for. */
const mostFailures = 3;

async function followStep(
  api: Api,
  current: () => Job,
  ended: (job: Job) => boolean,
  step: JobStep,
  line: (text: string) => void,
  signal: AbortSignal,
): Promise<void> {
  // A log that was cut is asked for again from where it was: the lines that were told are passed over.
  let told = 0;
  let failures = 0;
  const isComplete = (): boolean => ended(current()) || isOver(current().steps.find(({ name }) => name === step.name));
  for (;;) {
    const job = current();
    const wasEnded = ended(job);
    const wasComplete = isComplete();
    const stop = new AbortController();
    // A connection that nothing comes by any more ends with the step; what is complete is read without following it.
    const watch = wasComplete ? Promise.resolve() : stopSoon(isComplete, stop, signal);
    let seen = 0;
    const problem =
      job.pod === undefined
        ? 'the job has no pod'
        : await api.log(
            podOf(job, job.pod),
            { container: step.container, follow: String(!wasComplete) },
            (text) => {
              seen += 1;
              if (seen > told) line(text);
            },
            stop.signal,
          );
    told = Math.max(told, seen);
    const wasCut = stop.signal.aborted;
    stop.abort();
    await watch;
    if (problem === undefined && !wasCut && isComplete()) return;
    if (problem !== undefined && wasComplete) failures += 1;
    if (problem !== undefined && (wasEnded || failures >= mostFailures)) {
      line(`(its log cannot be read: ${problem})`);
      return;
    }
    await sleep(interval, undefined, { signal });
    if (problem === undefined && !wasCut && isComplete()) return;
  }
}

/** Ends a log a moment after it is complete, or at once where nobody wants it any more. */
async function stopSoon(isTime: () => boolean, stop: AbortController, signal: AbortSignal): Promise<void> {
  const either = AbortSignal.any([stop.signal, signal]);
  try {
    await until(isTime, either);
    await sleep(grace, undefined, { signal: either });
  } catch (error) {
    if (!either.aborted) throw error;
  }
  stop.abort();
}

async function until(isTrue: () => boolean, signal: AbortSignal): Promise<void> {
  while (!isTrue()) await sleep(interval / 4, undefined, { signal });
}
