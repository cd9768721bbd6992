import { nearest } from '../base/names.js';
import { diagnose } from '../diagnostics/diagnose.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { quote } from '../diagnostics/words.js';
import type { Schema } from './json-schema.js';
import { formsOf, resolveRef } from './schema-nodes.js';
import { definitions } from './schemas.js';
import { atKey, descriptionOf, fieldOf, unknownField, type Problem, type Subject } from './subject.js';
import { childOf, isMap, own } from './values.js';
import { enumerate } from './words.js';

/** A field that the schema does not know, with the nearest one that it does. */
export const unknownFieldProblem: Problem = (subject, { params }) => {
  const field = String(params['additionalProperty']);
  const { union, file, path } = subject;
  if (union?.else && marksOf(union).flat().includes(field)) return formClash(subject, union);
  return diagnose(
    'input/unknown-field',
    { file, path: [...path, field], target: 'key' },
    { field: unknownField(path, field), parent: `${fieldOf(subject)}${tagOf(subject)}`, hint: hintForUnknown(subject, field) },
  );
};

/** A required field that is not there; nothing where another one is it misspelt. */
export const missingFieldProblem: Problem = (subject, { params }) => {
  const field = String(params['missingProperty']);
  const { schema, union, value } = subject;
  // Reported as the field that nobody knows, with this one as what was meant.
  if (isMisspelt(field, value, schema)) return undefined;
  if (schema === definitions['InferenceServiceSpec'] && field === 'command') {
    return diagnose('input/missing-command', atKey(subject), { problem: 'is missing' });
  }
  if (
    union?.else &&
    !marksOf(union)
      .flat()
      .some((mark) => childOf(value, mark) !== undefined)
  )
    return formClash(subject, union);
  return diagnose('input/missing-field', atKey(subject), {
    field: quote(field),
    parent: fieldOf(subject),
    hint: hintForMissing(field, own(schema?.properties, field)),
  });
};

const isMisspelt = (field: string, value: unknown, schema: Schema | undefined): boolean => {
  const fields = Object.keys(schema?.properties ?? {});
  // Only a closed map complains of the other one: a union without its tag does not.
  return (
    schema?.additionalProperties === false &&
    isMap(value) &&
    Object.keys(value).some((key) => !fields.includes(key) && nearest(key, fields) === field)
  );
};

function hintForMissing(field: string, schema: Schema | undefined): string | undefined {
  const description = descriptionOf(schema);
  if (!schema || description === undefined) return undefined;
  const values = schema.enum ?? [schema.const].filter((value) => value !== undefined);
  const [example] = values.length ? [] : (schema.examples ?? []);
  const allowed = values.length ? `: ${enumerate(values.map(String), 'or')}` : '';
  return `${field}: ${description}${allowed}${typeof example === 'string' ? `, for example ${example}` : ''}`;
}

/** Lists and maps with too few or too many entries. */
export const sizeProblem: Problem = (subject, { keyword, params }) => {
  const { schema, value } = subject;
  const limit = Number(params['limit']);
  // A map of choices has a most; one of fields that may all be left out, but not all at once, has none.
  if (schema?.properties && schema.maxProperties !== undefined) return exactlyOneProblem(subject, schema);
  if (keyword.startsWith('max')) {
    const count = Array.isArray(value) ? value.length : Object.keys(isMap(value) ? value : {}).length;
    return diagnose('input/too-many', atKey(subject), { field: fieldOf(subject), count, limit, items: Array.isArray(value) ? 'items' : 'entries' });
  }
  if (schema === own(definitions['InferenceServiceSpec']?.properties, 'command')) {
    return diagnose('input/missing-command', atKey(subject), { problem: 'is empty' });
  }
  const fields = Object.keys(schema?.properties ?? {});
  const hint = fields.length > 0 ? `give at least one of ${enumerate(fields, 'or')}` : undefined;
  return diagnose('input/empty', atKey(subject), { field: fieldOf(subject), hint });
};

/** A closed map of choices, for example the modes of credentials. */
function exactlyOneProblem(subject: Subject, { properties = {} }: Schema): Diagnostic | undefined {
  const found = Object.keys(properties).filter((name) => childOf(subject.value, name) !== undefined);
  // One choice and a field that nobody knows: that field is the problem, and reported.
  if (found.length === 1) return undefined;
  const choices = Object.keys(properties);
  return diagnose('input/exactly-one', atKey(subject), {
    field: fieldOf(subject),
    choices: enumerate(choices, 'or'),
    found: found.length ? enumerate(found, 'and') : 'none',
    hint: found.length ? 'keep one of them' : undefined,
  });
}

/** What a value is told apart by in a union without a tag: the fields that one form must have and no other form has. */
function marksOf(union: Schema): readonly (readonly string[])[] {
  const forms = formsOf(union);
  return forms.map((form) => (form.required ?? []).filter((name) => !forms.some((other) => other !== form && own(other.properties, name))));
}

/** The fields of both forms, or of none. */
function formClash(subject: Subject, union: Schema): Diagnostic {
  const marks = marksOf(union);
  const found = marks.flat().filter((mark) => childOf(subject.value, mark) !== undefined);
  return diagnose('input/exactly-one', atKey(subject), {
    field: fieldOf(subject),
    choices: formsOf(union)
      .map((form, index) => `${enumerate(marks[index] ?? [], 'and')} (${lowerFirst(descriptionOf(form) ?? '')})`)
      .join(' or '),
    found: found.length ? enumerate(found, 'and') : 'none',
    hint: undefined,
  });
}

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);

/** ` of type gcs`, where the fields depend on it. */
function tagOf({ union, value }: Subject): string {
  const [tag] = union?.allOf ? (union.required ?? []) : [];
  return tag === undefined ? '' : ` of ${tag} ${String(childOf(value, tag))}`;
}

function hintForUnknown({ schema, union, path, root }: Subject, field: string): string {
  if (field === '<<') return 'merge keys are not read: write the fields out';
  if (field === 'gpu' && path.at(-1) === 'requests') return 'GPUs are asked for as a limit: resources.limits.gpu';
  if (field === 'namespace' && path.includes('credentials')) return 'leave it out: a run reads what is in its own namespace, and nothing else';
  const tags = union ? tagsWith(union, field) : [];
  if (tags.length) return `it belongs to ${union?.required?.[0] ?? 'type'} ${enumerate(tags, 'and')}`;
  const properties = schema?.properties ?? {};
  const spec = path.length === root.length ? own(properties, 'spec') : undefined;
  if (spec && formsOf(resolveRef(spec)).some((form) => own(form.properties, field))) return 'it belongs below spec';
  const near = nearest(field, Object.keys(properties));
  if (near !== undefined) return `did you mean "${near}"?`;
  return `fields here: ${Object.keys(properties).join(', ')}`;
}

/** The tags of a union whose forms have a field. */
const tagsWith = (union: Schema, field: string): readonly string[] =>
  (union.allOf ?? []).flatMap(({ if: condition, then }) =>
    then && own(resolveRef(then).properties, field) ? Object.values(condition?.properties ?? {}).map((tag) => String(tag.const)) : [],
  );
