/** A map of a document: text keys, anything as values. */
export type Fields = Readonly<Record<string, unknown>>;

export const isMap = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value);

/** The value of a key of the map's own, never one that it inherits. */
export const own = <T>(fields: Readonly<Record<string, T>> | undefined, key: string): T | undefined =>
  fields && Object.hasOwn(fields, key) ? fields[key] : undefined;

/** The value at a key or, in a list, at a position given as digits. */
export function childOf(value: unknown, key: string): unknown {
  if (Array.isArray(value)) return value[Number(key)];
  return isMap(value) ? own(value, key) : undefined;
}
