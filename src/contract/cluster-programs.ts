/** The programs of the runtime that are no steps of a job: each runs in the pod of a CronJob and talks to the Kubernetes API. */

/** start-run makes the TaskRun of a schedule; janitor ends what hangs and removes what nobody needs any more. */
export const clusterPrograms = ['start-run', 'janitor'] as const;
export type ClusterProgram = (typeof clusterPrograms)[number];

/** Environment variables that they read, beside `KUBERNETES_SERVICE_HOST` and `_PORT`, which every pod has. */
export const clusterEnv = {
  /** ScheduledRun or JanitorConfig as JSON with every `$` written as `\u0024`. */
  config: 'MILLRACE_CONFIG',
  /** Folder of the ServiceAccount's token and of the API server's certificates. */
  serviceAccount: 'MILLRACE_SERVICE_ACCOUNT',
  /** start-run: name of the Job, which tells the scheduled time. */
  jobName: 'MILLRACE_JOB_NAME',
  /** start-run: UID of the Job, which tells apart those that a person made. */
  jobUid: 'MILLRACE_JOB_UID',
} as const;

/** Where the kubelet puts the token of a pod's ServiceAccount, `ca.crt` beside it. */
export const serviceAccountFolder = '/var/run/secrets/kubernetes.io/serviceaccount';

/**
 * A value for an environment variable of a container. Every `$` is written as `\u0024`, so that the kubelet finds
 * nothing to expand in it.
 */
export const encodeConfig = (config: unknown): string => JSON.stringify(config).replaceAll('$', '\\u0024');
