import { nearest } from '../base/names.js';
import { hideInValue } from '../base/secrets.js';
import { escapeUnsafe } from '../base/text.js';

const longestQuote = 80;
const longestList = 12;

/** A text of the author's in double quotes: short, on one line, without the user of a URL and without a character that acts on a terminal. */
export function quote(text: string): string {
  // Before it is cut: half of a password is too much, too.
  const shown = hideInValue(text);
  return escapeUnsafe(JSON.stringify(shown.length > longestQuote ? `${shown.slice(0, longestQuote)}…` : shown));
}

/** An address in quotes, without its query: no address of a store has one, and tokens stand there. */
export const quoteUrl = (url: string): string => quote(url.replace(/[?#].+$/s, '…'));

/** `a, b, c`, sorted, and how many more there are. */
export function listed(words: Iterable<string>): string {
  const sorted = [...new Set(words)].sort();
  const shown = sorted.slice(0, longestList).join(', ');
  return sorted.length > longestList ? `${shown} and ${sorted.length - longestList} more` : shown;
}

/** `a -> b -> a`, in this order; of a long chain its beginning and its end. */
export const chained = (words: readonly string[]): string =>
  (words.length > longestList ? [...words.slice(0, longestList - 1), `… (${String(words.length - longestList)} more)`, words.at(-1)] : words).join(
    ' -> ',
  );

/** Which word was probably meant, then all that there are after `introduction`; `none` where there are none. */
export function didYouMean(word: string, known: readonly string[], introduction: string, none: string): string {
  if (known.length === 0) return none;
  const meant = nearest(word, known);
  const all = `${introduction}: ${listed(known)}`;
  if (meant === undefined || meant === word) return all;
  return known.length === 1 ? `did you mean "${meant}"?` : `did you mean "${meant}"? ${all}`;
}

/** Characters that cannot be seen, or that act on a terminal, as escapes. */
export const visible = escapeUnsafe;
