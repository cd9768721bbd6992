import { diagnose } from '../diagnostics/diagnose.js';
import type { Diagnostic, Place } from '../diagnostics/diagnostic.js';
import { at } from '../resolve/place.js';
import { isSuspended, type ResolvedSchedule } from '../resolve/schedules.js';
import type { ResolvedService } from '../resolve/service.js';
import { fixedFolder, scheduledDestinationPlace } from './destination.js';
import { storeOf } from './store.js';

/**
 * Schedules of one service that write different results to one folder, so that which of them lie there is a matter of time.
 * Schedules that make the same run at different times say what cron cannot say in one line: the folder has the latest results.
 */
export function checkOverlappingSchedules(service: ResolvedService): readonly Diagnostic[] {
  const first = new Map<string, ResolvedSchedule>();
  return service.schedules.flatMap((each) => {
    const { schedule, outputDestination } = each;
    if (!outputDestination || isSuspended(each)) return [];
    const folder = fixedFolder(outputDestination, service.definition);
    if (folder === undefined) return [];
    const other = first.get(folder);
    if (!other) first.set(folder, each);
    const differing = other && differenceOf(other, each, service);
    if (!differing) return [];
    const args = { schedule: schedule.name, other: other.schedule.name, path: outputDestination.path, differing };
    return [diagnose('check/overlapping-schedules', placeOf(each), args, { related: [{ message: 'the other schedule', where: placeOf(other) }] })];
  });
}

const placeOf = (each: ResolvedSchedule): Place => scheduledDestinationPlace(each) ?? at(each.place, 'name');

/** What makes the results of two schedules different ones; undefined: nothing but the time. */
function differenceOf(one: ResolvedSchedule, other: ResolvedSchedule, { definition }: ResolvedService): 'data' | 'params' | undefined {
  const dataOf = ({ dataSource }: ResolvedSchedule): string | undefined => dataSource && `${storeOf(dataSource.connection)} ${dataSource.path}`;
  const [data, otherData] = [dataOf(one), dataOf(other)];
  // What was not found has been reported.
  if (data !== undefined && otherData !== undefined && data !== otherData) return 'data';
  const valueOf = ({ schedule }: ResolvedSchedule, param: string, otherwise: string): string => schedule.request?.params?.[param] ?? otherwise;
  const params = Object.entries(definition.spec.params ?? {});
  return params.some(([param, { default: value }]) => valueOf(one, param, value) !== valueOf(other, param, value)) ? 'params' : undefined;
}
