import { rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { nodeDisk } from '../emit/disk.js';
import { makeFolders } from '../emit/make-folders.js';
import { UsageError } from './command.js';

/** A file that is not there yet. */
export interface NewFile {
  /** Relative to the folder, `/` between parts. */
  readonly path: string;
  readonly text: string;
}

/**
 * Writes all of the files or none, and never over one that is there.
 *
 * @param last what to do when all are written; where it fails, they are taken away again
 */
export function writeNewFiles(folder: string, files: readonly NewFile[], last: () => void = () => undefined): void {
  // What was made is taken away again if a later file cannot be written, the innermost first.
  const made: string[] = [];
  try {
    for (const { path, text } of files) {
      const file = join(folder, path);
      const first = makeFolders(dirname(file), nodeDisk);
      if (first !== undefined) made.push(first);
      // Never over a file that somebody made meanwhile.
      writeFileSync(file, text, { flag: 'wx' });
      made.push(file);
    }
    last();
  } catch (error) {
    for (const path of made.reverse()) rmSync(path, { recursive: true, force: true });
    throw new UsageError(`cannot write there: ${error instanceof Error ? error.message : String(error)}`, 'nothing was left behind');
  }
}
