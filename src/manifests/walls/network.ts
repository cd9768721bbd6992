/** NetworkPolicies: nothing but what is named here comes in or goes out. */
import { containsCidr, formatCidr, parseCidr } from '../../base/cidr.js';
import type { NamespaceModel, NetworkModel, NetworkReach } from '../../model/model.js';
import { metadataAddresses } from '../../resolve/network/metadata.js';
import type { Manifest } from '../manifest.js';
import { renderCiliumEgress } from './cilium.js';
import {
  apiServerPorts,
  clientPods,
  clusterDns,
  interceptors,
  jobPods,
  listenerPods,
  listenerPort,
  namespaceLabel,
  policyNames,
} from './selectors.js';

type Cidrs = Extract<NetworkModel, { readonly mode: 'cidrs' }>;
interface Rule {
  readonly to: readonly object[];
  readonly ports?: readonly object[];
}

/** Policies of one namespace; none in the mode `open`. */
export function renderNetwork(model: NamespaceModel): readonly Manifest[] {
  const { network, namespace } = model;
  if (network.mode === 'open') return [];
  const walls = [
    policy(namespace, policyNames.deny, { podSelector: {}, policyTypes: ['Egress', 'Ingress'] }),
    ...(model.callers.length > 0 ? [listenerIngress(namespace, network)] : []),
  ];
  return [...walls, ...(network.mode === 'cilium' ? renderCiliumEgress(model, network) : egress(model, network))];
}

const policy = (namespace: string, name: string, spec: object): Manifest => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name, namespace },
  spec,
});

const listenerIngress = (namespace: string, { requestsFrom }: Exclude<NetworkModel, { readonly mode: 'open' }>): Manifest =>
  policy(namespace, `${policyNames.listener}-requests`, {
    podSelector: listenerPods,
    policyTypes: ['Ingress'],
    ingress: [
      {
        from: [...requestsFrom.namespaces.map((name) => ({ namespaceSelector: named(name) })), ...requestsFrom.addresses.map(block)],
        ports: tcp(listenerPort),
      },
    ],
  });

function egress(model: NamespaceModel, network: Cidrs): readonly Manifest[] {
  const { namespace } = model;
  const allow = (name: string, podSelector: object, rules: readonly Rule[]): Manifest =>
    policy(namespace, name, { podSelector, policyTypes: ['Egress'], egress: rules });
  const dns = dnsRule(model, network);
  const apiServer = { to: network.apiServer.map((cidr) => withoutMetadata(cidr)), ports: tcp(...apiServerPorts) };
  return [
    allow(policyNames.jobs, jobPods, [...dns, ...storeRules(network)]),
    ...(model.callers.length > 0 ? [allow(policyNames.listener, listenerPods, [...dns, apiServer, interceptorRule(network)])] : []),
    allow(policyNames.clients, clientPods, [...dns, apiServer]),
  ];
}

const named = (namespace: string) => ({ matchLabels: { [namespaceLabel]: namespace } });
const block = (cidr: string) => ({ ipBlock: { cidr } });
const tcp = (...ports: readonly number[]) => ports.map((port) => ({ port, protocol: 'TCP' }));

/** A name server may stand at a link-local address, so nothing is taken out of those. */
function dnsRule({ target }: NamespaceModel, { dns }: Cidrs): readonly Rule[] {
  const cluster = clusterDns[target.distribution];
  const both = (port: number) => [
    { port, protocol: 'TCP' },
    { port, protocol: 'UDP' },
  ];
  const pods = { to: [{ namespaceSelector: named(cluster.namespace), podSelector: { matchLabels: cluster.labels } }], ports: both(cluster.port) };
  return [pods, ...(dns.length > 0 ? [{ to: dns.map(block), ports: both(53) }] : [])];
}

const interceptorRule = ({ tektonNamespace }: Cidrs): Rule => ({
  to: [{ namespaceSelector: named(tektonNamespace), podSelector: { matchLabels: interceptors.labels } }],
  ports: tcp(interceptors.port),
});

/** One rule for each kind of address, with the ports that the stores of this kind are at. */
function storeRules({ reaches, endpoints, metadata }: Cidrs): readonly Rule[] {
  const hosts = reaches.filter((reach) => reach.kind === 'host');
  return [
    ...[...new Set(hosts.map(({ endpoint }) => endpoint))].map((kind) => ({
      to: endpoints[kind].map((cidr) => (metadata ? block(cidr) : withoutMetadata(cidr))),
      ports: tcp(...portsOf(hosts.filter(({ endpoint }) => endpoint === kind))),
    })),
    ...reaches.flatMap(clusterRule),
    ...(metadata ? [{ to: metadataBlocks, ports: tcp(80) }] : []),
  ].filter(({ to }) => to.length > 0);
}

const portsOf = (hosts: readonly { readonly port: number }[]): readonly number[] => [...new Set(hosts.map(({ port }) => port))].sort((a, b) => a - b);

const metadataBlocks = metadataAddresses.map((address) => block(formatCidr(address)));

function clusterRule(reach: NetworkReach): readonly Rule[] {
  switch (reach.kind) {
    case 'host':
      return [];
    case 'address':
      return [{ to: [block(reach.cidr)], ports: tcp(reach.port) }];
    case 'cluster':
      return [{ to: [reach.namespace === undefined ? { podSelector: {} } : { namespaceSelector: named(reach.namespace) }] }];
  }
}

/** A block of addresses without those where clouds give credentials to whoever asks. */
function withoutMetadata(cidr: string): object {
  const outer = parseCidr(cidr);
  const except = metadataAddresses.filter((address) => outer && containsCidr(outer, address)).map(formatCidr);
  return { ipBlock: { cidr, ...(except.length > 0 ? { except } : {}) } };
}
