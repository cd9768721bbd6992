import { describe, expect, it } from 'vitest';
import type { Manifest } from '../../../src/manifests/manifest.js';
import { renderNetwork } from '../../../src/manifests/walls/network.js';
import type { NetworkModel, NetworkReach } from '../../../src/model/model.js';
import { reachesOfConnection, reachOf } from '../../../src/resolve/network/reach.js';
import { namespaceModel, s3Connection } from '../../support/models.js';

const place = { file: 'services/connections/store.yaml', path: [] };
const shared = { requestsFrom: { namespaces: ['ingress-nginx'], addresses: ['10.0.0.0/24'] }, tektonNamespace: 'tekton-pipelines', metadata: false };
const reaches: readonly NetworkReach[] = [
  { kind: 'host', endpoint: 's3', host: 's3.example.com', port: 443, place },
  { kind: 'host', endpoint: 's3', host: 'minio.example.com', port: 9000, place },
  { kind: 'cluster', namespace: 'storage', place },
  { kind: 'cluster', namespace: undefined, place },
  { kind: 'address', cidr: '10.1.2.3/32', port: 9000, place },
];
const cidrs: NetworkModel = {
  mode: 'cidrs',
  ...shared,
  reaches,
  apiServer: ['198.51.100.7/32'],
  dns: ['169.254.20.10/32'],
  endpoints: { s3: ['0.0.0.0/0', '::/0'], gcs: ['199.36.153.8/30'], azureblob: [], feedback: [] },
};
const rendered = (network: NetworkModel, callers = namespaceModel.callers): ReadonlyMap<string, Manifest> =>
  new Map(renderNetwork({ ...namespaceModel, callers, network }).map((each) => [each.metadata.name, each]));
const specOf = (name: string, network: NetworkModel): unknown => rendered(network).get(name)?.['spec'];
const kinds = (network: NetworkModel): readonly string[] => [...rendered(network).values()].map(({ kind }) => kind);

describe('with addresses', () => {
  it('denies everything that nothing else lets through', () => {
    expect(specOf('millrace-default-deny', cidrs)).toEqual({ podSelector: {}, policyTypes: ['Egress', 'Ingress'] });
  });

  it('lets jobs reach DNS and stores, and no kind of store that none of them uses; never the metadata service', () => {
    const dnsPods = {
      namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' } },
      podSelector: { matchLabels: { 'k8s-app': 'kube-dns' } },
    };
    const both = [
      { port: 53, protocol: 'TCP' },
      { port: 53, protocol: 'UDP' },
    ];
    expect(specOf('millrace-jobs', cidrs)).toEqual({
      podSelector: { matchExpressions: [{ key: 'millrace.dev/service', operator: 'Exists' }] },
      policyTypes: ['Egress'],
      egress: [
        { to: [dnsPods], ports: both },
        { to: [{ ipBlock: { cidr: '169.254.20.10/32' } }], ports: both },
        {
          to: [
            { ipBlock: { cidr: '0.0.0.0/0', except: ['169.254.0.0/16', '100.100.100.200/32', '168.63.129.16/32'] } },
            { ipBlock: { cidr: '::/0', except: ['fe80::/10', 'fd00:ec2::/32', 'fd20:ce::254/128'] } },
          ],
          ports: [
            { port: 443, protocol: 'TCP' },
            { port: 9000, protocol: 'TCP' },
          ],
        },
        { to: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'storage' } } }] },
        { to: [{ podSelector: {} }] },
        { to: [{ ipBlock: { cidr: '10.1.2.3/32' } }], ports: [{ port: 9000, protocol: 'TCP' }] },
      ],
    });
  });

  it('lets jobs reach the metadata service only where credentials come from there', () => {
    expect(JSON.stringify(specOf('millrace-jobs', { ...cidrs, metadata: true }))).not.toContain('except');
    expect(JSON.stringify(specOf('millrace-jobs', { ...cidrs, metadata: true }))).toContain('"cidr":"169.254.0.0/16"');
    expect(JSON.stringify(specOf('millrace-clients', { ...cidrs, apiServer: ['0.0.0.0/0'], metadata: true }))).toContain('except');
  });

  it('lets requests in at the listener from where they come, and nowhere else', () => {
    expect(specOf('millrace-listener-requests', cidrs)).toMatchObject({
      policyTypes: ['Ingress'],
      ingress: [
        {
          from: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'ingress-nginx' } } }, { ipBlock: { cidr: '10.0.0.0/24' } }],
          ports: [{ port: 8080, protocol: 'TCP' }],
        },
      ],
    });
    const withIngress = [...rendered(cidrs).values()].filter((each) => JSON.stringify(each).includes('"ingress"'));
    expect(withIngress).toHaveLength(1);
  });

  it('has no rule without peers: it would let everything through', () => {
    const none: NetworkModel = { ...cidrs, endpoints: { s3: [], gcs: [], azureblob: [], feedback: [] } };
    for (const policy of rendered(none).values()) expect(JSON.stringify(policy)).not.toMatch(/"(to|from)":\[\]/);
  });

  it('asks the DNS of OpenShift at its own port', () => {
    const target = { ...namespaceModel.target, distribution: 'openshift' as const };
    const jobs = renderNetwork({ ...namespaceModel, target, network: cidrs }).find(({ metadata }) => metadata.name === 'millrace-jobs');
    expect(JSON.stringify(jobs)).toContain('"openshift-dns"');
    expect(JSON.stringify(jobs)).toContain('"port":5353');
  });

  it('has nothing for a listener where there is none', () => {
    expect([...rendered(cidrs, []).keys()]).toEqual(['millrace-default-deny', 'millrace-jobs', 'millrace-clients']);
  });
});

describe('with Cilium', () => {
  const cilium: NetworkModel = { mode: 'cilium', ...shared, reaches };

  it('lets jobs reach stores by name, and sees the answers of DNS', () => {
    const { egress } = specOf('millrace-jobs', cilium) as { readonly egress: readonly object[] };
    expect(egress[0]).toMatchObject({ toPorts: [{ rules: { dns: [{ matchPattern: '*' }] } }] });
    expect(egress.slice(1)).toEqual([
      { toFQDNs: [{ matchName: 's3.example.com' }], toPorts: [{ ports: [{ port: '443', protocol: 'TCP' }] }] },
      { toFQDNs: [{ matchName: 'minio.example.com' }], toPorts: [{ ports: [{ port: '9000', protocol: 'TCP' }] }] },
      { toEndpoints: [{ matchLabels: { 'k8s:io.kubernetes.pod.namespace': 'storage' } }] },
      { toEndpoints: [{}] },
      { toCIDR: ['10.1.2.3/32'], toPorts: [{ ports: [{ port: '9000', protocol: 'TCP' }] }] },
    ]);
    expect(kinds(cilium)).toEqual(['NetworkPolicy', 'NetworkPolicy', 'CiliumNetworkPolicy', 'CiliumNetworkPolicy', 'CiliumNetworkPolicy']);
  });
});

it('an open network has no policies', () => {
  expect(kinds({ mode: 'open' })).toEqual([]);
});

describe('what a connection reaches', () => {
  const { backend, ...s3 } = s3Connection('raw');
  const hosts = (more: object): readonly unknown[] => reachesOfConnection({ ...s3, backend, ...more });

  it('is the provider, by both names of a bucket, or the endpoint with its port', () => {
    expect(hosts({})).toMatchObject([{ host: 's3.eu-central-1.amazonaws.com', port: 443 }, { host: 'raw-bucket.s3.eu-central-1.amazonaws.com' }]);
    expect(hosts({ backend: { ...backend, region: 'cn-north-1' } })).toMatchObject([{ host: 's3.cn-north-1.amazonaws.com.cn' }, {}]);
    expect(hosts({ backend: { ...backend, endpoint: 'http://minio.example.com' } })).toMatchObject([{ host: 'minio.example.com', port: 80 }]);
    expect(hosts({ backend: { type: 'azureblob', account: 'riskstore', container: 'scores' } })).toMatchObject([
      { endpoint: 'azureblob', host: 'riskstore.blob.core.windows.net' },
    ]);
  });

  it('is the token service of Google, too, where a key is exchanged', () => {
    const gcs = { type: 'gcs', bucket: 'b' };
    expect(hosts({ backend: gcs })).toMatchObject([{ host: 'storage.googleapis.com' }, { host: 'oauth2.googleapis.com' }]);
    expect(hosts({ backend: gcs, credentials: { kind: 'anonymous' } })).toMatchObject([{ host: 'storage.googleapis.com' }]);
  });

  it('is what changes an identity for a token, and the proxy', () => {
    const credentials = { kind: 'workloadIdentity' };
    expect(hosts({ credentials })).toMatchObject([{}, {}, { host: 'sts.eu-central-1.amazonaws.com' }, { host: 'sts.amazonaws.com' }]);
    expect(hosts({ credentials, backend: { type: 'azureblob', account: 'a', container: 'c' } })).toMatchObject([
      {},
      { endpoint: 'azureblob', host: 'login.microsoftonline.com', port: 443 },
    ]);
    expect(hosts({ proxy: { url: 'http://proxy.example.com:3128', noProxy: [] } })).toMatchObject([
      {},
      {},
      { host: 'proxy.example.com', port: 3128 },
    ]);
  });

  it.each([
    ['minio', { kind: 'cluster', namespace: undefined }],
    ['minio.storage.svc', { kind: 'cluster', namespace: 'storage' }],
    ['minio.storage.svc.cluster.local', { kind: 'cluster', namespace: 'storage' }],
    ['minio.storage', { kind: 'host', host: 'minio.storage' }],
    ['10.1.2.3', { kind: 'address', cidr: '10.1.2.3/32' }],
    ['[fd12::1]', { kind: 'address', cidr: 'fd12::1/128' }],
  ])('of the host %s', (host, reach) => {
    expect(reachOf('s3', host, 9000, place)).toMatchObject(reach);
  });
});
