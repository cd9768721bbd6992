import { expect, test } from 'vitest';
import { documentOf } from './support.js';
import { parseInput } from '../../../src/input/parse-input.js';

/** Documents that use the whole format: nothing in them is unknown. */
const platform = `
apiVersion: millrace.dev/v1
kind: Platform
metadata: {name: platform}
spec:
  target: {kubernetes: "1.34", pipelines: "1.15", triggers: "0.37", distribution: openshift}
  images: {rclone: docker.io/rclone/rclone:1.75.2, node: docker.io/library/node:22-slim}
  requireDigests: true
  teams:
    - name: risk
      namespace: risk
      manageNamespace: true
      ceilings: {cpu: "16", memory: 64Gi, gpu: 2, storage: 200Gi, timeout: 12h}
      quota: {cpu: "64", memory: 256Gi, gpu: 4, pods: 40}
      registries: [registry.example.com/risk/]
      imagePullSecrets: [regcred]
      secrets: [risk-*]
      endpoints: [https://minio.risk.example.com]
      secretStores: [{name: vault, kind: ClusterSecretStore, keys: [risk/*]}]
      identities: ["arn:aws:iam::123456789012:role/risk-*", instance]
      viewers: [risk-ml]
      enforcement: enforce
  nodePools:
    - name: gpu-a100
      nodeSelector: {pool: a100, "node.kubernetes.io/instance-type": p4d}
      tolerations: [{key: nvidia.com/gpu, operator: Equal, value: "true", effect: NoExecute, tolerationSeconds: 60}]
      runtimeClass: nvidia
      gpuResource: nvidia.com/gpu
      teams: [risk]
  queues: [{name: batch, localQueue: batch, teams: [risk]}]
  webhook:
    host: jobs.example.com
    callers: [{name: airflow, auth: hmac, secretRef: {name: webhook-airflow, keys: {token: key}}, services: ["*", risk/*, risk/fraud]}]
    requireRequestId: false
    route: {kind: none, maxBody: 64Ki}
  network: {mode: cidrs, apiServer: [198.51.100.7/32], dns: [], endpoints: {s3: [0.0.0.0/0]}}
  feedback:
    sink: fluentd
    delivery: required
    giveUpAfter: 2m
    objectStorage: {compression: gzip}
    fluentd:
      host: fluentd.example.com
      port: 24224
      tls: {ca: {configMap: {name: sinks, key: ca.pem}}}
      secretRef: {name: fluentd, keys: {shared_key: key}}
    cloudevents:
      url: https://events.example.com/feedback
      mode: structured
      tls: {ca: {secret: {name: sinks}}}
      secretRef: {name: events, keys: {token: bearer}}
  gitops: {engine: argocd, repoURL: https://git.example.com/ml/services.git, revision: main, path: dist}
  cleanup: {ttl: 72h, keepLast: 20}
`;

const team = `
apiVersion: millrace.dev/v1
kind: Team
metadata: {name: risk}
spec:
  owner: risk-ml@example.com
  nodePool: gpu-a100
  queue: batch
  validation: {profile: spec, framing: document, onInvalid: quarantine, maxInvalidFiles: 10, maxInvalidRatio: 0.05, coercion: refuse, output: {onInvalid: quarantine}}
  feedback: {input: true, output: true, payload: inline, inlineLimit: 128Ki}
  timeout: 4h
  timeouts: {sync: 1h, wait: 1h}
  storage: {data: 20Gi, model: 5Gi, output: 20Gi, tmp: 1Gi, shm: 1Gi, class: null}
  labels: {cost-center: risk-42, empty: ""}
`;

const connection = (name: string, spec: string): string => `
apiVersion: millrace.dev/v1
kind: Connection
metadata: {name: ${name}}
spec:
  defaultPath: landing/
  access: [{teams: [risk], modes: [read, write], prefixes: [fraud/]}]
${spec.trim().replace(/^/gm, '  ')}
`;

const s3 = connection(
  's3',
  `
type: s3
bucket: raw-bucket
region: eu-central-1
endpoint: https://minio.risk.example.com
pathStyle: true
credentials: {secretRef: {name: raw-s3, keys: {access_key_id: id, secret_access_key: key, session_token: token}}}
sse: {type: "aws:kms", keyId: alias/results}
storageClass: STANDARD_IA
requesterPays: true
caBundle: {configMap: {name: company-ca, key: ca.pem}}
proxy: {url: http://proxy.example.com:3128, noProxy: [.svc, 198.51.100.0/24, minio.example.com]}
`,
);

const gcs = connection(
  'gcs',
  `
type: gcs
bucket: ml-archive
projectNumber: "123456789012"
endpoint: https://storage.example.com
credentials: {secretRef: {name: gcs, keys: {service_account.json: key.json}}}
storageClass: COLDLINE
quotaProject: risk-batch
caBundle: {configMap: {name: company-ca, key: ca.pem}}
proxy: {url: http://proxy.example.com:3128, noProxy: [.svc, 198.51.100.0/24, minio.example.com]}
`,
);

const azureblob = connection(
  'azureblob',
  `
type: azureblob
account: riskstore
container: scores
endpoint: https://riskstore.blob.core.windows.net
credentials: {secretRef: {name: azure, keys: {sas_url: url}}}
tier: cool
caBundle: {configMap: {name: company-ca, key: ca.pem}}
proxy: {url: http://proxy.example.com:3128, noProxy: [.svc, 198.51.100.0/24, minio.example.com]}
`,
);

const modes = [
  'type: s3\nbucket: raw\nregion: r\ncredentials: {externalSecret: {secretStoreRef: {name: vault, kind: SecretStore}, refreshInterval: 15m, deletionPolicy: Delete, keys: {access_key_id: {key: a/b, property: c.d, version: "3"}, secret_access_key: {key: a/b}, session_token: {key: a}}}}',
  'type: gcs\nbucket: raw\ncredentials: {externalSecret: {secretStoreRef: {name: vault}, keys: {service_account.json: {key: a}}}}',
  'type: azureblob\naccount: a\ncontainer: c\ncredentials: {externalSecret: {secretStoreRef: {name: vault}, keys: {sas_url: {key: a}}}}',
  'type: s3\nbucket: raw\nregion: r\ncredentials: {sealedSecret: {files: [secrets/a.b.yaml], keys: {access_key_id: id}}}',
  'type: gcs\nbucket: raw\ncredentials: {sops: {files: [secrets/a.yaml], keys: {service_account.json: key.json}}}',
  'type: s3\nbucket: raw\nregion: r\ncredentials: {workloadIdentity: {name: fraud, roleArn: "arn:aws:iam::123456789012:role/fraud", sharedIdentity: true}}',
  'type: gcs\nbucket: raw\ncredentials: {workloadIdentity: {name: fraud, audience: //iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/a/providers/b, serviceAccount: a@b.iam.gserviceaccount.com}}',
  'type: azureblob\naccount: a\ncontainer: c\ncredentials: {workloadIdentity: {name: fraud, tenantId: 01234567-89ab-cdef-0123-456789abcdef, clientId: 01234567-89ab-cdef-0123-456789abcdef}}',
  'type: s3\nbucket: raw\nregion: r\ncredentials: {instanceIdentity: {sharedIdentity: true}}',
  'type: azureblob\naccount: a\ncontainer: c\ncredentials: {instanceIdentity: {sharedIdentity: true, clientId: 01234567-89ab-cdef-0123-456789abcdef}}',
];

const service = `
apiVersion: millrace.dev/v1
kind: InferenceService
metadata: {name: fraud-scorer}
spec:
  owner: risk-ml@example.com
  description: Scores card transactions
  serviceId: fraud-scorer-v2
  image: registry.example.com/risk/fraud:1.4.2
  command: [python]
  args: [/opt/app/predictor.py, --model, $(ODAHU_MODEL), ""]
  env: {LOG_LEVEL: info, EMPTY: ""}
  params: {threshold: {default: "0.5", pattern: "^0\\\\.[0-9]+$"}}
  modelSource: {connection: models, path: fraud/1.4/model.tar.gz, name: fraud, version: "1.4", sha256: ${'a'.repeat(64)}}
  dataSource: {connection: raw, path: fraud/in/, include: ["*.json"], allowEmpty: false}
  outputDestination: {connection: results, path: "fraud/out/{requestId}/", layout: exact}
  triggers:
    webhook:
      enabled: true
      callers: [airflow]
      overrides:
        dataSource: [{connection: raw, prefix: fraud/}]
        outputDestination: [{connection: results, prefix: fraud/}]
        nodePools: [gpu-a100]
        resources: {cpu: "8", memory: 32Gi, gpu: 1}
      listener: shared
    schedules:
      - {name: nightly, cron: "0 2 * * *", timeZone: Europe/Berlin, suspend: false, request: {dataSource: {path: "fraud/in/{date-1d}/"}}}
      - name: weekly
        cron: "@weekly"
        request:
          params: {threshold: "0.7"}
          outputDestination: {connection: results, path: "fraud/out/{date}/"}
          nodePool: gpu-a100
          resources: {requests: {cpu: "4", memory: 16Gi}, limits: {cpu: "4", memory: 16Gi, gpu: 1}}
    events: []
  validation: {profile: spec, framing: document, onInvalid: quarantine, maxInvalidFiles: 10, maxInvalidRatio: 0.05, coercion: refuse, output: {onInvalid: quarantine}}
  feedback: {input: true, output: true, payload: inline, inlineLimit: 128Ki}
  resources: {requests: {cpu: "2", memory: 8Gi}, limits: {cpu: "4", memory: 8Gi, gpu: 1}}
  nodePool: gpu-a100
  queue: batch
  storage: {data: 20Gi, model: 5Gi, output: 20Gi, tmp: 1Gi, shm: 1Gi, class: null}
  transfers: {parallel: 8, bandwidth: null, retries: 2, connectTimeout: 15s, idleTimeout: 2m}
  timeout: 4h
  timeouts: {sync: 1h, wait: 1h}
  retries: 0
`;

test('every field of the format is known', () => {
  const input = parseInput([
    documentOf('services/platform.yaml', platform),
    documentOf('services/risk/team.yaml', team),
    documentOf('services/connections/s3.yaml', s3),
    documentOf('services/connections/gcs.yaml', gcs),
    documentOf('services/connections/azureblob.yaml', azureblob),
    documentOf('services/risk/fraud-scorer.yaml', service),
    ...modes.map((spec, index) => documentOf(`services/connections/mode-${String(index)}.yaml`, connection(`mode-${String(index)}`, spec))),
  ]);
  expect(input.diagnostics).toEqual([]);
  expect(input.incomplete).toEqual([]);
});
