import type { Path } from '../diagnostics/diagnostic.js';
import type { Schema } from './json-schema.js';
import { resolveRef } from './schema-nodes.js';
import { childOf, own } from './values.js';

/** What the schemas say about one value of a document. */
export interface Meant {
  /** Of a union, the form that the value has chosen; undefined where the schemas know no such value. */
  readonly schema: Schema | undefined;
  /** The union itself, where there is one. */
  readonly union: Schema | undefined;
  readonly value: unknown;
  readonly path: Path;
}

/** Follows a JSON pointer through a value and its schema at once. */
export function meantAt(schema: Schema, value: unknown, pointer: string): Meant {
  let current = meant(schema, value, []);
  for (const step of pointer.split('/').slice(1)) current = below(current, step.replaceAll('~1', '/').replaceAll('~0', '~'));
  return current;
}

function below({ schema, value, path }: Meant, step: string): Meant {
  const inner = childOf(value, step);
  if (Array.isArray(value)) return meant(schema?.items, inner, [...path, Number(step)]);
  const open = typeof schema?.additionalProperties === 'object' ? schema.additionalProperties : undefined;
  return meant(own(schema?.properties, step) ?? open, inner, [...path, step]);
}

function meant(schema: Schema | undefined, value: unknown, path: Path): Meant {
  const known = schema && resolveRef(schema);
  const form = known && chosenForm(known, value);
  return { schema: form ?? known, union: form && known, value, path };
}

/** The form of a union that a value has chosen by its tag (`byTag`) or by a field of its own (`byField`). */
export function chosenForm(schema: Schema, value: unknown): Schema | undefined {
  if (schema.then && schema.else) {
    const [field = ''] = schema.if?.required ?? [];
    return resolveRef(childOf(value, field) === undefined ? schema.else : schema.then);
  }
  for (const { if: condition, then } of schema.allOf ?? []) {
    const tags = Object.entries(condition?.properties ?? {});
    if (then && tags.every(([tag, wanted]) => childOf(value, tag) === wanted.const)) return resolveRef(then);
  }
  return undefined;
}
