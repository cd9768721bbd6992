import { nearest } from './names.js';
import { timeZoneNames } from './time-zone-names.js';

let known: ReadonlySet<string> | undefined;

/** Every zone of the database. */
export const timeZones = (): ReadonlySet<string> =>
  (known ??= new Set(Object.entries(timeZoneNames).flatMap(([area, names]) => names.split(' ').map((name) => area + name))));

/** Whether `name` is a zone of the IANA database in its exact case. `Local` is none: it means another zone on every node. */
export const isTimeZone = (name: string): boolean => timeZones().has(name);

/** `GMT+1`, `UTC-05:00`, `+02`: hours, and what comes after them. */
const offset = /^(?:gmt|utc)?([+-])(\d{1,2})(?::?(\d{2}))?$/i;

/**
 * The zone that was most likely meant by a text that is none: of that offset, of that city, or of a similar name. The sign in
 * `Etc/GMT-1` is that of POSIX: it is one hour ahead.
 */
export function meantTimeZone(text: string): string | undefined {
  const [, sign, hours, minutes = '00'] = offset.exec(text) ?? [];
  if (hours !== undefined) {
    const zone = Number(hours) === 0 ? 'Etc/UTC' : `Etc/GMT${sign === '+' ? '-' : '+'}${String(Number(hours))}`;
    return minutes === '00' && isTimeZone(zone) ? zone : undefined;
  }
  const cities = new Map([...timeZones()].filter((name) => name.includes('/')).map((name) => [cityOf(name), name]));
  const city = text.trim().replaceAll(' ', '_').toLowerCase();
  const near = (): string | undefined => cities.get(nearest(city, cities.keys()) ?? '');
  return cities.get(city) ?? nearest(text, timeZones()) ?? near();
}

const cityOf = (name: string): string => name.slice(name.lastIndexOf('/') + 1).toLowerCase();
