/** Which pods of a namespace are which, by the labels that they have in fact, and where those are that they talk to. */
import { constant } from '../../base/constant.js';
import type { TargetModel } from '../../model/model.js';
import { labels } from '../names.js';

const has = (key: string) => constant({ matchExpressions: [{ key, operator: 'Exists' }] });

/** Pods of jobs: Tekton copies the labels of a run. */
export const jobPods = has(labels.service);

/** A label that Triggers gives the pods of every listener, and by which their Services find them. */
export const managedByListener = constant({ key: 'app.kubernetes.io/managed-by', value: 'EventListener' });

/** Pods of listeners, shared and dedicated; Triggers names the listener in this label. */
export const listenerPods = constant({
  matchExpressions: [
    { key: managedByListener.key, operator: 'In', values: [managedByListener.value] },
    { key: 'eventlistener', operator: 'Exists' },
  ],
});

/** Pods of ours that talk to the API server: schedules and the janitor. */
export const clientPods = has(labels.component);

/** The pods that answer names, and the port they listen at, which is not that of their Service everywhere. */
export const clusterDns: Readonly<
  Record<TargetModel['distribution'], { readonly namespace: string; readonly labels: object; readonly port: number }>
> = constant({
  kubernetes: { namespace: 'kube-system', labels: { 'k8s-app': 'kube-dns' }, port: 53 },
  openshift: { namespace: 'openshift-dns', labels: { 'dns.operator.openshift.io/daemonset-dns': 'default' }, port: 5353 },
});

/** Of Triggers' interceptors, which check signatures and CEL for a listener. */
export const interceptors = constant({
  labels: { 'app.kubernetes.io/component': 'interceptors', 'app.kubernetes.io/part-of': 'tekton-triggers' },
  port: 8443,
});

/** Where a listener's container listens. */
export const listenerPort = 8080;

/** API servers listen at one of these, whatever their Service says. */
export const apiServerPorts: readonly number[] = constant([443, 6443]);

/** The label that every namespace has with its own name. */
export const namespaceLabel = 'kubernetes.io/metadata.name';

export const policyNames = {
  deny: 'millrace-default-deny',
  jobs: 'millrace-jobs',
  listener: 'millrace-listener',
  clients: 'millrace-clients',
} as const;
