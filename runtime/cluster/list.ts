import type { ApiCall, ClusterApi } from './api.js';
import { listAt, textAt, type Fields } from './objects.js';
import { refused } from './refused.js';

/** Runs of a few dozen kilobytes each. */
const pageSize = 100;

/** Of each object its metadata and nothing else: what a ConfigMap holds never comes here. */
export const metadataOnly = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1';

/** How often a list goes on after its place has expired: a server that always says so must not keep a program busy. */
const mostExpired = 3;

/**
 * What `keep` makes of each object of a collection, read page by page. A place in a list expires after some minutes (410); the API
 * server then says where to go on, and what was there all the time is not missed.
 *
 * @throws StepFailure `runtime/api-refused` where the server does not list them
 * @see https://kubernetes.io/docs/reference/using-api/api-concepts/#retrieving-large-results-sets-in-chunks
 */
export async function listAll<T>(
  api: ClusterApi,
  path: string,
  keep: (object: Fields) => T,
  { labelSelector, ...options }: Pick<ApiCall, 'accept'> & { readonly labelSelector?: string } = {},
): Promise<readonly T[]> {
  const kept: T[] = [];
  const query = new URLSearchParams({ limit: String(pageSize), ...(labelSelector === undefined ? {} : { labelSelector }) });
  for (let expired = 0; ;) {
    const answer = await api.call({ method: 'GET', path: `${path}?${query.toString()}`, ...options });
    const next = textAt(answer.body, 'metadata', 'continue');
    if (answer.status === 410 && next !== undefined && expired < mostExpired) {
      expired += 1;
      query.set('continue', next);
      continue;
    }
    if (answer.status !== 200) throw refused(`list ${path.slice(path.lastIndexOf('/') + 1)}`, answer);
    kept.push(...listAt(answer.body, 'items').map(keep));
    if (next === undefined) return kept;
    query.set('continue', next);
  }
}
