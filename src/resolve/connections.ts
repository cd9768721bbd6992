import { diagnose } from '../diagnostics/diagnose.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { isOpenTo } from './access.js';
import { resolveConnection, type Connection } from './connection.js';
import type { ConnectionDefinition } from './definition.js';

/** What a team finds under a name. `broken`: it is declared, but its file has problems of its own, so nothing follows from it. */
export type FoundConnection =
  | { readonly kind: 'found'; readonly connection: Connection }
  | { readonly kind: 'broken' }
  | { readonly kind: 'foreign'; readonly owner: string }
  | { readonly kind: 'unknown' };

/** A connection whose file could not be understood, known by its path only. */
export interface BrokenConnection {
  readonly name: string;
  readonly team: string | undefined;
}

export interface ConnectionIndex {
  find(name: string, team: string): FoundConnection;
  /** Names of the connections that the team may do anything with, sorted. */
  openTo(team: string): readonly string[];
}

/** Names are the platform's or a team's: a team's own connection is looked for beside the platform's, so both may not have one name. */
export function indexConnections(
  definitions: readonly ConnectionDefinition[],
  broken: readonly BrokenConnection[],
): readonly [ConnectionIndex, readonly Diagnostic[]] {
  // By owner ('' is the platform, which is no team's name), then by name.
  const owned = new Map<string, Map<string, Connection | 'broken'>>();
  const owners = new Map<string, string>();
  const add = (team: string | undefined, name: string, connection: Connection | 'broken'): void => {
    const owner = team ?? '';
    const names = owned.get(owner) ?? new Map<string, Connection | 'broken'>();
    owned.set(owner, names.set(name, connection));
    if (owner !== '' && !owners.has(name)) owners.set(name, owner);
  };
  for (const definition of definitions) add(definition.team, definition.name, resolveConnection(definition));
  for (const { team, name } of broken) add(team, name, 'broken');

  const find = (name: string, team: string): FoundConnection => {
    const connection = owned.get(team)?.get(name) ?? owned.get('')?.get(name);
    if (connection === 'broken') return { kind: 'broken' };
    if (connection) return { kind: 'found', connection };
    const owner = owners.get(name);
    return owner === undefined ? { kind: 'unknown' } : { kind: 'foreign', owner };
  };
  const openTo = (team: string): readonly string[] =>
    [...(owned.get('')?.values() ?? []), ...(owned.get(team)?.values() ?? [])]
      .filter((connection) => connection !== 'broken')
      .filter((connection) => isOpenTo(connection, team))
      .map(({ model }) => model.name)
      .sort();

  const shared = owned.get('');
  return [{ find, openTo }, definitions.flatMap((definition) => duplicateProblems(definition, shared?.get(definition.name)))];
}

function duplicateProblems({ name, team, place }: ConnectionDefinition, shared: Connection | 'broken' | undefined): readonly Diagnostic[] {
  if (team === undefined || !shared || shared === 'broken') return [];
  const related = [{ message: "the platform's connection of this name", where: namePlace(shared.definition) }];
  return [diagnose('resolve/duplicate-connection', namePlace({ name, place }), { name, team }, { related })];
}

/** `metadata.name` beside a spec. */
const namePlace = ({ place }: Pick<ConnectionDefinition, 'name' | 'place'>): ConnectionDefinition['place'] => ({
  file: place.file,
  path: [...place.path.slice(0, -1), 'metadata', 'name'],
});
