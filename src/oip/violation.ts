/**
 * What is wrong with a document of the Open Inference Protocol V2. `E-`: it is no JSON, exceeds a limit, or violates the
 * text of the protocol; `C-`: a server may take it by converting it, another may refuse it; `W-`: the protocol allows it
 * and servers differ. How much each weighs is a matter of the profile.
 */
export type ViolationCode =
  | 'E-JSON'
  | 'E-DEPTH'
  | 'E-LIMIT'
  | 'E-DUPKEY'
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
  | 'E-ID-ECHO'
  | 'E-OUTPUT-NOT-REQUESTED'
  | 'C-COERCE'
  | 'C-RAGGED'
  | 'W-NULL-OPTIONAL'
  | 'W-UNKNOWN-MEMBER'
  | 'W-FP16-JSON'
  | 'W-BF16';

export type Severity = 'error' | 'warning';

export interface Violation {
  readonly code: ViolationCode;
  readonly severity: Severity;
  /** JSON Pointer of the value, or of the object that lacks one. */
  readonly pointer: string;
  /** One sentence without full stop. Never holds a value of the document. */
  readonly message: string;
  /** In bytes, from the beginning of the file. */
  readonly offset: number;
  /** From 1. */
  readonly line: number;
}

/** What is said of one file. It is valid where `errors` is 0. */
export interface Verdict {
  /** The first errors and the first warnings, in the order of the file. */
  readonly violations: readonly Violation[];
  /** How many there are in all. */
  readonly errors: number;
  readonly warnings: number;
}

/** A document of ten million wrong numbers has ten million violations; nobody reads more than these. */
export const violationsKept = 100;

/** Where a violation is. The pointer is asked for only if the violation is kept. */
export interface Spot {
  readonly offset: number;
  readonly line: number;
  readonly pointer: () => string;
}

/** Gathers the violations of one file: keeps the first errors and the first warnings, and counts the rest. */
export interface Collector {
  /** @param times how many violations it stands for */
  add(code: ViolationCode, severity: Severity, spot: Spot, message: () => string, times?: number): void;
  verdict(): Verdict;
}

/** Keeps the first `kept` errors and as many warnings, and counts all of them. */
export function createCollector(kept: number): Collector {
  const found: Violation[] = [];
  const counts = { error: 0, warning: 0 };
  const keptOf = { error: 0, warning: 0 };
  return {
    add: (code, severity, { offset, line, pointer }, message, times = 1) => {
      counts[severity] += times;
      if (keptOf[severity] >= kept) return;
      keptOf[severity] += 1;
      found.push({ code, severity, pointer: pointer(), message: message(), offset, line });
    },
    verdict: () => ({
      // What is known only at the end of a tensor lies before what was found inside it.
      violations: found.sort((a, b) => a.offset - b.offset),
      errors: counts.error,
      warnings: counts.warning,
    }),
  };
}
