import { diagnose } from '../diagnostics/diagnose.js';
import type { Diagnostic, Place } from '../diagnostics/diagnostic.js';
import type { TeamService } from './definitions.js';
import { at } from './place.js';

const idOf = ({ spec, name }: TeamService): string => spec.serviceId ?? name;

/** The id, or the name that stands for it. */
const idPlace = ({ spec, place }: TeamService): Place =>
  spec.serviceId === undefined ? { file: place.file, path: [...place.path.slice(0, -1), 'metadata', 'name'] } : at(place, 'serviceId');

/** A request names a service by its id, so within a team (which is a namespace) an id belongs to one service. */
export function duplicateServiceIds(services: readonly TeamService[]): readonly Diagnostic[] {
  const first = new Map<string, TeamService>();
  return services.flatMap((service) => {
    const id = idOf(service);
    const key = `${service.team}/${id}`;
    const other = first.get(key);
    if (!other) {
      first.set(key, service);
      return [];
    }
    const related = [{ message: 'first used here', where: idPlace(other) }];
    return [diagnose('resolve/duplicate-service-id', idPlace(service), { id, other: other.name }, { related })];
  });
}
