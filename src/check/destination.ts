/** Where results go: where a definition says so, and which folder that is. */
import { checkObjectPath, placeholderNames } from '../base/object-path.js';
import type { Place } from '../diagnostics/diagnostic.js';
import type { ServiceDefinition } from '../resolve/definition.js';
import { at } from '../resolve/place.js';
import type { Reference } from '../resolve/references.js';
import type { ResolvedSchedule } from '../resolve/schedules.js';
import { storeOf } from './store.js';

/** Where it is written where the results of a service go. */
export const destinationPlace = ({ spec, place }: ServiceDefinition): Place =>
  at(place, 'outputDestination', spec.outputDestination?.path === undefined ? 'connection' : 'path');

/** Where a schedule names a folder of its own; undefined: its results go where the service's go. */
export const scheduledDestinationPlace = ({ schedule, place }: ResolvedSchedule): Place | undefined =>
  schedule.request?.outputDestination && at(place, 'request', 'outputDestination', 'path');

/** The folder that every run writes to, as a key; undefined: it is another one for each run or each day, or none at all. */
export function fixedFolder({ connection, path }: Reference, { spec }: ServiceDefinition): string | undefined {
  if (spec.outputDestination?.layout === 'perJob' || path.includes('{') || checkObjectPath(path, placeholderNames)) return undefined;
  return `${storeOf(connection)} ${path}`;
}
