import type { StepBackend } from '../contract/step-config.js';
import type { Connection } from '../resolve/connection.js';
import { isAws, parseEndpoint } from '../resolve/endpoint.js';

/** What makes two connections one store, whatever they are called and whoever's they are. */
export function storeOf({ model: { backend } }: Connection): string {
  const where = backend.type === 'azureblob' ? [backend.account, backend.container] : [backend.bucket];
  return JSON.stringify([backend.type, addressOf(backend), ...where]);
}

/**
 * Nothing for the cloud's own store, whether or not its endpoint is written out. Amazon has many addresses, and each name of a
 * bucket once in all of its regions, but for those of China and of the government of the USA, which are worlds of their own.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
 */
function addressOf(backend: StepBackend): string {
  const { endpoint } = backend;
  if (backend.type === 's3' && isAws(endpoint)) return /^(?:cn|us-gov)-/.exec(backend.region)?.[0] ?? '';
  if (endpoint === undefined) return '';
  return parseEndpoint(endpoint)?.host === ownHost(backend) ? '' : endpoint;
}

/** Where rclone goes without an endpoint; of Amazon, see above. */
function ownHost(backend: StepBackend): string | undefined {
  if (backend.type === 'gcs') return 'storage.googleapis.com';
  return backend.type === 'azureblob' ? `${backend.account}.blob.core.windows.net` : undefined;
}

/** Whether both lead to one bucket or container: paths of theirs then may meet. */
export const isSameStore = (one: Connection, other: Connection): boolean => one === other || storeOf(one) === storeOf(other);
