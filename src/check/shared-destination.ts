import { checkObjectPath, placeholderNames } from '../base/object-path.js';
import { diagnose } from '../diagnostics/diagnose.js';
import type { Diagnostic, Place } from '../diagnostics/diagnostic.js';
import { scheduleDefaults } from '../input/defaults.js';
import type { ServiceDefinition } from '../resolve/definition.js';
import { at } from '../resolve/place.js';
import type { Reference } from '../resolve/references.js';
import type { ResolvedSchedule } from '../resolve/schedules.js';
import type { ResolvedService } from '../resolve/service.js';
import { storeOf } from './store.js';

/** Two services that write to one folder, by themselves or by a schedule. */
export function checkSharedDestinations(services: readonly ResolvedService[]): readonly Diagnostic[] {
  const first = new Map<string, { readonly service: ResolvedService; readonly where: Place }>();
  return services.flatMap((service) =>
    destinationsOf(service).flatMap(({ reference, where }) => {
      const folder = fixedFolder(reference, service.definition);
      if (folder === undefined) return [];
      const other = first.get(folder);
      if (!other) first.set(folder, { service, where });
      // Schedules of one service are judged by what they do there.
      if (!other || other.service === service) return [];
      const related = [{ message: 'it does so here', where: other.where }];
      const name = `${other.service.context.model.team}/${other.service.definition.name}`;
      return [diagnose('check/shared-destination', where, { path: reference.path, other: name }, { related })];
    }),
  );
}

/** The service's own, and those that its schedules give instead. */
const destinationsOf = ({ definition, outputDestination, schedules }: ResolvedService): readonly { reference: Reference; where: Place }[] => [
  ...(outputDestination ? [{ reference: outputDestination, where: destinationPlace(definition) }] : []),
  ...schedules.filter(starts).flatMap((each) => {
    const { schedule, place, outputDestination: reference } = each;
    return reference && schedule.request?.outputDestination ? [{ reference, where: at(place, 'request', 'outputDestination', 'path') }] : [];
  }),
];

/** Not one that is suspended. */
export const starts = ({ schedule }: ResolvedSchedule): boolean => !(schedule.suspend ?? scheduleDefaults.suspend);

/** The folder that every run writes to, as a key; undefined: it is another one for each run or each day, or none at all. */
export function fixedFolder({ connection, path }: Reference, { spec }: ServiceDefinition): string | undefined {
  if (spec.outputDestination?.layout === 'perJob' || path.includes('{') || checkObjectPath(path, placeholderNames)) return undefined;
  return `${storeOf(connection)} ${path}`;
}

/** Where it is written where the results of a service go. */
export const destinationPlace = ({ spec, place }: ServiceDefinition): Place =>
  at(place, 'outputDestination', spec.outputDestination?.path === undefined ? 'connection' : 'path');
