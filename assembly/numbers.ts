// Numbers, commas, brackets and white space, 64 bytes at a time: each class of bytes becomes a mask of 64 bits, and the
// grammar is checked by shifting masks against each other. No number crosses the end of a block: a block ends behind the
// last byte that is none of a number's, and the next one begins there.
import { above, equal, following, join, low, runs } from './masks';
import { digits, fitsAt, isInteger, isSigned, safeDigits } from './limits';
import { COMMA_OR_END, VALUE, VALUE_OR_END, closeArray, countElements, enter, EXPECTED, getNumber, leave, openArray } from './state';

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

/**
 * Whether no number of three digits is larger than the largest value of 8 bits, told by masks: they are half of all pixels.
 * False where the digits must be looked at.
 */
function fitThree(starts: u64, digit: u64, a: v128, b: v128, c: v128, d: v128): bool {
  const three = starts & (digit >> 1) & (digit >> 2);
  if (three == 0) return true;
  if ((three & (digit >> 3)) != 0) return false;
  // 255 or 127: a larger first digit, or the same and a larger second one, and so on. -128 is looked at.
  const first = isSigned ? 0x31 : 0x32;
  const second = isSigned ? 0x32 : 0x35;
  const third = isSigned ? 0x37 : 0x35;
  const asFirst = above(a, b, c, d, first) | (equal(a, b, c, d, first) & ((above(a, b, c, d, second) >> 1) | ((equal(a, b, c, d, second) >> 1) & (above(a, b, c, d, third) >> 2))));
  return (three & asFirst) == 0;
}

/** Reads numbers from `start`, between two tokens, and gives the place between two tokens up to which all is right. */
export function readNumbers(start: usize, stop: usize): usize {
  enter();
  let at = start;
  let expected = getNumber(EXPECTED);
  let lines = 0;
  while (at < stop) {
    // There is memory behind the last bytes, and what is in it does not count.
    const outside = at + 64 <= stop ? 0 : ~low(<i32>(stop - at));
    const a = v128.load(at);
    const b = v128.load(at, 16);
    const c = v128.load(at, 32);
    const d = v128.load(at, 48);

    const zero = i8x16.splat(0x30);
    const ten = i8x16.splat(10);
    let digit = join(
      i8x16.lt_u(i8x16.sub(a, zero), ten),
      i8x16.lt_u(i8x16.sub(b, zero), ten),
      i8x16.lt_u(i8x16.sub(c, zero), ten),
      i8x16.lt_u(i8x16.sub(d, zero), ten),
    );
    let comma = equal(a, b, c, d, 0x2c);
    let minus = equal(a, b, c, d, 0x2d);
    let dot: u64 = 0;
    let rest = ~(digit | comma | minus);
    if (rest != 0) {
      dot = equal(a, b, c, d, 0x2e);
      rest &= ~dot;
    }

    // Nearly all blocks hold nothing else: then what is no comma belongs to a number.
    if ((rest | outside) == 0 && comma != 0) {
      const cut = 64 - clz(comma);
      const all = low(<i32>cut);
      digit &= all;
      dot &= all;
      minus &= all;
      const inNumber = all & ~comma;
      const starts = inNumber & ~(inNumber << 1);
      const whole = (starts & digit) | ((starts & minus) << 1);
      let wrong = (((comma << 1) | (expected == COMMA_OR_END ? 0 : 1)) & comma) | (expected == COMMA_OR_END ? starts & 1 : 0);
      wrong |= whole & (digit >> 1) & equal(a, b, c, d, 0x30);
      wrong |= (minus & ~starts) | (((minus | dot) << 1) & ~digit);
      if (isInteger) {
        if (wrong != 0 || dot != 0 || (minus != 0 && !isSigned)) break;
        if (digits == 3 ? !fitThree(whole, digit, a, b, c, d) && !fit(whole, digit, minus, at) : !fit(whole, digit, minus, at)) break;
      } else {
        wrong |= dot & ~((digit + (whole & digit)) & ~digit);
        if (wrong != 0 || (digits != 0 && !fit(whole, digit, minus, at))) break;
        if (safeDigits == 37 && (whole & runs(digit, 32)) != 0) break;
      }
      countElements(<i32>popcnt(starts));
      expected = VALUE;
      at += <usize>cut;
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
        blank = equal(a, b, c, d, 0x20) | newline;
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
    const zeros = whole & (digit >> 1);
    if (zeros != 0) wrong |= zeros & equal(a, b, c, d, 0x30);
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
      if (digits == 3 ? !fitThree(whole, digit, a, b, c, d) && !fit(whole, digit, minus, at) : !fit(whole, digit, minus, at)) break;
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
  leave(expected, lines);
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
