/** Reading objects of the Kubernetes API, of which nothing is certain. */

import { fieldAt as at, isFields, type Fields } from '../../src/base/fields.js';

export { at, isFields, type Fields };

/** Undefined where there is no text that is not empty. */
export function textAt(value: unknown, ...path: readonly string[]): string | undefined {
  const found = at(value, ...path);
  return typeof found === 'string' && found !== '' ? found : undefined;
}

/** The objects of a list; empty where there is none. */
export function listAt(value: unknown, ...path: readonly string[]): readonly Fields[] {
  const found = at(value, ...path);
  return Array.isArray(found) ? found.filter(isFields) : [];
}

/** Milliseconds since 1970; undefined where there is no time. */
export function timeAt(value: unknown, ...path: readonly string[]): number | undefined {
  const time = Date.parse(textAt(value, ...path) ?? '');
  return Number.isNaN(time) ? undefined : time;
}
