import { remembered } from './remembered.js';

/**
 * Kubernetes quantities, exactly: the grammar, the rounding and the canonical form of apimachinery's `resource.Quantity`.
 * Negative ones and those above 2^63-1 (Kubernetes silently lowers some of them) are refused: no resource of ours has them.
 * @see https://pkg.go.dev/k8s.io/apimachinery/pkg/api/resource#Quantity
 */
export interface Quantity {
  /** In units of 10^-9, the finest that Kubernetes keeps. */
  readonly nano: bigint;
  /** How it was written, which decides how it is printed. */
  readonly format: 'decimal' | 'exponent' | 'binary';
}

const grammar = /^\+?(?:([0-9]+)(?:\.([0-9]*))?|\.([0-9]+))(?:([KMGTPE]i)|([numkMGTPE]?)|[eE]([+-]?[0-9]{1,3}))$/;
/** Longer numbers are refused before they are computed with. */
const longestText = 64;

const one = 1_000_000_000n;
const milli = 1_000_000n;
const largest = ((1n << 63n) - 1n) * one;

const binarySuffixes = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];
const decimalSuffixes = ['n', 'u', 'm', '', 'k', 'M', 'G', 'T', 'P', 'E'];

const roundUp = (value: bigint, unit: bigint): bigint => ((value + unit - 1n) / unit) * unit;

/** Undefined where Kubernetes would refuse `text`, or where it is negative or too large. */
export const parseQuantity = (text: string): Quantity | undefined => (text.length > longestText ? undefined : parse(text));

const parse = remembered((text: string): Quantity | undefined => {
  const match = grammar.exec(text);
  if (!match) return undefined;
  const [, whole = '0', wholeFraction = '', onlyFraction = '', binary, decimal = '', exponent] = match;
  const fraction = wholeFraction || onlyFraction;
  const digits = BigInt(whole + fraction);
  const format = binary ? 'binary' : exponent === undefined ? 'decimal' : 'exponent';
  // value = digits * 10^power * factor
  const factor = binary ? 1024n ** BigInt(binarySuffixes.indexOf(binary)) : 1n;
  const power = (binary ? 0 : exponent === undefined ? (decimalSuffixes.indexOf(decimal) - 3) * 3 : Number(exponent)) + 9 - fraction.length;
  const scaled = digits * factor;
  const nano = power >= 0 ? scaled * 10n ** BigInt(power) : divideUp(scaled, 10n ** BigInt(-power));
  return nano > largest ? undefined : { nano, format };
});

const divideUp = (value: bigint, divisor: bigint): bigint => (value + divisor - 1n) / divisor;

/** Whole bytes; undefined where `text` is no such quantity, or more than a number can count. */
export function bytesOf(text: string): number | undefined {
  const nano = parseQuantity(text)?.nano;
  if (nano === undefined || nano % one !== 0n) return undefined;
  const bytes = Number(nano / one);
  return Number.isSafeInteger(bytes) ? bytes : undefined;
}

/** Negative, zero or positive as `a` is smaller than, equal to or larger than `b`. */
export const compareQuantity = (a: Quantity, b: Quantity): -1 | 0 | 1 => (a.nano < b.nano ? -1 : a.nano > b.nano ? 1 : 0);

/** Whether one amount is more than another; false where either is no quantity, which has its own code. */
export function isMore(amount: string, than: string): boolean {
  const [one, other] = [parseQuantity(amount), parseQuantity(than)];
  return one !== undefined && other !== undefined && compareQuantity(one, other) > 0;
}

/** Printed as `a` is, unless `a` is zero: as Kubernetes adds. */
export const addQuantity = (a: Quantity, b: Quantity): Quantity => ({ nano: a.nano + b.nano, format: a.nano === 0n ? b.format : a.format });

/**
 * The one form that an API server stores as it is: `1000m` is `1`, `0.5` is `500m`, `1024Mi` is `1Gi`, `1.5Gi` is
 * `1536Mi`. (Some others, such as `1.500`, it keeps until something computes with them.)
 */
export function formatQuantity({ nano, format }: Quantity): string {
  if (nano === 0n) return '0';
  // Small or fractional amounts would lose digits in powers of 1024.
  if (format === 'binary' && nano >= 1024n * one && nano % one === 0n) return formatBinary(nano / one);
  let mantissa = nano;
  let thousands = 0;
  while (mantissa % 1000n === 0n) {
    mantissa /= 1000n;
    thousands += 1;
  }
  if (format === 'exponent') {
    const exponent = thousands * 3 - 9;
    return exponent === 0 ? String(mantissa) : `${mantissa}e${exponent}`;
  }
  const suffix = Math.min(thousands, decimalSuffixes.length - 1);
  return `${mantissa * 1000n ** BigInt(thousands - suffix)}${decimalSuffixes[suffix] ?? ''}`;
}

function formatBinary(value: bigint): string {
  let mantissa = value;
  let suffix = 0;
  while (mantissa % 1024n === 0n && suffix < binarySuffixes.length - 1) {
    mantissa /= 1024n;
    suffix += 1;
  }
  return `${mantissa}${binarySuffixes[suffix] ?? ''}`;
}

/** {@link formatQuantity} of a text; undefined where it is no quantity. */
export function canonicalQuantity(text: string): string | undefined {
  const quantity = parseQuantity(text);
  return quantity && formatQuantity(quantity);
}

/** The same for an amount of CPU: never finer than a thousandth (Kubernetes rounds up), never in powers of 1024. */
export function canonicalCpu(text: string): string | undefined {
  const quantity = parseQuantity(text);
  return quantity && formatQuantity({ nano: roundUp(quantity.nano, milli), format: quantity.format === 'binary' ? 'decimal' : quantity.format });
}
