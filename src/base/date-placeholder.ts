/**
 * `{date}` and `{date-1d}` in the paths of a schedule's request: the day on which the run was due, and days before it.
 * They are filled when the run is made, as `2026-11-22`.
 */

/** A date that a path may hold lies at most this many days before the scheduled one. */
export const furthestDays = 366;

/** Whole texts: `{date}` or `{date-<days>d}`, days without leading zeros. */
const placeholder = /\{date(?:-([1-9][0-9]{0,2})d)?\}/g;

/** Whether `text` is exactly one placeholder that {@link fillDates} knows. */
export function isDatePlaceholder(text: string): boolean {
  const match = new RegExp(`^${placeholder.source}$`).exec(text);
  return match !== null && Number(match[1] ?? 0) <= furthestDays;
}

/** A calendar day, as `2026-11-22`. */
export type CalendarDate = string;

/** `path` with its dates filled; `date` is what `{date}` becomes. What is no date placeholder stays as it is. */
export const fillDates = (path: string, date: CalendarDate): string =>
  path.replaceAll(placeholder, (found, days: string | undefined) => (isDatePlaceholder(found) ? daysBefore(date, Number(days ?? 0)) : found));

/** Days of the calendar, not spans of 24 hours: a day of 23 or 25 hours is one day. */
function daysBefore(date: CalendarDate, days: number): CalendarDate {
  const time = new Date(`${date}T00:00:00Z`);
  time.setUTCDate(time.getUTCDate() - days);
  return time.toISOString().slice(0, 10);
}

/**
 * The day that `time` falls on in a time zone, by its IANA name.
 *
 * @throws RangeError where the engine does not know the zone
 */
export function dateIn(timeZone: string, time: Date): CalendarDate {
  const format = new Intl.DateTimeFormat('en-US-u-ca-gregory-nu-latn', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' });
  const parts = new Map(format.formatToParts(time).map(({ type, value }) => [type, value]));
  return `${(parts.get('year') ?? '').padStart(4, '0')}-${parts.get('month') ?? ''}-${parts.get('day') ?? ''}`;
}
