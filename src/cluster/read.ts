/** Careful reading of what a cluster answers: another version, or another program, may have written it. */

import { fieldAt as fieldOf, isFields, type Fields } from '../base/fields.js';

export { fieldOf, isFields, type Fields };

/** The string at a path; empty where there is none. */
export function textOf(value: unknown, ...path: readonly string[]): string {
  const found = fieldOf(value, ...path);
  return typeof found === 'string' ? found : '';
}

/** The number at a path; undefined where there is none. */
export function numberOf(value: unknown, ...path: readonly string[]): number | undefined {
  const found = fieldOf(value, ...path);
  return typeof found === 'number' ? found : undefined;
}

/** The list at a path; empty where there is none. */
export function listOf(value: unknown, ...path: readonly string[]): readonly unknown[] {
  const found = fieldOf(value, ...path);
  return Array.isArray(found) ? found : [];
}

/** The strings of a map at a path: labels, annotations. */
export function textsOf(value: unknown, ...path: readonly string[]): Readonly<Record<string, string>> {
  const found = fieldOf(value, ...path);
  const entries = isFields(found) ? Object.entries(found) : [];
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}
