import { diagnose } from '../../diagnostics/diagnose.js';
import type { Diagnostic, Path } from '../../diagnostics/diagnostic.js';
import { mayBeNamed } from '../../base/secrets.js';
import { forms } from '../forms.js';
import { describePath } from '../words.js';
import { isMap, type Fields } from '../values.js';

/** Collects what is wrong with one file. Every problem stands at a key, because its value may be a secret. */
export interface Problems {
  readonly found: readonly Diagnostic[];
  /** The file is not what its tool writes, or holds what we do not pass on. */
  readonly refuse: (path: Path, problem: string, hint: string) => undefined;
  /** A value that everyone who reads the repository can read. */
  readonly plain: (path: Path, problem: string, hint: string) => undefined;
  /** A map of which every key is known; undefined where it is none. */
  readonly closed: (value: unknown, path: Path, known: readonly string[], hint: string) => Fields | undefined;
}

/** Gathers what is wrong with one file, each by its path. */
export function collectProblems(file: string): Problems {
  const found: Diagnostic[] = [];
  const at = (path: Path) => (path.length > 0 ? { file, path, target: 'key' as const } : { file, path });
  const refuse: Problems['refuse'] = (path, problem, hint) =>
    void found.push(diagnose('input/secret-file', at(path), { subject: subjectOf(path), problem, hint }));
  return {
    found,
    refuse,
    plain: (path, problem, hint) => void found.push(diagnose('input/plain-secret', at(path), { subject: subjectOf(path), problem, hint })),
    closed: (value, path, known, hint) => {
      if (!isMap(value)) return refuse(path, 'is no map', 'keep the file as its tool wrote it');
      const stray = Object.keys(value).find((key) => !known.includes(key));
      return stray === undefined ? value : refuse([...path, stray], 'is a field that is not passed on to a cluster', hint);
    },
  };
}

const values: ReadonlySet<unknown> = new Set(['data', 'stringData', 'encryptedData']);
/** A field of Kubernetes, or the key of an annotation. */
const isFieldName = (name: string): boolean => /^(?:[a-z][A-Za-z]{1,24}|[-a-z0-9.]{1,63}\.[a-z]{2,10}\/[-A-Za-z0-9_.]{1,63})$/.test(name);

/** What a problem is about, in words: a key that has no form that we know may be what was to be kept secret. */
export function subjectOf(path: Path): string {
  const [last, parent] = [path.at(-1), path.at(-2)];
  if (last === undefined) return 'the file';
  const mayBeShown = typeof last !== 'string' || (values.has(parent) ? mayBeNamed(last) : isFieldName(last));
  return mayBeShown ? describePath(path) : `a field of ${path.length > 1 ? describePath(path.slice(0, -1)) : 'the file'}`;
}

/** A DNS-1123 subdomain of at most 253 characters. */
export const isObjectName = (value: unknown): value is string =>
  typeof value === 'string' && value.length <= 253 && new RegExp(forms.objectName.pattern).test(value);
/** A DNS-1123 label. */
export const isNamespaceName = (value: unknown): value is string =>
  typeof value === 'string' && value.length <= 63 && new RegExp(forms.label.pattern).test(value);
/** A key as Kubernetes takes it in a Secret, at most 253 characters. */
export const isSecretKey = (value: string): boolean => value.length <= 253 && new RegExp(forms.secretKey.pattern).test(value);

/** Fields of a Secret's metadata that everyone knows; annotations and labels can make other programs copy or expose it. */
export const metadataHint =
  'only name, namespace and the scope of a SealedSecret are passed on: labels and annotations can make programs copy a Secret';

/** What kubectl writes for "none". */
export const isNothing = (value: unknown): boolean => value === undefined || value === null;
