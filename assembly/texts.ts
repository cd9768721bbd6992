// Strings of BYTES and the words of BOOL, one after the other.
import { COMMA_OR_END, VALUE, VALUE_OR_END, closeArray, countElements, enter, EXPECTED, getNumber, leave, openArray } from './state';

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

// @ts-ignore: decorator
@inline
function wordEnd(at: usize): usize {
  const word = load<u32>(at);
  if (word == 0x65757274) return at + 4;
  return word == 0x736c6166 && load<u8>(at + 4) == 0x65 ? at + 5 : 0;
}

/** As `readNumbers` does. */
export function readTexts(start: usize, stop: usize, isWord: bool): usize {
  enter();
  let at = start;
  let expected = getNumber(EXPECTED);
  let lines = 0;
  while (at + 8 <= stop) {
    const byte = load<u8>(at);
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
  leave(expected, lines);
  return at;
}
