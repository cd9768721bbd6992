// Numbers, commas, brackets and white space, 64 bytes at a time: each class of bytes becomes a mask of 64 bits, and the
// grammar is checked by shifting masks against each other. No number crosses the end of a block: a block ends behind the
// last byte that is none of a number's, and the next one begins there.
import { COMMA, MINUS, NINE, SPACE, ZERO } from './constants';
import { readFlatBytes, readFlatFloats, readFlatWords } from './flat';
import { digitsOf, equal, following, low, runs, same } from './masks';
import { digits, fitsAt, isInteger, isSigned, safeDigits } from './limits';
import { COMMA_OR_END, VALUE, VALUE_OR_END, closeArray, countElements, expected as from, openArray, stopAt } from './state';

/** Whether all numbers that have as many digits as the largest value, or more, fit. */
function fit(starts: u64, digit: u64, minus: u64, at: usize): bool {
  let long = starts & runs(digit, digits);
  while (long != 0) {
    const place = ctz(long);
    if (ctz(~(digit >> place)) > <u64>digits) return false;
    if (!fitsAt(at + <usize>place, ((minus << 1) >> place) & 1 ? true : false)) return false;
    long &= long - 1;
  }
  return true;
}

/** Whether no exponent makes its number too large: for certain, or the scanner looks at it. */
function fitWithExponents(starts: u64, digit: u64, exponent: u64, minus: u64, at: usize): bool {
  // What is below 1 with some digits before the point is never too large.
  let grows = exponent & ~(minus >> 1);
  while (grows != 0) {
    const place = ctz(grows);
    let next = at + <usize>place + 1;
    if (load<u8>(next) == 0x2b) next += 1;
    let value = 0;
    let count = 0;
    while (count < 4 && <u8>(load<u8>(next) - 0x30) < 10) {
      value = value * 10 + <i32>(load<u8>(next) - 0x30);
      next += 1;
      count += 1;
    }
    // Digits before the point, of the last number that begins before the exponent.
    const begin = 63 - clz(starts & low(<i32>place));
    if (count > 3 || value + <i32>ctz(~(digit >> begin)) > safeDigits) return false;
    grows &= grows - 1;
  }
  return true;
}

/** Whether `readFlat` knows the datatype. */
// @ts-ignore: decorator
@inline
function isFlat(): bool {
  return isInteger || digits == 0;
}

/** From behind a comma or an opening bracket on; gives the place behind a number or comma. */
export function readFlat(start: usize, stop: usize): usize {
  if (!isInteger) return digits == 0 ? readFlatFloats(start, stop) : start;
  return digits == 3 ? readFlatBytes(start, stop) : readFlatWords(start, stop);
}

/** Reads numbers from `start`, between two tokens, and gives the place between two tokens up to which all is right. */
export function readNumbers(start: usize, stop: usize): usize {
  const zeros = v128.load(ZERO);
  const nines = v128.load(NINE);
  const commas = v128.load(COMMA);
  const minuses = v128.load(MINUS);
  const spaces = v128.load(SPACE);
  let at = start;
  let expected = from;
  let lines = 0;
  while (at < stop) {
    // There is memory behind the last bytes, and what is in it does not count.
    const outside = at + 64 <= stop ? 0 : ~low(<i32>(stop - at));
    const a = v128.load(at);
    const b = v128.load(at, 16);
    const c = v128.load(at, 32);
    const d = v128.load(at, 48);

    let digit = digitsOf(a, b, c, d, zeros, nines);
    let comma = same(a, b, c, d, commas);
    let minus = same(a, b, c, d, minuses);
    let dot: u64 = 0;
    let rest = ~(digit | comma | minus);
    if (rest != 0) {
      dot = equal(a, b, c, d, 0x2e);
      rest &= ~dot;
    }

    // Nearly all blocks hold nothing else.
    if ((rest | outside) == 0 && expected == VALUE && isFlat()) {
      const next = readFlat(at, stop);
      if (next == at) break;
      at = next;
      expected = load<u8>(at - 1) == 0x2c ? VALUE : COMMA_OR_END;
      continue;
    }

    let open: u64 = 0;
    let close: u64 = 0;
    let exponent: u64 = 0;
    let plus: u64 = 0;
    let blank: u64 = 0;
    let newline: u64 = 0;
    if (rest != 0) {
      open = equal(a, b, c, d, 0x5b);
      close = equal(a, b, c, d, 0x5d);
      rest &= ~(open | close);
      if (rest != 0) {
        newline = equal(a, b, c, d, 0x0a);
        blank = same(a, b, c, d, spaces) | newline;
        rest &= ~blank;
        if (rest != 0) {
          const lower = i8x16.splat(0x20);
          exponent = equal(v128.or(a, lower), v128.or(b, lower), v128.or(c, lower), v128.or(d, lower), 0x65);
          plus = equal(a, b, c, d, 0x2b);
          blank |= equal(a, b, c, d, 0x0d) | equal(a, b, c, d, 0x09);
          rest &= ~(exponent | plus | blank);
        }
      }
    }

    // Up to what does not belong here, and without a number that may go on.
    rest |= outside;
    let cut = rest == 0 ? 64 : <i32>ctz(rest);
    let inNumber = digit | dot | minus | exponent | plus;
    cut = 64 - <i32>clz(~inNumber & low(cut));
    if (cut == 0) break;
    const all = low(cut);
    if (cut < 64) {
      digit &= all;
      comma &= all;
      dot &= all;
      minus &= all;
      open &= all;
      close &= all;
      exponent &= all;
      plus &= all;
      blank &= all;
      newline &= all;
      inNumber &= all;
    }

    const starts = inNumber & ~(inNumber << 1);
    const whole = (starts & digit) | ((starts & minus) << 1);
    let wrong = starts & ~(digit | minus);
    // A zero that a digit follows, at the beginning of a number.
    const twoDigits = whole & (digit >> 1);
    if (twoDigits != 0) wrong |= twoDigits & same(a, b, c, d, zeros);
    if ((minus | dot | exponent | plus) != 0) {
      wrong |= minus & ~(starts | (exponent << 1));
      wrong |= plus & ~(exponent << 1);
      wrong |= ((minus | plus | dot) << 1) & ~digit;
      wrong |= (exponent << 1) & ~(digit | minus | plus);
      const wholeEnd = (digit + (whole & digit)) & ~digit;
      wrong |= dot & ~wholeEnd;
      if (exponent != 0) {
        const fractionEnd = (digit + ((dot << 1) & digit)) & ~digit;
        wrong |= exponent & ~(wholeEnd | fractionEnd);
      }
    }

    const ends = (inNumber & ~(inNumber >> 1)) | close;
    const behindEnd = following(ends, expected == COMMA_OR_END ? 1 : 0, blank);
    const behindComma = following(comma, expected == VALUE ? 1 : 0, blank);
    wrong |= behindEnd & (starts | open);
    wrong |= behindComma & (comma | close);
    if (open != 0 || expected == VALUE_OR_END) wrong |= following(open, expected == VALUE_OR_END ? 1 : 0, blank) & comma;
    if (wrong != 0) break;

    if (isInteger) {
      if ((dot | exponent) != 0 || (minus != 0 && !isSigned)) break;
      if (!fit(whole, digit, minus, at)) break;
    } else {
      if (digits != 0 && !fit(whole, digit, minus, at)) break;
      if (exponent != 0 && !fitWithExponents(whole, digit, exponent, minus, at)) break;
      // No number of fewer digits overflows FP32.
      if (safeDigits == 37 && (whole & runs(digit, 32)) != 0) break;
    }

    let done = 0;
    let brackets = open | close;
    let isLeft = false;
    while (brackets != 0) {
      const place = <i32>ctz(brackets);
      const before = starts & low(place) & ~low(done);
      if (before != 0) countElements(<i32>popcnt(before));
      done = place;
      if (!((open >> (<u64>place)) & 1 ? openArray() : closeArray())) {
        isLeft = true;
        break;
      }
      brackets &= brackets - 1;
      done = place + 1;
    }
    if (isLeft) {
      // The scanner reads this bracket.
      const kept = low(done);
      lines += <i32>popcnt(newline & kept);
      expected = lastToken(starts & kept, comma & kept, open & kept, close & kept, expected);
      at += done;
      break;
    }
    const after = starts & ~low(done);
    if (after != 0) countElements(<i32>popcnt(after));
    if (newline != 0) lines += <i32>popcnt(newline);
    expected = lastToken(starts, comma, open, close, expected);
    at += cut;
  }
  stopAt(expected, lines);
  return at;
}

/** What may come behind the last of these tokens. */
// @ts-ignore: decorator
@inline
function lastToken(starts: u64, comma: u64, open: u64, close: u64, expected: i32): i32 {
  const tokens = starts | comma | open | close;
  if (tokens == 0) return expected;
  const last = (<u64>1) << (63 - clz(tokens));
  return (comma & last) != 0 ? VALUE : (open & last) != 0 ? VALUE_OR_END : COMMA_OR_END;
}
