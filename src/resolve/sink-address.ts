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
