import { wholeBucket } from '../contract/step-config.js';
import type { Connection } from './connection.js';

export type Mode = 'read' | 'write';

/** Where a team may read or write in a connection. Nowhere unless it is said; a team's own connection is all its own unless it says less. */
export function grantedPrefixes({ definition }: Connection, team: string, mode: Mode): readonly string[] {
  const { spec, team: owner } = definition;
  if (owner !== undefined && owner !== team) return [];
  if (owner !== undefined && !spec.access) return [wholeBucket];
  return (spec.access ?? [])
    .filter(({ teams, modes }) => teams.includes(team) && modes.includes(mode))
    .flatMap(({ prefixes }) => prefixes ?? [wholeBucket]);
}

/** Whether the team may do anything at all with the connection. */
export const isOpenTo = (connection: Connection, team: string): boolean =>
  grantedPrefixes(connection, team, 'read').length > 0 || grantedPrefixes(connection, team, 'write').length > 0;

/** Only what stands before the first placeholder is known; prefixes end in `/`, so `fraud/` never holds `fraud-2/`. */
export const isWithin = (path: string, prefixes: readonly string[]): boolean => {
  const literal = path.split('{', 1)[0] ?? '';
  return prefixes.some((prefix) => prefix === wholeBucket || literal.startsWith(prefix));
};
