// Which digits fit a datatype. Numbers with fewer digits than the largest value always fit; of those with as many, the
// digits are compared with it; what is longer is left to the scanner.

/** In the order of src/oip/datatype.ts. */
const BOOL: i32 = 0;
const UINT8: i32 = 1;
const UINT64: i32 = 4;
const INT8: i32 = 5;
const INT64: i32 = 8;
const FP16: i32 = 9;
const FP32: i32 = 10;
const FP64: i32 = 11;
const BYTES: i32 = 13;

export let isWord: bool = false;
export let isText: bool = false;
export let isInteger: bool = false;
export let isSigned: bool = false;
/** Digits of the largest value; 0: they are not counted. */
export let digits: i32 = 0;
/** Digits before the point, with those that an exponent adds, that cannot be too large. */
export let safeDigits: i32 = 0;
/** The first of them. */
export let firstDigit: i32 = 0;
/** The digits of the largest value as text; the first of 64 bits decides nearly always. */
let head: u64 = 0;
let positive: u64 = 0;
let negative: u64 = 0;

export function setDatatype(index: i32): void {
  isWord = index == BOOL;
  isText = index == BYTES;
  isInteger = index >= UINT8 && index <= INT64;
  isSigned = index >= INT8;
  digits = 0;
  if (index >= UINT8 && index <= UINT64) {
    const bits = 8 << (index - UINT8);
    positive = bits == 64 ? u64.MAX_VALUE : ((<u64>1) << bits) - 1;
    negative = 0;
  } else if (index >= INT8 && index <= INT64) {
    const bits = 8 << (index - INT8);
    positive = ((<u64>1) << (bits - 1)) - 1;
    negative = positive + 1;
  } else if (index == FP16) {
    positive = 65519;
    negative = 65519;
    safeDigits = 4;
  } else {
    safeDigits = index == FP64 ? 307 : 37;
  }
  if (isInteger || index == FP16) {
    let rest = positive;
    while (rest != 0) {
      digits += 1;
      rest /= 10;
    }
    head = 0;
    rest = positive;
    for (let place = digits; place > 0; place--) {
      if (place == 1) firstDigit = <i32>(0x30 + rest);
      if (place <= 8) head |= (0x30 + (rest % 10)) << (<u64>((8 - place) * 8));
      rest /= 10;
    }
  }
}

/** Whether the number with exactly `digits` digits from `at` on fits. */
export function fitsAt(at: usize, isNegative: bool): bool {
  if (digits >= 8) {
    const found = bswap<u64>(load<u64>(at));
    if (found < head) return true;
    if (found > head) return false;
  }
  // The largest value of 20 digits is that of UINT64, so the first 19 never overflow.
  let value: u64 = 0;
  const last = at + <usize>digits - 1;
  for (let place = at; place < last; place++) value = value * 10 + <u64>(load<u8>(place) - 0x30);
  const digit = <u64>(load<u8>(last) - 0x30);
  const most = isNegative ? negative : positive;
  const head = most / 10;
  return value < head || (value == head && digit <= most % 10);
}
