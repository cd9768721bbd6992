import { assertInvariant } from '../base/assert.js';
import type { Api } from '../cluster/api.js';
import { postJob } from '../cluster/post.js';
import { authoritiesWith } from '../cluster/authorities.js';
import { ClusterProblem } from '../cluster/problem.js';
import { keyProblem, signingHeaders } from '../cluster/sign.js';
import { type Submitted, submitJob, withCaller } from '../cluster/submit-job.js';
import { noCaller } from '../contract/paths.js';
import { diagnose } from '../diagnostics/diagnose.js';
import { type Diagnostic, hasErrors } from '../diagnostics/diagnostic.js';
import { type Secrets, withTokens } from '../engine/triggers/authenticate.js';
import { callersOf, sendRequest, type TriggerOutcome } from '../engine/triggers/listener.js';
import type { Manifest } from '../manifests/manifest.js';
import { labels, runNameSeparator } from '../manifests/names.js';
import { webhookPathOf } from '../manifests/triggers/webhook-path.js';
import type { CallerModel, ServiceModel } from '../model/model.js';
import type { CliIo } from './command.js';
import { compileRoot } from './compile-root.js';
import { emittedObjects } from './emitted-objects.js';
import { environmentProxy } from './environment-proxy.js';
import { type PlannedJob, planJobs } from './job-body.js';
import { carryOutAll, carryOutOne, type Outcome } from './job-outcome.js';
import { readKey } from './job-key.js';
import { type SubmitSettings, readSubmitSettings } from './job-submit-settings.js';
import { reporter } from './report.js';
import { openCluster, withCluster } from './with-cluster.js';

/**
 * `job submit`: starts a job of a service, or one for each prefix, and follows them as asked. Gives the exit code: 1 where the
 * definitions or the cluster have a problem, or a job that is waited for did not succeed.
 */
export async function submitJobs(args: readonly string[], io: CliIo): Promise<number> {
  const settings = readSubmitSettings(args, io);
  const report = reporter(io, settings.values);
  const { files, services, diagnostics, sources } = compileRoot(settings.root);
  const print = (found: readonly Diagnostic[]): void => report(found, sources);
  if (hasErrors(diagnostics)) {
    print(diagnostics);
    return 1;
  }
  const { team, service: name } = settings;
  const service = services.find((each) => each.name === name && each.namespace.team === team);
  if (!service) {
    const known = services.map((each) => `${each.namespace.team}/${each.name}`).sort();
    print([diagnose('run/unknown-service', undefined, { team, name, known })]);
    return 1;
  }
  const { namespace } = service.namespace;
  const objects = emittedObjects(files, [`${namespace}/platform.yaml`, `${namespace}/${name}.yaml`]);
  return withCluster(print, async (signal) => {
    const jobs = planJobs(settings, service, io);
    const needsCluster = settings.way !== 'send-only';
    const api = needsCluster
      ? openCluster({ kubeconfig: settings.kubeconfig, context: settings.context, env: io.env, cwd: io.cwd }, signal)
      : undefined;
    const start = await starter({ settings, service, objects, api, io, signal });
    const run = { settings, api, io, print, signal, service: `${team}/${name}` };
    return settings.prefixes === undefined ? carryOutOne(run, async () => start(first(jobs))) : carryOutAll(run, jobs, start);
  });
}

function first(jobs: readonly PlannedJob[]): PlannedJob {
  const [job] = jobs;
  assertInvariant(job, 'without prefixes there is one job');
  return job;
}

interface Parts {
  readonly settings: SubmitSettings;
  readonly service: ServiceModel;
  readonly objects: readonly Manifest[];
  readonly api: Api | undefined;
  readonly io: CliIo;
  readonly signal: AbortSignal;
}

/** What starts one of the jobs. Everything that is the same for all of them is found out before the first. */
async function starter(parts: Parts): Promise<(job: PlannedJob) => Promise<Outcome>> {
  const { settings, service, objects, api, signal } = parts;
  const { namespace } = service.namespace;
  const label = `${settings.team}/${settings.service}`;
  const caller = findCaller(parts, label);
  const runName = ({ requestId }: PlannedJob): string | undefined =>
    requestId === undefined ? undefined : service.name + runNameSeparator + requestId;
  const answer = ({ bytes }: PlannedJob, path: string, headers: Readonly<Record<string, string>> = {}, secrets?: Secrets): TriggerOutcome =>
    sendRequest(
      objects,
      { namespace, trigger: service.name, caller: caller.name },
      { path, headers: withTokens({ 'Content-Type': 'application/json', ...headers }), body: bytes },
      { secrets },
    );

  if (settings.way === 'direct' && api) {
    const callerLabel = settings.caller ?? noCaller;
    return async (job) => {
      const judged = answer(job, webhookPathOf(service));
      const outcome: TriggerOutcome =
        judged.kind === 'accepted' ? { ...judged, taskRun: withCaller(judged.taskRun, labels.caller, callerLabel) } : judged;
      return submitJob(api, { service: label, namespace, outcome, runName: runName(job), post: undefined, rerun: settings.rerun, signal });
    };
  }
  const url = settings.url ?? urlOf(service);
  const { pathname: path } = new URL(url);
  const proxy = environmentProxy(url, parts.io.env);
  const ca = settings.ca === undefined ? undefined : authoritiesWith(settings.ca, parts.io.env);
  const { key, secrets } = await readKey({ settings, caller, namespace, api, io: parts.io });
  const problem = keyProblem(caller.auth, key);
  if (problem !== undefined) throw new ClusterProblem(diagnose('job/bad-key', undefined, { caller: caller.name, problem }));
  const sign = ({ bytes }: PlannedJob): Readonly<Record<string, string>> => signingHeaders(caller.auth, key, bytes);
  const post = (job: PlannedJob): Promise<string> => postJob({ url, headers: sign(job), body: job.bytes, ca, proxy, signal });
  if (!api) return async (job) => ({ eventId: await post(job), job: undefined, started: undefined, warnings: [] });
  return async (job): Promise<Submitted> =>
    submitJob(api, {
      service: label,
      namespace,
      outcome: answer(job, path, sign(job), secrets),
      runName: runName(job),
      post: () => post(job),
      rerun: settings.rerun,
      signal,
    });
}

/** Who sends: the one that was named, else the first that may start the service. */
function findCaller({ settings, service, objects }: Parts, label: string): CallerModel {
  const { namespace, callers } = service.namespace;
  const known = callersOf(objects, namespace, service.name) ?? [];
  const name = settings.caller ?? known[0];
  if (name === undefined) {
    throw new ClusterProblem(
      diagnose('run/no-webhook', undefined, { service: label }, { hint: 'let a caller of Platform call it, or give it a schedule' }),
    );
  }
  const found = known.includes(name) ? callers.find((each) => each.name === name) : undefined;
  if (!found) throw new ClusterProblem(diagnose('run/unknown-caller', undefined, { service: label, caller: name, known }));
  return found;
}

/** Of the listener that takes the requests to this service. */
function urlOf(service: ServiceModel): string {
  const { webhookHost } = service.namespace;
  assertInvariant(webhookHost !== undefined, 'a service has callers, and Platform has no webhook');
  return `https://${webhookHost}${webhookPathOf(service)}`;
}
