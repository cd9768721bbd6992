import { wholeBucket, type AllowedPrefix } from '../contract/step-config.js';
import { diagnose } from '../diagnostics/diagnose.js';
import type { Diagnostic, Place } from '../diagnostics/diagnostic.js';
import { scheduleDefaults, serviceDefaults } from '../input/defaults.js';
import type { Schedule } from '../input/generated/types.js';
import type { NodePoolModel } from '../model/model.js';
import type { Connection } from './connection.js';
import type { ServiceDefinition } from './definition.js';
import { indexByName } from './duplicates.js';
import type { NamespaceContext } from './namespace.js';
import { at } from './place.js';
import { resolvePoolOfShape } from './pool-choices.js';
import { resolveNodePool } from './pools.js';
import { accessProblems, findConnection, type Reference } from './references.js';
import { modes, type OwnReferences } from './webhook.js';

/** A schedule with what its runs read and write: its request's, or the service's own. */
export interface ResolvedSchedule {
  readonly schedule: Schedule;
  readonly place: Place;
  /** Paths may hold `{date}` and the like. Undefined: it was not found, or nothing gives it. */
  readonly dataSource: Reference | undefined;
  readonly outputDestination: Reference | undefined;
  /** Undefined: the service's own. */
  readonly nodePool: NodePoolModel | undefined;
}

/** Whether it starts no jobs for now. */
export const isSuspended = ({ schedule }: ResolvedSchedule): boolean => schedule.suspend ?? scheduleDefaults.suspend;

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
export function resolveSchedules(
  service: ServiceDefinition,
  own: OwnReferences,
  ownPool: NodePoolModel | undefined,
  context: NamespaceContext,
): ResolvedSchedules {
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
    const [nodePool, poolProblems] = resolvePool(service, schedule, place, ownPool, context);
    diagnostics.push(...poolProblems);
    return { schedule, place, dataSource: resolved('dataSource'), outputDestination: resolved('outputDestination'), nodePool };
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

/**
 * What a service says that requests may choose goes for its schedules, too. Where it takes no requests and says nothing, they
 * may choose among the pools of the team: the definition has been reviewed.
 */
function resolvePool(
  service: ServiceDefinition,
  { name: schedule, request }: Schedule,
  place: Place,
  own: NodePoolModel | undefined,
  context: NamespaceContext,
): readonly [NodePoolModel | undefined, readonly Diagnostic[]] {
  const name = request?.nodePool;
  if (name === undefined) return [undefined, []];
  const where = at(place, 'request', 'nodePool');
  const declared = service.spec.triggers?.webhook?.overrides?.nodePools;
  if (declared?.includes(name) || name === own?.name || (!declared && !takesRequests(service)))
    return resolvePoolOfShape({ name, schedule }, where, service, own, context);
  // A pool that there is not, or that is not the team's, is the greater problem.
  const [, problems] = resolveNodePool({ value: name, from: 'service', place: where }, context);
  if (problems.length > 0) return [undefined, problems];
  const known = [...(own ? [own.name] : []), ...(declared ?? [])];
  return [undefined, [diagnose('resolve/schedule-node-pool', where, { schedule, pool: name, known })]];
}

/** Whether requests to the webhook may start a service. */
export const takesRequests = ({ spec }: ServiceDefinition): boolean => spec.triggers?.webhook?.enabled ?? serviceDefaults.webhookEnabled;

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
