import { formatDuration } from '../base/duration.js';
import { nearest } from '../base/names.js';
import { codePointName } from '../base/text.js';
import { diagnose } from '../diagnostics/diagnose.js';
import type { Diagnostic, Place } from '../diagnostics/diagnostic.js';
import { quote } from '../diagnostics/words.js';
import { formByPattern, forms, type Form } from './forms.js';
import type { Schema, SchemaType } from './json-schema.js';
import { definitions } from './schemas.js';
import { atValue, fieldOf, foundValue, isNameSecret, mayBeSecret, type Problem, type Subject } from './subject.js';
import { isMap, type Fields } from './values.js';
import { describeTypes, describeValue, enumerate } from './words.js';

/** A value of another type than the schema's. */
export const typeProblem: Problem = (subject) => {
  const { schema, value, path } = subject;
  // What is none of the values that may stand there is reported as that: quotes would not make it one of them.
  if (schema?.const !== undefined || schema?.enum !== undefined) return undefined;
  const types = typesOf(schema);
  const expected = describeTypes(types);
  const found = typeof value !== 'number' ? describeValue(value) : mayBeSecret(path) ? 'a number' : `the number ${writtenOf(subject)}`;
  return diagnose('input/wrong-type', atValue(subject), { field: fieldOf(subject), expected, found, hint: hintForType(subject, types) });
};

/** A number or boolean as the author wrote it, which its value may not tell: `1.10`, `010`, `1e3`, `True`. */
const writtenOf = ({ value, path, written }: Subject): string => written(path) ?? String(value);

const typesOf = (schema: Schema | undefined): readonly SchemaType[] => [schema?.type ?? []].flat();

function hintForType(subject: Subject, types: readonly SchemaType[]): string | undefined {
  const { schema, value, path } = subject;
  const key = path.at(-1);
  if (key === 'secretRef' && typeof value === 'string') return 'write secretRef: {name: NAME}, with the name of a Secret in the namespace of the run';
  const isText = types.includes('string') && (typeof value === 'number' || typeof value === 'boolean');
  if (path.includes('env') && isText) return 'put it in quotes';
  if (key === 'env' && Array.isArray(value)) return 'write it as a map, for example env: {LOG_LEVEL: info}';
  if (mayBeSecret(path)) return undefined;
  const as = (written: string): string => (typeof key === 'string' ? `${key}: ${written}` : written);
  if (isText) {
    if (schema === definitions['Duration'] && typeof value === 'number' && Number.isSafeInteger(value) && value > 0)
      return `a duration has a unit: write ${as(formatDuration(value))} if these are seconds`;
    const written = writtenOf(subject);
    const loses = typeof value === 'number' && written !== String(value) ? `; without quotes, ${written} is read as ${String(value)}` : '';
    return `put it in quotes: ${as(`"${written}"`)}${loses}`;
  }
  if (types.includes('object') && Array.isArray(value) && isMap(schema?.examples?.[0]))
    return `write it as a map, for example ${as(flowMap(schema.examples[0]))}`;
  if (typeof value !== 'string') return undefined;
  if ((types.includes('integer') || types.includes('number')) && /^[0-9]{1,15}$/.test(value)) return `write it without quotes: ${as(value)}`;
  if (types.includes('boolean'))
    return /^(yes|on|true)$/i.test(value) ? `write ${as('true')}` : /^(no|off|false)$/i.test(value) ? `write ${as('false')}` : undefined;
  if (types.includes('array') && /^[\x20-\x7e]{1,40}$/.test(value))
    return `write it as a list: ${as(`[${/^[\w./-]+$/.test(value) ? value : JSON.stringify(value)}]`)}`;
  return undefined;
}

/** Without quotes only where it is a text without them, too. */
const flowText = (value: unknown): string => (typeof value === 'string' && !/^[A-Za-z][\w.-]*$/.test(value) ? JSON.stringify(value) : String(value));

const flowMap = (example: Fields): string =>
  `{${Object.entries(example)
    .map(([key, value]) => `${key}: ${isMap(value) ? flowMap(value) : flowText(value)}`)
    .join(', ')}}`;

/** A value that is none of those there are, with the nearest one. */
export const choiceProblem: Problem = (subject) => {
  const { schema, value } = subject;
  const words = (schema?.enum ?? [schema?.const ?? '']).map(String);
  if (subject.path.at(-1) === 'apiVersion' && subject.path.length === subject.root.length + 1) {
    return diagnose('input/api-version', atValue(subject), { found: foundValue(subject), expected: words.join('') });
  }
  const near = typeof value === 'string' ? nearest(value, words) : undefined;
  return diagnose('input/not-one-of', atValue(subject), {
    field: fieldOf(subject),
    allowed: enumerate(words, 'or'),
    found: foundValue(subject),
    hint:
      near !== undefined
        ? `did you mean ${near}?`
        : typeof schema?.const === 'boolean'
          ? `write ${String(subject.path.at(-1))}: ${String(schema.const)}`
          : undefined,
  });
};

/** A number beyond its bounds. */
export const rangeProblem: Problem = (subject) =>
  diagnose('input/out-of-range', atValue(subject), {
    field: fieldOf(subject),
    minimum: subject.schema?.minimum ?? 0,
    maximum: subject.schema?.maximum ?? 0,
    found: String(subject.value),
  });

/** Text of a wrong form or length. */
export const textProblem: Problem = (subject, { keyword, params }) => {
  const { schema, value } = subject;
  if (typeof value !== 'string') return undefined;
  const form = formByPattern.get(schema?.pattern ?? '');
  if (value === '') return diagnose('input/empty', atValue(subject), { field: fieldOf(subject), hint: undefined });
  if (form?.isName) return nameDiagnostic(atValue(subject), fieldOf(subject), value, schema);
  if (keyword === 'pattern')
    return diagnose('input/wrong-form', atValue(subject), {
      field: fieldOf(subject),
      form: form?.words ?? 'of another form',
      hint: hintForLetter(value, mayBeSecret(subject.path)),
    });
  return diagnose('input/too-long', atValue(subject), { field: fieldOf(subject), length: lengthOf(value), limit: Number(params['limit']) });
};

/** A key of an open map that its rule for keys refuses. */
export const nameProblem: Problem = (subject, { propertyName = '' }) =>
  nameDiagnostic(
    { file: subject.file, path: [...subject.path, propertyName], target: 'key' },
    fieldOf(subject),
    propertyName,
    subject.schema?.propertyNames,
  );

function nameDiagnostic(where: Place, field: string, name: string, schema: Schema | undefined): Diagnostic {
  const form = formByPattern.get(schema?.pattern ?? '');
  const limit = schema?.maxLength ?? Infinity;
  const isHidden = where.target === 'key' ? isNameSecret(where.path) : mayBeSecret(where.path);
  const subject = isHidden ? field : `${field} ${quote(name)}`;
  const fits = new RegExp(schema?.pattern ?? '', 'u').test(name);
  const rule = fits
    ? `has ${String(lengthOf(name))} characters, at most ${String(limit)} are allowed`
    : `must be ${form?.words ?? 'of another form'}`;
  const example = isHidden ? undefined : fits ? hintForLength(form) : hintForName(name, form, limit);
  const hints = [hintForLetter(name, isHidden), example].filter((each) => each !== undefined);
  return diagnose('input/name', where, { subject, rule, hint: hints.length === 0 ? undefined : hints.join('; ') });
}

/** A Cyrillic "а" looks like another letter. Of what may be a secret not one is repeated. */
function hintForLetter(text: string, isHidden: boolean): string | undefined {
  const index = text.search(/(?!\p{ASCII})\p{L}/u);
  if (index < 0) return undefined;
  return isHidden
    ? 'a letter in it is none from a to z, even if it looks like one'
    : `"${String.fromCodePoint(text.codePointAt(index) ?? 0)}" is ${codePointName(text, index)}, no letter from a to z`;
}

const hintForLength = (form: Form | undefined): string | undefined =>
  form === forms.serviceName ? 'what requests call the service may be longer: its serviceId' : undefined;

/** The name that comes closest, where the form is a label's. */
function hintForName(name: string, form: Form | undefined, limit: number): string | undefined {
  const better = form === forms.label || form === forms.serviceName ? labelLike(name).slice(0, limit).replace(/-$/, '') : '';
  return better === '' ? undefined : `for example ${better}`;
}

/** In characters, as JSON Schema counts. */
const lengthOf = (text: string): number => Array.from(text).length;

/** The DNS label that comes closest to a name; may be empty. */
const labelLike = (name: string): string =>
  name
    .slice(0, 100)
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
