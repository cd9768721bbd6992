import { setTimeout as sleep } from 'node:timers/promises';
import type { Api } from './api.js';
import { hasEnded, type Job, readJob } from './job.js';
import { ClusterProblem } from './problem.js';
import { resources } from './resource.js';

/** Which job. */
export interface JobName {
  readonly namespace: string;
  readonly name: string;
}

/** Undefined where there is no such run. */
export async function findJob(api: Api, { namespace, name }: JobName): Promise<Job | undefined> {
  const found = await api.find({ type: resources.taskRuns, namespace, name });
  return found === undefined ? undefined : readJob(found);
}

/** Milliseconds between two looks at a job. */
const interval = 1500;
/** Milliseconds without an answer of the API server before a wait is given up: control planes are updated while jobs run. */
const patience = 120_000;

/** How long to look at a job, and whom to tell of each look. */
export interface WatchOptions {
  readonly seen?: (job: Job) => void;
  /** Milliseconds. */
  readonly timeout?: number | undefined;
  readonly signal: AbortSignal;
}

/** Looks at a job until it has ended; `still` where the time is up, undefined where it has been deleted. */
export async function watchJob(
  api: Api,
  which: JobName,
  { seen, timeout = Infinity, signal }: WatchOptions,
): Promise<{ readonly job: Job; readonly still: boolean } | undefined> {
  const until = performance.now() + timeout;
  for (;;) {
    const job = await patiently(() => findJob(api, which), signal);
    if (!job) return undefined;
    seen?.(job);
    if (hasEnded(job)) return { job, still: false };
    if (performance.now() >= until) return { job, still: true };
    await sleep(interval, undefined, { signal });
  }
}

/** Reads again where the API server cannot be reached for a while. */
export async function patiently<T>(read: () => Promise<T>, signal: AbortSignal): Promise<T> {
  const until = performance.now() + patience;
  for (;;) {
    try {
      return await read();
    } catch (error) {
      const passes =
        error instanceof ClusterProblem && (error.diagnostic.code === 'cluster/unreachable' || error.diagnostic.code === 'cluster/refused');
      if (!passes || performance.now() >= until) throw error;
    }
    await sleep(interval, undefined, { signal });
  }
}
