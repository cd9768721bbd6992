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
