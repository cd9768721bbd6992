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
