import { diagnose } from '../diagnostics/diagnose.js';
import type { Diagnostic, Place } from '../diagnostics/diagnostic.js';
import type { Reference } from '../resolve/references.js';
import { isSuspended } from '../resolve/schedules.js';
import { qualifiedName, type ResolvedService } from '../resolve/service.js';
import { destinationPlace, fixedFolder, scheduledDestinationPlace } from './destination.js';

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
      return [diagnose('check/shared-destination', where, { path: reference.path, other: qualifiedName(other.service) }, { related })];
    }),
  );
}

interface Destination {
  readonly reference: Reference;
  readonly where: Place;
}

/** The service's own, and those that its schedules give instead. */
const destinationsOf = ({ definition, outputDestination, schedules }: ResolvedService): readonly Destination[] => [
  ...(outputDestination ? [{ reference: outputDestination, where: destinationPlace(definition) }] : []),
  ...schedules.flatMap((each) => {
    const where = scheduledDestinationPlace(each);
    return where && each.outputDestination && !isSuspended(each) ? [{ reference: each.outputDestination, where }] : [];
  }),
];
