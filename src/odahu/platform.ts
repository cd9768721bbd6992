/** What an import adds to services/platform.yaml: the team, and a pool for each nodeSelector. */
import { parseImage } from '../base/image.js';
import type { PlatformSpec } from '../input/generated/types.js';
import { insertItem } from '../source/insert-item.js';
import { slugOf } from './names.js';
import type { OdahuJob, OdahuService } from './service.js';

type Selector = Readonly<Record<string, string>>;

export interface PlatformAdditions {
  readonly text: string;
  /** One sentence for each addition, without a full stop. */
  readonly said: readonly string[];
  readonly poolOf: (nodeSelector: Selector) => string;
}

const sameSelector = (a: Selector, b: Selector): boolean => {
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => a[key] === b[key]);
};

/**
 * @param text of services/platform.yaml, which has no errors
 * @param spec what it says
 */
export function addToPlatform(
  text: string,
  spec: PlatformSpec,
  team: string,
  services: readonly OdahuService[],
  jobs: readonly OdahuJob[],
): PlatformAdditions {
  let added = text;
  const said: string[] = [];
  if (!spec.teams.some(({ name }) => name === team)) {
    added = insertItem(added, ['spec', 'teams'], newTeam(team, services));
    said.push(`team ${team} was added to services/platform.yaml, with its registries and without ceilings: set them`);
  }
  const pools = (spec.nodePools ?? []).filter(({ teams }) => teams.includes(team)).map(({ name, nodeSelector = {} }) => ({ name, nodeSelector }));
  const taken = new Set((spec.nodePools ?? []).map(({ name }) => name));
  for (const nodeSelector of [...services, ...jobs].flatMap(({ nodeSelector }) => (nodeSelector ? [nodeSelector] : []))) {
    if (pools.some((pool) => sameSelector(pool.nodeSelector, nodeSelector))) continue;
    const name = freeName(slugOf(Object.values(nodeSelector).join('-'), 50) || 'pool', taken);
    added = insertItem(added, ['spec', 'nodePools'], { name, nodeSelector, teams: [team] });
    said.push(
      `node pool ${name} was added to services/platform.yaml for a nodeSelector; ODAHU's own tolerations are no part of it: add what its nodes need`,
    );
    pools.push({ name, nodeSelector });
  }
  return { text: added, said, poolOf: (nodeSelector) => pools.find((pool) => sameSelector(pool.nodeSelector, nodeSelector))?.name ?? '' };
}

function freeName(wanted: string, taken: Set<string>): string {
  let name = wanted;
  for (let count = 2; taken.has(name); count += 1) name = `${wanted}-${String(count)}`;
  taken.add(name);
  return name;
}

/** Images may come from where those of the services do. */
function newTeam(name: string, services: readonly OdahuService[]): object {
  const registries = [...new Set(services.flatMap(({ image }) => registryOf(image) ?? []))].sort();
  return { name, namespace: name, registries: registries.length > 0 ? registries : [`registry.example.com/${name}/`] };
}

/** The folder of an image in its registry. */
function registryOf(image: string): string | undefined {
  const parsed = parseImage(image);
  const path = parsed && `${parsed.registry}/${parsed.repository}`;
  return path?.slice(0, path.lastIndexOf('/') + 1);
}
