import { isFolder } from '../base/object-path.js';
import { diagnose } from '../diagnostics/diagnose.js';
import type { Diagnostic, Place } from '../diagnostics/diagnostic.js';
import type { ArrivalEvent } from '../input/generated/types.js';
import { platformDefaults } from '../input/defaults.js';
import type { ArrivalModel } from '../model/model.js';
import { mayCall, sendsJobs } from './callers.js';
import type { Connection } from './connection.js';
import type { ServiceDefinition } from './definition.js';
import { indexByName } from './duplicates.js';
import { isAws } from './endpoint.js';
import type { NamespaceContext } from './namespace.js';
import { at, atKey } from './place.js';
import type { DeclaredCaller } from './platform.js';
import { accessProblems, findConnection } from './references.js';
import type { OwnReferences } from './webhook.js';

/** Data whose arrival starts a job. */
export interface ResolvedArrival {
  readonly event: ArrivalEvent;
  readonly place: Place;
  readonly sends: ArrivalModel['sends'];
  readonly connection: Connection;
  readonly prefix: string;
}

export interface ResolvedArrivals {
  /** Sorted by name. */
  readonly events: readonly ResolvedArrival[];
  /** Everything that they refer to was found. */
  readonly complete: boolean;
  readonly diagnostics: readonly Diagnostic[];
}

/** Which arrivals of data start a service: who tells of them, and where the data arrives. */
export function resolveArrivals(service: ServiceDefinition, own: OwnReferences, context: NamespaceContext): ResolvedArrivals {
  const declared = service.spec.triggers?.events ?? [];
  const [index, duplicates] = indexByName('event', declared, at(service.place, 'triggers', 'events'));
  const resolved = [...index.values()].map(({ value, place }) => resolveArrival(service, value, place, own, context));
  const events = resolved.flatMap(([event]) => event ?? []);
  return {
    events: events.sort((a, b) => (a.event.name < b.event.name ? -1 : 1)),
    complete: events.length === declared.length,
    diagnostics: [...duplicates, ...(declared.length > 0 ? withoutDestination(service) : []), ...resolved.flatMap(([, problems]) => problems)],
  };
}

/** An event says what to read, and nothing else. */
const withoutDestination = ({ spec, place }: ServiceDefinition): readonly Diagnostic[] =>
  spec.outputDestination ? [] : [diagnose('resolve/event-leaves-open', atKey(place, 'triggers', 'events'), { field: 'outputDestination' })];

type Found<T> = readonly [T | undefined, readonly Diagnostic[]];

function resolveArrival(
  service: ServiceDefinition,
  event: ArrivalEvent,
  place: Place,
  own: OwnReferences,
  context: NamespaceContext,
): Found<ResolvedArrival> {
  const [sends, callerProblems] = resolveSender(service, event, at(place, 'caller'), context);
  const [source, sourceProblems] = resolveSource(service, event, place, own, context);
  if (!source || !sends) return [undefined, [...callerProblems, ...sourceProblems]];
  const arrival = { event, place, sends, ...source };
  return [arrival, [...callerProblems, ...sourceProblems, ...storeProblems(arrival)]];
}

function resolveSender(service: ServiceDefinition, { caller }: ArrivalEvent, place: Place, context: NamespaceContext): Found<ArrivalModel['sends']> {
  const { platform, model } = context;
  const fits = (each: DeclaredCaller): boolean => !sendsJobs(each) && mayCall(each, model.team, service.name);
  const known = [...platform.callers.values()].filter(fits).map(({ value }) => value.name);
  const declared = platform.callers.get(caller);
  if (!declared) return [undefined, [diagnose('resolve/unknown-caller', place, { caller, known })]];
  const sends = declared.value.sends ?? platformDefaults.sends;
  if (sends === 'job') {
    const related = [{ message: 'the caller is declared here', where: at(declared.place, 'name') }];
    return [undefined, [diagnose('resolve/caller-sends-jobs', place, { caller, known }, { related })]];
  }
  if (fits(declared)) return [sends, []];
  const related = [{ message: 'what it may call is declared here', where: at(declared.place, 'services') }];
  return [sends, [diagnose('resolve/caller-not-allowed', place, { caller, service: `${model.team}/${service.name}`, known }, { related })]];
}

/** Where data arrives: what the event says, or else the service's own folder. */
function resolveSource(
  service: ServiceDefinition,
  { dataSource: given }: ArrivalEvent,
  place: Place,
  own: OwnReferences,
  context: NamespaceContext,
): Found<Pick<ResolvedArrival, 'connection' | 'prefix'>> {
  if (given) {
    const [connection, problems] = findConnection(given.connection, at(place, 'dataSource', 'connection'), context);
    if (!connection) return [undefined, problems];
    const { prefix } = given;
    return [{ connection, prefix }, accessProblems({ connection, path: prefix }, at(place, 'dataSource', 'prefix'), 'read', context)];
  }
  const { dataSource } = own;
  // A reference that was not found has a problem of its own.
  if (service.spec.dataSource && !dataSource) return [undefined, []];
  if (dataSource && isFolder(dataSource.path)) return [{ connection: dataSource.connection, prefix: dataSource.path }, []];
  return [undefined, [diagnose('resolve/event-leaves-open', at(place, 'name'), { field: 'dataSource' })]];
}

/** Whether the store is one whose events the caller sends. */
function storeProblems({ event, place, sends, connection }: ResolvedArrival): readonly Diagnostic[] {
  const { backend } = connection.model;
  const fits = backend.type === 's3' && isAws(backend.endpoint) === (sends === 'eventbridge');
  if (fits) return [];
  const where = event.dataSource ? at(place, 'dataSource', 'connection') : at(place, 'caller');
  const related = [
    { message: 'the connection', where: at(connection.definition.place, backend.type === 's3' && backend.endpoint ? 'endpoint' : 'type') },
  ];
  return [diagnose('resolve/store-without-events', where, { connection: connection.definition.name, sends, type: backend.type }, { related })];
}
