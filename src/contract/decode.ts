/**
 * Reads plain values into our own types, closed: a member that is not named is a problem, and so is one that is missing
 * or of another type. For documents that one of our programs writes and another reads.
 */
import { isFields } from '../base/fields.js';

export type Decoder<T> = (value: unknown, at: string) => T;

/** Thrown by decoders only, caught by {@link decode} only. */
class DecodeProblem extends Error {
  constructor(
    readonly at: string,
    readonly what: string,
  ) {
    super(what);
  }
}

const refuse = (at: string, what: string): never => {
  throw new DecodeProblem(at, what);
};

export type Decoded<T> = { readonly value: T; readonly problem?: undefined } | { readonly value?: undefined; readonly problem: string };

/** The value, or where it differs: `service.name must be a name`. */
export function decode<T>(decoder: Decoder<T>, value: unknown): Decoded<T> {
  try {
    return { value: decoder(value, '') };
  } catch (error) {
    if (error instanceof DecodeProblem) return { problem: `${error.at === '' ? 'the document' : error.at} ${error.what}` };
    throw error;
  }
}

/** The same from JSON text. */
export function decodeJson<T>(decoder: Decoder<T>, text: string): Decoded<T> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { problem: 'the document is not JSON' };
  }
  return decode(decoder, value);
}

const control = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/;

/** Text of one line. `what` says what it must be where a test refuses it. */
export const text =
  (what = 'text of one line', test: (value: string) => boolean = () => true): Decoder<string> =>
  (value, at) =>
    typeof value === 'string' && !control.test(value) && test(value) ? value : refuse(at, `must be ${what}`);

/** Text of any kind: what others have written. */
export const anyText: Decoder<string> = (value, at) => (typeof value === 'string' ? value : refuse(at, 'must be text'));

/** Text of one line that matches; `what` says what it must be otherwise. */
export const matching = (what: string, pattern: RegExp): Decoder<string> => text(what, (value) => pattern.test(value));

/** True or false; a word for either is neither. */
export const boolean: Decoder<boolean> = (value, at) => (typeof value === 'boolean' ? value : refuse(at, 'must be true or false'));

/** 0 and more, exact. */
export const count: Decoder<number> = (value, at) =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : refuse(at, 'must be an integer of 0 or more');

/** Within both bounds, and exact. */
export const integer =
  (minimum: number, maximum: number): Decoder<number> =>
  (value, at) =>
    typeof value === 'number' && Number.isSafeInteger(value) && value >= minimum && value <= maximum
      ? value
      : refuse(at, `must be an integer from ${String(minimum)} to ${String(maximum)}`);

/** Also with a fraction. */
export const number =
  (minimum: number, maximum: number): Decoder<number> =>
  (value, at) =>
    typeof value === 'number' && value >= minimum && value <= maximum
      ? value
      : refuse(at, `must be a number from ${String(minimum)} to ${String(maximum)}`);

/** One of these words or numbers. */
export const oneOf =
  <const T extends string | number>(...words: readonly T[]): Decoder<T> =>
  (value, at) =>
    words.find((word) => word === value) ?? refuse(at, `must be ${words.map((word) => JSON.stringify(word)).join(' or ')}`);

/** Null, or what the other one takes. */
export const nullable =
  <T>(of: Decoder<T>): Decoder<T | null> =>
  (value, at) =>
    value === null ? null : of(value, at);

/** Each item is read; `min` is the least number of them. */
export const list =
  <T>(of: Decoder<T>, { min = 0 } = {}): Decoder<readonly T[]> =>
  (value, at) => {
    if (!Array.isArray(value)) return refuse(at, 'must be a list');
    if (value.length < min) return refuse(at, `must have at least ${String(min)} item`);
    return value.map((item, index) => of(item, `${at}[${String(index)}]`));
  };

const below = (at: string, key: string): string => (at === '' ? key : `${at}.${key}`);

/** Any names that `key` takes; each value is read. */
export const map =
  <T>(key: Decoder<string>, of: Decoder<T>): Decoder<Readonly<Record<string, T>>> =>
  (value, at) => {
    if (!isFields(value)) return refuse(at, 'must be a map');
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [key(name, `a name in ${at}`), of(item, below(at, name))]));
  };

type Fields = Readonly<Record<string, Decoder<unknown>>>;
type Decode<D> = D extends Decoder<infer T> ? T : never;
type Required<R extends Fields> = { readonly [K in keyof R]: Decode<R[K]> };
type Optional<O extends Fields> = { readonly [K in keyof O]?: Decode<O[K]> };

/** An object with exactly these fields; those of the second argument may be missing. */
export function fields<R extends Fields>(required: R): Decoder<Required<R>>;
export function fields<R extends Fields, O extends Fields>(required: R, optional: O): Decoder<Required<R> & Optional<O>>;
export function fields(required: Fields, optional: Fields = {}): Decoder<Readonly<Record<string, unknown>>> {
  const decoders: Fields = { ...required, ...optional };
  return (value, at) => {
    if (!isFields(value)) return refuse(at, 'must be an object');
    for (const key of Object.keys(value)) if (!Object.hasOwn(decoders, key)) refuse(below(at, key), 'is not a known field');
    const decoded: Record<string, unknown> = {};
    for (const [key, decoder] of Object.entries(decoders)) {
      if (Object.hasOwn(value, key)) decoded[key] = decoder(value[key], below(at, key));
      else if (Object.hasOwn(required, key)) refuse(below(at, key), 'is missing');
    }
    return decoded;
  };
}

/** One of several objects, told apart by the value of one field. */
export const variants =
  <V extends Readonly<Record<string, Decoder<unknown>>>>(field: string, of: V): Decoder<Decode<V[keyof V]>> =>
  (value, at) => {
    if (!isFields(value)) return refuse(at, 'must be an object');
    const tag = value[field];
    const decoder = typeof tag === 'string' && Object.hasOwn(of, tag) ? of[tag] : undefined;
    if (decoder === undefined) return refuse(below(at, field), `must be ${Object.keys(of).join(' or ')}`);
    return decoder(value, at) as Decode<V[keyof V]>;
  };
