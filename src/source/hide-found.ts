import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { viewsOf } from './encoded-text.js';
import { findSecrets } from './find-secrets.js';

/** A message shows at least so much of what it quotes; less of a key is in many innocent words. */
const shortest = 12;
/** Shorter ones are passwords in URLs, which no message shows. */
const longEnough = 16;

/** A key that is broken over lines is quoted line by line. */
const breaks = /(?:\\[nrt]|[\s#\\])+/;

/**
 * What else is wrong with a text that holds keys, said without the keys: whole ones, and the beginnings of those which
 * were too long to be quoted.
 *
 * @param keys as they stand in the text
 */
export function hideFound(diagnostics: readonly Diagnostic[], keys: readonly string[]): readonly Diagnostic[] {
  if (keys.length === 0) return diagnostics;
  const written = [...new Set(keys.flatMap((key) => viewsOf(key).flatMap(({ text }) => [text, ...text.split(breaks)])))].filter(
    ({ length }) => length >= longEnough,
  );
  const hide = (text: string): string => written.reduce(hideBeginning, withoutKeys(text));
  return diagnostics.map((diagnostic) => ({
    ...diagnostic,
    message: hide(diagnostic.message),
    hint: diagnostic.hint === undefined ? undefined : hide(diagnostic.hint),
    related: diagnostic.related.map(({ message, where }) => ({ message: hide(message), where })),
  }));
}

/** Whether a sentence holds a word of a key, in whatever letters: "did you mean …" and names that would be right are made of what was found. */
export function isMadeOf(key: string, sentence: string): boolean {
  const said = sentence.toLowerCase();
  return viewsOf(key.toLowerCase()).some(({ text }) => text.split(/[^a-z0-9]+/).some((word) => word.length >= shortestWord && said.includes(word)));
}
const shortestWord = 5;

/** The keys of a text, as they stand there. */
export const keysIn = (text: string): readonly string[] => findSecrets(text).map(({ start, end }) => text.slice(start, end));

function withoutKeys(text: string): string {
  let hidden = '';
  let at = 0;
  for (const { start, end } of findSecrets(text)) {
    hidden += `${text.slice(at, start)}…`;
    at = end;
  }
  return hidden + text.slice(at);
}

/** Sentences quote the beginning of what is long. */
function hideBeginning(text: string, secret: string): string {
  for (let length = secret.length; length >= shortest; length -= 1) {
    const shown = secret.slice(0, length);
    if (text.includes(shown)) return text.replaceAll(shown, '…');
  }
  return text;
}
