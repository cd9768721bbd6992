import { closeSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { decodeJson } from '../../src/contract/decode.js';
import { files } from '../../src/contract/paths.js';
import type { FindFacts } from '../../src/oip/expectations.js';
import { own } from '../base/control.js';
import { byBytes, isMissing } from '../base/files.js';
import { askedLine, type AskedLine } from './asked.js';

/** What the requests of a job ask for, read once from beginning to end: memory depends on no number of files or requests. */
export interface AskedReader {
  /** Of the requests of this file. Files are asked for in the order of their names' bytes; the answer holds until the next one. */
  of(file: string): FindFacts;
  close(): void;
}

/** Opens the list that validate-input left in the report folder; without one no request asked for anything. */
export function createAskedReader(report: string): AskedReader {
  const lines = openLines(join(report, files.requests));
  const next = (): AskedLine | undefined => {
    const line = lines.next();
    return line === undefined ? undefined : own(decodeJson(askedLine, line), files.requests);
  };
  let current = next();
  /** Whether the line names a file that comes before this one, or is about a request of such a file. */
  const isBefore = (line: AskedLine, file: string): boolean => !('file' in line) || byBytes(line.file, file) < 0;
  return {
    of: (file) => {
      while (current && isBefore(current, file)) current = next();
      if (!current || !('file' in current) || current.file !== file) return () => undefined;
      current = next();
      return (place) => {
        while (current && 'place' in current && current.place < place) current = next();
        if (!current || !('place' in current) || current.place !== place) return undefined;
        const { id, outputs } = current;
        return { ...(id === undefined ? {} : { id }), ...(outputs ? { outputs: new Set(outputs) } : {}) };
      };
    },
    close: lines.close,
  };
}

interface Lines {
  /** Without its line break; undefined at the end. */
  next(): string | undefined;
  close(): void;
}

const pieceSize = 1 << 16;

/** The lines of a file, which need not be there. Read at once: the validator does not wait. */
function openLines(path: string): Lines {
  const descriptor = openIfThere(path);
  const piece = Buffer.allocUnsafe(pieceSize);
  /** What was read and not given yet; no copy of `piece` where a line ends in it. */
  let rest: Buffer = Buffer.alloc(0);
  return {
    next: () => {
      if (descriptor === undefined) return undefined;
      const parts: Buffer[] = [];
      for (;;) {
        const end = rest.indexOf(0x0a);
        if (end >= 0) {
          parts.push(rest.subarray(0, end));
          const line = Buffer.concat(parts).toString();
          rest = rest.subarray(end + 1);
          return line;
        }
        if (rest.length > 0) parts.push(Buffer.from(rest));
        rest = piece.subarray(0, readSync(descriptor, piece, 0, piece.length, null));
        if (rest.length === 0) return undefined;
      }
    },
    close: () => {
      if (descriptor !== undefined) closeSync(descriptor);
    },
  };
}

function openIfThere(path: string): number | undefined {
  try {
    return openSync(path, 'r');
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}
