import { diagnose } from '../diagnostics/diagnose.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { platformDefaults } from '../input/defaults.js';
import type { NodePool, Queue } from '../input/generated/types.js';
import type { NodePoolModel } from '../model/model.js';
import type { Declared } from './definition.js';
import type { NamespaceContext } from './namespace.js';
import { at } from './place.js';
import type { Sourced } from './service-defaults.js';

/** What is offered to some teams: a name that is not declared and one that is not for this team are two problems. */
const usableBy = (
  team: string,
  offers: ReadonlyMap<string, Declared<{ readonly name: string; readonly teams: readonly string[] }>>,
): readonly string[] => [...offers.values()].filter(({ value }) => value.teams.includes(team)).map(({ value }) => value.name);

/** The pool that a service asks for, if there is one and the team may use it. */
export function resolveNodePool(
  wanted: Sourced<string> | undefined,
  { platform, model }: NamespaceContext,
): readonly [NodePoolModel | undefined, readonly Diagnostic[]] {
  if (!wanted) return [undefined, []];
  const { team } = model;
  const pool = platform.nodePools.get(wanted.value);
  const known = usableBy(team, platform.nodePools);
  if (!pool) return [undefined, [diagnose('resolve/unknown-node-pool', wanted.place, { pool: wanted.value, known })]];
  if (pool.value.teams.includes(team)) return [nodePoolModel(pool.value), []];
  const related = [{ message: 'its teams are declared here', where: at(pool.place, 'teams') }];
  return [undefined, [diagnose('resolve/node-pool-not-allowed', wanted.place, { pool: wanted.value, team, known }, { related })]];
}

const nodePoolModel = ({ name, nodeSelector, tolerations, runtimeClass, gpuResource }: NodePool): NodePoolModel => ({
  name,
  nodeSelector: nodeSelector ?? {},
  tolerations: (tolerations ?? []).map((toleration) => ({ ...toleration })),
  runtimeClass,
  gpuResource: gpuResource ?? platformDefaults.gpuResource,
});

/** Name of the LocalQueue in the team's namespace. */
export function resolveQueue(
  wanted: Sourced<string> | undefined,
  { platform, model }: NamespaceContext,
): readonly [string | undefined, readonly Diagnostic[]] {
  if (!wanted) return [undefined, []];
  const { team } = model;
  const queue = platform.queues.get(wanted.value);
  const known = usableBy(team, platform.queues);
  if (!queue) return [undefined, [diagnose('resolve/unknown-queue', wanted.place, { queue: wanted.value, known })]];
  if (queue.value.teams.includes(team)) return [localQueueOf(queue.value), []];
  const related = [{ message: 'its teams are declared here', where: at(queue.place, 'teams') }];
  return [undefined, [diagnose('resolve/queue-not-allowed', wanted.place, { queue: wanted.value, team, known }, { related })]];
}

/** Default: the queue's name. */
const localQueueOf = ({ name, localQueue }: Queue): string => localQueue ?? name;
