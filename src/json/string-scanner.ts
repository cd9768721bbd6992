/** Bytes of a string that mean themselves: ASCII without controls, quotation mark and backslash. */
const plain = Uint8Array.from({ length: 256 }, (_, byte) => (byte >= 0x20 && byte < 0x80 && byte !== 0x22 && byte !== 0x5c ? 1 : 0));
const escapes = Uint8Array.from({ length: 256 }, (_, byte) => ('"\\/bfnrt'.includes(String.fromCharCode(byte)) ? 1 : 0));

/** Where in an escape or a character the string was left. */
const inText = 0;
const afterBackslash = 1;
/** 2 to 5: so many hex digits are expected, plus one. */
const beforeLastHex = 2;
const beforeFirstHex = 5;
const beforeLowSurrogate = 6;
const beforeLowSurrogateU = 7;
const inCharacter = 8;

/** One string, from behind its opening quotation mark; it may be cut anywhere. */
export interface StringScanner {
  begin(): void;
  /**
   * Reads on. Gives the place behind the closing quotation mark, or `stop` where the string goes on, or `-1 - at` with
   * the place that is wrong.
   */
  scan(bytes: Uint8Array, at: number, stop: number): number;
  /** Whether the closing quotation mark was read. */
  isComplete(): boolean;
  /** Whether there was an escape, so that the bytes are not the text. */
  hasEscapes(): boolean;
  /** What was wrong. */
  problem(): string;
}

/** Finds the first byte from `at` on that is not plain ASCII text; an accelerator may do it for long stretches. */
export type SkipPlain = (bytes: Uint8Array, at: number, stop: number) => number;

/** The place of the first byte that does not mean itself, or `stop`. */
export const skipPlain: SkipPlain = (bytes, at, stop) => {
  while (at < stop && plain[bytes[at] ?? 0] === 1) at += 1;
  return at;
};

/**
 * Strict: UTF-8 without overlong forms and surrogates, no raw controls, and no escaped surrogate without its other half,
 * because such a string is no Unicode text and every reader makes something else of it.
 */
export function createStringScanner(skip: SkipPlain = skipPlain): StringScanner {
  let state = inText;
  let unit = 0;
  let isHigh = false;
  let escaped = false;
  let complete = false;
  let problem = '';
  /** Continuation bytes to come, and what the next of them may be. */
  let left = 0;
  let lowest = 0;
  let highest = 0;

  const refuse = (what: string, at: number): number => {
    problem = what;
    return -1 - at;
  };

  /** The first byte of a character that is not ASCII; false where no character starts so. */
  const beginCharacter = (byte: number): boolean => {
    lowest = 0x80;
    highest = 0xbf;
    state = inCharacter;
    if (byte >= 0xc2 && byte <= 0xdf) {
      left = 1;
    } else if (byte >= 0xe0 && byte <= 0xef) {
      left = 2;
      if (byte === 0xe0) lowest = 0xa0;
      if (byte === 0xed) highest = 0x9f;
    } else if (byte >= 0xf0 && byte <= 0xf4) {
      left = 3;
      if (byte === 0xf0) lowest = 0x90;
      if (byte === 0xf4) highest = 0x8f;
    } else {
      return false;
    }
    return true;
  };

  const endUnit = (): boolean => {
    const isLow = unit >= 0xdc00 && unit <= 0xdfff;
    if (isHigh !== isLow) return false;
    isHigh = unit >= 0xd800 && unit <= 0xdbff;
    state = isHigh ? beforeLowSurrogate : inText;
    return true;
  };

  /** One byte in any state but plain text; what is wrong with it, or undefined. */
  const step = (byte: number): string | undefined => {
    switch (state) {
      case inText:
        if (byte === 0x5c) state = afterBackslash;
        else if (byte < 0x20) return 'holds a control character that is not escaped';
        else if (!beginCharacter(byte)) return 'is not valid UTF-8';
        return undefined;
      case afterBackslash:
        escaped = true;
        if (byte === 0x75) {
          unit = 0;
          state = beforeFirstHex;
        } else if (escapes[byte] === 1) state = inText;
        else return 'holds an escape that JSON does not have';
        return undefined;
      case beforeLowSurrogate:
        state = beforeLowSurrogateU;
        return byte === 0x5c ? undefined : loneSurrogate;
      case beforeLowSurrogateU:
        unit = 0;
        state = beforeFirstHex;
        return byte === 0x75 ? undefined : loneSurrogate;
      case inCharacter:
        if (byte < lowest || byte > highest) return 'is not valid UTF-8';
        lowest = 0x80;
        highest = 0xbf;
        left -= 1;
        if (left === 0) state = inText;
        return undefined;
      default: {
        const digit = hexValue(byte);
        if (digit < 0) return 'holds an escape that JSON does not have';
        unit = unit * 16 + digit;
        state -= 1;
        return state < beforeLastHex && !endUnit() ? loneSurrogate : undefined;
      }
    }
  };

  return {
    begin: () => {
      state = inText;
      isHigh = false;
      escaped = false;
      complete = false;
    },
    scan: (bytes, from, stop) => {
      let at = from;
      while (at < stop) {
        if (state === inText) {
          // Most strings are short: a call would cost more than it saves.
          const near = Math.min(stop, at + 32);
          while (at < near && plain[bytes[at] ?? 0] === 1) at += 1;
          if (at === near) at = skip(bytes, at, stop);
          if (at === stop) return at;
          if (bytes[at] === 0x22) {
            complete = true;
            return at + 1;
          }
        }
        const wrong = step(bytes[at] ?? 0);
        if (wrong !== undefined) return refuse(wrong, at);
        at += 1;
      }
      return at;
    },
    isComplete: () => complete,
    hasEscapes: () => escaped,
    problem: () => problem,
  };
}

const loneSurrogate = 'holds half of a surrogate pair';

function hexValue(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const letter = byte | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}
