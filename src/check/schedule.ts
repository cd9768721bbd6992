import { neverFires, parseCron } from '../base/cron.js';
import { isTimeZone, meantTimeZone } from '../base/time-zone.js';
import { diagnose } from '../diagnostics/diagnose.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { ServiceDefinition } from '../resolve/definition.js';
import { at } from '../resolve/place.js';

/** A schedule that Kubernetes refuses, or takes and never starts. */
export const checkCron = ({ spec, place }: ServiceDefinition): readonly Diagnostic[] =>
  (spec.triggers?.schedules ?? []).flatMap(({ cron }, index) => {
    const found = cronProblem(cron);
    return found ? [diagnose('check/cron', at(place, 'triggers', 'schedules', index, 'cron'), { cron, ...found })] : [];
  });

function cronProblem(text: string): { readonly problem: string; readonly hint: string | undefined } | undefined {
  const parsed = parseCron(text);
  if ('error' in parsed)
    return {
      problem: `cannot be understood: ${parsed.error}`,
      hint: 'minute, hour, day of month, month, day of week: "0 2 * * *" is every night at two',
    };
  return neverFires(parsed.cron) ? { problem: 'never fires', hint: 'no month it names has such a day' } : undefined;
}

/** A time zone is an IANA name, as the controller of CronJobs knows them. */
export const checkTimeZone = ({ spec, place }: ServiceDefinition): readonly Diagnostic[] =>
  (spec.triggers?.schedules ?? []).flatMap(({ timeZone }, index) => {
    if (timeZone === undefined || isTimeZone(timeZone)) return [];
    return [diagnose('check/time-zone', at(place, 'triggers', 'schedules', index, 'timeZone'), { timeZone, hint: zoneHint(timeZone) })];
  });

function zoneHint(timeZone: string): string {
  const meant = meantTimeZone(timeZone);
  return meant === undefined ? 'write the IANA name of a city, for example Europe/Berlin, or Etc/UTC' : `did you mean ${meant}?`;
}
