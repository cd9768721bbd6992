import { closeSync, constants, fstatSync, lstatSync, openSync, readdirSync, readSync, type Dirent } from 'node:fs';
import { join } from 'node:path';
import type { DirectoryEntry, FileContent, FileSystem } from '../source/file-system.js';

/** Never through a symbolic link, and a pipe without a writer does not block. Windows knows neither flag. */
const openFlags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/**
 * The files below a folder of this machine. The root itself may be a symbolic link; nothing below it is followed.
 * What cannot be read is undefined, whatever the reason: the source stage says so with its path.
 */
export function nodeFileSystem(root: string): FileSystem {
  // A definition tree has few folders and many files: each folder is looked at once.
  const realDirectories = new Map<string, boolean>([['', true]]);
  const isRealDirectory = (path: string): boolean => {
    const known = realDirectories.get(path);
    if (known !== undefined) return known;
    const cut = path.lastIndexOf('/');
    const real = isRealDirectory(cut < 0 ? '' : path.slice(0, cut)) && isDirectory(join(root, path));
    realDirectories.set(path, real);
    return real;
  };
  return {
    list: (directory) => (isRealDirectory(directory) ? listDirectory(join(root, directory)) : undefined),
    read: (path, limit) => {
      const cut = path.lastIndexOf('/');
      return isRealDirectory(cut < 0 ? '' : path.slice(0, cut)) ? readRegularFile(join(root, path), limit) : undefined;
    },
  };
}

function isDirectory(path: string): boolean {
  try {
    return lstatSync(path).isDirectory();
  } catch {
    return false;
  }
}

function listDirectory(path: string): readonly DirectoryEntry[] | undefined {
  try {
    return readdirSync(path, { withFileTypes: true }).map((entry) => ({ name: entry.name, type: entryType(entry) }));
  } catch {
    return undefined;
  }
}

function entryType(entry: Dirent): DirectoryEntry['type'] {
  if (entry.isFile()) return 'file';
  if (entry.isDirectory()) return 'directory';
  return entry.isSymbolicLink() ? 'symlink' : 'other';
}

function readRegularFile(path: string, limit: number): FileContent | undefined {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(path, openFlags);
    const stat = fstatSync(descriptor);
    if (!stat.isFile()) return undefined;
    const bytes = new Uint8Array(Math.min(stat.size, limit));
    let length = 0;
    while (length < bytes.length) {
      const count = readSync(descriptor, bytes, length, bytes.length - length, null);
      // The file became shorter while it was read.
      if (count === 0) break;
      length += count;
    }
    return { bytes: bytes.subarray(0, length), size: length < bytes.length ? length : stat.size };
  } catch {
    return undefined;
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}
