import { clusterEnv, serviceAccountFolder, type ClusterProgram } from '../contract/cluster-programs.js';
import { mountPaths, runtimeFile } from '../contract/paths.js';
import type { NamespaceModel } from '../model/model.js';
import { helperRequests } from '../resolve/pod-requests.js';
import { containerSecurity, podSecurity } from './job/security.js';
import { labels } from './names.js';

/** A pod of our own beside the jobs: what it is for, as the value of its label `millrace.dev/component`. */
export type Component = 'schedule' | 'janitor';

export interface ClusterPod {
  readonly namespace: NamespaceModel;
  readonly runtimeName: string;
  readonly program: ClusterProgram;
  readonly component: Component;
  readonly serviceAccount: string;
  /** What the program reads beside where its token lies. */
  readonly env: readonly Readonly<Record<string, unknown>>[];
}

/** The program takes one of these exit codes where another attempt changes nothing: src/contract/exit-codes.ts. */
const hopeless = [1, 2];

/**
 * The Job of a CronJob that runs one program of our runtime with a token for the Kubernetes API: restricted, and the only pods
 * of a namespace that have one.
 */
export function clusterJob(pod: ClusterPod, { deadlineSeconds, attempts }: { readonly deadlineSeconds: number; readonly attempts: number }) {
  return {
    activeDeadlineSeconds: deadlineSeconds,
    backoffLimit: attempts - 1,
    podFailurePolicy: { rules: [{ action: 'FailJob', onExitCodes: { containerName: pod.program, operator: 'In', values: hopeless } }] },
    template: { metadata: { labels: { [labels.component]: pod.component } }, spec: podSpec(pod) },
  };
}

function podSpec({ namespace, runtimeName, program, serviceAccount, env }: ClusterPod): Readonly<Record<string, unknown>> {
  const { target, images, imagePullSecrets } = namespace;
  return {
    restartPolicy: 'Never',
    serviceAccountName: serviceAccount,
    automountServiceAccountToken: true,
    enableServiceLinks: false,
    securityContext: podSecurity[target.distribution],
    ...(imagePullSecrets.length > 0 ? { imagePullSecrets: imagePullSecrets.map((name) => ({ name })) } : {}),
    containers: [
      {
        name: program,
        image: images.node,
        command: ['node'],
        args: [`${mountPaths.runtime}/${runtimeFile}`, program],
        env: [{ name: clusterEnv.serviceAccount, value: serviceAccountFolder }, ...env],
        resources: { limits: { memory: '256Mi' }, requests: helperRequests },
        securityContext: containerSecurity[target.distribution],
        volumeMounts: [{ name: 'runtime', mountPath: mountPaths.runtime, readOnly: true }],
      },
    ],
    volumes: [{ name: 'runtime', configMap: { name: runtimeName } }],
  };
}

/** A variable that the kubelet fills with a label of the pod. */
export const labelEnv = (name: string, label: string): Readonly<Record<string, unknown>> => ({
  name,
  valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: `metadata.labels['${label}']` } },
});
