/** Why an element does not fit its datatype: another JSON type (a server might convert it), or out of range. */
export type ElementProblem = 'type' | 'range' | undefined;

export interface Datatype {
  /** What an element must be, for a message. */
  readonly takes: string;
  readonly check: (element: unknown) => ElementProblem;
}

/**
 * `JSON.parse` rounds integers beyond 2^53, so bounds are compared as doubles too: 9223372036854775807 and
 * 9223372036854775808 are one number here. A valid element is never refused; the lossless check needs the number's text.
 */
const integer = (minimum: number, maximum: number, range: string): Datatype => ({
  takes: `integers from ${range}`,
  check: (element) => {
    if (typeof element !== 'number') return 'type';
    // What overflowed a double has no digits left that could be looked at: it is out of every range.
    if (!Number.isFinite(element)) return 'range';
    if (!Number.isInteger(element)) return 'type';
    return element >= minimum && element <= maximum ? undefined : 'range';
  },
});

/** `limit`: the smallest magnitude that rounds to infinity. */
const float = (limit: number, name: string): Datatype => ({
  takes: `numbers within the range of ${name}`,
  check: (element) => {
    if (typeof element !== 'number') return 'type';
    return Math.abs(element) < limit ? undefined : 'range';
  },
});

/**
 * The datatypes, case-sensitive as the protocol says. BF16 stands in its text and not in its table.
 * FP16 and BF16 have no JSON form of their own; the protocol does not forbid them, so numbers are taken.
 */
const datatypes: ReadonlyMap<string, Datatype> = new Map([
  ['BOOL', { takes: 'true and false', check: (element: unknown) => (typeof element === 'boolean' ? undefined : ('type' as const)) }],
  ['UINT8', integer(0, 255, '0 to 255')],
  ['UINT16', integer(0, 65535, '0 to 65535')],
  ['UINT32', integer(0, 4294967295, '0 to 4294967295')],
  ['UINT64', integer(0, 2 ** 64, '0 to 18446744073709551615')],
  ['INT8', integer(-128, 127, '-128 to 127')],
  ['INT16', integer(-32768, 32767, '-32768 to 32767')],
  ['INT32', integer(-(2 ** 31), 2 ** 31 - 1, '-2147483648 to 2147483647')],
  ['INT64', integer(-(2 ** 63), 2 ** 63, '-9223372036854775808 to 9223372036854775807')],
  ['FP16', float(65520, 'FP16')],
  ['FP32', float(2 ** 128 - 2 ** 103, 'FP32')],
  ['FP64', float(Infinity, 'FP64')],
  ['BF16', float(2 ** 128 - 2 ** 119, 'BF16')],
  ['BYTES', { takes: 'strings', check: (element: unknown) => (typeof element === 'string' ? undefined : ('type' as const)) }],
]);

export const datatypeNames: readonly string[] = [...datatypes.keys()];

export const findDatatype = (name: string): Datatype | undefined => datatypes.get(name);

/** What a JSON value is called in a message. */
export function jsonType(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  switch (typeof value) {
    case 'boolean':
      return 'a boolean';
    case 'number':
      return Number.isInteger(value) ? 'an integer' : 'a number with a fraction';
    case 'string':
      return 'a string';
    default:
      return 'an object';
  }
}
