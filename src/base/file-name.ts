import { isShownAsItIs } from './quote.js';

/**
 * The one rule for names of files that a job reads or publishes, shared by the input, the model and the output: text
 * that anyone can read in a log, a report and a manifest. Says why `name` is none, or undefined. Completes "whose name …".
 */
export const fileNameProblem = (name: string): string | undefined =>
  isShownAsItIs(name) ? undefined : 'holds a control character or one that cannot be seen';

/** The name as text, or undefined where its bytes are no UTF-8. */
export function decodeName(name: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(name);
  } catch {
    return undefined;
  }
}

/** Completes "whose name …", where {@link decodeName} gives nothing. */
export const notUtf8 = 'is not UTF-8';

/** Bytes that are no text, for a message: `a\xff.json`. */
export const showBytes = (name: Uint8Array): string =>
  [...name].map((byte) => (byte < 0x80 ? String.fromCharCode(byte) : `\\x${byte.toString(16)}`)).join('');
