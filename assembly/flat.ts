// The inner loops: numbers and commas and nothing else, which is what nearly all bytes of a request are. A block ends
// behind its last comma, or in front of the bracket that ends the array; the general loop (numbers.ts) reads the rest.
import { COMMA, DOT, MINUS, NINE, ZERO } from './constants';
import { digits, firstDigit, fitsAt, isSigned, safeDigits } from './limits';
import { above, digitsOf, equal, join, runs, same } from './masks';
import { countElements } from './state';

/** How many bytes of a block are read: up to its last comma, or to the bracket that is its first byte of another kind. */
// @ts-ignore: decorator
@inline
function cutOf(at: usize, rest: u64, comma: u64): u64 {
  if (rest == 0) return 64 - clz(comma);
  const first = ctz(rest);
  return load<u8>(at + <usize>first) == 0x5d ? first : 64 - clz(comma & (((<u64>1) << first) - 1));
}

/** Reads numbers without exponents from behind a comma or opening bracket on; gives the place behind a number or comma. */
export function readFlatFloats(start: usize, stop: usize): usize {
  const zeros = v128.load(ZERO);
  const nines = v128.load(NINE);
  const commas = v128.load(COMMA);
  const minuses = v128.load(MINUS);
  const dots = v128.load(DOT);
  const mayOverflow = safeDigits == 37;
  let at = start;
  let count = 0;
  while (at + 64 <= stop) {
    const a = v128.load(at);
    const b = v128.load(at, 16);
    const c = v128.load(at, 32);
    const d = v128.load(at, 48);
    let digit = digitsOf(a, b, c, d, zeros, nines);
    let comma = same(a, b, c, d, commas);
    let minus = same(a, b, c, d, minuses);
    let dot = same(a, b, c, d, dots);
    const rest = ~(digit | comma | minus | dot);
    const cut = cutOf(at, rest, comma);
    if (cut == 0) break;
    const all = u64.MAX_VALUE >> (64 - cut);
    digit &= all;
    comma &= all;
    minus &= all;
    dot &= all;
    const inNumber = all & ~comma;
    const starts = inNumber & ~(inNumber << 1);
    const whole = (starts & digit) | ((starts & minus) << 1);
    let wrong = comma & ((comma << 1) | 1);
    wrong |= (minus & ~starts) | (((minus | dot) << 1) & ~digit);
    wrong |= dot & ~((digit + (whole & digit)) & ~digit);
    const long = whole & digit & (digit >> 1);
    if (long != 0) {
      wrong |= long & same(a, b, c, d, zeros);
      // No number of fewer digits overflows FP32.
      if (mayOverflow) wrong |= long & runs(digit, 32);
    }
    if (wrong != 0) break;
    count += <i32>popcnt(starts);
    at += <usize>cut;
    if (rest != 0) break;
  }
  if (count != 0) countElements(count);
  return at;
}

/** Numbers of three digits that are larger than 255 or 127: a larger first digit, or the same and a larger second one, and so on. */
// @ts-ignore: decorator
@inline
function aboveByte(a: v128, b: v128, c: v128, d: v128, first: i32, second: i32, third: i32): u64 {
  return (
    above(a, b, c, d, first) |
    (equal(a, b, c, d, first) & ((above(a, b, c, d, second) >> 1) | ((equal(a, b, c, d, second) >> 1) & (above(a, b, c, d, third) >> 2))))
  );
}

/** The same for integers. */
// @ts-ignore: decorator
@inline
function readFlatIntegers(start: usize, stop: usize, isByte: bool): usize {
  const zeros = v128.load(ZERO);
  const nines = v128.load(NINE);
  const commas = v128.load(COMMA);
  const minuses = v128.load(MINUS);
  const noMinus: u64 = isSigned ? 0 : u64.MAX_VALUE;
  const most = <u64>digits;
  const notLess = i8x16.splat(<i8>(firstDigit - 1));
  // How far to shift, so that what is left of a run begins `most` digits.
  const third: u64 = most >= 8 ? 4 : most - 4;
  const fourth: u64 = most >= 16 ? 8 : most >= 8 ? most - 8 : 0;
  const fifth: u64 = most >= 16 ? most - 16 : 0;
  let at = start;
  let count = 0;
  while (at + 64 <= stop) {
    const a = v128.load(at);
    const b = v128.load(at, 16);
    const c = v128.load(at, 32);
    const d = v128.load(at, 48);
    let digit = digitsOf(a, b, c, d, zeros, nines);
    let comma = same(a, b, c, d, commas);
    let minus = same(a, b, c, d, minuses);
    const rest = ~(digit | comma | minus);
    const cut = cutOf(at, rest, comma);
    if (cut == 0) break;
    const all = u64.MAX_VALUE >> (64 - cut);
    digit &= all;
    comma &= all;
    minus &= all;
    const inNumber = all & ~comma;
    const starts = inNumber & ~(inNumber << 1);
    const whole = (starts & digit) | ((starts & minus) << 1);
    let wrong = comma & ((comma << 1) | 1);
    wrong |= (minus & (~starts | noMinus)) | ((minus << 1) & ~digit);
    wrong |= whole & (digit >> 1) & same(a, b, c, d, zeros);
    // Numbers with as many digits as the largest value, and not a smaller first one.
    let large = digit & (digit >> 1);
    if (isByte) {
      large &= whole & (large >> 1);
      if (large != 0) {
        wrong |= large & (digit >> 3);
        large &= isSigned ? aboveByte(a, b, c, d, 0x31, 0x32, 0x37) : aboveByte(a, b, c, d, 0x32, 0x35, 0x35);
      }
    } else {
      large &= large >> 2;
      large &= large >> third;
      large &= large >> fourth;
      large &= whole & (large >> fifth);
      wrong |= large & (digit >> most);
      large &= join(i8x16.gt_s(a, notLess), i8x16.gt_s(b, notLess), i8x16.gt_s(c, notLess), i8x16.gt_s(d, notLess));
    }
    if (wrong != 0) break;
    while (large != 0 && fitsAt(at + <usize>ctz(large), (minus & ((large & (0 - large)) >> 1)) != 0)) large &= large - 1;
    if (large != 0) break;
    count += <i32>popcnt(starts);
    at += <usize>cut;
    if (rest != 0) break;
  }
  if (count != 0) countElements(count);
  return at;
}

/** Integers of 8 bits without white space between them, from `start` on. Gives the place behind those that are known to be right. */
export function readFlatBytes(start: usize, stop: usize): usize {
  return readFlatIntegers(start, stop, true);
}

/** Of 16 bits and more. */
export function readFlatWords(start: usize, stop: usize): usize {
  return readFlatIntegers(start, stop, false);
}
