/** What a job of a team has to reach, as far as the definitions say it. */
import { formatCidr, readCidr, withoutBrackets } from '../../base/cidr.js';
import { assertInvariant } from '../../base/assert.js';
import type { Place } from '../../diagnostics/diagnostic.js';
import type { ConnectionModel, NetworkEndpoint, NetworkReach } from '../../model/model.js';
import { parseEndpoint } from '../endpoint.js';

/** A name of a Service: alone (of the pod's own namespace), or with its namespace and `svc`. */
const service = /^[-a-z0-9]+(?:\.([-a-z0-9]+)\.svc(?:\.cluster\.local)?)?$/;

/** `host` is in lower case, an IPv6 address with or without brackets. */
export function reachOf(endpoint: NetworkEndpoint, host: string, port: number, place: Place): NetworkReach {
  const bare = withoutBrackets(host);
  const address = readCidr(bare);
  if (address) return { kind: 'address', cidr: formatCidr(address), port, place };
  const named = service.exec(bare);
  if (named) return { kind: 'cluster', namespace: named[1], place };
  return { kind: 'host', endpoint, host: bare, port, place };
}

/** The hosts that rclone talks to for a connection: of the store, of what gives it a token, and of its proxy. */
export function reachesOfConnection(connection: ConnectionModel): readonly NetworkReach[] {
  const { backend, proxy, place } = connection;
  const at = (host: string): NetworkReach => reachOf(backend.type, host, 443, place);
  const store = backend.endpoint === undefined ? storeHosts(backend).map(at) : [reachOfUrl(backend.type, backend.endpoint, place)];
  // What a proxy does not take (noProxy) is reached as without one, so both are let through.
  return [...store, ...tokenHosts(connection).map(at), ...(proxy ? [reachOfUrl(backend.type, proxy.url, place)] : [])];
}

/** Where a credential is exchanged for a token; a metadata service is none of these. */
function tokenHosts({ backend, credentials }: ConnectionModel): readonly string[] {
  if (backend.type === 'gcs' && credentials.kind === 'secret') return ['oauth2.googleapis.com'];
  if (credentials.kind !== 'workloadIdentity') return [];
  switch (backend.type) {
    case 's3':
      return [`sts.${backend.region}.${awsDomain(backend.region)}`, `sts.${awsDomain(backend.region)}`];
    case 'gcs':
      return ['sts.googleapis.com', 'iamcredentials.googleapis.com'];
    case 'azureblob':
      return ['login.microsoftonline.com'];
  }
}

const awsDomain = (region: string): string => (region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com');

function reachOfUrl(endpoint: NetworkEndpoint, url: string, place: Place): NetworkReach {
  const parsed = parseEndpoint(url);
  // An endpoint that is none is refused by its own code.
  const { host = 'invalid.invalid', origin = '', scheme = 'https' } = parsed ?? {};
  const [, port] = /:([0-9]+)$/.exec(origin) ?? [];
  return reachOf(endpoint, host, Number(port ?? (scheme === 'http' ? 80 : 443)), place);
}

/** Of the provider itself, by both ways to write a bucket. */
function storeHosts(backend: ConnectionModel['backend']): readonly string[] {
  switch (backend.type) {
    case 's3': {
      const host = `s3.${backend.region}.${awsDomain(backend.region)}`;
      return [host, `${backend.bucket}.${host}`];
    }
    case 'gcs':
      return ['storage.googleapis.com'];
    case 'azureblob':
      return [`${backend.account}.blob.core.windows.net`];
  }
}

/** Each place that is reached once, in an order that no file decides. */
export function distinct(reaches: readonly NetworkReach[]): readonly NetworkReach[] {
  const keyed = new Map<string, NetworkReach>();
  for (const reach of reaches) {
    const { place, ...what } = reach;
    assertInvariant(place.file !== '', 'a place has a file');
    const key = JSON.stringify(what);
    if (!keyed.has(key)) keyed.set(key, reach);
  }
  return [...keyed].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, reach]) => reach);
}
