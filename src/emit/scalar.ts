import { assertInvariant } from '../base/assert.js';

/**
 * Strings that every YAML reader takes as themselves when they stand without quotes: in block context, under the
 * YAML 1.1 and 1.2 schemas and Go's resolvers. A mistake here may cost needless quotes, never another value:
 * - the first character is a letter, `_`, `/`, `$` or `(`, or the string is a flag (`-x`, `--x`), where no reader's
 *   number, date or merge key begins;
 * - all characters are visible ASCII or single blanks, without `: ` and ` #`, and the last is neither a blank nor a colon.
 */
const plainText = /^(?:--?[A-Za-z]|[A-Za-z_/$(])[!-9;-~]*(?:(?::(?=[!-~])| (?=[!-"$-~]))[!-9;-~]*)*$/;

/** Kubernetes quantities and Go durations (`500m`, `8Gi`, `1h30m0s`): no digit is followed by what continues a number. */
const plainQuantity = /^(?:[0-9]{1,9}[smhkKMGT]i?){1,4}$/;

/** Words that some reader takes as a boolean, null or number, in any case; `yaml` reads `e3` and `e+3` as numbers under YAML 1.1. */
const reserved = /^(?:y|n|yes|no|on|off|true|false|null|nan|inf|infinity|-?e[-+]?[0-9]+)$/i;

/** Beyond this length quotes cost nothing worth saving. */
const maxPlainLength = 2048;

/** What JSON leaves bare inside quotes while YAML forbids it, breaks a line at it, or an editor shows something else for it. */
const unprintable = /[\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\uffff]/;
const everyUnprintable = new RegExp(unprintable, 'g');

/** What keeps a text of several lines from being a literal block: control characters and blanks at the end of a line. */
const notLiteral = /[\x00-\x08\x0b-\x1f]|[\t ](?:\n|$)/;

const unpairedSurrogate = /[\ud800-\udfff]/u;

/** Whether a string means itself without quotes, for every reader. */
export const isPlain = (text: string): boolean =>
  text.length <= maxPlainLength && ((plainText.test(text) && !reserved.test(text)) || plainQuantity.test(text));

/**
 * Whether a text of several lines can stand as a literal block and come back byte for byte. It has to start with a
 * visible character, or the block would need an indentation indicator.
 */
export const isLiteral = (text: string): boolean => /^\S/.test(text) && !notLiteral.test(text) && !unprintable.test(text);

/** What single quotes hold only doubled, in another form or not at all. */
const notSingleQuoted = /['\x00-\x1f]/;

/**
 * A string on one line, in quotes. Double quotes, whose escapes are those of JSON, which every YAML reader knows; but JSON
 * text, as in a StepConfig, stands in single quotes, where nothing is escaped and a reviewer can read it.
 */
export function quoted(text: string): string {
  assertInvariant(!unpairedSurrogate.test(text), 'a string with an unpaired surrogate reached the emitter');
  if (/["\\]/.test(text) && !notSingleQuoted.test(text) && !unprintable.test(text)) return `'${text}'`;
  const json = JSON.stringify(text);
  return unprintable.test(json) ? json.replace(everyUnprintable, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`) : json;
}

/** A literal block whose lines stand at `indent`, without the last line break. */
export function literalBlock(text: string, indent: string): string {
  assertInvariant(!unpairedSurrogate.test(text), 'a text with an unpaired surrogate reached the emitter');
  const lines = text.endsWith('\n') ? text.slice(0, -1) : text;
  const chomping = lines === text ? '-' : lines.endsWith('\n') ? '+' : '';
  // Empty lines stay empty: blanks at the end of a line are what editors strip.
  return `|${chomping}\n${indent}${lines.replace(/\n(?=[^\n])/g, `\n${indent}`)}`;
}

/** A number as every reader understands it. YAML 1.1 wants a point before an exponent, and the sign after it that `String` writes. */
export function numberText(value: number): string {
  assertInvariant(Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value)), `${value} cannot be emitted exactly`);
  const text = String(value);
  return text.includes('e') && !text.includes('.') ? text.replace('e', '.0e') : text;
}
