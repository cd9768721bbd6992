/**
 * What a JSON number is, told from its text without rounding: a small number that says how it is written, its sign, and
 * between which of the bounds of the numeric types its magnitude lies. Two numbers of one class fit the same types.
 */
const zero = 0x30;
const nine = 0x39;

/** Upper bounds of the intervals, inclusive, of the whole part of the magnitude. What is larger overflows a double. */
export const bounds: readonly bigint[] = [
  0n,
  1n,
  2n ** 7n - 1n,
  2n ** 7n,
  2n ** 8n - 1n,
  2n ** 15n - 1n,
  2n ** 15n,
  // The smallest magnitude that rounds to infinity as FP16 is 65520, and so on for the other three.
  65519n,
  2n ** 16n - 1n,
  2n ** 31n - 1n,
  2n ** 31n,
  2n ** 32n - 1n,
  2n ** 63n - 1n,
  2n ** 63n,
  2n ** 64n - 1n,
  2n ** 128n - 2n ** 119n - 1n,
  2n ** 128n - 2n ** 103n - 1n,
  2n ** 1024n - 2n ** 970n - 1n,
];

const exact = bounds.filter((bound) => bound < 2n ** 53n).map(Number);
const below64 = exact.length;
/** More decimal digits than the largest bound has. */
const mostDigits = 310;

export const intervals = 32;
export const negative = 32;
/** How the number is written: `7`; `7.0` or `7e0`; `7.5`. */
export const integral = 64;
export const fractional = 128;
/** There are this many classes. */
export const numberClasses = 192;

export const isNumberByte = Uint8Array.from({ length: 256 }, (_, byte) => ('+-.0123456789Ee'.includes(String.fromCharCode(byte)) ? 1 : 0));

/**
 * The class of the number that is `bytes` from `start` to `end`, or, where that is no JSON number, `-1 - at` with the
 * place that is wrong; `end` where it stops too early.
 */
export function classifyNumber(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  const sign = bytes[at] === 0x2d ? negative : 0;
  if (sign !== 0) at += 1;
  const whole = at;
  let value = 0;
  while (at < end) {
    const digit = (bytes[at] ?? 0) - zero;
    if (digit < 0 || digit > 9) break;
    value = value * 10 + digit;
    at += 1;
  }
  if (at === whole) return -1 - at;
  if (at > whole + 1 && bytes[whole] === zero) return -2 - whole;
  const wholeEnd = at;
  if (at === end) return sign + intervalOf(bytes, whole, wholeEnd, value);

  let form = integral;
  if (bytes[at] === 0x2e) {
    const fraction = at + 1;
    for (at = fraction; at < end; at += 1) {
      const byte = bytes[at] ?? 0;
      if (byte < zero || byte > nine) break;
      if (byte !== zero) form = fractional;
    }
    if (at === fraction) return -1 - at;
  }
  if (at === end) return form + sign + intervalOf(bytes, whole, wholeEnd, value);

  if (((bytes[at] ?? 0) | 0x20) !== 0x65) return -1 - at;
  const mantissaEnd = at;
  at += 1;
  if (at < end && (bytes[at] === 0x2b || bytes[at] === 0x2d)) at += 1;
  const digits = at;
  while (at < end && (bytes[at] ?? 0) >= zero && (bytes[at] ?? 0) <= nine) at += 1;
  if (at === digits || at < end) return -1 - at;
  return sign + withExponent(bytes, { whole, wholeEnd, mantissaEnd, exponent: mantissaEnd + 1, end });
}

/** `value` is exact for up to 15 digits; then the digits are compared in two halves. */
function intervalOf(bytes: Uint8Array, start: number, end: number, value: number): number {
  const digits = end - start;
  if (digits <= 15) return smallInterval(value);
  if (digits < 19) return below64;
  if (digits > 20) return largeInterval(BigInt(textOf(bytes, start, end)));
  const high = valueOf(bytes, start, end - 10);
  const low = valueOf(bytes, end - 10, end);
  const isUpTo = (boundHigh: number, boundLow: number): boolean => high < boundHigh || (high === boundHigh && low <= boundLow);
  if (isUpTo(922337203, 6854775807)) return below64;
  if (isUpTo(922337203, 6854775808)) return below64 + 1;
  return isUpTo(1844674407, 3709551615) ? below64 + 2 : below64 + 3;
}

function smallInterval(value: number): number {
  let interval = 0;
  while (interval < below64 && value > (exact[interval] ?? 0)) interval += 1;
  return interval;
}

function largeInterval(value: bigint): number {
  let interval = 0;
  while (interval < bounds.length && value > (bounds[interval] ?? 0n)) interval += 1;
  return interval;
}

interface Parts {
  readonly whole: number;
  readonly wholeEnd: number;
  readonly mantissaEnd: number;
  /** Its sign or first digit. */
  readonly exponent: number;
  readonly end: number;
}

/** Moves the point in the text: `Number` would round twice what is just below a bound. */
function withExponent(bytes: Uint8Array, { whole, wholeEnd, mantissaEnd, exponent, end }: Parts): number {
  const fraction = mantissaEnd > wholeEnd ? textOf(bytes, wholeEnd + 1, mantissaEnd) : '';
  const digits = (textOf(bytes, whole, wholeEnd) + fraction).replace(/^0+/, '');
  const significant = digits.replace(/0+$/, '');
  if (significant === '') return integral;
  const scale = Number(textOf(bytes, exponent, end)) - fraction.length;
  // How many digits stand before the point once it is moved.
  const before = digits.length + scale;
  const form = before >= significant.length ? integral : fractional;
  if (before <= 0) return form;
  if (before > mostDigits) return form + bounds.length;
  const moved = digits.slice(0, before).padEnd(before, '0');
  return form + (before <= 15 ? smallInterval(Number(moved)) : largeInterval(BigInt(moved)));
}

function valueOf(bytes: Uint8Array, start: number, end: number): number {
  let value = 0;
  for (let at = start; at < end; at += 1) value = value * 10 + (bytes[at] ?? 0) - zero;
  return value;
}

function textOf(bytes: Uint8Array, start: number, end: number): string {
  let text = '';
  for (let at = start; at < end; at += 1) text += String.fromCharCode(bytes[at] ?? 0);
  return text;
}
