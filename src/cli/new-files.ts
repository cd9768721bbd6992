import { rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { nodeDisk } from '../emit/disk.js';
import { makeFolders } from '../emit/make-folders.js';
import { UsageError } from './command.js';
import { lstat } from './stat.js';

/** A file that is not there yet. */
export interface NewFile {
  /** Relative to the folder, `/` between parts. */
  readonly path: string;
  readonly text: string;
}

/**
 * Writes all of the files or none, and never over one that is there. A folder that is a symbolic link may lead out of the
 * repository, and no definition below one is read: nothing is written through it.
 *
 * @param last what to do when all are written; where it fails, they are taken away again
 */
export function writeNewFiles(folder: string, files: readonly NewFile[], last: () => void = () => undefined): void {
  const link = files.map(({ path }) => linkAbove(folder, path)).find((found) => found !== undefined);
  if (link !== undefined)
    throw new UsageError(`${link} is a symbolic link, and nothing is written through one`, 'nothing was written; make it a folder');
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

/** The first folder between `folder` and a file below it that is a symbolic link. */
function linkAbove(folder: string, path: string): string | undefined {
  const parts = path.split('/').slice(0, -1);
  return parts.map((_, index) => parts.slice(0, index + 1).join('/')).find((above) => lstat(join(folder, above))?.isSymbolicLink() === true);
}
