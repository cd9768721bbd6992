import { isFolder } from '../base/object-path.js';
import { files } from '../contract/paths.js';
import { diagnose } from '../diagnostics/diagnose.js';
import type { Diagnostic, Place } from '../diagnostics/diagnostic.js';
import { serviceDefaults } from '../input/defaults.js';
import { at } from '../resolve/place.js';
import type { Reference } from '../resolve/references.js';
import type { ResolvedSchedule } from '../resolve/schedules.js';
import type { ResolvedService } from '../resolve/service.js';
import { destinationPlace, scheduledDestinationPlace } from './destination.js';
import { isSameStore } from './store.js';

/** Results in a folder that the service reads: the next run would take them for input, or for a part of the model. */
export function checkOwnResults(service: ResolvedService): readonly Diagnostic[] {
  const { definition, schedules } = service;
  const own = readsOwnResults(service, { ...service, where: destinationPlace(definition), dataPlace: at(definition.place, 'dataSource') });
  // What is wrong without a schedule is said once.
  const found =
    own.length > 0 ? [] : schedules.filter(({ schedule }) => schedule.request).flatMap((each) => readsOwnResults(service, placesOf(each, service)));
  return [...own, ...found];
}

/** What a run reads and writes, where it is written, and where the input is named. */
interface Run {
  readonly dataSource: Reference | undefined;
  readonly outputDestination: Reference | undefined;
  readonly where: Place;
  readonly dataPlace: Place;
}

/** The problem is at the schedule's destination, or at its source where it has no destination of its own. */
function placesOf(scheduled: ResolvedSchedule, { definition }: ResolvedService): Run {
  const { schedule, place, dataSource, outputDestination } = scheduled;
  const { request } = schedule;
  const where = scheduledDestinationPlace(scheduled) ?? at(place, 'request', 'dataSource', 'path');
  const dataPlace = request?.dataSource ? at(place, 'request', 'dataSource', 'path') : at(definition.place, 'dataSource');
  return { dataSource, outputDestination, where, dataPlace };
}

function readsOwnResults(
  { definition, modelSource }: ResolvedService,
  { dataSource, outputDestination, where, dataPlace }: Run,
): readonly Diagnostic[] {
  if (!outputDestination) return [];
  const { spec, place } = definition;
  const include = spec.dataSource?.include ?? serviceDefaults.include;
  const related = (field: 'dataSource' | 'modelSource'): Diagnostic['related'] => [
    { message: 'what is read there', where: field === 'dataSource' ? dataPlace : at(place, field) },
  ];
  const found = (field: 'dataSource' | 'modelSource', source: Reference | undefined, takes: (path: string) => boolean): readonly Diagnostic[] => {
    const inside = source && pathInside(outputDestination, source);
    if (inside === undefined || !takes(inside + files.manifest)) return [];
    const args = { field, source: source?.path ?? '', destination: outputDestination.path };
    return [diagnose('check/reads-own-results', where, args, { related: related(field) })];
  };
  return [
    ...found('dataSource', dataSource, (path) => include.some((pattern) => surelyTakes(pattern, path))),
    ...found('modelSource', modelSource, () => true),
  ];
}

/** What of the destination lies below a folder of the same store; undefined: it does not lie there. */
function pathInside(destination: Reference, source: Reference): string | undefined {
  if (!isFolder(source.path) || !destination.path.startsWith(source.path) || !isSameStore(destination.connection, source.connection))
    return undefined;
  return destination.path.slice(source.path.length);
}

/**
 * Whether rclone takes `path` by the pattern, as far as `*` and `**` tell; of any other pattern nothing is said, because what it
 * leaves out may be just the results. Step by step and not by a regular expression, whose time a pattern could make long.
 */
export function surelyTakes(pattern: string, path: string): boolean {
  if (/[?[\]{}\\]/.test(pattern)) return false;
  const afterSlash = [...path.matchAll(/\//g)].map(({ index }) => index + 1);
  let reached = new Set(pattern.startsWith('/') ? [0] : [0, ...afterSlash]);
  for (const part of pattern.replace(/^\//, '').split(/(\*\*|\*)/)) {
    const next = new Set<number>();
    for (const start of reached) {
      if (part !== '*' && part !== '**') {
        if (path.startsWith(part, start)) next.add(start + part.length);
        continue;
      }
      // From a place that is in the set already, all further ones are.
      for (let end = start; end <= path.length && !next.has(end); end += 1) {
        next.add(end);
        if (part === '*' && path[end] === '/') break;
      }
    }
    reached = next;
  }
  return reached.has(path.length);
}
