import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { type Api, connect } from '../cluster/api.js';
import type { AccessOptions, AccessProblem, KubeAccess } from '../cluster/kube-access.js';
import { ClusterProblem } from '../cluster/problem.js';
import { diagnose } from '../diagnostics/diagnose.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { packageFile } from './package.js';
import { catchSignals } from './signals.js';

/** Options of every command that talks to a cluster. */
export const clusterOptions = { kubeconfig: { type: 'string' }, context: { type: 'string' } } as const;

export const clusterHelp = `  --kubeconfig FILE     default: KUBECONFIG, then ~/.kube/config, then the service account of this pod
  --context NAME        default: the current one of the kubeconfig`;

/** Reads the kubeconfig, with the bundle of the Kubernetes client, which nothing else loads. */
export function openCluster(options: AccessOptions, signal: AbortSignal): Api {
  const bundle = fileURLToPath(packageFile('lib/bin/kubernetes.cjs'));
  const { readKubeAccess } = createRequire(bundle)(bundle) as { readonly readKubeAccess: (options: AccessOptions) => KubeAccess | AccessProblem };
  const access = readKubeAccess(options);
  if ('kind' in access) throw new ClusterProblem(accessProblem(access));
  return connect(access, signal);
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
