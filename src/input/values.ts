import { isFields as isMap, type Fields } from '../base/fields.js';

/** A map of a document: text keys, anything as values. */
export { isMap, type Fields };

/** The value of a key of the map's own, never one that it inherits. */
export const own = <T>(fields: Readonly<Record<string, T>> | undefined, key: string): T | undefined =>
  fields && Object.hasOwn(fields, key) ? fields[key] : undefined;

/** The value at a key or, in a list, at a position given as digits. */
export function childOf(value: unknown, key: string): unknown {
  if (Array.isArray(value)) return value[Number(key)];
  return isMap(value) ? own(value, key) : undefined;
}
