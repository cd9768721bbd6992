import { assertInvariant } from './assert.js';

/**
 * The five fields of a Kubernetes CronJob, as its controller reads them: minute, hour, day of month, month, day of
 * week; lists, ranges, steps and English names; `@daily` and its like. Refused although the controller's library
 * takes them: `@every` and `TZ=` (Kubernetes refuses or warns), and slips such as `1,,2` and `*-5`.
 * @see https://pkg.go.dev/github.com/robfig/cron/v3
 */
export interface Cron {
  readonly daysOfMonth: ReadonlySet<number>;
  readonly months: ReadonlySet<number>;
  readonly daysOfWeek: ReadonlySet<number>;
  /** A star in either of the two day fields makes both bind; without one, either is enough. */
  readonly bothDaysBind: boolean;
}

export type CronResult = { readonly cron: Cron } | { readonly error: string };

interface Field {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  /** The first stands for `min`. */
  readonly names?: readonly string[];
}

const dayOfMonth: Field = { name: 'day of month', min: 1, max: 31 };
const month: Field = { name: 'month', min: 1, max: 12, names: ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'] };
const dayOfWeek: Field = { name: 'day of week', min: 0, max: 6, names: ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] };
const fields: readonly Field[] = [{ name: 'minute', min: 0, max: 59 }, { name: 'hour', min: 0, max: 23 }, dayOfMonth, month, dayOfWeek];

const macros: ReadonlyMap<string, string> = new Map([
  ['@yearly', '0 0 1 1 *'],
  ['@annually', '0 0 1 1 *'],
  ['@monthly', '0 0 1 * *'],
  ['@weekly', '0 0 * * 0'],
  ['@daily', '0 0 * * *'],
  ['@midnight', '0 0 * * *'],
  ['@hourly', '0 * * * *'],
]);

/** No useful expression is longer, and reading one costs time. */
const longestText = 256;

interface FieldValues {
  readonly values: ReadonlySet<number>;
  readonly star: boolean;
}

/** The error is one sentence without a full stop. */
export function parseCron(text: string): CronResult {
  if (text.length > longestText) return { error: `a cron expression has at most ${longestText} characters` };
  if (/^(?:CRON_)?TZ=/.test(text)) return { error: 'a time zone inside the cron expression is not allowed' };
  if (text.startsWith('@') && !macros.has(text)) {
    return { error: `unknown macro "${text}"; known are ${[...macros.keys()].join(', ')}` };
  }
  const parts = (macros.get(text) ?? text).split(' ').filter((part) => part !== '');
  if (parts.length !== fields.length) {
    return { error: `a cron expression has five fields (minute, hour, day of month, month, day of week), this one has ${parts.length}` };
  }
  const values: FieldValues[] = [];
  for (const [index, field] of fields.entries()) {
    const parsed = parseField(parts[index] ?? '', field);
    if (typeof parsed === 'string') return { error: parsed };
    values.push(parsed);
  }
  const [, , days, months, weekdays] = values;
  assertInvariant(days && months && weekdays, 'five fields give five sets of values');
  return {
    cron: { daysOfMonth: days.values, months: months.values, daysOfWeek: weekdays.values, bothDaysBind: days.star || weekdays.star },
  };
}

function parseField(text: string, field: Field): FieldValues | string {
  const values = new Set<number>();
  let star = false;
  for (const item of text.split(',')) {
    const range = parseRange(item, field);
    if (typeof range === 'string') return range;
    for (let value = range.start; value <= range.end; value += range.step) values.add(value);
    star ||= range.star;
  }
  return { values, star };
}

interface CronRange {
  readonly start: number;
  readonly end: number;
  readonly step: number;
  readonly star: boolean;
}

function parseRange(item: string, field: Field): CronRange | string {
  const bad = `"${item}" is no ${field.name}`;
  const match = /^(?:([*?])|([0-9A-Za-z]+)(?:-([0-9A-Za-z]+))?)(?:\/([0-9]{1,4}))?$/.exec(item);
  if (!match) return bad;
  const [, every, first, last, stepText] = match;
  const step = stepText === undefined ? 1 : Number(stepText);
  if (step === 0) return `the step of "${item}" in the ${field.name} must be at least 1`;
  // `*/2` is a list of days, not "every day": only a star without a step counts as one.
  if (every !== undefined) return { start: field.min, end: field.max, step, star: step === 1 };
  const start = valueOf(first ?? '', field);
  const end = last !== undefined ? valueOf(last, field) : stepText === undefined ? start : field.max;
  if (start === undefined || end === undefined)
    return `${bad}: allowed are ${field.min} to ${field.max}${field.names ? `, or ${field.names.join(', ')}` : ''}`;
  if (start > end) return `the range "${item}" of the ${field.name} ends before it starts`;
  return { start, end, step, star: false };
}

function valueOf(text: string, field: Field): number | undefined {
  const name = field.names?.indexOf(text.toLowerCase()) ?? -1;
  if (name >= 0) return field.min + name;
  const value = /^[0-9]{1,4}$/.test(text) ? Number(text) : -1;
  return value >= field.min && value <= field.max ? value : undefined;
}

/** February with its leap day: a schedule that fires every four years does fire. */
const longestMonth = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Whether no date matches, as with `0 0 31 2 *`. */
export function neverFires(cron: Cron): boolean {
  // Either day field is enough then, and every month has every weekday.
  if (!cron.bothDaysBind) return false;
  const firstDay = Math.min(...cron.daysOfMonth);
  return [...cron.months].every((value) => firstDay > (longestMonth[value - 1] ?? 0));
}
