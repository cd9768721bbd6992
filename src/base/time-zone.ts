import { timeZoneNames } from './time-zone-names.js';

let known: ReadonlySet<string> | undefined;

const allNames = (): ReadonlySet<string> =>
  (known ??= new Set(Object.entries(timeZoneNames).flatMap(([area, names]) => names.split(' ').map((name) => area + name))));

/** Whether `name` is a zone of the IANA database in its exact case. `Local` is none: it means another zone on every node. */
export const isTimeZone = (name: string): boolean => allNames().has(name);

/** Every zone, for suggestions. */
export const timeZones = (): Iterable<string> => allNames();
