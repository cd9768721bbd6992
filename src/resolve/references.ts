import { fillDates } from '../base/date-placeholder.js';
import { checkObjectPath, placeholderNames } from '../base/object-path.js';
import { diagnose } from '../diagnostics/diagnose.js';
import type { Diagnostic, Place } from '../diagnostics/diagnostic.js';
import { wholeBucket } from '../contract/step-config.js';
import { grantedPrefixes, isWithin, type Mode } from './access.js';
import type { Connection } from './connection.js';
import type { NamespaceContext } from './namespace.js';
import { at, atKey } from './place.js';

export interface Reference {
  readonly connection: Connection;
  readonly path: string;
}

type Found<T> = readonly [T | undefined, readonly Diagnostic[]];

/** The connection of a reference, as this team may see it. */
export function findConnection(name: string, place: Place, context: NamespaceContext): Found<Connection> {
  const team = context.model.team;
  const found = context.connections.find(name, team);
  switch (found.kind) {
    case 'found':
      return [found.connection, []];
    case 'broken':
      return [undefined, []];
    case 'foreign':
      return [undefined, [diagnose('resolve/connection-of-another-team', place, { connection: name, owner: found.owner })]];
    case 'unknown':
      return [undefined, [diagnose('resolve/unknown-connection', place, { connection: name, known: context.connections.openTo(team) })]];
  }
}

/** A reference to a store: its own path or the connection's, within what the team was given there. */
export function resolveReference(
  reference: { readonly connection: string; readonly path?: string },
  place: Place,
  mode: Mode,
  context: NamespaceContext,
): Found<Reference> {
  const [connection, problems] = findConnection(reference.connection, at(place, 'connection'), context);
  if (!connection) return [undefined, problems];
  const path = reference.path ?? connection.model.defaultPath;
  if (path === undefined) return [undefined, [diagnose('resolve/missing-path', place, { connection: reference.connection })]];
  const pathPlace = at(place, reference.path === undefined ? 'connection' : 'path');
  return [{ connection, path }, accessProblems({ connection, path }, pathPlace, mode, context)];
}

/** For judging a path with dates in it. */
export const someDate = '2000-01-01';

/** Nothing is said of a path that is none: that has its own code. It may have dates, as in a schedule's request. */
export function accessProblems({ connection, path }: Reference, place: Place, mode: Mode, context: NamespaceContext): readonly Diagnostic[] {
  if (path !== wholeBucket && checkObjectPath(fillDates(path, someDate), placeholderNames)) return [];
  const { team } = context.model;
  const granted = grantedPrefixes(connection, team, mode);
  if (isWithin(path, granted)) return [];
  const { definition } = connection;
  const related = definition.spec.access
    ? [{ message: 'what teams may do is declared here', where: atKey(definition.place, 'access') }]
    : [{ message: 'its connection has no access', where: { ...definition.place, target: 'key' as const } }];
  return [diagnose('resolve/access-denied', place, { connection: definition.name, team, mode, path, granted }, { related })];
}
