import { readFile, stat } from 'node:fs/promises';
import { getHeapStatistics } from 'node:v8';
import { validateDocument, type Direction } from '../../src/oip/document.js';
import type { Verdict } from '../../src/oip/violation.js';
import { failure } from '../base/failure.js';
import { sha256OfText } from '../base/files.js';
import { memoryNeed } from './memory-need.js';

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

export interface DocumentLimits {
  /** Bytes of a document. */
  readonly size: number;
  /** Bytes of the heap that a document may take. */
  readonly memory: number;
}

const MiB = 1 << 20;
const inMiB = (bytes: number): string => `${String(Math.ceil(bytes / MiB))} MiB`;

/** Most of the heap; the rest is for everything else. */
const heapShare = 0.7;
const ownLimits = (): DocumentLimits => ({ size: 256 * MiB, memory: Math.floor(getHeapStatistics().heap_size_limit * heapShare) });

/** Reads each document whole. */
export function createWholeFileValidator(limits: DocumentLimits = ownLimits()): DocumentValidator {
  const check = (file: string, need: number, has: number, words: string): void => {
    if (need > has) throw failure('runtime/file-too-large', { file, problem: `${words} (${inMiB(need)} of ${inMiB(has)})` });
  };
  return {
    validateFile: async (path, direction, name) => {
      check(name, (await stat(path)).size, limits.size, 'is larger than what can be validated');
      const bytes = await readFile(path);
      check(name, memoryNeed(bytes), limits.memory, 'needs more memory to be validated than the step has');
      return { ...validateDocument(bytes, direction), size: bytes.length, sha256: sha256OfText(bytes) };
    },
  };
}
