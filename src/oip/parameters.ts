import { binaryParameters, binaryWishes, kindWords, type JsonKind } from './members.js';
import type { Report } from './report.js';

const decoder = new TextDecoder();

/** `parameters` of a document, an input or an output: strings, numbers and booleans by name. */
export interface Parameters {
  key(bytes: Uint8Array, start: number, end: number): void;
  value(kind: JsonKind, isTrue: boolean): void;
}

/** Of one map of parameters after another; what does not fit is told to the report. */
export function createParameters(report: Report): Parameters {
  let name = '';
  return {
    key: (bytes, start, end) => {
      name = decoder.decode(bytes.subarray(start, end));
    },
    value: (kind, isTrue) => {
      if (kind !== 'null' && (binaryParameters.has(name) || (binaryWishes.has(name) && isTrue))) {
        report.add('E-BINARY-IN-FILE', () => 'binary tensors cannot be in a file; give the elements in "data"');
      } else if (kind === 'object' || kind === 'array' || kind === 'null') {
        report.add('E-PARAM-TYPE', () => `a parameter must be a string, a number or a boolean; found ${kindWords(kind)}`);
      }
    },
  };
}
