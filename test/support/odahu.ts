/** Documents of ODAHU, as its users wrote them and its API exports them. */
import { stringify } from 'yaml';

/** Stands for a key; found in no output. */
export const canary = 'CanaryKeyThatNobodyMaySee0123456789';

const digest = `@sha256:${'a'.repeat(64)}`;

export const image = `registry.example.com/odahu/scorer:1${digest}`;

export const platform = `# The platform of the test.
apiVersion: millrace.dev/v1
kind: Platform
metadata:
  name: platform
spec:
  target: {kubernetes: "1.34", pipelines: "1.15", triggers: "0.37"}
  images:
    rclone: docker.io/rclone/rclone:1.75.2${digest}
    node: docker.io/library/node:22-slim${digest}
  requireDigests: false
  teams:
    - name: demo # the first
      registries: [registry.example.com/demo/]
  # Who may call.
  webhook:
    host: jobs.example.com
    route: {kind: none, maxBody: 64Ki}
    callers:
      - {name: airflow, auth: hmac, secretRef: {name: webhook-airflow}, services: ["*"]}
`;

export interface ConnectionParts {
  readonly id?: string;
  readonly type?: string;
  readonly uri?: string;
  readonly keyID?: string;
  readonly keySecret?: string;
  /** As the custom resource rather than as the API has it. */
  readonly crd?: boolean;
}

export function connection(parts: ConnectionParts = {}): string {
  const { id = 'store', type = 's3', uri = 's3://bucket/own/path', keyID = 'QQ==', keySecret = 'QQ==', crd = false } = parts;
  const head = crd
    ? { apiVersion: 'odahuflow.odahu.org/v1alpha1', kind: 'Connection', metadata: { name: id, namespace: 'odahu-flow' } }
    : { kind: 'Connection', id };
  return stringify({ ...head, spec: { type, uri, region: 'eu-central-1', keyID, keySecret } });
}

export interface ServiceParts {
  readonly id?: string;
  readonly model?: string;
  readonly nodeSelector?: Readonly<Record<string, string>>;
  readonly resources?: unknown;
}

export function service(parts: ServiceParts = {}): string {
  const { id = 'scorer', model = 'models/scorer', nodeSelector, resources } = parts;
  return stringify({
    kind: 'InferenceService',
    id,
    spec: {
      image,
      command: ['python'],
      args: ['/opt/app/predictor.py'],
      modelRegistry: { remote: { modelConnection: 'store', modelPath: model } },
      ...(nodeSelector ? { nodeSelector } : {}),
      ...(resources === undefined ? {} : { resources }),
    },
  });
}

export interface JobParts {
  readonly service?: string;
  readonly data?: string;
  readonly output?: string;
}

export function job(parts: JobParts = {}): string {
  const { service: id = 'scorer', data = 'data/in', output = 'data/out' } = parts;
  return stringify({
    kind: 'InferenceJob',
    spec: {
      inferenceServiceId: id,
      dataSource: { connection: 'store', path: data },
      outputDestination: { connection: 'store', path: output },
    },
  });
}

export const batchJob = stringify({
  apiVersion: 'v1',
  kind: 'List',
  items: [
    {
      apiVersion: 'odahuflow.odahu.org/v1alpha1',
      kind: 'BatchInferenceJob',
      metadata: { name: 'job-scorer-1a2b3', namespace: 'odahu-flow', creationTimestamp: '2022-04-01T10:00:00Z' },
      spec: {
        image,
        command: ['python'],
        args: ['/opt/app/predictor.py'],
        inputConnection: 'store',
        inputPath: 'data/in',
        outputConnection: 'store',
        outputPath: 'data/out',
        modelSource: { remote: { modelConnection: 'store', modelPath: 'models/scorer' } },
        requestId: 'r-1',
      },
      status: { state: 'succeeded', message: '', reason: '', podName: 'job-scorer-1a2b3-pod' },
    },
  ],
});
