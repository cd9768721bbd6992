/** Names and labels of what is emitted. Decided once: renaming one renames an object on every cluster. */
import { createHash } from 'node:crypto';
import { constant } from '../base/constant.js';
import { serviceLabel } from '../contract/janitor.js';
import { runtimeFile } from '../contract/paths.js';
import { programTexts } from '../contract/programs.js';

/** EventListener, TriggerBinding and the prefix of everything else that a namespace shares. */
export const shared = 'millrace';
export const runServiceAccount = 'millrace-run';
/** The subject that a cloud trusts: `system:serviceaccount:<namespace>:millrace-run-<identity>`. */
export const identityServiceAccount = (identity: string): string => `${runServiceAccount}-${identity}`;
export const listenerServiceAccount = 'millrace-listener';
/** Role, RoleBinding, ClusterRole and ClusterRoleBinding of the listener. */
export const listenerRole = 'millrace-listener';
/** Role and RoleBinding of those who may look at runs. */
export const viewersRole = 'millrace-viewers';

/** Of the host, where it is not that of a listener: a service's name holds no `--`, so no dedicated listener's Ingress is called like it. */
export const hostIngress = 'millrace--host';

/** Of the pods that make the runs of schedules; its Role and RoleBinding are called the same. */
export const scheduleServiceAccount = 'millrace-schedule';

/** CronJob, ServiceAccount, Role and RoleBinding of what cleans up in a namespace. */
export const janitorName = 'millrace-janitor';

/** A service's name holds no `--`, so no two CronJobs are called the same. At most 44 of 52 characters. */
export const cronJobName = (service: string, schedule: string): string => `${service}${runNameSeparator}${schedule}`;

/** What the runtime's ConfigMap holds: the bundled runtime and the programs of the rclone steps, by file name. */
export const runtimeFiles = (runtime: string): Readonly<Record<string, string>> => ({
  [runtimeFile]: runtime,
  ...programTexts,
});

/** `millrace-runtime-<first 10 of its SHA-256>`: the one name that carries a hash of its content, because the object is immutable. */
export function runtimeConfigMap(runtime: string): string {
  const hash = createHash('sha256');
  for (const [file, text] of Object.entries(runtimeFiles(runtime))) hash.update(`${file}\0${text}\0`);
  return `millrace-runtime-${hash.digest('hex').slice(0, 10)}`;
}

export const labels = {
  service: serviceLabel,
  team: 'millrace.dev/team',
  caller: 'millrace.dev/caller',
  /** On what makes the Secret of a connection, and on that Secret. */
  connection: 'millrace.dev/connection',
  /** On pods of our own that are no jobs: what they are for. */
  component: 'millrace.dev/component',
  /** On a Trigger, with the value `"true"`: this caller may start the service. */
  mayCall: (caller: string): string => `millrace.dev/caller-${caller}`,
} as const;

/** By which Kueue knows the LocalQueue that a pod waits in; Tekton gives its pod the labels of the run. */
export const queueLabel = 'kueue.x-k8s.io/queue-name';

/** Between a service's name and a requestId or generated suffix in the name of a run; no service name holds it. */
export const runNameSeparator = '--';

/**
 * What a running job still needs must not vanish under it, whatever the GitOps engine believes. What is left behind then
 * does not count as a difference either: Argo CD would otherwise call the application out of sync for ever.
 */
export const neverPrunedByArgo = constant({
  'argocd.argoproj.io/compare-options': 'IgnoreExtraneous',
  'argocd.argoproj.io/sync-options': 'Prune=false',
});

/** Flux removes what has left its output, unless an object says this. */
export const neverPrunedByFlux = constant({ 'kustomize.toolkit.fluxcd.io/prune': 'disabled' });

/** The same for what is part of a sync; a run is not, so Flux has it in no inventory. */
export const neverPruned = constant({ ...neverPrunedByArgo, ...neverPrunedByFlux });
