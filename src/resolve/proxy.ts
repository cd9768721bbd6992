import { withoutBrackets } from '../base/cidr.js';
import type { StepBackend } from '../contract/step-config.js';
import type { ConnectionModel, ProxyModel } from '../model/model.js';
import { parseEndpoint } from './endpoint.js';

/** The host of a store as NO_PROXY takes it; a leading "." stands for all below it. */
export function directHost(backend: StepBackend): string {
  if (backend.endpoint !== undefined) {
    const host = parseEndpoint(backend.endpoint)?.host;
    return host === undefined ? backend.endpoint : withoutBrackets(host);
  }
  switch (backend.type) {
    case 's3':
      return backend.region.startsWith('cn-') ? '.amazonaws.com.cn' : '.amazonaws.com';
    case 'gcs':
      return '.googleapis.com';
    case 'azureblob':
      return `${backend.account}.blob.core.windows.net`;
  }
}

/** The metadata servers of the clouds: a proxy would ask for its own node's identity. */
const metadataHosts = ['169.254.0.0/16', 'metadata.google.internal'];

/**
 * The one proxy of a job (`resolve/two-proxies`), with all that is reached without it: what its connections list, and the
 * stores of those that have none. Undefined: no connection has a proxy.
 */
export function jobProxy(connections: readonly ConnectionModel[]): ProxyModel | undefined {
  const url = connections.find(({ proxy }) => proxy)?.proxy?.url;
  if (url === undefined) return undefined;
  const noProxy = connections.flatMap(({ proxy, backend, credentials }) => [
    ...(proxy ? proxy.noProxy : [directHost(backend)]),
    ...(credentials.kind === 'instance' ? metadataHosts : []),
  ]);
  return { url, noProxy: [...new Set(noProxy)].sort() };
}
