import { constants, type Stats } from 'node:fs';
import { lstat, open, readdir, type FileHandle } from 'node:fs/promises';

/**
 * A folder that somebody else may still be changing. Everything in it is reached through its own descriptor, so that
 * a folder which is replaced by a link in the meantime leads nowhere.
 */
export interface SafeFolder {
  /** Names as the bytes they are, sorted. */
  names(): Promise<readonly Buffer[]>;
  /** What it is, and the user id of its owner. */
  look(name: Buffer): Promise<{ readonly kind: EntryKind; readonly owner: number }>;
  /** Fails with ELOOP or ENOTDIR where it is no folder any more. */
  folder(name: Buffer): Promise<SafeFolder>;
  /** Fails with ELOOP where it is a link by now, and never waits for a writer of a pipe. */
  file(name: Buffer): Promise<FileHandle>;
  close(): Promise<void>;
}

export type EntryKind = 'file' | 'folder' | 'a link' | 'a named pipe' | 'a socket' | 'a device';

const { O_RDONLY, O_DIRECTORY, O_NOFOLLOW, O_NONBLOCK } = constants;

/**
 * Opens a folder that somebody else may change at any time; whoever opens it closes it.
 *
 * @throws ENOTDIR or ELOOP where it is no folder, or a link
 */
export async function openFolder(path: string | Buffer): Promise<SafeFolder> {
  const handle = await open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
  // On Linux the descriptor has a path of its own; elsewhere (a developer's machine) the path has to do.
  const base = process.platform === 'linux' ? `/proc/self/fd/${String(handle.fd)}` : path;
  const below = (name: Buffer): Buffer => Buffer.concat([Buffer.from(base), Buffer.from('/'), name]);
  return {
    names: async () => (await readdir(below(Buffer.from('.')), { encoding: 'buffer' })).sort((a, b) => Buffer.compare(a, b)),
    look: async (name) => {
      const found = await lstat(below(name));
      return { kind: kindOf(found), owner: found.uid };
    },
    folder: (name) => openFolder(below(name)),
    file: (name) => open(below(name), O_RDONLY | O_NOFOLLOW | O_NONBLOCK),
    close: () => handle.close(),
  };
}

function kindOf(found: Stats): EntryKind {
  if (found.isFile()) return 'file';
  if (found.isDirectory()) return 'folder';
  if (found.isSymbolicLink()) return 'a link';
  if (found.isFIFO()) return 'a named pipe';
  return found.isSocket() ? 'a socket' : 'a device';
}
