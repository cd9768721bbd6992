/** Scheme, host and path of an endpoint, which the compiler writes without path. */
const pattern = /^(https?:\/\/([^/]+))(\/.*)?$/;

/** rclone wants the path of Google's JSON API behind the host. */
export function jsonApiEndpoint(endpoint: string): string {
  const [, origin = endpoint, , path = '/'] = pattern.exec(endpoint) ?? [];
  return path === '/' ? `${origin}/storage/v1/` : endpoint;
}

/** Azure's clouds have the account in the host, emulators and appliances have it as the first part of the path. */
export function accountEndpoint(endpoint: string, account: string): string {
  const [, origin = endpoint, host = '', path = '/'] = pattern.exec(endpoint) ?? [];
  if (path !== '/') return endpoint;
  return host.startsWith(`${account}.`) ? origin : `${origin}/${account}`;
}

/** Those of Azure's clouds, with the account in front; no port, and never without TLS. */
const azureHost =
  /^https:\/\/([a-z0-9]+)\.(?:z[0-9]{1,2}\.)?blob\.(?:core\.(?:windows\.net|chinacloudapi\.cn|usgovcloudapi\.net)|storage\.azure\.net)$/;

interface Container {
  readonly account: string;
  readonly container: string;
  readonly endpoint?: string;
}

/**
 * Whether a URL with a signature is of the connection's account and, if it names one, of its container. Whoever writes a team's Secret
 * would otherwise send data to hosts that nobody lists.
 */
export function isOfContainer(url: string, { account, container, endpoint }: Container): boolean {
  const [, origin = '', , path = '/'] = pattern.exec(url.replace(/\?.*$/s, '')) ?? [];
  const [, expected = '', , folder = ''] = endpoint === undefined ? [] : (pattern.exec(accountEndpoint(endpoint, account)) ?? []);
  if (endpoint === undefined ? azureHost.exec(origin)?.[1] !== account : origin !== expected) return false;
  const root = folder.replace(/\/$/, '');
  if (!`${path}/`.startsWith(`${root}/`)) return false;
  const [first = ''] = path.slice(root.length + 1).split('/');
  return first === '' || first === container;
}

/** Whether a key file of Google has its tokens from Google, or from the host that stands for it. */
export function isTokenHost(uri: string, endpoint: string | undefined): boolean {
  if (!URL.canParse(uri)) return false;
  const { protocol, hostname } = new URL(uri);
  if (endpoint !== undefined && new URL(endpoint).hostname === hostname) return true;
  return protocol === 'https:' && /^(?:(?:[a-z0-9-]+\.)*googleapis\.com|accounts\.google\.com)$/.test(hostname);
}
