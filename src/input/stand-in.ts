import { assertInvariant } from '../base/assert.js';
import type { Schema } from './json-schema.js';
import { formsOf, resolveRef } from './schema-nodes.js';

/** Names that nothing has, and texts of the forms that are no names; a test finds one for every form. */
const texts = [
  ...['millrace-stand-in', 'millracestandin', 'millrace.dev/stand-in', 'millrace/stand-in', '1.0', '0', '0'.repeat(64), '1Ki', 'https://x/x'],
  ...['00000000-0000-0000-0000-000000000000', 'arn:aws:iam::000000000000:role/millrace-stand-in', 'millrace@stand-in.iam.gserviceaccount.com'],
  'secrets/millrace-stand-in.yaml',
  '//iam.googleapis.com/projects/0/locations/global/workloadIdentityPools/millrace/providers/stand-in',
];

/** A value of the shape that a schema wants, of which nothing is meant. */
export function standIn(schema: Schema): unknown {
  const form = formsOf(resolveRef(schema))[formsOf(resolveRef(schema)).length - 1] ?? schema;
  if (form.const !== undefined) return form.const;
  if (form.enum) return form.enum[0];
  const [type] = [form.type ?? []].flat();
  switch (type) {
    case 'object':
      return standInMap(form);
    case 'array':
      return Array.from({ length: form.minItems ?? 0 }, () => (form.items ? standIn(form.items) : null));
    case 'string':
      return standInText(form);
    case 'integer':
    case 'number':
      return form.minimum ?? 0;
    case 'boolean':
      return false;
    default:
      return null;
  }
}

function standInMap({ properties = {}, required = [], minProperties = 0 }: Schema): unknown {
  const names = required.length > 0 ? required : Object.keys(properties).slice(0, minProperties);
  return Object.fromEntries(names.map((name) => [name, standIn(properties[name] ?? {})]));
}

function standInText({ pattern = '', maxLength = Infinity }: Schema): string {
  const found = texts.find((text) => text.length <= maxLength && new RegExp(pattern, 'u').test(text));
  assertInvariant(found, `a text of the form ${pattern} stands in for one that is wrong`);
  return found;
}
