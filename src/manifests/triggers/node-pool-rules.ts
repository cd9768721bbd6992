/** Which node pool a request may choose. All of them have one shape, so that only texts differ and a TriggerTemplate can hold them. */
import * as cel from '../../cel/cel.js';
import type { NodePoolModel, ServiceModel } from '../../model/model.js';
import { type FieldRules, job, noRules, optionally, type TemplateParam } from './request-fields.js';

const nodePool = job('nodePool');
/** As ODAHU's bodies name nodes. */
const nodeSelector = job('nodeSelector');

/**
 * Which nodes a request may ask for, by the name of a pool or by its labels as ODAHU does, never both; nothing where the service
 * offers no pools.
 */
export function nodePoolRules(service: ServiceModel): FieldRules {
  const pools = service.webhook?.nodePools ?? [];
  if (pools.length === 0) return noRules;
  return {
    keys: ['nodePool', 'nodeSelector'],
    rules: [
      optionally(
        nodePool,
        cel.isOneOf(
          nodePool,
          pools.map(({ name }) => name),
        ),
      ),
      optionally(nodeSelector, isSelectorOf(pools)),
      // Both could mean two pools.
      cel.or(cel.not(cel.has(nodePool)), cel.not(cel.has(nodeSelector))),
    ],
    params: selectorTexts(service).flatMap(({ param }) => param ?? []),
  };
}

const isSelectorOf = (pools: readonly NodePoolModel[]): cel.Cel<'bool'> =>
  cel.isOneOfMaps(
    nodeSelector,
    pools.map((pool) => Object.fromEntries(sortedSelector(pool))),
  );

/** The nodeSelector of a run: what is the same in all pools stands there as it is, the rest are values of the run. */
export function runNodeSelector(service: ServiceModel, value: (param: string) => string): Readonly<Record<string, string>> | undefined {
  if (!service.nodePool) return undefined;
  const texts = selectorTexts(service).map(({ own, param }) => (param ? value(param.name) : own));
  return Object.fromEntries(texts.flatMap((key, index) => (index % 2 === 0 ? [[key, texts[index + 1] ?? '']] : [])));
}

interface SelectorText {
  /** Of the service's own pool. */
  readonly own: string;
  /** Undefined: the same in all pools. */
  readonly param: TemplateParam | undefined;
}

/** Keys and values of the nodeSelector in turn, sorted by key in each pool. */
function selectorTexts({ nodePool: own, webhook }: ServiceModel): readonly SelectorText[] {
  if (!own) return [];
  const others = (webhook?.nodePools ?? []).filter(({ name }) => name !== own.name);
  return sortedSelector(own).flatMap((pair, index) =>
    pair.map((text, side) => {
      const differing = others.filter((pool) => sortedSelector(pool)[index]?.[side] !== text);
      if (differing.length === 0) return { own: text, param: undefined };
      const name = `${side === 0 ? 'nodeKey' : 'nodeValue'}${String(index + 1)}`;
      return { own: text, param: { name, expression: choice(differing, text, (pool) => sortedSelector(pool)[index]?.[side] ?? ''), default: text } };
    }),
  );
}

const sortedSelector = (pool: NodePoolModel): readonly (readonly [string, string])[] =>
  Object.entries(pool.nodeSelector).sort(([a], [b]) => (a < b ? -1 : 1));

/** The text of the pool that the request chooses. */
function choice(pools: readonly NodePoolModel[], own: string, textOf: (pool: NodePoolModel) => string): cel.Cel<'string'> {
  const texts = [...new Set(pools.map(textOf))];
  return texts.reduceRight<cel.Cel<'string'>>((otherwise, text) => {
    const chosen = pools.filter((pool) => textOf(pool) === text);
    const byName = cel.isOneOf(
      nodePool,
      chosen.map(({ name }) => name),
    );
    const isChosen = cel.or(cel.and(cel.has(nodePool), byName), cel.and(cel.has(nodeSelector), isSelectorOf(chosen)));
    return cel.choose(isChosen, cel.text(text), otherwise);
  }, cel.text(own));
}
