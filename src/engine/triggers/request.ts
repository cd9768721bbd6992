/** What a listener is sent, read as Triggers reads it. */

export interface ListenerRequest {
  /** Path of the URL, with its query if there is one. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json;
}

/**
 * What is nested deeper is refused. Go's decoder takes ten times as much, but each level is a call here, and a job body
 * that any of our rules accepts has four.
 */
const deepest = 1000;

class Unreadable extends Error {}

/** What curl says a body is, if it is not told otherwise. */
export const formType = 'application/x-www-form-urlencoded';

/**
 * The body as interceptors see it: where it is called a form and reads as one of several fields, each of them is a list.
 * So a JSON body that is sent as a form is itself, unless it has an `&`.
 */
export function withForm({ headers, body: bytes }: ListenerRequest, body: JsonObject): JsonObject {
  const isForm = Object.entries(headers).some(([name, value]) => name.toLowerCase() === 'content-type' && value === formType);
  if (!isForm) return body;
  const form = new URLSearchParams(new TextDecoder().decode(bytes));
  const names = new Set(form.keys());
  if (names.size < 2) return body;
  const fields = Object.create(null) as Record<string, Json>;
  for (const name of names) fields[name] = form.getAll(name);
  return fields;
}

/**
 * The body as Go's decoder gives it: numbers are doubles, of a repeated key the last counts, half a character becomes
 * U+FFFD. A text is what is wrong with the body; the listener answers 400 then.
 */
export function readBody(bytes: Uint8Array): JsonObject | string {
  if (bytes.length === 0) return 'is empty';
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes));
  } catch (error) {
    if (error instanceof SyntaxError) return 'is no JSON';
    throw error;
  }
  try {
    const json = normalize(value, 0);
    // To Go, null is an object without keys.
    if (json === null) return {};
    return typeof json === 'object' && !isArray(json) ? json : 'is no JSON object';
  } catch (error) {
    if (error instanceof Unreadable) return error.message;
    throw error;
  }
}

const isArray = (value: unknown): value is readonly unknown[] => Array.isArray(value);
const loneSurrogate = /\p{Surrogate}/gu;

function normalize(value: unknown, depth: number): Json {
  if (depth > deepest) throw new Unreadable(`is nested more than ${deepest} levels deep`);
  if (typeof value === 'string') return value.replace(loneSurrogate, '\ufffd');
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new Unreadable('holds a number that is too large');
    return value;
  }
  if (isArray(value)) return value.map((item) => normalize(item, depth + 1));
  if (typeof value !== 'object' || value === null) return typeof value === 'boolean' ? value : null;
  // Without a prototype, so that a key "__proto__" is a key like any other.
  const object = Object.create(null) as Record<string, Json>;
  for (const [key, item] of Object.entries(value)) object[key.replace(loneSurrogate, '\ufffd')] = normalize(item, depth + 1);
  return object;
}
