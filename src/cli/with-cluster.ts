import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { type Api, connect } from '../cluster/api.js';
import type { Job } from '../cluster/job.js';
import type { AccessOptions, AccessProblem, KubeAccess } from '../cluster/kube-access.js';
import { ClusterProblem } from '../cluster/problem.js';
import { findJob, type JobName } from '../cluster/watch-job.js';
import { diagnose } from '../diagnostics/diagnose.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { CliIo } from './command.js';
import { packageFile } from './package.js';
import { reporter } from './report.js';
import { environmentProxy } from './environment-proxy.js';
import { catchSignals } from './signals.js';

/** Options of every command that talks to a cluster. */
export const clusterOptions = { kubeconfig: { type: 'string' }, context: { type: 'string' } } as const;

export const clusterHelp = `  --kubeconfig FILE     default: KUBECONFIG, then ~/.kube/config, then the service account of this pod
  --context NAME        default: the current one of the kubeconfig
                        HTTPS_PROXY, HTTP_PROXY and NO_PROXY count where it has no proxy-url`;

/** Reads the kubeconfig, with the bundle of the Kubernetes client, which nothing else loads. A proxy is found as kubectl finds it. */
export function openCluster(options: AccessOptions, signal: AbortSignal): Api {
  const bundle = fileURLToPath(packageFile('lib/bin/kubernetes.cjs'));
  const { readKubeAccess } = createRequire(bundle)(bundle) as { readonly readKubeAccess: (options: AccessOptions) => KubeAccess | AccessProblem };
  const access = readKubeAccess(options);
  if ('kind' in access) throw new ClusterProblem(accessProblem(access));
  return connect(access, signal, access.hasProxy ? undefined : environmentProxy(access.server, options.env));
}

function accessProblem(problem: AccessProblem): Diagnostic {
  switch (problem.kind) {
    case 'missing':
      return diagnose('cluster/no-kubeconfig', undefined, problem);
    case 'bad':
      return diagnose('cluster/bad-kubeconfig', undefined, problem);
    case 'context':
      return diagnose('cluster/unknown-context', undefined, problem);
  }
}

/**
 * Carries out what talks to a cluster, and gives its exit code. Ctrl-C ends it at once: what was started on the cluster
 * goes on there.
 */
export async function withCluster(
  print: (diagnostics: readonly Diagnostic[]) => void,
  body: (signal: AbortSignal) => Promise<number>,
): Promise<number> {
  const signals = catchSignals();
  try {
    return await body(signals.signal);
  } catch (error) {
    if (signals.exitCode !== undefined) return signals.exitCode;
    if (!(error instanceof ClusterProblem)) throw error;
    print([error.diagnostic]);
    return 1;
  } finally {
    signals.release();
  }
}

/** What a command line says of the cluster and of how to report. */
export interface ClusterValues {
  readonly kubeconfig?: string | undefined;
  readonly context?: string | undefined;
  readonly format?: string;
  readonly 'no-color'?: boolean;
}

/** A job on a cluster, and what a command needs to go on with it. */
export interface FoundJob {
  readonly job: Job;
  readonly api: Api;
  readonly print: (diagnostics: readonly Diagnostic[]) => void;
  readonly signal: AbortSignal;
}

/**
 * Carries out what is about one job, as {@link withCluster} does.
 *
 * @param target gives the job that the command line means; what it throws is told like everything else
 */
export function withJob(io: CliIo, values: ClusterValues, target: () => JobName, body: (found: FoundJob) => Promise<number>): Promise<number> {
  const report = reporter(io, values);
  const print = (diagnostics: readonly Diagnostic[]): void => report(diagnostics, new Map());
  return withCluster(print, async (signal) => {
    const which = target();
    const api = openCluster({ kubeconfig: values.kubeconfig, context: values.context, env: io.env, cwd: io.cwd }, signal);
    const job = await findJob(api, which);
    if (!job) throw unknownJob(which);
    return body({ job, api, print, signal });
  });
}

/** There is no job of this name, or not any more. */
export const unknownJob = (target: JobName): ClusterProblem =>
  new ClusterProblem(diagnose('job/unknown-job', undefined, { namespace: target.namespace, name: target.name }));
