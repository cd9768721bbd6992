/** What a place in a document may hold. */
export type JsonKind = 'object' | 'array' | 'string' | 'integer' | 'number' | 'boolean' | 'null';

/** The objects and arrays of a document that are looked into. */
export type Context =
  'documents' | 'request' | 'response' | 'tensors' | 'tensor' | 'requestedOutputs' | 'requestedOutput' | 'parameters' | 'shape' | 'data' | 'skipped';

export const directions = ['request', 'response'] as const;
export type Direction = (typeof directions)[number];

export interface Member {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly kind: 'object' | 'array' | 'string';
  readonly isRequired: boolean;
  /** What it opens, where it is an object or array. */
  readonly opens: Context;
  /** In the set of members that were seen. */
  readonly bit: number;
}

const encoder = new TextEncoder();
const member = (name: string, kind: Member['kind'], isRequired: boolean, opens: Context = 'skipped'): Omit<Member, 'bit'> => ({
  name,
  bytes: encoder.encode(name),
  kind,
  isRequired,
  opens,
});
const list = (...members: readonly Omit<Member, 'bit'>[]): readonly Member[] => members.map((each, index) => ({ ...each, bit: 1 << index }));

const id = member('id', 'string', false);
const parameters = member('parameters', 'object', false, 'parameters');
const name = member('name', 'string', true);

/**
 * The members that the protocol names.
 * @see https://github.com/kserve/open-inference-protocol/blob/main/specification/protocol/inference_rest.md
 */
export const membersOf: Readonly<Partial<Record<Context, readonly Member[]>>> = {
  request: list(id, parameters, member('inputs', 'array', true, 'tensors'), member('outputs', 'array', false, 'requestedOutputs')),
  response: list(
    member('model_name', 'string', true),
    member('model_version', 'string', false),
    id,
    parameters,
    member('outputs', 'array', true, 'tensors'),
  ),
  tensor: list(name, member('shape', 'array', true, 'shape'), member('datatype', 'string', true), parameters, member('data', 'array', true, 'data')),
  requestedOutput: list(name, parameters),
};

/** The objects that a list consists of. */
export const itemOf = (context: 'tensors' | 'requestedOutputs'): Context => (context === 'tensors' ? 'tensor' : 'requestedOutput');

const articles: Readonly<Record<JsonKind, string>> = {
  object: 'an object',
  array: 'an array',
  string: 'a string',
  integer: 'an integer',
  number: 'a number with a fraction',
  boolean: 'a boolean',
  null: 'null',
};
/** What a JSON value is called in a message. */
export const kindWords = (kind: JsonKind): string => articles[kind];

/**
 * Parameters by which the binary tensor extension says that data follows the JSON or lies in shared memory. A file has
 * neither.
 */
export const binaryParameters: ReadonlySet<string> = new Set([
  'binary_data_size',
  'shared_memory_region',
  'shared_memory_offset',
  'shared_memory_byte_size',
]);
/** The same as a wish for the response: refused only when it is `true`. */
export const binaryWishes: ReadonlySet<string> = new Set(['binary_data', 'binary_data_output']);
