/**
 * What a field means when it is left out. The schemas state these values and resolve fills them in, so both read them here.
 * Where the default is another field's value, the schema's description says so.
 */
import { formatDuration } from '../base/duration.js';
import { usualTransfers } from '../contract/rclone-env.js';

export const platformDefaults = {
  distribution: 'kubernetes',
  requireDigests: true,
  manageNamespace: true,
  gpuResource: 'nvidia.com/gpu',
  requireRequestId: false,
  maxBody: '64Ki',
  gitops: { revision: 'main', path: 'dist', project: 'default', namespace: { argocd: 'argocd', flux: 'flux-system' } },
  sends: 'job',
  cleanup: { engine: 'janitor', ttl: '72h', keepLast: 20 },
  tektonNamespace: { kubernetes: 'tekton-pipelines', openshift: 'openshift-pipelines' },
  feedback: {
    sink: 'none',
    delivery: 'bestEffort',
    compression: 'none',
    fluentdPort: 24224,
    cloudeventsMode: 'binary',
    giveUpAfter: { required: '5m', bestEffort: '1m' },
  },
} as const;

export const connectionDefaults = {
  pathStyle: true,
  requesterPays: false,
  sharedIdentity: false,
  /** Only with an endpoint. */
  region: 'us-east-1',
  caBundleKey: 'ca.crt',
  secretStoreKind: 'SecretStore',
  refreshInterval: '1h',
  deletionPolicy: 'Retain',
} as const;

export const serviceDefaults = {
  include: ['*.json'],
  allowEmpty: false,
  layout: 'exact',
  webhookEnabled: true,
  listener: 'shared',
  marker: '_SUCCESS',
  validation: { profile: 'spec', framing: 'document', onInvalid: 'fail', coercion: 'refuse', outputOnInvalid: 'fail' },
  feedback: { input: true, output: true, payload: 'reference', inlineLimit: '64Ki' },
  resources: { requests: { cpu: '1', memory: '2Gi' }, gpu: 0 },
  storage: { data: '10Gi', model: '5Gi', output: '10Gi', tmp: '1Gi' },
  transfers: {
    parallel: usualTransfers.parallel,
    retries: usualTransfers.retries,
    connectTimeout: formatDuration(usualTransfers.connectTimeoutSeconds),
    idleTimeout: formatDuration(usualTransfers.idleTimeoutSeconds),
  },
  timeout: '1h',
  timeouts: { sync: '30m', wait: '1h' },
  retries: 0,
} as const;

export const scheduleDefaults = {
  timeZone: 'Etc/UTC',
  suspend: false,
} as const;

/** Longest names, in characters. */
export const nameLimits = {
  /** Leaves room for `--` and a request id of 36 characters in a TaskRun's name, which is a label value of at most 63. */
  service: 25,
  team: 63,
  connection: 63,
  /** The label key `millrace.dev/caller-<name>` has at most 63 characters after the slash. */
  caller: 56,
  /** `<service>--<schedule>` is the name of a CronJob: at most 52 characters; eight are left for what Kubernetes adds. */
  schedule: 17,
  /** `<service>--<event>` is the name of a Trigger; as long as a schedule's. */
  event: 17,
} as const;
