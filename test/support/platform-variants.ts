/** Repositories whose platforms make every object of another project, and every form of it. */
import { digest } from './definitions.js';
import { toFiles } from './repository.js';
import { encrypted, sopsSecret } from './secret-files.js';
import { document } from './document.js';

/** Namespace of the objects of GitOps engines, so that none on a cluster of its own takes them up. */
export const gitopsNamespace = 'millrace-gitops';
/** Namespace of the one Ingress that has the host. */
export const hostNamespace = 'millrace-web';

const source = { repoURL: 'https://git.example.com/ml/services.git', path: 'clusters/test/dist', namespace: gitopsNamespace };
const argocd = { engine: 'argocd', ...source, revision: 'release/2026', project: 'ml' };
const flux = { engine: 'flux', ...source };
const fluxWithKeys = {
  ...flux,
  repoURL: 'ssh://git@git.example.com:2222/ml/services.git',
  secretRef: { name: 'git' },
  decryption: { name: 'sops-age' },
};

const requestsFrom = { namespaces: ['ingress-nginx'], addresses: ['10.0.0.0/24', '2001:db8::/64'] };
const cilium = { mode: 'cilium', requestsFrom };
const cidrs = {
  mode: 'cidrs',
  apiServer: ['198.51.100.7/32'],
  endpoints: { s3: ['0.0.0.0/0', '::/0'], gcs: ['199.36.153.8/30'], azureblob: ['0.0.0.0/0'] },
  requestsFrom,
};

const gateway = { name: 'public', namespace: 'gateways' };
const ingress = { kind: 'ingress', class: 'public', tls: { secretName: 'jobs-tls' } };

interface Settings {
  readonly route: object;
  readonly network: object;
  readonly gitops?: object;
  readonly more?: object;
}

/** Name of the variant, which is that of its team and namespace, too -> what is special about its platform. */
const variants: Readonly<Record<string, Settings>> = {
  'ingress-nginx': { route: { ...ingress, controller: 'ingress-nginx', maxBody: '1Mi' }, network: cidrs, gitops: argocd },
  'ingress-f5': {
    route: { ...ingress, controller: 'nginx', hostNamespace },
    network: { ...cilium, tektonNamespace: 'tekton' },
    gitops: flux,
    more: { metrics: { prometheusRule: {} } },
  },
  'ingress-haproxy': {
    route: { kind: 'ingress', controller: 'haproxy-ingress', class: 'public' },
    network: cilium,
    gitops: fluxWithKeys,
    more: { target: { kubernetes: '1.34', pipelines: '1.15', triggers: '0.37', distribution: 'openshift' }, cleanup: { engine: 'none' } },
  },
  'ingress-traefik': {
    route: { ...ingress, controller: 'traefik', maxBody: '4096Ki' },
    network: cidrs,
    more: { metrics: { prometheusRule: { labels: { release: 'kube-prometheus-stack' } } }, cleanup: { engine: 'tekton-pruner' } },
  },
  'gateway-plain': {
    route: { kind: 'gateway', parentRefs: [gateway, { name: 'internal', namespace: 'gateways', sectionName: 'https' }], maxBody: '64Ki' },
    network: { mode: 'open' },
  },
  'gateway-envoy': { route: { kind: 'gateway', controller: 'envoy-gateway', parentRefs: [gateway], maxBody: '1Mi' }, network: cilium },
  'gateway-nginx': { route: { kind: 'gateway', controller: 'nginx-gateway-fabric', parentRefs: [gateway], maxBody: '4096Ki' }, network: cidrs },
  'gateway-traefik': {
    route: {
      kind: 'gateway',
      controller: 'traefik',
      parentRefs: [
        { ...gateway, sectionName: 'http' },
        { ...gateway, sectionName: 'https' },
      ],
    },
    network: cilium,
  },
};

export const variantNames: readonly string[] = Object.keys(variants);

const connections = (team: string): Readonly<Record<string, unknown>> => {
  const access = [{ teams: [team], modes: ['read', 'write'] }];
  const secret = { secretRef: { name: 'store' } };
  return {
    // Names of hosts at two ports, a Service of the cluster, one of the job's own namespace, addresses of both families, and the
    // metadata service: every rule of a network that there is.
    aws: { type: 's3', bucket: 'raw.example', region: 'eu-central-1', credentials: secret, access },
    google: { type: 'gcs', bucket: 'archive', credentials: secret, access },
    minio: { type: 's3', bucket: 'minio', region: 'us-east-1', endpoint: 'https://minio.example.com:9000', credentials: secret, access },
    service: { type: 's3', bucket: 'inner', region: 'us-east-1', endpoint: 'https://minio.storage.svc:9000', credentials: secret, access },
    neighbour: { type: 's3', bucket: 'near', region: 'us-east-1', endpoint: 'https://minio:9000', credentials: secret, access },
    address: { type: 's3', bucket: 'bare', region: 'us-east-1', endpoint: 'https://10.1.2.3:9000', credentials: secret, access },
    address6: { type: 's3', bucket: 'bare6', region: 'us-east-1', endpoint: 'https://[fd12::1]:9000', credentials: secret, access },
    sops: { type: 'azureblob', account: 'store', container: 'inner', credentials: { sops: { files: ['secrets/sops.yaml'] } }, access },
    machine: { type: 's3', bucket: 'machine', region: 'eu-central-1', credentials: { instanceIdentity: { sharedIdentity: true } }, access },
  };
};

/** Path below the root -> text. */
export function repositoryOfVariant(team: string): Readonly<Record<string, string>> {
  const settings = variants[team];
  if (!settings) throw new Error(`there is no variant ${team}`);
  const { route, network, gitops, more } = settings;
  const platform = {
    target: { kubernetes: '1.34', pipelines: '1.15', triggers: '0.37' },
    images: { rclone: `rclone/rclone:1.75.2@${digest}`, node: `node:22-slim@${digest}` },
    teams: [{ name: team, registries: ['registry.example.com/'] }],
    webhook: {
      host: 'jobs.example.com',
      callers: [{ name: 'airflow', auth: 'hmac', secretRef: { name: 'webhook-airflow' }, services: ['*'] }],
      route,
    },
    network,
    ...(gitops === undefined ? {} : { gitops }),
    ...more,
  };
  const service = {
    image: `registry.example.com/scorer:1@${digest}`,
    command: ['python'],
    modelSource: { imagePath: '/opt/app/model', name: 'm', version: '1' },
    dataSource: { connection: 'aws', path: 'in/' },
    outputDestination: { connection: 'aws', path: 'out/' },
  };
  const alone = { outputDestination: { connection: 'sops', path: 'alone/' }, triggers: { webhook: { listener: 'dedicated' } } };
  const documents = toFiles({
    'services/platform.yaml': document('Platform', 'platform', platform),
    ...Object.fromEntries(
      Object.entries(connections(team)).map(([name, spec]) => [`services/connections/${name}.yaml`, document('Connection', name, spec)]),
    ),
    [`services/${team}/scorer.yaml`]: document('InferenceService', 'scorer', service),
    // With a route and a limit of its own.
    [`services/${team}/alone.yaml`]: document('InferenceService', 'alone', { ...service, ...alone }),
  });
  return { ...documents, 'services/connections/secrets/sops.yaml': sopsSecret('sops-azure', team, { account_key: encrypted }) };
}
