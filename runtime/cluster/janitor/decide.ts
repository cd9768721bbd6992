/** What the janitor does, as functions of what it saw. */
import type { JanitorConfig } from '../../../src/contract/janitor.js';
import type { PodState, RunState } from './state.js';

export interface HungRun {
  readonly run: RunState;
  readonly step: string;
  readonly exitCode: number;
  readonly reason: string;
  /** Milliseconds. */
  readonly since: number;
}

/** From here on, an exit code is that of a signal, or Kubernetes' own for a container that it could not run. */
const firstSignal = 128;

/**
 * Runs that wait for a step which is dead. Tekton's entrypoint is the first process of each step's container: it tells the next
 * step when this one has ended, however that was. Only where the kernel kills the entrypoint itself, as when the container
 * exceeds its memory on cgroup v2, nobody tells, and the later steps wait until the run's timeout. A step that fails, times out or
 * is cancelled ends with its entrypoint, and the later ones end within a second.
 */
export function hungRuns(runs: readonly RunState[], pods: readonly PodState[], { hungSeconds }: JanitorConfig, now: number): readonly HungRun[] {
  const byName = new Map(pods.map((pod) => [pod.name, pod]));
  return runs.flatMap((run): readonly HungRun[] => {
    if (run.finished !== undefined || run.asked || run.leaveAlone || run.podName === undefined) return [];
    const pod = byName.get(run.podName);
    // A pod of the same name may be that of an earlier run.
    if (!pod?.running || pod.owner !== run.uid) return [];
    const index = pod.steps.findIndex((step) => step.state === 'terminated' && step.exitCode >= firstSignal);
    const dead = pod.steps[index];
    if (dead?.state !== 'terminated' || dead.at === undefined || now - dead.at < hungSeconds * 1000) return [];
    if (!pod.steps.slice(index + 1).some(({ state }) => state === 'running')) return [];
    return [{ run, step: dead.name, exitCode: dead.exitCode, reason: dead.reason, since: dead.at }];
  });
}

/** What the run then says of itself. */
export const hungMessage = ({ step, exitCode, reason, since }: HungRun): string =>
  `Ended by the janitor of millrace: the container of step ${step} was killed (${reason === '' ? '' : `${reason}, `}exit code ${String(exitCode)}) at ${new Date(since).toISOString()} together with Tekton's entrypoint, so the later steps would have waited until the run's timeout. If it is out of memory, raise spec.resources.limits.memory of the service.`;

/** Finished runs that nobody needs any more: older than the ttl, and not among the last ones of their service. */
export function expiredRuns(runs: readonly RunState[], { finished }: JanitorConfig, now: number): readonly RunState[] {
  if (!finished) return [];
  const byService = new Map<string, (RunState & { readonly finished: number })[]>();
  for (const run of runs) {
    if (run.finished === undefined) continue;
    const known = byService.get(run.service) ?? [];
    known.push({ ...run, finished: run.finished });
    byService.set(run.service, known);
  }
  return [...byService.values()].flatMap((all) =>
    all
      .sort((a, b) => b.finished - a.finished || (a.name < b.name ? -1 : 1))
      .slice(finished.keepLast)
      .filter((run) => now - run.finished > finished.ttlSeconds * 1000 && !run.leaveAlone),
  );
}

export interface RuntimeConfigMap {
  readonly name: string;
  readonly uid: string;
  /** Milliseconds. */
  readonly created: number;
}

/**
 * Runtimes that nothing uses and that no sync is about to use: it may have made one before the first Task that names it, or be
 * going back to one that was in use an hour ago.
 *
 * @param lastChange of any Task or CronJob of the namespace
 */
export function unusedRuntimes(
  configMaps: readonly RuntimeConfigMap[],
  used: ReadonlySet<string>,
  lastChange: number,
  { quietSeconds }: JanitorConfig,
  now: number,
): readonly RuntimeConfigMap[] {
  const quietSince = now - quietSeconds * 1000;
  return lastChange > quietSince ? [] : configMaps.filter(({ name, created }) => created <= quietSince && !used.has(name));
}
