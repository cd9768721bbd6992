import type { FileRecord, LeftOut } from '../../src/contract/job-record.js';

/** Files that are left out of the input or of the results: counted all, and listed as far as anybody reads a list. */
export interface LeftOutList<T extends FileRecord> {
  add(file: T): void;
  readonly result: LeftOut<T>;
}

/** The report names every file; the manifest stays small. */
export const mostListed = 1000;

/** An empty list, which names the first {@link mostListed} files and counts the others. */
export function createLeftOutList<T extends FileRecord>(): LeftOutList<T> {
  const files: T[] = [];
  const result = { total: 0, files };
  return {
    add: (file) => {
      result.total += 1;
      if (files.length < mostListed) files.push(file);
    },
    result,
  };
}
