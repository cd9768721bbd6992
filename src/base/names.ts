import { distance } from 'fastest-levenshtein';

/** Longest DNS-1123 label, and longest value of a Kubernetes label. */
export const dnsLabelMaxLength = 63;

const dnsLabel = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?$/;

/** Whether `text` is a DNS-1123 label: what Kubernetes takes as the name of a namespace or a service. */
export const isDnsLabel = (text: string): boolean => text.length <= dnsLabelMaxLength && dnsLabel.test(text);

/** Longer words are nobody's typing mistake, and comparing them costs time. */
const longestTypo = 64;

const toleranceFor = (length: number): number => (length < 4 ? 1 : length < 8 ? 2 : 3);

/**
 * The one of `words` that the author most likely meant by `word`, or undefined where none is close.
 * A word that differs in case only wins; among equally close ones the first.
 */
export function nearest(word: string, words: Iterable<string>): string | undefined {
  if (word.length > longestTypo) return undefined;
  const wanted = word.toLowerCase();
  let best: string | undefined;
  // Never so far that nothing of the word is left.
  let bestDistance = Math.min(toleranceFor(word.length), word.length - 1) + 1;
  for (const candidate of words) {
    const lower = candidate.toLowerCase();
    if (lower === wanted) return candidate;
    if (Math.abs(candidate.length - word.length) >= bestDistance) continue;
    const found = distance(wanted, lower);
    if (found < bestDistance) {
      bestDistance = found;
      best = candidate;
    }
  }
  return best;
}
