/** The network of a platform: addresses that are some, and walls that keep nothing out that has to come in. */
import { formatCidr, parseCidr, readCidr } from '../base/cidr.js';
import { diagnose } from '../diagnostics/diagnose.js';
import type { Diagnostic, Place } from '../diagnostics/diagnostic.js';
import type { NetworkEndpoint } from '../model/model.js';
import type { PlatformDefinition } from '../resolve/definition.js';
import { isMetadata } from '../resolve/network/metadata.js';
import { at } from '../resolve/place.js';
import type { Resolved } from '../resolve/resolve.js';
import type { Site } from './check.js';

/** Addresses of the network are CIDR blocks, and none of a store or an API server is the metadata service. */
export const checkAddresses = (platform: PlatformDefinition): readonly Diagnostic[] => [
  ...[...ownAddresses(platform), ...storeAddresses(platform)].flatMap(invalid),
  ...apiServerAddresses(platform).flatMap(metadata('API server')),
  ...storeAddresses(platform).flatMap(metadata('store')),
];

const sites = (list: readonly string[] | undefined, place: Place): readonly Site[] =>
  (list ?? []).map((text, index) => ({ text, place: at(place, index) }));

function ownAddresses(platform: PlatformDefinition): readonly Site[] {
  const { network } = platform.spec;
  if (!network || network.mode === 'open') return [];
  const here = at(platform.place, 'network');
  const from = sites(network.requestsFrom?.addresses, at(here, 'requestsFrom', 'addresses'));
  if (network.mode === 'cilium') return from;
  return [...apiServerAddresses(platform), ...sites(network.dns, at(here, 'dns')), ...from];
}

const apiServerAddresses = ({ spec: { network }, place }: PlatformDefinition): readonly Site[] =>
  network?.mode === 'cidrs' ? sites(network.apiServer, at(place, 'network', 'apiServer')) : [];

const kinds = ['s3', 'gcs', 'azureblob', 'feedback'] as const satisfies readonly NetworkEndpoint[];

const storeAddresses = ({ spec: { network }, place }: PlatformDefinition): readonly Site[] =>
  network?.mode === 'cidrs' ? kinds.flatMap((kind) => sites(network.endpoints?.[kind], at(place, 'network', 'endpoints', kind))) : [];

function invalid({ text, place }: Site): readonly Diagnostic[] {
  if (parseCidr(text)) return [];
  const meant = readCidr(text);
  const hint = meant ? `write ${formatCidr(meant)}` : 'write addresses like 10.0.0.0/8 or 2001:db8::/32, and one address as 198.51.100.7/32';
  const problem = meant ? 'is not the usual form of these addresses' : 'is no block of addresses';
  return [diagnose('check/invalid-cidr', place, { cidr: text, problem, hint })];
}

const metadata =
  (what: 'store' | 'API server') =>
  ({ text, place }: Site): readonly Diagnostic[] => {
    const cidr = parseCidr(text);
    return cidr && isMetadata(cidr) ? [diagnose('check/metadata-address', place, { cidr: text, what })] : [];
  };

/** Plainly said, because a wall that is not there cannot be seen. */
export const checkOpenNetwork = ({ spec: { network }, place }: PlatformDefinition): readonly Diagnostic[] =>
  network?.mode === 'open' ? [diagnose('check/open-network', at(place, 'network', 'mode'), {})] : [];

/** Every pod of the namespace is closed, so a listener that nobody is let through to takes no request. */
export function checkListenerReachable({ spec: { network, webhook }, place }: PlatformDefinition): readonly Diagnostic[] {
  if (!network || network.mode === 'open' || network.requestsFrom || !webhook?.callers?.length) return [];
  return [diagnose('check/listener-unreachable', at(place, 'network', 'mode'), { mode: network.mode })];
}

/** Addresses are given by kind of store: a kind without any would fail every job, in its first transfer. */
export function checkStoresReachable({ platform, namespaces }: Pick<Resolved, 'platform' | 'namespaces'>): readonly Diagnostic[] {
  const network = platform?.definition.spec.network;
  if (!platform || network?.mode !== 'cidrs') return [];
  const here = at(platform.definition.place, 'network');
  const hosts = namespaces.flatMap((model) => (model.network.mode === 'cidrs' ? model.network.reaches : [])).filter((each) => each.kind === 'host');
  return kinds.flatMap((kind) => {
    const first = hosts.filter(({ endpoint }) => endpoint === kind).sort((a, b) => (a.place.file < b.place.file ? -1 : 1))[0];
    if (!first || network.endpoints?.[kind]?.length) return [];
    const related = [{ message: 'what jobs have to reach', where: first.place }];
    const where = network.endpoints ? at(here, 'endpoints') : at(here, 'mode');
    return [diagnose('check/store-unreachable', where, { kind, host: first.host }, { related })];
  });
}
