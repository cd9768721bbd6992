/** A job as its TaskRun tells it. */
import { stepNames } from '../contract/paths.js';
import { labels } from '../manifests/names.js';
import { fieldOf, isFields, listOf, numberOf, textOf } from './read.js';

/** In the order of a job's life; after `running` comes one of the four ends. */
export const jobStates = ['waiting', 'running', 'succeeded', 'failed', 'cancelled', 'timed-out'] as const;
/** One of {@link jobStates}. */
export type JobState = (typeof jobStates)[number];

/** One of the steps of a job. */
export interface JobStep {
  readonly name: string;
  /** The container that logs it. */
  readonly container: string;
  readonly state: 'waiting' | 'running' | 'ok' | 'skipped' | 'failed' | 'timed-out' | 'cancelled';
  /** Undefined also of a step that a signal ended, which has none. */
  readonly exitCode: number | undefined;
  /** Undefined until it has ended. */
  readonly seconds: number | undefined;
}

/** What is known of a job without its logs. */
export interface Job {
  readonly name: string;
  readonly namespace: string;
  readonly service: string;
  readonly caller: string;
  readonly requestId: string | undefined;
  readonly state: JobState;
  /** Tekton's own words: `StepFailed`, `ExceededResourceQuota`. */
  readonly reason: string;
  readonly message: string;
  /** RFC 3339, UTC. */
  readonly createdAt: string;
  readonly startedAt: string | undefined;
  readonly finishedAt: string | undefined;
  readonly pod: string | undefined;
  /** Counted from 1: of a service with `retries`, everything else here is that of its latest attempt. */
  readonly attempt: number;
  /** The nine of a job of ours; those of the run where somebody else made it. */
  readonly steps: readonly JobStep[];
  readonly params: Readonly<Record<string, string>>;
}

/** Whether nothing more will happen to it. */
export const hasEnded = ({ state }: Job): boolean => state !== 'waiting' && state !== 'running';

/** The run's own reasons for {@link JobState} `cancelled` and `timed-out`; any other that is false is a failure. */
const endedBy: ReadonlyMap<string, JobState> = new Map([
  ['TaskRunCancelled', 'cancelled'],
  ['TaskRunTimeout', 'timed-out'],
]);

/** Reads a TaskRun as the API gives it. */
export function readJob(taskRun: unknown): Job {
  const conditions = listOf(taskRun, 'status', 'conditions');
  const condition = conditions.find((each) => textOf(each, 'type') === 'Succeeded');
  const labelOf = (name: string): string => textOf(taskRun, 'metadata', 'labels', name);
  const params = listOf(taskRun, 'spec', 'params').flatMap((param) => {
    const value = fieldOf(param, 'value');
    return typeof value === 'string' ? [[textOf(param, 'name'), value] as const] : [];
  });
  const requestId = params.find(([name]) => name === 'requestId')?.[1];
  return {
    name: textOf(taskRun, 'metadata', 'name'),
    namespace: textOf(taskRun, 'metadata', 'namespace'),
    service: labelOf(labels.service),
    caller: labelOf(labels.caller),
    requestId: requestId === undefined || requestId === '-' ? undefined : requestId,
    state: stateOf(condition, readSteps(taskRun)),
    reason: textOf(condition, 'reason'),
    message: textOf(condition, 'message'),
    createdAt: textOf(taskRun, 'metadata', 'creationTimestamp'),
    startedAt: textOf(taskRun, 'status', 'startTime') || undefined,
    finishedAt: textOf(taskRun, 'status', 'completionTime') || undefined,
    pod: textOf(taskRun, 'status', 'podName') || undefined,
    attempt: listOf(taskRun, 'status', 'retriesStatus').length + 1,
    steps: readSteps(taskRun),
    params: Object.fromEntries(params),
  };
}

function stateOf(condition: unknown, steps: readonly JobStep[]): JobState {
  const status = textOf(condition, 'status');
  const reason = textOf(condition, 'reason');
  if (status === 'True') return 'succeeded';
  if (status === 'False') return endedBy.get(reason) ?? 'failed';
  // Tekton says Running when all containers do; before, it names what the pod waits for.
  return reason === 'Running' || steps.some(({ state }) => state !== 'waiting') ? 'running' : 'waiting';
}

function readSteps(taskRun: unknown): readonly JobStep[] {
  const states = listOf(taskRun, 'status', 'steps');
  const declared = listOf(taskRun, 'status', 'taskSpec', 'steps').map((step) => textOf(step, 'name'));
  const names = declared.length > 0 ? declared : stepNames;
  const read = names.map((name) =>
    readStep(
      name,
      states.find((each) => textOf(each, 'name') === name),
    ),
  );
  // All containers start at once, and each step waits for the one before it.
  const current = read.findIndex(({ state }) => state === 'running' || state === 'waiting');
  return read.map((step, index) => (step.state === 'running' && index > current ? { ...step, state: 'waiting' } : step));
}

function readStep(name: string, state: unknown): JobStep {
  const container = textOf(state, 'container') || `step-${name}`;
  const ended = fieldOf(state, 'terminated');
  if (!isFields(ended)) {
    return { name, container, state: isFields(fieldOf(state, 'running')) ? 'running' : 'waiting', exitCode: undefined, seconds: undefined };
  }
  const code = numberOf(ended, 'exitCode');
  // Go's word for a process that was killed, which Tekton passes on: seen where the kernel killed a predictor for its memory.
  const exitCode = code === -1 ? undefined : code;
  return { name, container, state: stepState(textOf(state, 'terminationReason'), exitCode), exitCode, seconds: secondsOf(ended) };
}

/** @see https://tekton.dev/docs/pipelines/taskruns/#monitoring-steps */
function stepState(reason: string, exitCode: number | undefined): JobStep['state'] {
  switch (reason) {
    case 'Skipped':
      return 'skipped';
    case 'TimeoutExceeded':
      return 'timed-out';
    case 'Cancelled':
      return 'cancelled';
    default:
      return exitCode === 0 ? 'ok' : 'failed';
  }
}

function secondsOf(ended: unknown): number | undefined {
  const seconds = (Date.parse(textOf(ended, 'finishedAt')) - Date.parse(textOf(ended, 'startedAt'))) / 1000;
  return Number.isFinite(seconds) ? Math.max(seconds, 0) : undefined;
}
