import type { Schema } from './json-schema.js';
import { definitionName, definitions } from './schemas.js';

/** The definition that a use of it names; anything else is itself. */
export const resolveRef = (schema: Schema): Schema => (schema.$ref === undefined ? schema : (definitions[definitionName(schema.$ref)] ?? schema));

/** The forms of a union; of anything else, itself. */
export function formsOf(schema: Schema): readonly Schema[] {
  const { then, else: otherwise, allOf } = schema;
  if (then && otherwise) return [resolveRef(then), resolveRef(otherwise)];
  if (allOf) return allOf.flatMap((choice) => (choice.then ? [resolveRef(choice.then)] : []));
  return [schema];
}

/** Every schema that a value at this path can meet; `*` is an item of a list or a key of an open map. */
export function nodesAt(schema: Schema, path: readonly string[]): readonly Schema[] {
  return path.reduce<readonly Schema[]>(
    (nodes, step) => nodes.flatMap((node) => formsOf(resolveRef(node)).flatMap((form) => childAt(form, step))),
    [schema],
  );
}

function childAt(schema: Schema, step: string): readonly Schema[] {
  const { items, additionalProperties, properties } = schema;
  if (step === '*' && items) return [items];
  if (step === '*' && typeof additionalProperties === 'object') return [additionalProperties];
  const property = properties?.[step];
  return property ? [property] : [];
}
