import { setTimeout as sleep } from 'node:timers/promises';
import { diagnose } from '../diagnostics/diagnose.js';
import type { Api } from './api.js';
import { ClusterProblem } from './problem.js';
import { resources } from './resource.js';
import { type JobName, patiently, watchJob } from './watch-job.js';

/** Seconds: a pod has 30 to end, and its node may be slow. */
const limit = 120;

/** Cancels a job that has not ended, and waits until Tekton has done so. */
export async function stopJob(api: Api, { namespace, name }: JobName, signal: AbortSignal): Promise<void> {
  const body = { spec: { status: 'TaskRunCancelled', statusMessage: 'stopped by millrace job delete' } };
  const patched = await api.patch({ type: resources.taskRuns, namespace, name }, body);
  if (patched === undefined) return;
  const end = await watchJob(api, { namespace, name }, { timeout: limit * 1000, signal });
  if (end?.still)
    throw new ClusterProblem(diagnose('job/not-ended', undefined, { job: `${namespace}/${name}`, state: end.job.state, limit: `${String(limit)}s` }));
}

/**
 * Deletes a job and waits until its name is free. The API keeps it until its pod is gone: a run of the same name would
 * find the dying pod of the old one and fail at once.
 */
export async function removeJob(api: Api, { namespace, name }: JobName, signal: AbortSignal, seconds = limit): Promise<void> {
  const place = { type: resources.taskRuns, namespace, name };
  await api.remove(place);
  const until = performance.now() + seconds * 1000;
  while ((await patiently(() => api.find(place), signal)) !== undefined) {
    if (performance.now() >= until) throw new ClusterProblem(diagnose('job/not-gone', undefined, { job: `${namespace}/${name}`, seconds }));
    await sleep(500, undefined, { signal });
  }
}
