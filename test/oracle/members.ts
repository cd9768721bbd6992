import { JsonNumber } from './json.js';
import { jsonType } from './datatype.js';
import type { Collector, Path } from './violation.js';

/** A JSON object, not an array. */
export type JsonObject = Readonly<Record<string, unknown>>;

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof JsonNumber);

const get = (object: JsonObject, key: string): unknown => (Object.hasOwn(object, key) ? object[key] : undefined);

const article = { string: 'a string', array: 'an array', object: 'an object' } as const;
type Kind = keyof typeof article;
interface TypeOf {
  readonly string: string;
  readonly array: readonly unknown[];
  readonly object: JsonObject;
}

const is = <K extends Kind>(kind: K, value: unknown): value is TypeOf[K] => {
  if (kind === 'array') return Array.isArray(value);
  return kind === 'object' ? isObject(value) : typeof value === 'string';
};

/** A member that must be there. Undefined where it is missing or of another type; both are reported. */
export function required<K extends Kind>(object: JsonObject, key: string, kind: K, at: Path, collector: Collector): TypeOf[K] | undefined {
  const value = get(object, key);
  if (value === undefined) {
    collector.add('E-MISSING', at, `"${key}" is missing`);
    return undefined;
  }
  return ofKind(value, key, kind, at, collector);
}

/** A member that may be missing, or `null`: servers write their absent members so. */
export function optional<K extends Kind>(object: JsonObject, key: string, kind: K, at: Path, collector: Collector): TypeOf[K] | undefined {
  const value = get(object, key);
  return value === undefined || value === null ? undefined : ofKind(value, key, kind, at, collector);
}

function ofKind<K extends Kind>(value: unknown, key: string, kind: K, at: Path, collector: Collector): TypeOf[K] | undefined {
  if (is(kind, value)) return value;
  collector.add('E-TYPE', [...at, key], `"${key}" must be ${article[kind]}; found ${jsonType(value)}`);
  return undefined;
}

/** The members of an array of objects, with their paths; those that are none are reported and left out. */
export function* objectsOf(array: readonly unknown[], at: Path, collector: Collector): Generator<readonly [JsonObject, Path]> {
  for (const [index, item] of array.entries()) {
    const path = [...at, index];
    if (isObject(item)) yield [item, path];
    else collector.add('E-TYPE', path, `must be an object; found ${jsonType(item)}`);
  }
}

/** Reports a name that an earlier tensor of the same list has. */
export function createNameCheck(collector: Collector): (name: string | undefined, at: Path) => void {
  const seen = new Set<string>();
  return (name, at) => {
    if (name === undefined) return;
    if (seen.has(name)) collector.add('E-DUP-TENSOR', [...at, 'name'], 'an earlier tensor of this list has the same name');
    seen.add(name);
  };
}
