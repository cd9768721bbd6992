import { isBelow, isInteger, isLiteralInteger, isNegative, JsonNumber } from './json.js';

/** Why an element does not fit its datatype: another JSON type (a server might convert it), or out of range. */
export type ElementProblem = 'type' | 'range' | undefined;

export interface Datatype {
  /** What an element must be, for a message. */
  readonly takes: string;
  readonly check: (element: unknown) => ElementProblem;
}

/** The bounds are exclusive magnitudes. */
const integer = (negative: bigint, positive: bigint, range: string): Datatype => ({
  takes: `integers from ${range}`,
  check: (element) => {
    if (!(element instanceof JsonNumber) || !isInteger(element)) return 'type';
    if (!isBelow(element, isNegative(element) ? negative : positive)) return 'range';
    return isLiteralInteger(element) ? undefined : 'type';
  },
});

/** `limit`: the smallest magnitude that rounds to infinity. */
const float = (limit: bigint, name: string): Datatype => ({
  takes: `numbers within the range of ${name}`,
  check: (element) => {
    if (!(element instanceof JsonNumber)) return 'type';
    return isBelow(element, limit) ? undefined : 'range';
  },
});

/**
 * The datatypes, case-sensitive as the protocol says. BF16 stands in its text and not in its table.
 * FP16 and BF16 have no JSON form of their own; the protocol does not forbid them, so numbers are taken.
 */
const datatypes: ReadonlyMap<string, Datatype> = new Map([
  ['BOOL', { takes: 'true and false', check: (element: unknown) => (typeof element === 'boolean' ? undefined : ('type' as const)) }],
  ['UINT8', integer(1n, 256n, '0 to 255')],
  ['UINT16', integer(1n, 65536n, '0 to 65535')],
  ['UINT32', integer(1n, 2n ** 32n, '0 to 4294967295')],
  ['UINT64', integer(1n, 2n ** 64n, '0 to 18446744073709551615')],
  ['INT8', integer(129n, 128n, '-128 to 127')],
  ['INT16', integer(32769n, 32768n, '-32768 to 32767')],
  ['INT32', integer(2n ** 31n + 1n, 2n ** 31n, '-2147483648 to 2147483647')],
  ['INT64', integer(2n ** 63n + 1n, 2n ** 63n, '-9223372036854775808 to 9223372036854775807')],
  ['FP16', float(65520n, 'FP16')],
  ['FP32', float(2n ** 128n - 2n ** 103n, 'FP32')],
  ['FP64', float(2n ** 1024n - 2n ** 970n, 'FP64')],
  ['BF16', float(2n ** 128n - 2n ** 119n, 'BF16')],
  ['BYTES', { takes: 'strings', check: (element: unknown) => (typeof element === 'string' ? undefined : ('type' as const)) }],
]);

export const datatypeNames: readonly string[] = [...datatypes.keys()];

export const findDatatype = (name: string): Datatype | undefined => datatypes.get(name);

/** What a JSON value is called in a message. */
export function jsonType(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  if (value instanceof JsonNumber) return 'a number';
  switch (typeof value) {
    case 'boolean':
      return 'a boolean';
    case 'string':
      return 'a string';
    default:
      return 'an object';
  }
}
