/** Reading the fields of a resource as ODAHU's API describes them. As in its API, null is the same as absent. */
import { isFields } from '../base/fields.js';
import { diagnose } from '../diagnostics/diagnose.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { spanOf, spanOfKey, type Item } from './documents.js';

export interface FieldReader {
  /** Undefined where it is absent or, with a diagnostic, of another type. */
  readonly text: (item: Item | undefined, key: string) => string | undefined;
  /** The same, where it must be there and not be empty. */
  readonly requiredText: (item: Item, key: string) => string | undefined;
  readonly texts: (item: Item, key: string) => readonly string[];
  readonly flag: (item: Item | undefined, key: string) => boolean | undefined;
  readonly object: (item: Item | undefined, key: string) => Item | undefined;
  /** A map of texts. */
  readonly map: (item: Item, key: string) => Readonly<Record<string, string>> | undefined;
  /** Says of every other field that it is not carried over. */
  readonly nothingBut: (item: Item | undefined, known: readonly string[], reasons?: Readonly<Record<string, string>>) => void;
}

/** Reads fields of ODAHU's documents by type. What is wrong with one is added to the diagnostics, and reads as if it were not there. */
export function fieldReader(diagnostics: Diagnostic[]): FieldReader {
  const wrong = (item: Item, key: string, expected: string): undefined => {
    const value = item.fields[key];
    diagnostics.push(diagnose('odahu/wrong-type', spanOf(item, key), { field: nameOf(item, key), expected, found: typeWord(value) }));
  };
  const present = (item: Item | undefined, key: string): unknown =>
    item && Object.hasOwn(item.fields, key) ? (item.fields[key] ?? undefined) : undefined;

  const text = (item: Item | undefined, key: string): string | undefined => {
    const value = present(item, key);
    if (value === undefined || !item || typeof value === 'string') return value as string | undefined;
    return wrong(item, key, 'text, in quotes where it looks like a number');
  };
  return {
    text,
    requiredText: (item, key) => {
      const value = text(item, key);
      if (value) return value;
      if (present(item, key) === undefined || value === '')
        diagnostics.push(diagnose('odahu/missing-field', item.document.spanOf(item.path), { kind: kindOf(item), field: nameOf(item, key) }));
      return undefined;
    },
    texts: (item, key) => {
      const value = present(item, key);
      if (value === undefined) return [];
      if (Array.isArray(value) && value.every((each): each is string => typeof each === 'string')) return value;
      wrong(item, key, 'a list of texts');
      return [];
    },
    flag: (item, key) => {
      const value = present(item, key);
      if (value === undefined || !item || typeof value === 'boolean') return value as boolean | undefined;
      return wrong(item, key, 'true or false');
    },
    object: (item, key) => {
      const value = present(item, key);
      if (value === undefined || !item) return undefined;
      return isFields(value) ? { document: item.document, path: [...item.path, key], fields: value } : wrong(item, key, 'an object');
    },
    map: (item, key) => {
      const value = present(item, key);
      if (value === undefined) return undefined;
      if (isFields(value) && Object.values(value).every((each) => typeof each === 'string')) return value as Readonly<Record<string, string>>;
      return wrong(item, key, 'an object whose values are texts');
    },
    nothingBut: (item, known, reasons = {}) => {
      for (const key of Object.keys(item?.fields ?? {})) {
        const value = present(item, key);
        if (!item || known.includes(key) || value === undefined || value === '' || value === false) continue;
        const reason = Object.hasOwn(reasons, key) ? reasons[key] : undefined;
        const what = nameOf(item, key);
        diagnostics.push(diagnose('odahu/not-carried-over', spanOfKey(item, key), { what, reason: reason ?? "ODAHU's batch API has no such field" }));
      }
    },
  };
}

/** A field as its author sees it: from the resource on, without the position of the resource in a list. */
function nameOf({ path }: Item, key: string): string {
  const inside = path.slice(path.lastIndexOf('spec') < 0 ? path.length : path.lastIndexOf('spec'));
  return [...inside, key].join('.');
}

function kindOf({ fields, path }: Item): string {
  const kind = fields['kind'];
  return typeof kind === 'string' ? kind : path.includes('spec') ? 'this resource' : 'this document';
}

function typeWord(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'an object';
  return typeof value === 'string' ? 'text' : typeof value === 'boolean' ? 'true or false' : 'a number';
}
