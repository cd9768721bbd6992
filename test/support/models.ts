/** Models as resolve makes them, for tests of what comes after it. */
import { knownPattern } from '../../src/base/pattern.js';
import type { ConnectionModel, NamespaceModel, NodePoolModel, ServiceModel } from '../../src/model/model.js';

const place = { file: 'services/risk/fraud-scorer.yaml', path: [] };

export const namespaceModel: NamespaceModel = {
  team: 'risk',
  namespace: 'risk',
  manageNamespace: true,
  target: { kubernetes: '1.34', pipelines: '1.15', triggers: '0.37', distribution: 'kubernetes' },
  images: { rclone: `docker.io/rclone/rclone:1.75.2@sha256:${'a'.repeat(64)}`, node: `docker.io/library/node:22-slim@sha256:${'b'.repeat(64)}` },
  imagePullSecrets: ['regcred'],
  callers: [
    { name: 'airflow', auth: 'hmac', secretName: 'webhook-airflow', secretKey: 'token', sends: 'job' },
    { name: 'ci', auth: 'token', secretName: 'webhook-ci', secretKey: 'token', sends: 'job' },
  ],
  hasSchedules: true,
  cleanup: { engine: 'janitor', ttlSeconds: 72 * 3600, keepLast: 20 },
  alerts: { labels: { release: 'prometheus' } },
  sharedCallers: ['airflow', 'ci'],
  requireRequestId: false,
  webhookPath: '/risk/api/v1/batch/job',
  webhookHost: 'jobs.example.com',
  feedbackSink: { sink: 'objectStorage', compression: 'none' },
  quota: undefined,
  network: { mode: 'open' },
  route: undefined,
  gitops: undefined,
  gpuResources: ['nvidia.com/gpu'],
  viewers: [],
  enforcement: undefined,
  secrets: [],
  identities: [],
  place,
};

export const s3Connection = (name: string): ConnectionModel => ({
  name,
  backend: { type: 's3', bucket: `${name}-bucket`, region: 'eu-central-1' },
  defaultPath: undefined,
  credentials: {
    kind: 'secret',
    secretName: `${name}-s3`,
    keys: { access_key_id: 'access_key_id', secret_access_key: 'secret_access_key' },
  },
  proxy: undefined,
  place,
});

export const gpuPool: NodePoolModel = {
  name: 'gpu-a100',
  nodeSelector: { pool: 'a100' },
  tolerations: [{ key: 'nvidia.com/gpu', operator: 'Exists', effect: 'NoSchedule' }],
  runtimeClass: 'nvidia',
  gpuResource: 'nvidia.com/gpu',
};

const raw = s3Connection('raw');
const models = s3Connection('models');
const results = s3Connection('results');

/** Of a webhook whose requests choose data and results at most. */
export const noChoices = { nodePools: [], resources: undefined, listener: 'shared' } as const;

export const serviceModel: ServiceModel = {
  name: 'fraud-scorer',
  serviceId: 'fraud-scorer',
  owner: 'risk-ml@example.com',
  description: 'Scores card transactions',
  namespace: namespaceModel,
  image: `registry.example.com/risk/fraud:1.4.2@sha256:${'c'.repeat(64)}`,
  command: ['python3'],
  args: ['/opt/app/predictor.py', '--model', '/mnt/job/model'],
  env: { LOG_LEVEL: 'info' },
  params: [],
  model: { kind: 'remote', connection: models, path: 'fraud/1.4/', form: 'directory', name: 'fraud', version: '1.4', sha256: undefined },
  dataSource: { connection: raw, path: 'fraud/in/' },
  include: ['*.json'],
  allowEmpty: false,
  outputDestination: { connection: results, path: 'fraud/out/' },
  layout: 'exact',
  webhook: {
    callers: ['airflow', 'ci'],
    dataSource: [{ connection: 'raw', prefix: 'fraud/in/' }],
    outputDestination: [],
    ...noChoices,
    requireRequestId: false,
  },
  schedules: [],
  events: [],
  connections: [models, raw, results],
  validation: {
    profile: 'spec',
    framing: 'document',
    coercion: 'refuse',
    onInvalid: 'fail',
    maxInvalidFiles: undefined,
    maxInvalidRatio: undefined,
    output: { onInvalid: 'fail' },
  },
  feedback: { input: true, output: true, payload: { kind: 'reference' } },
  resources: { requests: { cpu: '2', memory: '8Gi' }, limits: { cpu: undefined, memory: '8Gi', gpu: 0 } },
  nodePool: undefined,
  localQueue: undefined,
  storage: { data: '20Gi', model: '5Gi', output: '20Gi', tmp: '1Gi', shm: undefined, class: undefined },
  transfers: { parallel: 8, bandwidth: undefined, retries: 2, connectTimeoutSeconds: 15, idleTimeoutSeconds: 120 },
  timeouts: { predictor: 4 * 3600, sync: 3600, wait: 3600 },
  retries: 0,
  labels: { 'cost-center': 'ml' },
  place,
};

/** The service with params: name to default and pattern. */
export const withParams = (service: ServiceModel, params: Readonly<Record<string, readonly [string, string]>>): ServiceModel => ({
  ...service,
  params: Object.entries(params)
    .map(([name, [value, pattern]]) => ({ name, default: value, pattern: knownPattern(pattern) }))
    .sort((a, b) => (a.name < b.name ? -1 : 1)),
});
