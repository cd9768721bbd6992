// Strings of BYTES and the words of BOOL, one after the other.
import { BACKSLASH, COMMA, QUOTE, SPACE } from './constants';
import { between, same } from './masks';
import { COMMA_OR_END, VALUE, VALUE_OR_END, closeArray, countElements, expected as from, openArray, stopAt } from './state';

/** The first byte from `at` on that is not plain ASCII text of a string; `stop` where there is none. */
export function skipPlain(at: usize, stop: usize): usize {
  const quote = i8x16.splat(0x22);
  const backslash = i8x16.splat(0x5c);
  const space = i8x16.splat(0x20);
  while (at + 16 <= stop) {
    const bytes = v128.load(at);
    // Below the space as signed numbers are the controls and all that is not ASCII.
    const special = i8x16.bitmask(v128.or(i8x16.lt_s(bytes, space), v128.or(i8x16.eq(bytes, quote), i8x16.eq(bytes, backslash))));
    if (special != 0) return at + ctz(special);
    at += 16;
  }
  while (at < stop) {
    const byte = load<i8>(at);
    if (byte < 0x20 || byte == 0x22 || byte == 0x5c) return at;
    at += 1;
  }
  return at;
}

// @ts-ignore: decorator
@inline
function isContinuation(at: usize): bool {
  return (load<u8>(at) & 0xc0) == 0x80;
}

/** Length of the character that begins here; 0 where none does. There are four bytes. */
function characterLength(at: usize): i32 {
  const first = load<u8>(at);
  const second = load<u8>(at + 1);
  if (first >= 0xc2 && first <= 0xdf) return isContinuation(at + 1) ? 2 : 0;
  if (first >= 0xe0 && first <= 0xef) {
    if (!isContinuation(at + 1) || !isContinuation(at + 2)) return 0;
    return (first == 0xe0 && second < 0xa0) || (first == 0xed && second > 0x9f) ? 0 : 3;
  }
  if (first >= 0xf0 && first <= 0xf4) {
    if (!isContinuation(at + 1) || !isContinuation(at + 2) || !isContinuation(at + 3)) return 0;
    return (first == 0xf0 && second < 0x90) || (first == 0xf4 && second > 0x8f) ? 0 : 4;
  }
  return 0;
}

/** Behind the string whose text begins here; 0 where it is not whole, or holds what the scanner must look at. */
// @ts-ignore: decorator
@inline
function stringEnd(start: usize, stop: usize): usize {
  let at = start;
  while (true) {
    at = skipPlain(at, stop);
    if (at + 4 > stop) return 0;
    const byte = load<u8>(at);
    if (byte == 0x22) return at + 1;
    if (byte == 0x5c) {
      const escaped = load<u8>(at + 1);
      if (
        escaped != 0x6e && escaped != 0x22 && escaped != 0x5c && escaped != 0x74 && escaped != 0x2f && escaped != 0x72 && escaped != 0x62 && escaped != 0x66
      ) {
        return 0;
      }
      at += 2;
    } else {
      const length = characterLength(at);
      if (length == 0) return 0;
      at += length;
    }
  }
}

/**
 * Reads strings of plain ASCII with commas between them, 64 bytes at a time, from an opening quotation mark on. Gives the
 * place behind the last string, or `start`.
 */
function readPlainTexts(start: usize, stop: usize): usize {
  const quotes = v128.load(QUOTE);
  const backslashes = v128.load(BACKSLASH);
  const commas = v128.load(COMMA);
  const spaces = v128.load(SPACE);
  let end = start;
  let count = 0;
  /** All bits where the block before ended within a string, and 1 where its last byte was a closing quotation mark. */
  let isInside: u64 = 0;
  let isBehind: u64 = 0;
  for (let at = start; at + 64 <= stop; at += 64) {
    const a = v128.load(at);
    const b = v128.load(at, 16);
    const c = v128.load(at, 32);
    const d = v128.load(at, 48);
    // Below the space as signed numbers are the controls and all that is not ASCII.
    const least = i8x16.min_s(i8x16.min_s(a, b), i8x16.min_s(c, d));
    const escapes = v128.or(
      v128.or(i8x16.eq(a, backslashes), i8x16.eq(b, backslashes)),
      v128.or(i8x16.eq(c, backslashes), i8x16.eq(d, backslashes)),
    );
    if (v128.any_true(v128.or(escapes, i8x16.lt_s(least, spaces)))) break;
    const quote = same(a, b, c, d, quotes);
    const inside = between(quote) ^ isInside;
    const closing = quote & ~inside;
    const outside = ~(inside | quote);
    const comma = outside & same(a, b, c, d, commas);
    // A comma right behind each string, and no other; then spaces.
    if (((closing << 1) | isBehind) != comma) break;
    if (outside != comma && (outside & ~(comma | same(a, b, c, d, spaces))) != 0) break;
    if (closing != 0) {
      count += <i32>popcnt(closing);
      end = at + 64 - <usize>clz(closing);
    }
    isInside = <u64>((<i64>inside) >> 63);
    isBehind = closing >> 63;
  }
  if (count != 0) countElements(count);
  return end;
}

// @ts-ignore: decorator
@inline
function wordEnd(at: usize): usize {
  const word = load<u32>(at);
  if (word == 0x65757274) return at + 4;
  return word == 0x736c6166 && load<u8>(at + 4) == 0x65 ? at + 5 : 0;
}

const patience: usize = 256;

/** As `readNumbers` does. */
export function readTexts(start: usize, stop: usize, isWord: bool): usize {
  let at = start;
  let expected = from;
  let lines = 0;
  /** Where the strings were not plain, so many bytes are read one string after the other. */
  let notBefore = at;
  while (at + 8 <= stop) {
    const byte = load<u8>(at);
    if (byte == 0x22 && expected != COMMA_OR_END && at >= notBefore && !isWord) {
      const next = readPlainTexts(at, stop);
      notBefore = next + patience;
      if (next != at) {
        at = next;
        expected = COMMA_OR_END;
        continue;
      }
    }
    if (byte == 0x2c) {
      if (expected != COMMA_OR_END) break;
      expected = VALUE;
      at += 1;
    } else if (byte == 0x22 || byte == 0x74 || byte == 0x66) {
      if (expected == COMMA_OR_END || isWord == (byte == 0x22)) break;
      const end = isWord ? wordEnd(at) : stringEnd(at + 1, stop);
      if (end == 0) break;
      countElements(1);
      expected = COMMA_OR_END;
      at = end;
    } else if (byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09) {
      if (byte == 0x0a) lines += 1;
      at += 1;
    } else if (byte == 0x5b) {
      if (expected == COMMA_OR_END || !openArray()) break;
      expected = VALUE_OR_END;
      at += 1;
    } else if (byte == 0x5d) {
      if (expected == VALUE || !closeArray()) break;
      expected = COMMA_OR_END;
      at += 1;
    } else {
      break;
    }
  }
  stopAt(expected, lines);
  return at;
}
