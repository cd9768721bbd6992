/**
 * A second reader of JSON for the tests, written to be seen through rather than to be fast: the whole text at once, by
 * recursion, numbers as their text. `JSON.parse` must accept the same texts (test/properties/json.test.ts).
 */
export class JsonNumber {
  constructor(readonly text: string) {}
}

export interface Parsed {
  readonly value: unknown;
  /** How many keys were there already in their object; the first value counts. */
  readonly repeated: number;
  /** Whether a string holds half of a surrogate pair: `JSON.parse` takes it, we do not. */
  readonly hasLoneSurrogate: boolean;
}

/** Throws where the text is no JSON. */
export function parseJson(text: string): Parsed {
  let at = 0;
  let repeated = 0;
  let hasLoneSurrogate = false;
  const fail = (): never => {
    throw new SyntaxError(`at ${String(at)}`);
  };
  const match = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0];
    at += found?.length ?? 0;
    return found;
  };
  const blanks = (): void => {
    match(/[ \t\n\r]*/y);
  };
  const string = (): string => {
    const raw = match(/"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y) ?? fail();
    const value = String(JSON.parse(raw));
    if (/\p{Surrogate}/u.test(value)) hasLoneSurrogate = true;
    return value;
  };
  const list = (close: string, item: () => void): void => {
    at += 1;
    blanks();
    if (text[at] === close) {
      at += 1;
      return;
    }
    for (;;) {
      blanks();
      item();
      blanks();
      const next = text[at];
      at += 1;
      if (next === close) return;
      if (next !== ',') fail();
    }
  };
  const value = (): unknown => {
    blanks();
    if (text[at] === '{') {
      const object: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
      list('}', () => {
        const key = string();
        blanks();
        if (text[at] !== ':') fail();
        at += 1;
        const member = value();
        if (key in object) repeated += 1;
        else object[key] = member;
      });
      return object;
    }
    if (text[at] === '[') {
      const array: unknown[] = [];
      list(']', () => {
        array.push(value());
      });
      return array;
    }
    if (text[at] === '"') return string();
    const number = match(/-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y);
    if (number !== undefined) return new JsonNumber(number);
    const word = match(/true|false|null/y) ?? fail();
    return word === 'null' ? null : word === 'true';
  };
  const parsed = value();
  blanks();
  if (at !== text.length) fail();
  return { value: parsed, repeated, hasLoneSurrogate };
}

/** The exact value as a fraction: `digits * 10 ** exponent`. */
export function exactly({ text }: JsonNumber): { readonly digits: bigint; readonly exponent: number } {
  const [mantissa = '', exponent = '0'] = text.toLowerCase().split('e');
  const [whole = '', fraction = ''] = mantissa.split('.');
  return { digits: BigInt(whole + fraction), exponent: Number(exponent) - fraction.length };
}

export const isNegative = ({ text }: JsonNumber): boolean => text.startsWith('-') && exactly(new JsonNumber(text)).digits !== 0n;
export const isLiteralInteger = ({ text }: JsonNumber): boolean => /^-?[0-9]+$/.test(text);

export function isInteger(number: JsonNumber): boolean {
  const { digits, exponent } = exactly(number);
  if (digits === 0n || exponent >= 0) return true;
  return exponent > -5000 && digits % 10n ** BigInt(-exponent) === 0n;
}

/** Whether `magnitude < bound`, for a bound that is at least 1. */
export function isBelow(number: JsonNumber, bound: bigint): boolean {
  const { digits, exponent } = exactly(number);
  const magnitude = digits < 0n ? -digits : digits;
  if (magnitude === 0n || exponent < -5000) return true;
  if (exponent > 5000) return false;
  return exponent >= 0 ? magnitude * 10n ** BigInt(exponent) < bound : magnitude < bound * 10n ** BigInt(-exponent);
}
