import { apiVersion, type Kind } from './kinds.js';

const rclone = `docker.io/rclone/rclone:1.75.2@sha256:${'1'.repeat(64)}`;
const node = `docker.io/library/node:22-slim@sha256:${'2'.repeat(64)}`;

const document = (kind: Kind, name: string, spec: object): object => ({ apiVersion, kind, metadata: { name }, spec });

/** One whole document of each kind, for editors and for people; a test holds each against its schema. */
export const documentExamples: Readonly<Record<Kind, object>> = {
  Platform: document('Platform', 'platform', {
    target: { kubernetes: '1.34', pipelines: '1.15', triggers: '0.37' },
    images: { rclone, node },
    teams: [{ name: 'risk', ceilings: { memory: '64Gi', timeout: '12h' }, registries: ['registry.example.com/risk/'] }],
    nodePools: [{ name: 'gpu-a100', nodeSelector: { pool: 'a100' }, tolerations: [{ key: 'gpu', operator: 'Exists' }], teams: ['risk'] }],
    webhook: {
      host: 'jobs.example.com',
      callers: [{ name: 'airflow', auth: 'hmac', secretRef: { name: 'webhook-airflow' }, services: ['*'] }],
    },
  }),
  Team: document('Team', 'risk', { owner: 'risk-ml@example.com', timeout: '2h', labels: { 'cost-center': 'risk-42' } }),
  Connection: document('Connection', 'raw', {
    type: 's3',
    bucket: 'raw-bucket',
    region: 'eu-central-1',
    credentials: { secretRef: { name: 'raw-s3' } },
    access: [{ teams: ['risk'], modes: ['read'], prefixes: ['fraud/'] }],
  }),
  InferenceService: document('InferenceService', 'fraud-scorer', {
    owner: 'risk-ml@example.com',
    image: `registry.example.com/risk/fraud:1.4.2@sha256:${'3'.repeat(64)}`,
    command: ['python'],
    args: ['/opt/app/predictor.py'],
    modelSource: { connection: 'models', path: 'fraud/1.4/model.tar.gz', name: 'fraud', version: '1.4' },
    dataSource: { connection: 'raw', path: 'fraud/in/' },
    outputDestination: { connection: 'results', path: 'fraud/out/', layout: 'perJob' },
    resources: { requests: { cpu: '2', memory: '8Gi' }, limits: { memory: '8Gi' } },
    timeout: '2h',
  }),
};
