import { wholeBucket, type AllowedPrefix } from '../contract/step-config.js';
import { diagnose } from '../diagnostics/diagnose.js';
import type { Diagnostic, Place } from '../diagnostics/diagnostic.js';
import { scheduleDefaults } from '../input/defaults.js';
import type { Schedule } from '../input/generated/types.js';
import type { Connection } from './connection.js';
import type { ServiceDefinition } from './definition.js';
import { indexByName } from './duplicates.js';
import type { NamespaceContext } from './namespace.js';
import { at } from './place.js';
import { accessProblems, findConnection, type Reference } from './references.js';
import { modes, type OwnReferences } from './webhook.js';

/** A schedule with what its runs read and write: its request's, or the service's own. */
export interface ResolvedSchedule {
  readonly schedule: Schedule;
  readonly place: Place;
  /** Paths may hold `{date}` and the like. Undefined: it was not found, or nothing gives it. */
  readonly dataSource: Reference | undefined;
  readonly outputDestination: Reference | undefined;
}

export interface ResolvedSchedules {
  /** Sorted by name. */
  readonly schedules: readonly ResolvedSchedule[];
  /** Connections that requests of schedules name. */
  readonly connections: readonly Connection[];
  /** Everything that they refer to was found. */
  readonly complete: boolean;
  readonly diagnostics: readonly Diagnostic[];
}

type Field = keyof OwnReferences;

/** The requests of schedules stand in the repository: they may choose what the team may read and write, as the service itself. */
export function resolveSchedules(service: ServiceDefinition, own: OwnReferences, context: NamespaceContext): ResolvedSchedules {
  const [index, duplicates] = indexByName('schedule', service.spec.triggers?.schedules ?? [], at(service.place, 'triggers', 'schedules'));
  const diagnostics: Diagnostic[] = [...duplicates];
  const connections: Connection[] = [];
  let complete = true;
  const schedules = [...index.values()].map(({ value: schedule, place }): ResolvedSchedule => {
    const resolved = (field: Field): Reference | undefined => {
      const [reference, problems] = resolveField(service, schedule, place, field, own[field], context);
      diagnostics.push(...problems);
      if (!reference) complete = false;
      else if (schedule.request?.[field]) connections.push(reference.connection);
      return reference;
    };
    return { schedule, place, dataSource: resolved('dataSource'), outputDestination: resolved('outputDestination') };
  });
  return {
    schedules: schedules.sort((a, b) => (a.schedule.name < b.schedule.name ? -1 : 1)),
    connections,
    complete,
    diagnostics,
  };
}

function resolveField(
  { spec }: ServiceDefinition,
  { name, request }: Schedule,
  place: Place,
  field: Field,
  own: Reference | undefined,
  context: NamespaceContext,
): readonly [Reference | undefined, readonly Diagnostic[]] {
  const given = request?.[field];
  if (!given) {
    if (spec[field]) return [own, []];
    return [undefined, [diagnose('resolve/incomplete-schedule', request ? at(place, 'request') : place, { schedule: name, field, lacks: 'all' })]];
  }
  const where = at(place, 'request', field);
  if (given.connection === undefined && !spec[field])
    return [undefined, [diagnose('resolve/incomplete-schedule', where, { schedule: name, field, lacks: 'connection' })]];
  const [connection, problems] =
    given.connection === undefined ? [own?.connection, []] : findConnection(given.connection, at(where, 'connection'), context);
  if (!connection) return [undefined, problems];
  const reference = { connection, path: given.path };
  return [reference, accessProblems(reference, at(where, 'path'), modes[field], context)];
}

/** The spec's own values, with its defaults. */
export const timeZoneOf = ({ timeZone }: Schedule): string => timeZone ?? scheduleDefaults.timeZone;

/**
 * Where the runs of a schedule read or write, for the runtime to hold it against: the path itself, or the folder that stands
 * before the first date. It lies below what the team was granted, because that ends in `/`.
 */
export function prefixOf({ connection, path }: Reference): AllowedPrefix {
  const date = path.indexOf('{date');
  const folder = path.slice(0, path.lastIndexOf('/', date) + 1);
  return { connection: connection.definition.name, prefix: date < 0 ? path : folder === '' ? wholeBucket : folder };
}
