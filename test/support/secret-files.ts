/** Encrypted Secrets as their tools write them, and a repository that uses every mode of credentials. */
import { digestOf, writtenDocument } from './document.js';

/** What kubeseal writes for one value: two bytes of length, an RSA-4096 session key, the value and its tag. Not one that opens. */
export const sealed = (seed: number): string =>
  Buffer.from([2, 0, ...Array.from({ length: 512 + 40 }, (_, index) => (index * 37 + seed * 11) % 256)]).toString('base64');

/** What SOPS writes for one value. */
export const encrypted = 'ENC[AES256_GCM,data:p673w==,iv:YY9ZKJuzU4q6TzQbLT6yRrGHpNyVWM3pNrwdTHm9aXA=,tag:UeeetCC1xqwVPMBSqaSqxA==,type:str]';

export function sealedSecret(
  name: string,
  namespace: string | undefined,
  values: Readonly<Record<string, string>>,
  scope?: 'namespace-wide' | 'cluster-wide',
): string {
  const metadata = [
    `name: ${name}`,
    ...(namespace === undefined ? [] : [`namespace: ${namespace}`]),
    ...(scope === undefined ? [] : ['annotations:', `  sealedsecrets.bitnami.com/${scope}: "true"`]),
  ];
  const indented = (by: string): string => metadata.map((line) => `${by}${line}\n`).join('');
  const data = Object.entries(values).map(([key, value]) => `    ${key}: ${value}\n`);
  return `apiVersion: bitnami.com/v1alpha1\nkind: SealedSecret\nmetadata:\n${indented('  ')}spec:\n  encryptedData:\n${data.join('')}  template:\n    metadata:\n${indented('      ')}    type: Opaque\n`;
}

export const sopsSecret = (name: string, namespace: string, values: Readonly<Record<string, string>>): string => `apiVersion: v1
kind: Secret
metadata:
    name: ${name}
    namespace: ${namespace}
type: Opaque
stringData:
${Object.entries(values)
  .map(([key, value]) => `    ${key}: ${value}\n`)
  .join('')}sops:
    age:
        - recipient: age1yt3tfqlfrwdwx0z0ynwplcr6qxcxfaqycuprpmy89nr83ltx74tqdpszlw
          enc: |
            -----BEGIN AGE ENCRYPTED FILE-----
            YWdlLWVuY3J5cHRpb24ub3JnL3YxCi0+IFgyNTUxOSBhYmM=
            -----END AGE ENCRYPTED FILE-----
    lastmodified: "2026-11-22T10:00:00Z"
    mac: ${encrypted}
    encrypted_regex: ^(data|stringData)$
    version: 3.13.2
`;

const stores = {
  s3: (name: string) => `type: s3\nbucket: ${name}-bucket\nregion: eu-central-1\n`,
  gcs: (name: string) => `type: gcs\nbucket: ${name}-bucket\n`,
  azureblob: (name: string) => `type: azureblob\naccount: riskstore\ncontainer: ${name}\n`,
};

const uuid = '01234567-89ab-cdef-0123-456789abcdef';
const provider = '//iam.googleapis.com/projects/12/locations/global/workloadIdentityPools/pool/providers/cluster';

const way = `caBundle: {configMap: {name: company-ca}}
proxy: {url: "http://proxy.example.com:3128", noProxy: [.svc]}
`;
const s3Details = `pathStyle: false
sse: {type: "aws:kms", keyId: alias/batch}
storageClass: STANDARD_IA
requesterPays: true
`;
const gcsDetails = `endpoint: https://storage.example.com
projectNumber: "123456789012"
storageClass: NEARLINE
quotaProject: risk-batch
`;

/** Name of a connection, and of the services that use it -> its kind of store, its credentials, and further settings. */
const connections: Readonly<Record<string, readonly [type: keyof typeof stores, credentials: string, settings?: string]>> = {
  given: ['s3', '{secretRef: {name: given-s3}}'],
  public: ['gcs', '{anonymous: true}'],
  vaulted: [
    's3',
    '{externalSecret: {secretStoreRef: {name: vault, kind: ClusterSecretStore}, refreshInterval: 15m, keys: {access_key_id: {key: prod/raw, property: id}, secret_access_key: {key: prod/raw, property: key}}}}',
  ],
  sealed: ['s3', '{sealedSecret: {files: [secrets/sealed.risk.yaml, secrets/sealed.growth.yaml]}}'],
  wide: ['gcs', '{sealedSecret: {files: [secrets/wide.yaml], keys: {service_account.json: key.json}}}'],
  sops: ['azureblob', '{sops: {files: [secrets/sops.risk.yaml, secrets/sops.growth.yaml]}}'],
  role: ['s3', '{workloadIdentity: {name: batch, roleArn: "arn:aws:iam::123456789012:role/batch", sharedIdentity: true}}'],
  federated: [
    'gcs',
    `{workloadIdentity: {name: batch, audience: ${provider}, serviceAccount: batch@p.iam.gserviceaccount.com, sharedIdentity: true}}`,
  ],
  application: ['azureblob', `{workloadIdentity: {name: azure, tenantId: ${uuid}, clientId: ${uuid}}}`],
  node: ['azureblob', `{instanceIdentity: {sharedIdentity: true, clientId: ${uuid}}}`],
  machine: ['s3', '{instanceIdentity: {sharedIdentity: true}}', s3Details + way],
  lasting: ['s3', '{secretRef: {name: lasting-s3}}', 'endpoint: https://minio.example.com\n'],
  keyed: ['gcs', '{secretRef: {name: keyed-gcs, keys: {service_account.json: key.json}}}', gcsDetails + way],
  compute: ['gcs', '{instanceIdentity: {sharedIdentity: true}}'],
  signed: ['azureblob', '{secretRef: {name: signed-azure, keys: {sas_url: url}}}', `tier: cool\n${way}`],
  elsewhere: ['azureblob', '{secretRef: {name: elsewhere-azure}}', 'endpoint: https://blob.example.com\n'],
  open: ['s3', '{anonymous: true}'],
  published: ['azureblob', '{anonymous: true}'],
};

const teams = ['risk', 'growth', 'ops'];

/** Every mode of credentials and every setting of a store, used by two of three teams: path below the root -> text. */
export function repositoryOfAllModes(): Readonly<Record<string, string>> {
  const files: Record<string, string> = {
    'services/platform.yaml': writtenDocument(
      'Platform',
      'platform',
      `target: {kubernetes: "1.34", pipelines: "1.15", triggers: "0.37"}
images: {rclone: "rclone/rclone:1.75.2@${digestOf('a')}", node: "node:22-slim@${digestOf('b')}"}
teams:
${teams.map((team) => `  - {name: ${team}, registries: [registry.example.com/${team}/]}\n`).join('')}`,
    ),
    'services/connections/secrets/sealed.risk.yaml': sealedSecret('sealed-s3', 'risk', { access_key_id: sealed(1), secret_access_key: sealed(2) }),
    'services/connections/secrets/sealed.growth.yaml': sealedSecret(
      'sealed-s3',
      'growth',
      { access_key_id: sealed(3), secret_access_key: sealed(4) },
      'namespace-wide',
    ),
    'services/connections/secrets/wide.yaml': sealedSecret('wide-gcs', undefined, { 'key.json': sealed(5) }, 'cluster-wide'),
    'services/connections/secrets/sops.risk.yaml': sopsSecret('sops-azure', 'risk', { account_key: encrypted }),
    'services/connections/secrets/sops.growth.yaml': sopsSecret('sops-azure', 'growth', { account_key: encrypted }),
  };
  for (const [name, [type, credentials, settings = '']] of Object.entries(connections)) {
    const access = 'access:\n  - {teams: [risk, growth, ops], modes: [read, write]}\n';
    files[`services/connections/${name}.yaml`] = writtenDocument(
      'Connection',
      name,
      `${stores[type](name)}credentials: ${credentials}\n${settings}${access}`,
    );
    for (const team of teams.slice(0, 2)) {
      const spec = `image: registry.example.com/${team}/scorer:1@${digestOf('c')}
command: [python]
modelSource: {imagePath: /opt/app/model, name: m, version: "1"}
dataSource: {connection: ${name}, path: ${team}/in/}
outputDestination: {connection: ${name}, path: ${team}/out/}
triggers: {webhook: {enabled: false}}
`;
      files[`services/${team}/${name}.yaml`] = writtenDocument('InferenceService', name, spec);
    }
  }
  // One job with two clouds.
  files['services/risk/both.yaml'] = writtenDocument(
    'InferenceService',
    'both',
    `image: registry.example.com/risk/scorer:1@${digestOf('c')}
command: [python]
modelSource: {imagePath: /opt/app/model, name: m, version: "1"}
dataSource: {connection: role, path: risk/both/}
outputDestination: {connection: federated, path: risk/both/}
triggers: {webhook: {enabled: false}}
`,
  );
  return files;
}
