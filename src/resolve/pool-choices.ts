import { diagnose } from '../diagnostics/diagnose.js';
import type { Diagnostic, Place } from '../diagnostics/diagnostic.js';
import type { NodePoolModel } from '../model/model.js';
import type { ServiceDefinition } from './definition.js';
import type { NamespaceContext } from './namespace.js';
import { at } from './place.js';
import { resolveNodePool } from './pools.js';

interface PoolChoices {
  /** The service's own and those of its overrides, sorted by name. */
  readonly pools: readonly NodePoolModel[];
  readonly diagnostics: readonly Diagnostic[];
}

/** A run takes its nodeSelector from the request, and everything else of a pool from the service: so pools must have one shape. */
export function resolvePoolChoices(service: ServiceDefinition, own: NodePoolModel | undefined, context: NamespaceContext): PoolChoices {
  const { spec, place } = service;
  const names = spec.triggers?.webhook?.overrides?.nodePools ?? [];
  const found = names.map((name, index) => {
    const here = at(place, 'triggers', 'webhook', 'overrides', 'nodePools', index);
    const [pool, problems] = resolvePoolOfShape({ name }, here, service, own, context);
    return { pool, problems };
  });
  const pools = new Map([own, ...found.map(({ pool }) => pool)].flatMap((pool) => (pool ? [[pool.name, pool] as const] : [])));
  return {
    pools: own ? [...pools.values()].sort((a, b) => (a.name < b.name ? -1 : 1)) : [],
    diagnostics: found.flatMap(({ problems }) => problems),
  };
}

/** The name of a pool, and the schedule that chooses it. @default - requests choose it */
interface Choice {
  readonly name: string;
  readonly schedule?: string;
}

/** A pool that a run may have in the place of the service's own; also where its shape is another one, which is a problem. */
export function resolvePoolOfShape(
  { name, schedule }: Choice,
  where: Place,
  { spec }: ServiceDefinition,
  own: NodePoolModel | undefined,
  context: NamespaceContext,
): readonly [NodePoolModel | undefined, readonly Diagnostic[]] {
  const [pool, problems] = resolveNodePool({ value: name, from: 'service', place: where }, context);
  // A pool of its own that was not found, or that a broken team.yaml may name, has been reported.
  const isOwnUnknown = !own && (spec.nodePool !== undefined || context.defaults?.spec.nodePool !== undefined || context.defaultsBroken);
  const difference = pool && !isOwnUnknown ? differenceOf(pool, own) : undefined;
  const shape = difference === undefined ? [] : [diagnose('resolve/node-pool-shape', where, { schedule, pool: name, difference })];
  return [pool, [...problems, ...shape]];
}

/** Follows "… cannot choose the pool: ". */
function differenceOf(pool: NodePoolModel, own: NodePoolModel | undefined): string | undefined {
  if (!own) return 'the service has no node pool of its own, which a run without a choice would use';
  const [labels, ownLabels] = [pool, own].map(({ nodeSelector }) => Object.keys(nodeSelector).length);
  if (labels !== ownLabels)
    return `its nodeSelector has ${String(labels)} labels, that of the service's own pool "${own.name}" has ${String(ownLabels)}`;
  const different = (['tolerations', 'runtimeClass', 'gpuResource'] as const).find(
    (name) => JSON.stringify(pool[name]) !== JSON.stringify(own[name]),
  );
  return (
    different && `its ${different} ${different === 'tolerations' ? 'differ from those' : 'differs from that'} of the service's own pool "${own.name}"`
  );
}
