/** Host in lower case, an IPv6 address in brackets; no user, query, fragment or path. */
const pattern = /^(https?):\/\/([a-z0-9](?:[-a-z0-9.]*[a-z0-9])?|\[[0-9a-f:.]+\])(?::([1-9][0-9]{0,4}))?\/?$/;
const defaultPorts: Readonly<Record<string, string>> = { http: '80', https: '443' };

export interface Endpoint {
  readonly scheme: 'http' | 'https';
  /** Scheme, host and port, the default port left out: two endpoints are one if their origins are equal. */
  readonly origin: string;
  /** An IPv6 address in brackets. */
  readonly host: string;
}

/** Undefined where `text` is no endpoint of a store. */
export function parseEndpoint(text: string): Endpoint | undefined {
  const match = pattern.exec(text);
  const [, scheme, host, port] = match ?? [];
  if (scheme === undefined || host === undefined || host.includes('..') || Number(port ?? 1) > 65535) return undefined;
  const suffix = port === undefined || port === defaultPorts[scheme] ? '' : `:${port}`;
  return { scheme: scheme === 'http' ? 'http' : 'https', origin: `${scheme}://${host}${suffix}`, host };
}

/** Whether it is Amazon's S3: without an endpoint, and by one of its own, such as that of a VPC. */
export const isAws = (endpoint: string | undefined): boolean =>
  endpoint === undefined || /^https?:\/\/[^/]*\.amazonaws\.com(\.cn)?(:[0-9]+)?\/?$/.test(endpoint);
