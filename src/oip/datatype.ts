import { bounds, fractional, integral, intervals, negative, numberClasses } from '../json/number-class.js';
import { elementClasses, elementFalse, elementNull, elementObject, elementText, elementTrue, quoted } from '../json/element-class.js';

/** Why an element does not fit its datatype. */
export const fits = 0;
export const outOfRange = 1;
/** Of another JSON type, and a server might convert it. */
export const convertible = 2;
/** Of another JSON type, and no conversion keeps its value. */
export const wrongType = 3;
/** `null` or an object, which no datatype has. */
export const noElement = 4;

export interface Datatype {
  readonly name: string;
  /** What an element must be, for a message. */
  readonly takes: string;
  /** By class of element: {@link fits} and so on. */
  readonly problems: Uint8Array;
}

const boundIndex = (magnitude: bigint): number => bounds.indexOf(magnitude);

/** Judges each class of numbers; `quoted` ones as what is left of them without their quotation marks. */
function table(ofNumber: (form: number, isNegative: boolean, interval: number) => number, ofQuoted: (problem: number) => number): Uint8Array {
  const problems = new Uint8Array(elementClasses);
  for (let numberClass = 0; numberClass < numberClasses; numberClass += 1) {
    const problem = ofNumber(numberClass & (integral | fractional), (numberClass & negative) !== 0, numberClass & (intervals - 1));
    problems[numberClass] = problem;
    problems[quoted + numberClass] = ofQuoted(problem);
  }
  problems[elementTrue] = convertible;
  problems[elementFalse] = convertible;
  problems[elementText] = wrongType;
  problems[elementNull] = noElement;
  problems[elementObject] = noElement;
  return problems;
}

const quotedNumber = (problem: number): number => (problem === fits || problem === convertible ? convertible : wrongType);

function integer(name: string, least: bigint, most: bigint): Datatype {
  const [low, high] = [boundIndex(-least), boundIndex(most)];
  const problems = table((form, isNegative, interval) => {
    if (form === fractional) return wrongType;
    if (interval > (isNegative ? low : high)) return outOfRange;
    return form === integral ? convertible : fits;
  }, quotedNumber);
  return { name, takes: `integers from ${String(least)} to ${String(most)}`, problems };
}

/** @param most the whole part of the largest magnitude that does not round to infinity */
function float(name: string, most: bigint): Datatype {
  const high = boundIndex(most);
  const problems = table((_, __, interval) => (interval > high ? outOfRange : fits), quotedNumber);
  return { name, takes: `numbers within the range of ${name}`, problems };
}

function boolean(): Datatype {
  const isBit = (form: number, isNegative: boolean, interval: number): boolean =>
    form !== fractional && (interval === 0 || (interval === 1 && !isNegative));
  const problems = table(
    (...number) => (isBit(...number) ? convertible : wrongType),
    () => wrongType,
  );
  problems[elementTrue] = fits;
  problems[elementFalse] = fits;
  return { name: 'BOOL', takes: 'true and false', problems };
}

function bytes(): Datatype {
  const problems = table(
    () => convertible,
    () => fits,
  );
  problems[elementText] = fits;
  return { name: 'BYTES', takes: 'strings', problems };
}

/**
 * The datatypes, case-sensitive as the protocol says. BF16 stands in its text and not in its table.
 * FP16 and BF16 have no JSON form of their own; the protocol does not forbid them, so numbers are taken.
 */
export const datatypes: readonly Datatype[] = [
  boolean(),
  integer('UINT8', 0n, 2n ** 8n - 1n),
  integer('UINT16', 0n, 2n ** 16n - 1n),
  integer('UINT32', 0n, 2n ** 32n - 1n),
  integer('UINT64', 0n, 2n ** 64n - 1n),
  integer('INT8', -(2n ** 7n), 2n ** 7n - 1n),
  integer('INT16', -(2n ** 15n), 2n ** 15n - 1n),
  integer('INT32', -(2n ** 31n), 2n ** 31n - 1n),
  integer('INT64', -(2n ** 63n), 2n ** 63n - 1n),
  float('FP16', 65519n),
  float('FP32', 2n ** 128n - 2n ** 103n - 1n),
  float('FP64', 2n ** 1024n - 2n ** 970n - 1n),
  float('BF16', 2n ** 128n - 2n ** 119n - 1n),
  bytes(),
];

const encoder = new TextEncoder();
const names = datatypes.map(({ name }) => encoder.encode(name));
export const datatypeNames: readonly string[] = datatypes.map(({ name }) => name);

/** Place in {@link datatypes}, or -1. */
export function findDatatype(text: Uint8Array, start: number, end: number): number {
  for (let index = 0; index < names.length; index += 1) {
    const name = names[index];
    if (name && isSame(name, text, start, end)) return index;
  }
  return -1;
}

/** Whether a piece of bytes is this name. */
export function isSame(name: Uint8Array, text: Uint8Array, start: number, end: number): boolean {
  if (name.length !== end - start) return false;
  for (let at = 0; at < name.length; at += 1) if (name[at] !== text[start + at]) return false;
  return true;
}

/** What an element is called in a message. */
export function elementWords(elementClass: number): string {
  if (elementClass === elementTrue || elementClass === elementFalse) return 'a boolean';
  if (elementClass === elementNull) return 'null';
  if (elementClass === elementObject) return 'an object';
  if (elementClass >= quoted) return 'a string';
  const form = elementClass & (integral | fractional);
  if (form === fractional) return 'a number with a fraction';
  return form === integral ? 'an integer that is written with a point or an exponent' : 'an integer';
}
