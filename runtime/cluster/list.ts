import type { ApiCall, ClusterApi } from './api.js';
import { listAt, textAt, type Fields } from './objects.js';
import { refused } from './refused.js';

/** Runs of a few dozen kilobytes each. */
const pageSize = 100;

/** Of each object its metadata and nothing else: what a ConfigMap holds never comes here. */
export const metadataOnly = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1';

/** What `keep` makes of each object of a collection, read page by page. */
export async function listAll<T>(
  api: ClusterApi,
  path: string,
  keep: (object: Fields) => T,
  { labelSelector, ...options }: Pick<ApiCall, 'accept'> & { readonly labelSelector?: string } = {},
): Promise<readonly T[]> {
  const kept: T[] = [];
  const query = new URLSearchParams({ limit: String(pageSize), ...(labelSelector === undefined ? {} : { labelSelector }) });
  for (;;) {
    const answer = await api.call({ method: 'GET', path: `${path}?${query.toString()}`, ...options });
    if (answer.status !== 200) throw refused(`list ${path.slice(path.lastIndexOf('/') + 1)}`, answer);
    kept.push(...listAt(answer.body, 'items').map(keep));
    const next = textAt(answer.body, 'metadata', 'continue');
    if (next === undefined) return kept;
    query.set('continue', next);
  }
}
