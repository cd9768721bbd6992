/**
 * The one rule for paths of objects in a store, shared by the checks, the CEL of the webhook and the runtime:
 * parts separated by `/`, each of them a letter, digit or `_` and then letters, digits and `. _ = + @ ~ -`;
 * nowhere `..`; at most {@link objectPathMaxLength} characters. A path that ends in `/` is a folder.
 */
export const objectPathMaxLength = 512;

// `..` is excluded by construction, since RE2 has no look-ahead: a dot is followed by something else or ends its part.
const part = '[A-Za-z0-9_](?:\\.?[A-Za-z0-9_=+@~-])*\\.?';

/** Anchored, for RE2 and JavaScript alike; the length is checked apart. Holds no `"` and no `'`. */
export const objectPathPattern = `^${part}(?:/${part})*/?$`;

const pattern = new RegExp(objectPathPattern);

export type ObjectPathProblemKind = 'empty' | 'dot-dot' | 'colon' | 'leading-dash' | 'leading-slash' | 'empty-part' | 'character' | 'too-long';

export interface ObjectPathProblem {
  readonly problem: ObjectPathProblemKind;
  /** Where in the text, in UTF-16 code units. */
  readonly index?: number;
}

/** What is wrong with `text` as a path, or undefined. `placeholders` (such as `{jobId}`) count as letters. */
export function checkObjectPath(text: string, placeholders: readonly Placeholder[] = []): ObjectPathProblem | undefined {
  if (text.length > objectPathMaxLength) return { problem: 'too-long', index: objectPathMaxLength };
  // Replaced by as many letters, so that positions stay.
  const path = placeholders.reduce((current, name) => current.replaceAll(`{${name}}`, 'x'.repeat(name.length + 2)), text);
  if (pattern.test(path)) return undefined;
  if (path === '') return { problem: 'empty' };
  if (path.startsWith('/')) return { problem: 'leading-slash', index: 0 };
  const dots = path.indexOf('..');
  if (dots >= 0) return { problem: 'dot-dot', index: dots };
  const colon = path.indexOf(':');
  if (colon >= 0) return { problem: 'colon', index: colon };
  const dash = path.search(/(?<=^|\/)-/);
  if (dash >= 0) return { problem: 'leading-dash', index: dash };
  const empty = path.indexOf('//');
  if (empty >= 0) return { problem: 'empty-part', index: empty + 1 };
  // What is left: a character that is nowhere allowed, or one that is not allowed at the start of a part.
  return { problem: 'character', index: path.search(/[^A-Za-z0-9._=+@~/-]|(?<=^|\/)[^A-Za-z0-9_]/) };
}

/** A path that ends in `/` means all below it; any other one object. */
export const isFolder = (path: string): boolean => path.endsWith('/');

/** What an outputDestination may hold; filled when a run starts. */
export const placeholderNames = ['jobId', 'requestId'] as const;
export type Placeholder = (typeof placeholderNames)[number];

export type PathPiece = { readonly text: string } | { readonly placeholder: Placeholder };

const placeholder = /\{(jobId|requestId)\}/g;

/** `out/{jobId}/x` in its pieces, in order, none of them empty. Braces that are no placeholder stay text. */
export function splitPlaceholders(path: string): readonly PathPiece[] {
  const pieces: PathPiece[] = [];
  let end = 0;
  for (const match of path.matchAll(placeholder)) {
    if (match.index > end) pieces.push({ text: path.slice(end, match.index) });
    pieces.push({ placeholder: match[1] === 'jobId' ? 'jobId' : 'requestId' });
    end = match.index + match[0].length;
  }
  if (end < path.length) pieces.push({ text: path.slice(end) });
  return pieces;
}

/** The path with its placeholders replaced, or undefined where it holds one that has no value. */
export function fillPlaceholders(path: string, values: Readonly<Partial<Record<Placeholder, string | undefined>>>): string | undefined {
  let filled = '';
  for (const piece of splitPlaceholders(path)) {
    const text = 'text' in piece ? piece.text : values[piece.placeholder];
    if (text === undefined) return undefined;
    filled += text;
  }
  return filled;
}
