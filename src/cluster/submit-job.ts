/** Starts one job, and says whether it runs. */
import { setTimeout as sleep } from 'node:timers/promises';
import { assertInvariant } from '../base/assert.js';
import { diagnose } from '../diagnostics/diagnose.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { TriggerOutcome } from '../engine/triggers/listener.js';
import type { Manifest } from '../manifests/manifest.js';
import type { Api } from './api.js';
import { hasEnded, type Job, readJob } from './job.js';
import { ClusterProblem } from './problem.js';
import { textOf } from './read.js';
import { removeJob } from './remove-job.js';
import { resources } from './resource.js';
import { findJob } from './watch-job.js';

/** A job that is to start, and by which way. */
export interface Submission {
  /** `TEAM/NAME` */
  readonly service: string;
  readonly namespace: string;
  /** What the listener does by the definitions that are here; the cluster may have others. */
  readonly outcome: TriggerOutcome;
  /** The name that the run gets; undefined where the cluster makes one up. */
  readonly runName: string | undefined;
  /** Sends the request, and gives the event's id. Undefined: the run is created without a listener. */
  readonly post: (() => Promise<string>) | undefined;
  readonly rerun: boolean;
  readonly signal: AbortSignal;
  /** Milliseconds until the run must have appeared. */
  readonly limit?: number;
}

/** The run that is there now, whoever has started it. */
export interface Submitted {
  readonly job: Job;
  /** Whether it was this request that started it. */
  readonly started: boolean;
  readonly eventId: string | undefined;
  readonly warnings: readonly Diagnostic[];
}

const eventLabel = 'triggers.tekton.dev/triggers-eventid';
/** Milliseconds until a run must have appeared; the listener does its work after it has answered. */
const appears = 30_000;
/** The same where the definitions here say that none will. */
const appearsThough = 5000;
const interval = 400;

/**
 * Starts a job and waits until its run is there.
 *
 * @throws ClusterProblem where a rule refuses the request, the run does not appear in time, or `rerun` finds one that has not ended
 */
export async function submitJob(api: Api, submission: Submission): Promise<Submitted> {
  const { namespace, runName, outcome, post, rerun, signal } = submission;
  if (!post && outcome.kind === 'refused') {
    const { sentence, rule } = outcome.refusal;
    throw new ClusterProblem(diagnose('run/request-refused', undefined, { service: submission.service, sentence, rule }));
  }
  const existing = runName === undefined ? undefined : await findJob(api, { namespace, name: runName });
  if (existing) {
    if (!rerun) return alreadyThere(existing);
    if (!hasEnded(existing)) throw new ClusterProblem(diagnose('job/still-running', undefined, { job: label(existing), state: existing.state }));
    await removeJob(api, existing, signal);
  }
  if (post) return lookFor(api, submission, await post());
  assertInvariant(outcome.kind === 'accepted', 'a refused run is not created');
  const created = await api.create({ type: resources.taskRuns, namespace }, outcome.taskRun);
  if (created !== undefined) return { job: readJob(created), started: true, eventId: undefined, warnings: [] };
  // Somebody was faster.
  const other = runName === undefined ? undefined : await findJob(api, { namespace, name: runName });
  if (other) return alreadyThere(other);
  throw new ClusterProblem(diagnose('job/vanished', undefined, { job: `${namespace}/${runName ?? ''}` }));
}

const label = ({ namespace, name }: Job): string => `${namespace}/${name}`;

const alreadyThere = (job: Job): Submitted => ({
  job,
  started: false,
  eventId: undefined,
  warnings: [diagnose('job/already-there', undefined, { job: label(job), state: job.state })],
});

async function lookFor(api: Api, submission: Submission, eventId: string): Promise<Submitted> {
  const { namespace, service, outcome, signal } = submission;
  const limit = submission.limit ?? (outcome.kind === 'refused' ? appearsThough : appears);
  const until = performance.now() + limit;
  for (;;) {
    const found = await findRun(api, submission, eventId);
    if (found) return found;
    if (performance.now() >= until) break;
    await sleep(interval, undefined, { signal });
  }
  if (outcome.kind === 'refused') {
    const { sentence, rule } = outcome.refusal;
    throw new ClusterProblem(diagnose('job/refused', undefined, { service, sentence, rule }));
  }
  throw new ClusterProblem(diagnose('job/not-started', undefined, { service, eventId, seconds: limit / 1000, namespace }));
}

async function findRun(api: Api, { namespace, runName }: Submission, eventId: string): Promise<Submitted | undefined> {
  if (runName !== undefined) {
    const found = await api.find({ type: resources.taskRuns, namespace, name: runName });
    if (found === undefined) return undefined;
    const job = readJob(found);
    // Two with the same requestId at the same time: one of them has made it.
    return textOf(found, 'metadata', 'labels', eventLabel) === eventId ? { job, started: true, eventId, warnings: [] } : alreadyThere(job);
  }
  let job: Job | undefined;
  await api.list({ type: resources.taskRuns, namespace }, { labelSelector: `${eventLabel}=${eventId}` }, ([first]) => {
    job = first === undefined ? undefined : readJob(first);
    return false;
  });
  return job && { job, started: true, eventId, warnings: [] };
}

/** The run of a template as its creator makes it: no listener has made sure of a caller. */
export function withCaller(taskRun: Manifest, label: string, caller: string): Manifest {
  const { metadata, spec } = taskRun as Manifest & {
    readonly spec?: { readonly params?: readonly { readonly name: string; readonly value: unknown }[] };
  };
  // An empty name leaves it to generateName, and is better not sent.
  const { name, ...rest } = metadata;
  const params = (spec?.params ?? []).map((param) => (param.name === 'caller' ? { ...param, value: caller } : param));
  return {
    ...taskRun,
    metadata: { ...(name === '' ? {} : { name }), ...rest, labels: { ...metadata.labels, [label]: caller } } as Manifest['metadata'],
    spec: { ...spec, params },
  };
}
