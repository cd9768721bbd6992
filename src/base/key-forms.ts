/** Keys of the stores, of callers and of clusters, told by their form alone. What other services hand out, `source/find-secrets.ts` knows from a scanner. */
import type { Range } from './secrets.js';

export interface FoundKey extends Range {
  /** To follow "this is". */
  readonly kind: string;
}

interface KeyForm {
  readonly kind: string;
  /** With the flag `g`; the first group, if any, is the key itself. */
  readonly pattern: RegExp;
  readonly isKey?: (text: string) => boolean;
}

/** At least one of each: what somebody thought of rarely has all three, what was drawn by lot nearly always. */
const isMixed = (text: string): boolean => /[a-z]/.test(text) && /[A-Z]/.test(text) && /[0-9]/.test(text);

/** Bits for each character, by how often each occurs in the text; 40 characters drawn from 64 have 4.6 to 5.2. */
function entropy(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length);
  return bits;
}

const base64 = 'A-Za-z0-9+/';

const forms: readonly KeyForm[] = [
  // Up to its end, or where that is missing to the end of the line; 8 KiB are more than any key has.
  {
    kind: 'a private key',
    pattern: /-----BEGIN (?:[A-Z0-9]+ ){0,3}PRIVATE KEY-----(?:[^"']{0,8192}?-----END (?:[A-Z0-9]+ ){0,3}PRIVATE KEY-----|[^"'\n]*)/g,
  },
  { kind: 'an AWS access key id', pattern: /(?<![A-Za-z0-9])(?:AKIA|ASIA)[A-Z0-9]{16}(?![A-Za-z0-9])/g },
  {
    kind: 'a secret access key of S3',
    pattern: new RegExp(`(?<![${base64}=_.-])[${base64}]{40}(?![${base64}=_.-])`, 'g'),
    isKey: (text) => isMixed(text) && entropy(text) >= 4.4,
  },
  {
    kind: 'the key of a storage account',
    pattern: new RegExp(`(?<![${base64}_.-])[${base64}]{86}==(?![${base64}=_.-])`, 'g'),
    isKey: isMixed,
  },
  { kind: 'a password in a URL', pattern: /\b[a-z][a-z0-9+.-]{0,30}:\/\/[^\s/:@"']{0,256}:([^\s/@"']{1,256})@/gi },
  { kind: 'the signature of a SAS URL', pattern: /[?&;]sig=([A-Za-z0-9%+/=_-]{20,})/g },
  { kind: 'a token (JWT)', pattern: /(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}/g },
];

/** Where a text holds keys, in order. Digests, hexadecimal ids and paths are none. */
export function keyRanges(text: string): readonly FoundKey[] {
  if (text.length < 20) return [];
  const found = forms.flatMap(({ kind, pattern, isKey }) =>
    [...text.matchAll(pattern)].flatMap(({ 0: all, 1: key = all, index }) => {
      const start = index + all.lastIndexOf(key);
      return isKey && !isKey(key) ? [] : [{ kind, start, end: start + key.length }];
    }),
  );
  return found.sort((a, b) => a.start - b.start);
}
