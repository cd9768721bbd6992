/** Reading of emitted objects. What is not understood in them is a bug of ours, never something to pass over. */
import { assertInvariant } from '../base/assert.js';
import { isFields, type Fields } from '../base/fields.js';
import type { Manifest } from '../manifests/manifest.js';

export type { Fields };

/** A plain object. `where` is for the bug that anything else is. */
export function asFields(value: unknown, where: string): Fields {
  assertInvariant(isFields(value), `${where} is no object`);
  return value;
}

/** The fields of an object that may have no others than these. */
export function asClosed(value: unknown, where: string, known: readonly string[]): Fields {
  const object = asFields(value, where);
  for (const key of Object.keys(object)) assertInvariant(known.includes(key), `${where}.${key} is not understood here`);
  return object;
}

/** Text, also empty. */
export function asText(value: unknown, where: string): string {
  assertInvariant(typeof value === 'string', `${where} is no string`);
  return value;
}

/** An absent list is an empty one. */
export function asList(value: unknown, where: string): readonly unknown[] {
  if (value === undefined) return [];
  assertInvariant(Array.isArray(value), `${where} is no list`);
  return value;
}

/** A list of texts; an absent one is empty. */
export const asTexts = (value: unknown, where: string): readonly string[] =>
  asList(value, where).map((item, index) => asText(item, `${where}[${index}]`));

/** A plain value as an object that Kubernetes would take. */
export function asManifest(value: unknown, where: string): Manifest {
  const object = asFields(value, where);
  const metadata = asFields(object['metadata'], `${where}.metadata`);
  asText(object['apiVersion'], `${where}.apiVersion`);
  asText(object['kind'], `${where}.kind`);
  asText(metadata['name'] ?? metadata['generateName'], `${where}.metadata.name`);
  return value as Manifest;
}

/** Of a kind by its name in a namespace; undefined where there is none. */
export const findObject = (objects: readonly Manifest[], kind: string, namespace: string, name: string): Manifest | undefined =>
  objects.find((object) => object.kind === kind && object.metadata.name === name && object.metadata.namespace === namespace);
