import { jsonPointer } from '../../src/json/pointer.js';

/**
 * What can be wrong with a document of the Open Inference Protocol V2. `E-`: it violates the text of the protocol;
 * `C-`: a server may take it by converting it, another may refuse it. Both are violations for the profile `spec`.
 */
export type ViolationCode =
  | 'E-JSON'
  | 'E-DEPTH'
  | 'E-NOT-OBJECT'
  | 'E-MISSING'
  | 'E-TYPE'
  | 'E-EMPTY-INPUTS'
  | 'E-DATATYPE'
  | 'E-SHAPE-NEG'
  | 'E-SHAPE-RANGE'
  | 'E-COUNT'
  | 'E-NULL-ELEMENT'
  | 'E-RANGE'
  | 'E-PARAM-TYPE'
  | 'E-BINARY-IN-FILE'
  | 'E-DUP-TENSOR'
  | 'C-COERCE'
  | 'C-RAGGED';

export interface Violation {
  readonly code: ViolationCode;
  /** JSON Pointer of the value, or of the object that lacks one. */
  readonly pointer: string;
  /** One sentence without full stop. Never holds a value of the document. */
  readonly message: string;
}

export interface Verdict {
  /** The first ones, in the order of the document. */
  readonly violations: readonly Violation[];
  /** How many there are in all. */
  readonly total: number;
}

/** A document of ten million wrong numbers has ten million violations; nobody reads more than these. */
export const violationsKept = 100_000;

export type Path = readonly (string | number)[];

/** Gathers violations; keeps the first {@link violationsKept} and counts the rest. */
export interface Collector {
  add(code: ViolationCode, path: Path, message: string): void;
  /** The same where the path costs something to build: it is asked for only if the violation is kept. */
  addLazily(code: ViolationCode, path: () => Path, message: string): void;
  verdict(): Verdict;
}

export function createCollector(): Collector {
  const violations: Violation[] = [];
  let total = 0;
  const addLazily: Collector['addLazily'] = (code, path, message) => {
    total += 1;
    if (violations.length < violationsKept) violations.push({ code, pointer: jsonPointer(path()), message });
  };
  return {
    add: (code, path, message) => {
      addLazily(code, () => path, message);
    },
    addLazily,
    verdict: () => ({ violations, total }),
  };
}
