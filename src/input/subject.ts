import { holdsNames, mayBeNamed, soundsSecret } from '../base/secrets.js';
import type { Diagnostic, Path, Place } from '../diagnostics/diagnostic.js';
import { quote } from '../diagnostics/words.js';
import type { SchemaError } from './generated/validators.js';
import type { Schema } from './json-schema.js';
import type { Meant } from './meant.js';
import { describePath, describeValue } from './words.js';

/** What a problem is about: a value, what the schema says about it, and where it stands. */
export interface Subject extends Omit<Meant, 'path'> {
  readonly file: string;
  /** A scalar without quotes as its author wrote it, at a path from the root of the document; undefined where nothing was written. */
  readonly written: (path: Path) => string | undefined;
  /** From the root of the document. */
  readonly path: Path;
  /** The path of what was checked: the document itself, or the spec of a construct. */
  readonly root: Path;
}

/** Makes the diagnostic of one complaint; undefined where another one says the same. */
export type Problem = (subject: Subject, error: SchemaError) => Diagnostic | undefined;

/** The field in words, for the beginning of a sentence. */
export const fieldOf = ({ path }: Subject): string => describePath(path);

/** Where its value stands. */
export const atValue = ({ file, path }: Subject): Place => ({ file, path });

/** The key of a map or list that is wrong as a whole: its value may be many lines long. */
export const atKey = ({ file, path }: Subject): Place => (typeof path.at(-1) === 'string' ? { file, path, target: 'key' } : { file, path });

/** A value there may be a secret that was pasted where a reference to one belongs: it is never repeated. */
export const mayBeSecret = (path: Path): boolean => path.includes('env') || isNameSecret(path);

/** The last step of a path is what may be repeated or not: the name of a variable may, what its value is may not. */
export const isNameSecret = (path: Path): boolean =>
  path.some((step) => step === 'credentials' || step === 'secretRef' || (typeof step === 'string' && (soundsSecret(step) || holdsNames(step))));

/** A field that nobody knows, for a message. */
export const unknownField = (path: Path, field: string): string =>
  path.includes('credentials') && !mayBeNamed(field) ? 'of that name, which may be a secret' : quote(field);

/** Completes "but is …" with the value itself, unless it may be secret. */
export const foundValue = ({ value, path }: Subject): string => {
  if (mayBeSecret(path)) return typeof value === 'number' ? 'a number' : describeValue(value);
  return typeof value === 'string' ? quote(value) : describeValue(value);
};

/** The description of a field, for a hint: no full stop. */
export const descriptionOf = (schema: Schema | undefined): string | undefined => schema?.description?.replace(/\.$/, '');
