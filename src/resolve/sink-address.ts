import { withoutBrackets } from '../base/cidr.js';

/** Host in lower case, an IPv6 address in brackets; a path without blanks, `%` only before two digits; no user, query or fragment. */
const pattern =
  /^(https?):\/\/([a-z0-9](?:[-a-z0-9.]*[a-z0-9])?|\[[0-9a-f:.]+\])(?::([1-9][0-9]{0,4}))?(\/(?:[-A-Za-z0-9._~!&*+,;=:/]|%[0-9A-Fa-f]{2})*)?$/;

export interface SinkUrl {
  readonly scheme: 'http' | 'https';
  /** An IPv6 address without brackets. */
  readonly host: string;
  readonly port: number;
  /** How far what is sent there goes: a Service of the cluster by its DNS name, an address that no router of the internet knows, any other. */
  readonly reach: 'cluster' | 'private' | 'anywhere';
}

/** One label is a Service of the pod's own namespace. */
const service = /^[-a-z0-9]+$|\.svc(?:\.cluster\.local)?$/;
/** RFC 1918, and RFC 4193. */
const privateAddress = /^(?:10|192\.168|172\.(?:1[6-9]|2[0-9]|3[01]))(?:\.[0-9]+)+$|^f[cd][0-9a-f]{2}:/;

/** Undefined where `text` is no URL that events can be posted to. */
export function parseSinkUrl(text: string): SinkUrl | undefined {
  const [, scheme, bracketed, port] = pattern.exec(text) ?? [];
  if (scheme === undefined || bracketed === undefined || bracketed.includes('..') || Number(port ?? 1) > 65535) return undefined;
  const host = withoutBrackets(bracketed);
  return { scheme: scheme === 'http' ? 'http' : 'https', host, port: Number(port ?? (scheme === 'http' ? 80 : 443)), reach: reachOf(host) };
}

const reachOf = (host: string): SinkUrl['reach'] => (service.test(host) ? 'cluster' : privateAddress.test(host) ? 'private' : 'anywhere');
