import { nearest } from '../base/names.js';

/** What to say about an unknown word: the known one that was probably meant, else all that are known. */
export function suggest(word: string, known: readonly string[], what: string): string {
  const near = nearest(word, known);
  return near === undefined ? `${what}: ${known.join(', ')}` : `did you mean ${near}?`;
}
