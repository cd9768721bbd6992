/** Host in lower case, an IPv6 address in brackets; a path without blanks, `%` only before two digits; no user, query or fragment. */
const pattern =
  /^(https?):\/\/([a-z0-9](?:[-a-z0-9.]*[a-z0-9])?|\[[0-9a-f:.]+\])(?::([1-9][0-9]{0,4}))?(\/(?:[-A-Za-z0-9._~!&*+,;=:/]|%[0-9A-Fa-f]{2})*)?$/;

export interface SinkUrl {
  readonly scheme: 'http' | 'https';
  /** An IPv6 address without brackets. */
  readonly host: string;
  /** A Service of the cluster, by its DNS name. */
  readonly inCluster: boolean;
}

/** Undefined where `text` is no URL that events can be posted to. */
export function parseSinkUrl(text: string): SinkUrl | undefined {
  const [, scheme, bracketed, port] = pattern.exec(text) ?? [];
  if (scheme === undefined || bracketed === undefined || bracketed.includes('..') || Number(port ?? 1) > 65535) return undefined;
  const host = bracketed.replace(/^\[|\]$/g, '');
  return { scheme: scheme === 'http' ? 'http' : 'https', host, inCluster: /\.svc(?:\.cluster\.local)?$/.test(host) };
}

const itself = /^(?:localhost|.*\.localhost|127\.[0-9.]+|0\.0\.0\.0|::1?|::ffff:127\..*)$/;
const linkLocal = /^(?:169\.254\.[0-9.]+|fe[89ab][0-9a-f]:.*|::ffff:169\.254\..*|metadata\.google\.internal|metadata)$/;

/** Forms of an IPv4 address that only some programs read: `2130706433`, `0x7f.1`. */
const oddNumber = /(?:^|\.)(?:0x[0-9a-f]*|[0-9]+)$/;
const dottedQuad = /^(?:(?:0|[1-9][0-9]{0,2})(?:\.|$)){4}$/;

/** Why a pod finds no sink there; completes `"127.0.0.1" …`. */
export function problemOfHost(host: string): string | undefined {
  if (oddNumber.test(host) && !dottedQuad.test(host) && !host.includes(':')) return 'is neither a host name nor an address in its usual form';
  if (itself.test(host)) return 'is the pod of the job itself, where no sink runs';
  if (linkLocal.test(host)) return "is the node or the cloud's metadata service, not a sink";
  return undefined;
}
