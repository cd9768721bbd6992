import { closeSync, constants, fstatSync, openSync, readSync, type Stats } from 'node:fs';
import type { DocumentValidator } from '../oip/document-validator.js';
import type { Verdict } from '../oip/violation.js';

/** A file that is open, or why it cannot be checked. */
export type Opened = { readonly descriptor: number } | { readonly kind: string } | { readonly problem: string };

/** A pipe without a writer does not block, and is refused as what it is. */
export function openFile(path: string): Opened {
  let descriptor: number;
  try {
    descriptor = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  } catch (error) {
    return { problem: error instanceof Error && 'code' in error ? String(error.code) : 'unknown' };
  }
  const stat = fstatSync(descriptor);
  if (stat.isFile()) return { descriptor };
  closeSync(descriptor);
  return { kind: kindOf(stat) };
}

function kindOf(stat: Stats): string {
  if (stat.isDirectory()) return 'a folder';
  if (stat.isFIFO()) return 'a pipe';
  return stat.isSocket() ? 'a socket' : 'a device';
}

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
