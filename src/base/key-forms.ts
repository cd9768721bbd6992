/** Keys of the stores, of callers and of clusters, told by their form alone. What other services hand out, `source/find-secrets.ts` knows from a scanner. */
import type { Range } from './secrets.js';

export interface FoundKey extends Range {
  /** To follow "this is". */
  readonly kind: string;
}

interface KeyForm {
  readonly kind: string;
  /** With the flag `g`; the first group, if any, is the key itself, which may stand ahead of an empty match. */
  readonly pattern: RegExp;
  /** @param beside what else of its alphabet stands before and behind it, without a gap */
  readonly isKey?: (key: string, beside: () => string) => boolean;
  /** Whether the word around it belongs to it. */
  readonly isPart?: true;
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

/**
 * What was drawn by lot, rather than words: of random text one in a hundred fails this; a path or a name that happens to be as
 * long nearly always does.
 */
function isRandom(text: string): boolean {
  if (!isMixed(text) || entropy(text) < 4.3) return false;
  const inWords = (text.match(/[a-z]{3,}/g) ?? []).reduce((sum, { length }) => sum + length, 0);
  return inWords <= 17 && text.split('/').length <= 4;
}

/**
 * A slash is of the alphabet of keys, too, so that one in a path has neighbours. They are words, where those of a piece of
 * a certificate or of other base64 change between letters and digits as often as the piece.
 */
const isInPath = (beside: string): boolean =>
  (beside.match(/[a-z](?=[A-Z0-9])|[0-9](?=[A-Za-z])|[A-Z](?=[0-9])|\+/g) ?? []).length <= Math.max(2, beside.length / 12);

const base64 = 'A-Za-z0-9+/';
/** What a key does not begin behind and does not end before. */
const besideSlash = 'A-Za-z0-9+_.-';

const forms: readonly KeyForm[] = [
  // Up to its end, or where that is missing to the end of the line; 8 KiB are more than any key has.
  {
    kind: 'a private key',
    pattern: /-----BEGIN (?:[A-Z0-9]+ ){0,3}PRIVATE KEY-----(?:[^"']{0,8192}?-----END (?:[A-Z0-9]+ ){0,3}PRIVATE KEY-----|[^"'\n]*)/g,
  },
  // What stands between those lines: PKCS #8 and PKCS #1 of RSA, and both forms of elliptic curves.
  {
    kind: 'a private key',
    pattern: new RegExp(
      `MI[IG][${base64}]{2,4}(?:IBADANBgkqhkiG9w0BAQ|IBAAK[CB][A-Z]|AgEAMBMGByqGSM49)[${base64}]{32,}|MHcCAQEEI[${base64}]{32,}`,
      'g',
    ),
  },
  // The secret that belongs to it often stands behind it.
  {
    kind: 'an AWS access key id',
    pattern: new RegExp(`(?<![A-Za-z0-9])(?:AKIA|ASIA)[A-Z0-9]{16}(?![A-Za-z0-9])(?:[^A-Za-z0-9\\s]{1,3}[${base64}]{40}(?![${base64}]))?`, 'g'),
  },
  // The same inside of a longer word: other parts of that may be the secret.
  { kind: 'an AWS access key id', pattern: /(?:AKIA|ASIA)[A-Z2-7]{16}/g, isPart: true },
  {
    kind: 'a secret access key of S3',
    pattern: new RegExp(`(?<![${besideSlash}])(?=([${base64}]{40})(?![=${besideSlash}]))`, 'g'),
    isKey: (key, beside) => isRandom(key) && isInPath(beside()),
  },
  { kind: 'a session token of AWS', pattern: new RegExp(`(?:IQoJb3JpZ2lu|F[wQ]oGZXIvYXdz)[${base64}]{40,}={0,2}`, 'g') },
  {
    kind: 'the key of a storage account',
    pattern: new RegExp(`(?<![${besideSlash}])(?=([${base64}]{86}==)(?![=${besideSlash}]))`, 'g'),
    isKey: (key, beside) => isMixed(key) && isInPath(beside()),
  },
  { kind: 'a password in a URL', pattern: /\b[a-z][a-z0-9+.-]{0,30}:\/\/[^\s/:@"']{0,256}:([^\s/@"']{1,256})@/gi },
  { kind: 'the signature of a SAS URL', pattern: /(?<![A-Za-z0-9_-])sig=([A-Za-z0-9%+/=_-]{20,})/g },
  { kind: 'a token (JWT)', pattern: /(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}/g },
  {
    kind: 'a key of Google',
    pattern: /(?<![A-Za-z0-9_-])(?:AIza[A-Za-z0-9_-]{35}(?![A-Za-z0-9_-])|GOCSPX-[A-Za-z0-9_-]{20,}|ya29\.[A-Za-z0-9_-]{20,})/g,
  },
  { kind: 'an HMAC key id of Google', pattern: /(?<![A-Za-z0-9])GOOG1E[A-Z2-7]{15,60}(?![A-Za-z0-9])/g },
  { kind: 'a client secret of Azure', pattern: /(?<![A-Za-z0-9_~.-])[A-Za-z0-9_~.-]{3}[0-9]Q~[A-Za-z0-9_~.-]{31,34}(?![A-Za-z0-9_~.-])/g },
  { kind: 'a secret key of age', pattern: /AGE-SECRET-KEY-1[A-Z0-9]{50,}/gi },
  { kind: 'a token of Vault', pattern: /(?<![A-Za-z0-9_.-])hv[sbr]\.[A-Za-z0-9_-]{24,}/g },
];

/** Where a text holds keys, in order. Digests, hexadecimal ids and paths are none. */
export function keyRanges(text: string): readonly FoundKey[] {
  if (text.length < 20) return [];
  const found = forms.flatMap(({ kind, pattern, isKey, isPart }) =>
    [...text.matchAll(pattern)].flatMap(({ 0: all, 1: key = all, index }) => {
      const start = index + Math.max(0, all.lastIndexOf(key));
      const end = start + key.length;
      if (isKey && !isKey(key, () => beside(text, start, end))) return [];
      return { kind, ...(isPart ? wordAround(text, start, end) : { start, end }) };
    }),
  );
  return found.sort((a, b) => a.start - b.start);
}

/** More of a word than this holds no secret of its neighbour. */
const neighbourhood = 256;

function wordAround(text: string, start: number, end: number): Range {
  const [before = ''] = /[A-Za-z0-9+/]*$/.exec(text.slice(Math.max(0, start - neighbourhood), start)) ?? [];
  const [behind = ''] = /^[A-Za-z0-9+/]*={0,2}/.exec(text.slice(end, end + neighbourhood)) ?? [];
  return { start: start - before.length, end: end + behind.length };
}

/** The rest of the word, without the key. */
function beside(text: string, start: number, end: number): string {
  const word = wordAround(text, start, end);
  return text.slice(word.start, start) + text.slice(end, word.end);
}
