import { readFile, stat } from 'node:fs/promises';
import { getHeapStatistics } from 'node:v8';
import { validateDocument, type Direction } from '../../src/oip/document.js';
import type { Verdict } from '../../src/oip/violation.js';
import { failure } from '../base/failure.js';
import { sha256OfText } from '../base/files.js';

/** What is known of a file after it was read once. */
export interface FileVerdict extends Verdict {
  /** Bytes. */
  readonly size: number;
  readonly sha256: string;
}

/** Reads files as documents of the protocol; another one may read them piece by piece. */
export interface DocumentValidator {
  /** @param name what the file is called in a message */
  validateFile(path: string, direction: Direction, name: string): Promise<FileVerdict>;
}

const MiB = 1 << 20;
/** No document is read beyond this, whatever memory there is. */
const largest = 256 * MiB;
/** A parsed document takes several times its size; a heap that runs full ends the process without a word. */
const heapShare = 8;

/** The largest document that this process can hold. */
export const documentLimit = (): number => Math.min(largest, Math.floor(getHeapStatistics().heap_size_limit / heapShare));

/** Reads each document whole. */
export function createWholeFileValidator(limit = documentLimit()): DocumentValidator {
  return {
    validateFile: async (path, direction, name) => {
      if ((await stat(path)).size > limit) throw failure('runtime/file-too-large', { file: name, limit: `${String(Math.floor(limit / MiB))} MiB` });
      const bytes = await readFile(path);
      return { ...validateDocument(bytes, direction), size: bytes.length, sha256: sha256OfText(bytes) };
    },
  };
}
