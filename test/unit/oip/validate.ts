import { createDocumentValidator, type ValidatorOptions as AllOptions } from '../../../src/oip/document-validator.js';
import type { Verdict } from '../../../src/oip/violation.js';

/** No test's verdict depends on the key. */
const nameKey = [1, 2] as const;
export type ValidatorOptions = Omit<AllOptions, 'nameKey'>;

const encoder = new TextEncoder();
export const toBytes = (document: string | Uint8Array): Uint8Array => (typeof document === 'string' ? encoder.encode(document) : document);

/** Checks a document in one piece. */
export function validate(document: string | Uint8Array, options: ValidatorOptions): Verdict {
  const validator = createDocumentValidator({ ...options, nameKey });
  validator.push(toBytes(document));
  return validator.end();
}

/** The same in pieces that end at these places. */
export function validateInPieces(document: string | Uint8Array, cuts: readonly number[], options: ValidatorOptions): Verdict {
  const bytes = toBytes(document);
  const validator = createDocumentValidator({ ...options, nameKey });
  let from = 0;
  for (const to of [...cuts, bytes.length]) {
    // A copy: what is behind the end of a piece must not be read.
    validator.push(bytes.slice(from, to));
    from = to;
  }
  return validator.end();
}
