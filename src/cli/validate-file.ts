import { readSync } from 'node:fs';
import type { DocumentValidator } from '../oip/document-validator.js';
import type { Verdict } from '../oip/violation.js';

/** Reads the file from its beginning, into a buffer that is used again. */
export function* pieces(descriptor: number, buffer: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; ;) {
    const length = readSync(descriptor, buffer, 0, buffer.length, at);
    if (length === 0) return;
    yield buffer.subarray(0, length);
    at += length;
  }
}

/** The verdict of one file; the validator is ready for the next one also where reading fails. */
export function validateOpen(descriptor: number, validator: DocumentValidator, buffer: Uint8Array): Verdict {
  try {
    for (const piece of pieces(descriptor, buffer)) {
      if (!validator.push(piece)) break;
    }
  } catch (error) {
    validator.end();
    throw error;
  }
  return validator.end();
}
