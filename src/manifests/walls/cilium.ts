/** What goes out, as CiliumNetworkPolicies: stores by their host names. */
import type { NamespaceModel, NetworkModel, NetworkReach } from '../../model/model.js';
import { formatCidr } from '../../base/cidr.js';
import { metadataAddresses } from '../../resolve/network/metadata.js';
import type { Manifest } from '../manifest.js';
import { clientPods, clusterDns, interceptors, jobPods, listenerPods, policyNames } from './selectors.js';

type Cilium = Extract<NetworkModel, { readonly mode: 'cilium' }>;

/** What jobs, the listener and our own programs may reach, by the names of hosts. */
export function renderCiliumEgress(model: NamespaceModel, network: Cilium): readonly Manifest[] {
  const allow = (name: string, endpointSelector: object, egress: readonly object[]): Manifest => ({
    apiVersion: 'cilium.io/v2',
    kind: 'CiliumNetworkPolicy',
    metadata: { name, namespace: model.namespace },
    spec: { endpointSelector, egress: [dnsRule(model), ...egress] },
  });
  const apiServer = { toEntities: ['kube-apiserver'] };
  return [
    allow(policyNames.jobs, jobPods, storeRules(network)),
    ...(model.callers.length > 0 ? [allow(policyNames.listener, listenerPods, [apiServer, interceptorRule(network)])] : []),
    allow(policyNames.clients, clientPods, [apiServer]),
  ];
}

const pods = (namespace: string, labels: object = {}) => ({ matchLabels: { 'k8s:io.kubernetes.pod.namespace': namespace, ...labels } });
const ports = (protocol: 'ANY' | 'TCP', ...numbers: readonly number[]) => numbers.map((port) => ({ port: String(port), protocol }));

/** Cilium learns from the answers which addresses a host name has, so it has to see them. */
function dnsRule({ target }: NamespaceModel): object {
  const dns = clusterDns[target.distribution];
  return {
    toEndpoints: [pods(dns.namespace, dns.labels)],
    toPorts: [{ ports: ports('ANY', dns.port), rules: { dns: [{ matchPattern: '*' }] } }],
  };
}

const interceptorRule = ({ tektonNamespace }: Cilium): object => ({
  toEndpoints: [pods(tektonNamespace, interceptors.labels)],
  toPorts: [{ ports: ports('TCP', interceptors.port) }],
});

function storeRules({ reaches, metadata }: Cilium): readonly object[] {
  const hosts = reaches.filter((reach) => reach.kind === 'host');
  const numbers = [...new Set(hosts.map(({ port }) => port))].sort((a, b) => a - b);
  return [
    ...numbers.map((number) => ({
      toFQDNs: namesAt(number, hosts).map((matchName) => ({ matchName })),
      toPorts: [{ ports: ports('TCP', number) }],
    })),
    ...reaches.flatMap(otherRule),
    ...(metadata ? [{ toCIDR: metadataAddresses.map(formatCidr), toPorts: [{ ports: ports('TCP', 80) }] }] : []),
  ];
}

const namesAt = (wanted: number, hosts: readonly { readonly host: string; readonly port: number }[]): readonly string[] =>
  [...new Set(hosts.filter(({ port }) => port === wanted).map(({ host }) => host))].sort();

function otherRule(reach: NetworkReach): readonly object[] {
  switch (reach.kind) {
    case 'host':
      return [];
    case 'address':
      return [{ toCIDR: [reach.cidr], toPorts: [{ ports: ports('TCP', reach.port) }] }];
    case 'cluster':
      // An empty selector is every pod of the policy's own namespace.
      return [{ toEndpoints: [reach.namespace === undefined ? {} : pods(reach.namespace)] }];
  }
}
