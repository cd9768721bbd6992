/** What the janitor keeps of the objects that it lists: a run is large, and there may be thousands. */
import { runtimeNames, serviceLabel } from '../../../src/contract/janitor.js';
import { at, listAt, textAt, timeAt, type Fields } from '../objects.js';

export interface RunState {
  readonly name: string;
  readonly uid: string;
  readonly resourceVersion: string;
  readonly service: string;
  /** Milliseconds since 1970; undefined: it has not finished. */
  readonly finished: number | undefined;
  /** Somebody has asked for its end, or for it to wait. */
  readonly asked: boolean;
  /** It is being deleted, or part of a PipelineRun, whose business it is. */
  readonly leaveAlone: boolean;
  readonly podName: string | undefined;
  /** Runtimes that it needs. */
  readonly runtimes: readonly string[];
}

/** Undefined where it is none of a service. */
export function runState(run: Fields): RunState | undefined {
  const [name, uid, resourceVersion] = ['name', 'uid', 'resourceVersion'].map((field) => textAt(run, 'metadata', field));
  const service = textAt(run, 'metadata', 'labels', serviceLabel);
  if (name === undefined || uid === undefined || resourceVersion === undefined || service === undefined) return undefined;
  const outcome = listAt(run, 'status', 'conditions').find((condition) => condition['type'] === 'Succeeded');
  const done = outcome?.['status'] === 'True' || outcome?.['status'] === 'False';
  return {
    name,
    uid,
    resourceVersion,
    service,
    finished: done
      ? (timeAt(run, 'status', 'completionTime') ?? timeAt(outcome, 'lastTransitionTime') ?? timeAt(run, 'metadata', 'creationTimestamp'))
      : undefined,
    asked: textAt(run, 'spec', 'status') !== undefined,
    leaveAlone: textAt(run, 'metadata', 'deletionTimestamp') !== undefined || listAt(run, 'metadata', 'ownerReferences').length > 0,
    podName: textAt(run, 'status', 'podName'),
    runtimes: done ? [] : runtimesIn(run),
  };
}

export interface PodState {
  readonly name: string;
  /** UID of the run that it belongs to. */
  readonly owner: string | undefined;
  /** It runs, on a node that is there, and nobody has asked for its end. */
  readonly running: boolean;
  /** The steps, in order. */
  readonly steps: readonly StepState[];
  readonly runtimes: readonly string[];
}

export type StepState =
  | { readonly name: string; readonly state: 'waiting' | 'running' }
  | {
      readonly name: string;
      readonly state: 'terminated';
      readonly exitCode: number;
      readonly reason: string;
      /** Milliseconds. */ readonly at: number | undefined;
    };

/** What the janitor keeps of a pod. What the API server leaves out reads as not there. */
export function podState(pod: Fields): PodState {
  const phase = textAt(pod, 'status', 'phase');
  const statuses = new Map(listAt(pod, 'status', 'containerStatuses').map((status) => [status['name'], status]));
  return {
    name: textAt(pod, 'metadata', 'name') ?? '',
    owner: textAt(
      listAt(pod, 'metadata', 'ownerReferences').find(({ kind, controller }) => kind === 'TaskRun' && controller === true),
      'uid',
    ),
    // A reason beside the phase: evicted, or its node is lost.
    running: phase === 'Running' && textAt(pod, 'metadata', 'deletionTimestamp') === undefined && textAt(pod, 'status', 'reason') === undefined,
    steps: listAt(pod, 'spec', 'containers').flatMap(({ name }) =>
      typeof name === 'string' && name.startsWith('step-') ? [stepState(name, statuses.get(name))] : [],
    ),
    runtimes: phase === 'Succeeded' || phase === 'Failed' ? [] : runtimesIn(pod),
  };
}

function stepState(container: string, status: Fields | undefined): StepState {
  const name = container.slice('step-'.length);
  const terminated = at(status, 'state', 'terminated');
  const exitCode = at(terminated, 'exitCode');
  if (typeof exitCode === 'number')
    return { name, state: 'terminated', exitCode, reason: textAt(terminated, 'reason') ?? '', at: timeAt(terminated, 'finishedAt') };
  return { name, state: at(status, 'state', 'running') === undefined ? 'waiting' : 'running' };
}

/** Wherever they are named: rather one too many that is kept. */
export const runtimesIn = (object: Fields): readonly string[] => [...new Set(JSON.stringify(object).match(runtimeNames) ?? [])];

/** When somebody last changed an object, but for its status; milliseconds. */
export function lastChange(object: Fields): number {
  const times = listAt(object, 'metadata', 'managedFields')
    .filter((entry) => textAt(entry, 'subresource') === undefined)
    .map((entry) => timeAt(entry, 'time'));
  return Math.max(...[timeAt(object, 'metadata', 'creationTimestamp'), ...times].map((time) => time ?? 0));
}

/** Whether a Job of a CronJob has come to its end, good or bad. */
export const isFinishedJob = (job: Fields): boolean =>
  listAt(job, 'status', 'conditions').some(({ type, status }) => (type === 'Complete' || type === 'Failed') && status === 'True');
