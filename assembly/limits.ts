// Which digits fit a datatype. Numbers with fewer digits than the largest value always fit; of those with as many, the
// digits are compared with it; what is longer is left to the scanner.

/** In the order of src/oip/datatype.ts. */
export const BOOL: i32 = 0;
export const UINT8: i32 = 1;
const UINT64: i32 = 4;
export const INT8: i32 = 5;
const INT64: i32 = 8;
const FP16: i32 = 9;
export const FP32: i32 = 10;
export const FP64: i32 = 11;
export const BYTES: i32 = 13;

export let isWord: bool = false;
export let isText: bool = false;
export let isInteger: bool = false;
export let isSigned: bool = false;
/** Digits of the largest value; 0: they are not counted. */
export let digits: i32 = 0;
/** Digits before the point, with those that an exponent adds, that cannot be too large. */
export let safeDigits: i32 = 0;
/** Of the largest value. */
export let firstDigit: i32 = 0;
/** The digits of the largest value as text; the first of 64 bits decides nearly always. */
let head: u64 = 0;
let positive: u64 = 0;
let negative: u64 = 0;

/** By datatype: `head` and `digits`. */
const known = memory.data(14 * 16, 8);
let current: i32 = -1;

/** Sets what is asked of the elements that follow; `index` is the place of a datatype in `datatypes` (src/oip/datatype.ts), -1 for none. */
export function setDatatype(index: i32): void {
  if (index == current) return;
  current = index;
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
  if (isInteger || index == FP16) countDigits(known + <usize>index * 16);
}

/** Of the largest value: once for each datatype, because small tensors of different ones follow each other. */
function countDigits(place: usize): void {
  if (load<i32>(place, 8) == 0) {
    let rest = positive;
    let count = 0;
    let text: u64 = 0;
    // The first 8 digits, the first of them on top.
    for (; rest != 0; rest /= 10) {
      text = (text >> 8) | ((0x30 + (rest % 10)) << 56);
      count += 1;
    }
    store<u64>(place, text);
    store<i32>(place, count, 8);
  }
  head = load<u64>(place);
  digits = load<i32>(place, 8);
  firstDigit = <i32>(head >> 56);
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
