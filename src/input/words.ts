import type { Path } from '../diagnostics/diagnostic.js';
import { quote } from '../diagnostics/words.js';
import type { SchemaType } from './json-schema.js';

/** `spec.teams[0].name`; the document itself where the path is empty. */
export function describePath(path: Path): string {
  let text = '';
  for (const step of path) {
    if (typeof step === 'number') text += `[${String(step)}]`;
    else if (/^[A-Za-z_][\w-]*$/.test(step)) text += text ? `.${step}` : step;
    else text += `[${quote(step)}]`;
  }
  return text || 'the document';
}

/** `s3, gcs and azureblob` */
export const enumerate = (words: readonly string[], joint: 'and' | 'or'): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} ${joint} ${words.at(-1) ?? ''}`;

const typeWords: Readonly<Record<SchemaType, string>> = {
  object: 'a map',
  array: 'a list',
  string: 'text',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  null: 'null',
};

/** Completes "must be …". `null` beside another type says that the field may be left out, which needs no words. */
export const describeTypes = (types: readonly SchemaType[]): string =>
  enumerate(
    types.filter((type) => type !== 'null').map((type) => typeWords[type]),
    'or',
  );

/** Completes "but is …", without repeating text, which may be long or secret. */
export function describeValue(value: unknown): string {
  if (value === null || value === undefined) return 'empty';
  if (Array.isArray(value)) return 'a list';
  switch (typeof value) {
    case 'string':
      return 'text';
    case 'number':
    case 'bigint':
      return `the number ${String(value)}`;
    case 'boolean':
      return String(value);
    default:
      return 'a map';
  }
}

/** "a Connection", "an InferenceService" */
export const withArticle = (word: string): string => `${/^[aeiou]/i.test(word) ? 'an' : 'a'} ${word}`;
