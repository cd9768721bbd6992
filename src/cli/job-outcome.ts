/** What becomes of submitted jobs, told to people and to programs. */
import { assertInvariant } from '../base/assert.js';
import type { Api } from '../cluster/api.js';
import { findFailure, type JobFailure } from '../cluster/job-log.js';
import { hasEnded, type Job } from '../cluster/job.js';
import { ClusterProblem } from '../cluster/problem.js';
import { watchJob } from '../cluster/watch-job.js';
import { diagnose } from '../diagnostics/diagnose.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { CliIo } from './command.js';
import type { PlannedJob } from './job-body.js';
import { followLogs } from './job-logs.js';
import { showSteps } from './job-progress.js';
import type { SubmitSettings } from './job-submit-settings.js';
import { failedDiagnostic, failureJson, jobJson, jobLabel, printJson, stateText } from './job-text.js';

/** A job that was asked for; `job` is undefined where nobody looked for its run. */
export interface Outcome {
  readonly job: Job | undefined;
  readonly started: boolean | undefined;
  readonly eventId: string | undefined;
  readonly warnings: readonly Diagnostic[];
}

export interface Run {
  readonly settings: SubmitSettings;
  readonly api: Api | undefined;
  readonly io: CliIo;
  readonly print: (diagnostics: readonly Diagnostic[]) => void;
  readonly signal: AbortSignal;
  /** `TEAM/NAME` */
  readonly service: string;
}

interface End {
  readonly job: Job;
  readonly failure: JobFailure | undefined;
}

/**
 * Starts one job and, as the settings say, follows it to its end. Gives the exit code: 1 where the job is known not to have succeeded.
 *
 * @throws ClusterProblem where the cluster cannot be asked; with `--json` only before the job is known, later it is a part of the object
 */
export async function carryOutOne(run: Run, start: () => Promise<Outcome>): Promise<number> {
  const { settings, io, print, service } = run;
  const outcome = await start();
  const { job } = outcome;
  if (!job) {
    if (settings.json) print(outcome.warnings);
    io.stdout(
      settings.json ? printJson({ eventId: outcome.eventId }) : `the listener took the request for ${service}: event ${outcome.eventId ?? ''}\n`,
    );
    return 0;
  }
  if (!settings.json) {
    print(outcome.warnings);
    if (outcome.started) io.stdout(`job ${jobLabel(job)} started\n`);
  }
  if (settings.follow === 'nothing') {
    if (settings.json) finish(run, outcome, outcome.warnings, undefined);
    return 0;
  }
  let end: End | ClusterProblem;
  try {
    end = await waitFor(run, job, settings.json ? undefined : 'shown');
  } catch (error) {
    if (!(error instanceof ClusterProblem) || !settings.json) throw error;
    end = error;
  }
  const problem = end instanceof ClusterProblem ? end.diagnostic : end.failure && failedDiagnostic(end.job, end.failure);
  const problems = problem ? [problem] : [];
  if (settings.json) finish(run, outcome, [...outcome.warnings, ...problems], end instanceof ClusterProblem ? undefined : end);
  else if (problem) print(problems);
  else if (!(end instanceof ClusterProblem)) io.stdout(`job ${jobLabel(job)} ${stateText(end.job.state, settings.color)}\n`);
  return problem ? 1 : 0;
}

/** Standard error takes one array of diagnostics, standard output one object. */
function finish({ io, print }: Run, outcome: Outcome, diagnostics: readonly Diagnostic[], end: End | undefined): void {
  print(diagnostics);
  io.stdout(printJson(outcomeJson(outcome, end)));
}

const outcomeJson = ({ job, eventId, started }: Outcome, end: End | undefined): object => ({
  ...(job ? jobJson(end?.job ?? job) : {}),
  eventId: eventId ?? null,
  started: started ?? null,
  failure: failureJson(end?.failure),
});

async function waitFor({ settings, api, io, signal }: Run, job: Job, view: 'shown' | undefined): Promise<End> {
  assertInvariant(api, 'without a cluster nobody waits');
  const { timeout } = settings;
  if (settings.follow === 'logs' && view && !hasEnded(job)) {
    const last = await followLogs(api, job, io, signal, timeout);
    return toEnd(api, last, job, settings);
  }
  const steps = view && showSteps(io, settings.color);
  try {
    const last = await watchJob(api, job, { ...(steps ? { seen: steps.seen } : {}), timeout, signal });
    return await toEnd(api, last, job, settings);
  } finally {
    steps?.release();
  }
}

async function toEnd(
  api: Api,
  last: { readonly job: Job; readonly still: boolean } | undefined,
  job: Job,
  { timeout }: SubmitSettings,
): Promise<End> {
  if (!last) throw new ClusterProblem(diagnose('job/vanished', undefined, { job: jobLabel(job) }));
  if (last.still) {
    throw new ClusterProblem(
      diagnose('job/not-ended', undefined, { job: jobLabel(job), state: last.job.state, limit: `${String((timeout ?? 0) / 1000)}s` }),
    );
  }
  return { job: last.job, failure: last.job.state === 'succeeded' ? undefined : await findFailure(api, last.job) };
}

/** All jobs of a backfill, so many at a time. One that fails does not keep the others from starting. */
export async function carryOutAll(run: Run, jobs: readonly PlannedJob[], start: (job: PlannedJob) => Promise<Outcome>): Promise<number> {
  const { settings, io, print, signal } = run;
  const results: (object | undefined)[] = jobs.map(() => undefined);
  const diagnostics: Diagnostic[] = [];
  const counts = new Map<string, number>();
  let next = 0;
  const tell = (index: number, { prefix }: PlannedJob, word: string, found: readonly Diagnostic[], result: object): void => {
    counts.set(word, (counts.get(word) ?? 0) + 1);
    results[index] = { prefix, ...result };
    diagnostics.push(...found);
    if (settings.json) return;
    io.stdout(`${prefix ?? ''} ${word}\n`);
    print(found);
  };
  const one = async (index: number, planned: PlannedJob): Promise<void> => {
    try {
      const outcome = await start(planned);
      const wait = outcome.job !== undefined && settings.follow !== 'nothing';
      const end = wait && outcome.job ? await waitFor(run, outcome.job, undefined) : undefined;
      const failed = end?.failure ? [failedDiagnostic(end.job, end.failure)] : [];
      // That a job of a backfill is there already is how a backfill goes on, and nothing to warn of.
      const word = end?.job.state ?? (outcome.started === false ? `there already (${outcome.job?.state ?? ''})` : outcome.job ? 'started' : 'sent');
      tell(index, planned, word, failed, outcomeJson(outcome, end));
    } catch (error) {
      if (!(error instanceof ClusterProblem)) throw error;
      tell(index, planned, 'not carried out', [error.diagnostic], { error: error.diagnostic.code });
    }
  };
  const worker = async (): Promise<void> => {
    for (let index = next++; index < jobs.length && !signal.aborted; index = next++) {
      const planned = jobs[index];
      if (planned) await one(index, planned);
    }
  };
  await Promise.all(Array.from({ length: Math.min(settings.parallel, jobs.length) }, worker));
  signal.throwIfAborted();
  if (settings.json) {
    print(diagnostics);
    io.stdout(printJson(results));
  } else {
    io.stdout(`${String(jobs.length)} jobs: ${[...counts].map(([word, count]) => `${String(count)} ${word}`).join(', ')}\n`);
  }
  return diagnostics.some(({ severity }) => severity === 'error') ? 1 : 0;
}
