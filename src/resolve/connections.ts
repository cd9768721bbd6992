import { diagnose } from '../diagnostics/diagnose.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { isOpenTo } from './access.js';
import { resolveConnection, type Connection } from './connection.js';
import type { ConnectionDefinition } from './definition.js';
import { filesOf, noSecretFiles, type SecretFiles } from './secret-files.js';

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
  /** All that were understood, at least in part. */
  readonly all: readonly Connection[];
}

/** Names are the platform's or a team's: a team's own connection is looked for beside the platform's, so both may not have one name. */
export function indexConnections(
  definitions: readonly ConnectionDefinition[],
  broken: readonly BrokenConnection[],
  secretFiles: SecretFiles = noSecretFiles,
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
  const all = definitions.map((definition) => resolveConnection(definition, filesOf(definition, secretFiles)));
  for (const connection of all) add(connection.definition.team, connection.definition.name, connection);
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
  return [
    { find, openTo, all },
    [...definitions.flatMap((definition) => duplicateProblems(definition, shared?.get(definition.name))), ...identityNameProblems(owned)],
  ];
}

function duplicateProblems({ name, team, place }: ConnectionDefinition, shared: Connection | 'broken' | undefined): readonly Diagnostic[] {
  if (team === undefined || !shared || shared === 'broken') return [];
  const related = [{ message: "the platform's connection of this name", where: namePlace(shared.definition) }];
  return [diagnose('resolve/duplicate-connection', namePlace({ name, place }), { name, team }, { related })];
}

/**
 * One name is one ServiceAccount. Two roles that trust it are two identities, and whoever wrote only one of them must know:
 * among the platform's connections, and between those and a team's own.
 */
function identityNameProblems(owned: ReadonlyMap<string, ReadonlyMap<string, Connection | 'broken'>>): readonly Diagnostic[] {
  const ofOwner = (owner: string): readonly Connection[] => [...(owned.get(owner)?.values() ?? [])].filter((connection) => connection !== 'broken');
  return [...owned.keys()].flatMap((owner) => {
    const known = new Map<string, Connection>();
    const problems: Diagnostic[] = [];
    const own = ofOwner(owner);
    for (const connection of [...(owner === '' ? [] : ofOwner('')), ...own]) {
      const { credentials, backend } = connection.model;
      if (credentials.kind !== 'workloadIdentity') continue;
      const first = known.get(credentials.name);
      if (!first) known.set(credentials.name, connection);
      if (!first || first.model.credentials.kind !== 'workloadIdentity' || !own.includes(connection)) continue;
      const isSame =
        first.model.backend.type === backend.type && JSON.stringify(first.model.credentials.identity) === JSON.stringify(credentials.identity);
      if (isSame || (first.model.credentials.shared && credentials.shared && first.model.backend.type !== backend.type)) continue;
      const where = (of: Connection) => ({ ...of.definition.place, path: [...of.definition.place.path, 'credentials', 'workloadIdentity', 'name'] });
      const related = [{ message: 'another identity of this name', where: where(first) }];
      problems.push(diagnose('resolve/identity-name-taken', where(connection), { name: credentials.name, other: first.model.name }, { related }));
    }
    return problems;
  });
}

/** `metadata.name` beside a spec. */
const namePlace = ({ place }: Pick<ConnectionDefinition, 'name' | 'place'>): ConnectionDefinition['place'] => ({
  file: place.file,
  path: [...place.path.slice(0, -1), 'metadata', 'name'],
});

/** Names of the workload identities of connections, each as often as it is used. */
export const identityNames = (connections: readonly Connection[]): readonly string[] =>
  connections.flatMap(({ model: { credentials } }) => (credentials.kind === 'workloadIdentity' ? [credentials.name] : []));
