/**
 * Characters that deceive a reviewer or break what reads our output. Plain ranges rather than Unicode classes:
 * those change with the version of Node, and the same file must be right or wrong everywhere.
 */
export type UnsafeKind = 'control' | 'line-separator' | 'bidi' | 'invisible' | 'private-use' | 'surrogate' | 'noncharacter' | 'not-normalized';

export interface UnsafeText {
  /** In UTF-16 code units. */
  readonly index: number;
  readonly length: number;
  readonly kind: UnsafeKind;
}

const plain = /^[\x20-\x7e]*$/;
const plainLines = /^[\x20-\x7e\n]*$/;

type Range = readonly [first: number, last: number, kind: UnsafeKind];

const ranges: readonly Range[] = [
  [0x00, 0x1f, 'control'],
  [0x7f, 0x84, 'control'],
  [0x85, 0x85, 'line-separator'],
  [0x86, 0x9f, 'control'],
  [0xad, 0xad, 'invisible'],
  [0x34f, 0x34f, 'invisible'],
  [0x600, 0x605, 'invisible'],
  [0x61c, 0x61c, 'bidi'],
  [0x6dd, 0x6dd, 'invisible'],
  [0x70f, 0x70f, 'invisible'],
  [0x890, 0x891, 'invisible'],
  [0x8e2, 0x8e2, 'invisible'],
  [0x115f, 0x1160, 'invisible'],
  [0x17b4, 0x17b5, 'invisible'],
  [0x180b, 0x180f, 'invisible'],
  [0x200b, 0x200d, 'invisible'],
  [0x200e, 0x200f, 'bidi'],
  [0x2028, 0x2029, 'line-separator'],
  [0x202a, 0x202e, 'bidi'],
  [0x2060, 0x2065, 'invisible'],
  [0x2066, 0x2069, 'bidi'],
  [0x206a, 0x206f, 'invisible'],
  [0x3164, 0x3164, 'invisible'],
  [0xd800, 0xdfff, 'surrogate'],
  [0xe000, 0xf8ff, 'private-use'],
  [0xfdd0, 0xfdef, 'noncharacter'],
  // The selectors for text and emoji style, U+FE0E and U+FE0F, change what is seen and are allowed.
  [0xfe00, 0xfe0d, 'invisible'],
  [0xfeff, 0xfeff, 'invisible'],
  [0xffa0, 0xffa0, 'invisible'],
  [0xfff0, 0xfffb, 'invisible'],
  [0x110bd, 0x110bd, 'invisible'],
  [0x110cd, 0x110cd, 'invisible'],
  [0x13430, 0x1343f, 'invisible'],
  [0x1bca0, 0x1bca3, 'invisible'],
  [0x1d173, 0x1d17a, 'invisible'],
  [0xe0000, 0xe0fff, 'invisible'],
  [0xf0000, 0x10ffff, 'private-use'],
];

function kindOf(codePoint: number): UnsafeKind | undefined {
  if ((codePoint & 0xfffe) === 0xfffe) return 'noncharacter';
  for (const [first, last, kind] of ranges) {
    if (codePoint < first) return undefined;
    if (codePoint <= last) return kind;
  }
  return undefined;
}

/** Position of the first character that NFC would change. */
function firstChanged(text: string, normalized: string): number {
  let index = 0;
  while (index < text.length && text[index] === normalized[index]) index += 1;
  return Math.min(index, text.length - 1);
}

/**
 * The first character of `text` that a reader cannot see for what it is: control characters (also tab, DEL and C1),
 * line separators other than `\n`, bidirectional controls, invisible characters, private use, lone surrogates,
 * noncharacters, and text that is not in NFC. `\n` is allowed with `newline`.
 */
export function findUnsafe(text: string, options: { readonly newline?: boolean } = {}): UnsafeText | undefined {
  if ((options.newline ? plainLines : plain).test(text)) return undefined;
  for (let index = 0; index < text.length;) {
    const codePoint = text.codePointAt(index) ?? 0;
    const length = codePoint > 0xffff ? 2 : 1;
    if (!(codePoint === 0x0a && options.newline)) {
      const kind = kindOf(codePoint);
      if (kind) return { index, length, kind };
    }
    index += length;
  }
  const normalized = text.normalize('NFC');
  return normalized === text ? undefined : { index: firstChanged(text, normalized), length: 1, kind: 'not-normalized' };
}

/** `text` with every unsafe character written as `\\u202e` or `\\u{e0041}`, so that a terminal shows it and nothing else. */
export function escapeUnsafe(text: string): string {
  if (plain.test(text)) return text;
  let escaped = '';
  for (const character of text) {
    const codePoint = character.codePointAt(0) ?? 0;
    if (!kindOf(codePoint)) escaped += character;
    else escaped += codePoint > 0xffff ? `\\u{${codePoint.toString(16)}}` : `\\u${codePoint.toString(16).padStart(4, '0')}`;
  }
  return escaped;
}

/** JSON with every unsafe character as JSON writes it, `\\u202e`; its own line feeds stay. It is read back unchanged. */
export function escapeUnsafeJson(json: string): string {
  if (plainLines.test(json)) return json;
  let escaped = '';
  for (const character of json) {
    if (character === '\n' || !kindOf(character.codePointAt(0) ?? 0)) escaped += character;
    else for (let unit = 0; unit < character.length; unit += 1) escaped += `\\u${character.charCodeAt(unit).toString(16).padStart(4, '0')}`;
  }
  return escaped;
}

/** The same for text of several lines, with tabs, as programs print it. */
export const forTerminal = (text: string): string => text.replace(/[^\n\t]+/g, (part) => escapeUnsafe(part));

/** `U+202E`: how a character is named to the user, who may not be able to see it. */
export const codePointName = (text: string, index: number): string =>
  `U+${(text.codePointAt(index) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;

/** Whether Tekton, the kubelet (`$(`), Flux (`${`) or an escape of theirs (`$$`) would read something in `text`. */
export const hasExpansion = (text: string): boolean => /\$[({$]/.test(text);
