/**
 * Whom kubectl would talk to, and as whom. The only importer of the Kubernetes client: scripts/command-line.mjs makes a
 * bundle of its own of this file, because only the commands that need a cluster load it. What is wrong is returned as
 * data, and no text of a kubeconfig is: its lines hold tokens.
 */
import { existsSync, readFileSync } from 'node:fs';
import type { RequestOptions } from 'node:https';
import { delimiter, dirname, join, resolve } from 'node:path';
import { KubeConfig } from '@kubernetes/client-node';
import { isDiskError, reasonOf } from '../emit/disk.js';

/** One context of a kubeconfig, or the service account of this pod. */
export interface KubeAccess {
  readonly context: string;
  /** Without a slash at its end. */
  readonly server: string;
  /** Whether the kubeconfig names a proxy, which the credentials then go by: it counts before those of the environment. */
  readonly hasProxy: boolean;
  /** Certificates and headers of a request; asks a credential plugin where the kubeconfig names one, and throws what that says. */
  credentials(): Promise<RequestOptions>;
}

/** Why there is no access, without a text of the kubeconfig. */
export type AccessProblem =
  | { readonly kind: 'missing'; /** Where a kubeconfig was looked for. */ readonly places: readonly string[] }
  | { readonly kind: 'bad'; readonly file: string; readonly problem: string }
  | { readonly kind: 'context'; readonly context: string | undefined; readonly known: readonly string[] };

/** Which kubeconfig, and which of its contexts. */
export interface AccessOptions {
  /** `--kubeconfig` */
  readonly kubeconfig: string | undefined;
  /** `--context` */
  readonly context: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
}

const serviceAccountToken = '/var/run/secrets/kubernetes.io/serviceaccount/token';

/** Reads the files that kubectl would read, the first to name something counting; else the service account of this pod. */
export function readKubeAccess(options: AccessOptions): KubeAccess | AccessProblem {
  const { places, mustExist } = kubeconfigFiles(options);
  const files = places.filter((file) => mustExist || existsSync(file));
  const config = new KubeConfig();
  if (files.length === 0) {
    if (!existsSync(serviceAccountToken)) return { kind: 'missing', places };
    config.loadFromCluster();
  }
  for (const file of files) {
    const problem = addFile(config, file);
    if (problem !== undefined) return { kind: 'bad', file, problem };
  }
  return selectContext(config, options.context, files.join(delimiter));
}

/** A file that was asked for must be there; of those in KUBECONFIG, kubectl passes over what is not. */
function kubeconfigFiles({ kubeconfig, env, cwd }: AccessOptions): { readonly places: readonly string[]; readonly mustExist: boolean } {
  if (kubeconfig !== undefined) return { places: [resolve(cwd, kubeconfig)], mustExist: true };
  const listed = (env['KUBECONFIG'] ?? '').split(delimiter).filter((file) => file !== '');
  if (listed.length > 0) return { places: listed.map((file) => resolve(cwd, file)), mustExist: false };
  const home = env['HOME'] ?? env['USERPROFILE'];
  return { places: home === undefined ? [] : [join(home, '.kube', 'config')], mustExist: false };
}

/** Adds what no file before it has named; gives what is wrong with the file. */
function addFile(config: KubeConfig, file: string): string | undefined {
  const added = new KubeConfig();
  try {
    added.loadFromString(readFileSync(file, 'utf8'));
    added.makePathsAbsolute(dirname(file));
  } catch (error) {
    return wordsOf(error);
  }
  const isNew = <T extends { readonly name: string }>(known: readonly T[], each: T): boolean => known.every(({ name }) => name !== each.name);
  config.loadFromOptions({
    clusters: [...config.clusters, ...added.clusters.filter((each) => isNew(config.clusters, each))],
    users: [...config.users, ...added.users.filter((each) => isNew(config.users, each))],
    contexts: [...config.contexts, ...added.contexts.filter((each) => isNew(config.contexts, each))],
    currentContext: config.currentContext || added.currentContext,
  });
  return undefined;
}

/** js-yaml's own message quotes the lines around the mistake, and a token may stand there. */
function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return 'cannot be read';
  if (isDiskError(error)) return reasonOf(error);
  if ('reason' in error && 'mark' in error) {
    const { mark } = error;
    const line =
      typeof mark === 'object' && mark !== null && 'line' in mark && typeof mark.line === 'number' ? ` in line ${String(mark.line + 1)}` : '';
    return `is no YAML${line}: ${String(error.reason)}`;
  }
  return error instanceof TypeError ? 'is no kubeconfig' : error.message;
}

function selectContext(config: KubeConfig, wanted: string | undefined, file: string): KubeAccess | AccessProblem {
  const name = wanted ?? config.currentContext;
  const known = config.contexts.map((context) => context.name).sort();
  const context = config.contexts.find((each) => each.name === name);
  if (!context) return { kind: 'context', context: name === '' ? undefined : name, known };
  config.setCurrentContext(name);
  const cluster = config.getCurrentCluster();
  if (!cluster) return { kind: 'bad', file, problem: `its context "${name}" is of the cluster "${context.cluster}", which it does not have` };
  if (!config.getCurrentUser())
    return { kind: 'bad', file, problem: `its context "${name}" is of the user "${context.user}", whom it does not have` };
  if (!/^https?:\/\//.test(cluster.server)) {
    return { kind: 'bad', file, problem: `the server of its cluster "${context.cluster}" is no address that begins with https:// or http://` };
  }
  // The client refuses plain HTTP unless it is told not to verify what is not there: `kubectl proxy` is such a server.
  if (cluster.server.startsWith('http:')) config.loadFromOptions({ ...config, clusters: [{ ...cluster, skipTLSVerify: true }] });
  return {
    context: name,
    server: cluster.server,
    hasProxy: Boolean(cluster.proxyUrl),
    credentials: async () => {
      const options: RequestOptions = {};
      await config.applyToHTTPSOptions(options);
      return options;
    },
  };
}
