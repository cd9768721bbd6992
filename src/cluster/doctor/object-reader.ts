import type { Api } from '../api.js';
import { ClusterProblem } from '../problem.js';
import type { ResourceType } from '../resource.js';
import { readAll } from './check.js';

/** Reads objects of others, each type of a namespace once, and remembers what it may not read. */
export interface ObjectReader {
  /** Empty where the cluster does not have the type, and where it may not be read. */
  all(type: ResourceType, namespace: string): Promise<readonly unknown[]>;
  /** `backendtrafficpolicies in namespace gateways`, for each that may not be read, in the order of asking. */
  readonly unread: readonly string[];
}

export function objectReader(api: Api): ObjectReader {
  const known = new Map<string, Promise<readonly unknown[]>>();
  const unread: string[] = [];
  const read = async (type: ResourceType, namespace: string): Promise<readonly unknown[]> => {
    try {
      return await readAll(api, { type, namespace });
    } catch (error) {
      if (!(error instanceof ClusterProblem)) throw error;
      const { code } = error.diagnostic;
      if (code === 'cluster/missing-kind') return [];
      if (code !== 'cluster/forbidden' && code !== 'cluster/refused') throw error;
      unread.push(`${type.plural} in namespace ${namespace}`);
      return [];
    }
  };
  return {
    unread,
    all(type, namespace) {
      const key = `${type.group}/${type.plural}/${namespace}`;
      const found = known.get(key) ?? read(type, namespace);
      known.set(key, found);
      return found;
    },
  };
}
