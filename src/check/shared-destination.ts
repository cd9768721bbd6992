import { checkObjectPath, placeholderNames } from '../base/object-path.js';
import { diagnose } from '../diagnostics/diagnose.js';
import type { Diagnostic, Place } from '../diagnostics/diagnostic.js';
import type { ServiceDefinition } from '../resolve/definition.js';
import { at } from '../resolve/place.js';
import type { ResolvedService } from '../resolve/service.js';
import { storeOf } from './store.js';

/** Two services that write to one folder. A path with a placeholder is another one for each run. */
export function checkSharedDestinations(services: readonly ResolvedService[]): readonly Diagnostic[] {
  const first = new Map<string, ResolvedService>();
  return services.flatMap((service) => {
    const { outputDestination, definition } = service;
    if (!outputDestination || definition.spec.outputDestination?.layout === 'perJob') return [];
    const { path, connection } = outputDestination;
    if (path.includes('{') || checkObjectPath(path, placeholderNames)) return [];
    const key = `${storeOf(connection)} ${path}`;
    const other = first.get(key);
    if (!other) {
      first.set(key, service);
      return [];
    }
    const related = [{ message: 'it does so here', where: destinationPlace(other.definition) }];
    const name = `${other.context.model.team}/${other.definition.name}`;
    return [diagnose('check/shared-destination', destinationPlace(definition), { path, other: name }, { related })];
  });
}

/** Where it is written where the results of a service go. */
export const destinationPlace = ({ spec, place }: ServiceDefinition): Place =>
  at(place, 'outputDestination', spec.outputDestination?.path === undefined ? 'connection' : 'path');
