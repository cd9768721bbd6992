import { JsonNumber } from './json.js';
import { jsonType } from './datatype.js';
import { optional, type JsonObject } from './members.js';
import type { Collector, Path } from './violation.js';

/**
 * Members by which the binary tensor extension says that data follows the JSON or lies in shared memory.
 * A file has neither.
 */
const binaryParameters: ReadonlySet<string> = new Set([
  'binary_data_size',
  'shared_memory_region',
  'shared_memory_offset',
  'shared_memory_byte_size',
]);
/** The same as a wish for the response: refused only when it is `true`. */
const binaryWishes: ReadonlySet<string> = new Set(['binary_data', 'binary_data_output']);

/** `parameters` of a document, an input or an output: strings, numbers and booleans by name. */
export function checkParameters(owner: JsonObject, at: Path, collector: Collector): void {
  const parameters = optional(owner, 'parameters', 'object', at, collector);
  if (parameters === undefined) return;
  for (const [name, value] of Object.entries(parameters)) {
    const path = [...at, 'parameters', name];
    if (value !== null && (binaryParameters.has(name) || (binaryWishes.has(name) && value === true))) {
      collector.add('E-BINARY-IN-FILE', path, 'binary tensors cannot be in a file; give the elements in "data"');
    } else if (typeof value === 'object' && !(value instanceof JsonNumber)) {
      collector.add('E-PARAM-TYPE', path, `a parameter must be a string, a number or a boolean; found ${jsonType(value)}`);
    }
  }
}
