/**
 * The only door to files for the compiler. Paths are relative to the root, with `/` between parts; '' is the root itself.
 */
export interface FileSystem {
  /** Entries of a directory in any order, or undefined where there is no directory or it cannot be read. Never follows a symbolic link. */
  list(directory: string): readonly DirectoryEntry[] | undefined;
  /** The first `limit` bytes of a regular file and its full size, or undefined where it cannot be read. Never follows a symbolic link. */
  read(path: string, limit: number): FileContent | undefined;
}

/** One entry of a directory; nothing is said of what a symbolic link leads to. */
export interface DirectoryEntry {
  /** Without the directory. */
  readonly name: string;
  /** `other`: a pipe, socket or device. */
  readonly type: 'file' | 'directory' | 'symlink' | 'other';
}

/** The beginning of a file, or all of it. */
export interface FileContent {
  /** At most as many as were asked for. */
  readonly bytes: Uint8Array;
  /** Of the whole file, in bytes. */
  readonly size: number;
}

/** The twin for tests and for library users: path -> text or bytes. */
export function memoryFileSystem(entries: Readonly<Record<string, string | Uint8Array>>): FileSystem {
  const files = new Map<string, Uint8Array>();
  const directories = new Map<string, Map<string, DirectoryEntry>>([['', new Map()]]);
  const addDirectory = (path: string): Map<string, DirectoryEntry> => {
    const known = directories.get(path);
    if (known) return known;
    const made = new Map<string, DirectoryEntry>();
    directories.set(path, made);
    const cut = path.lastIndexOf('/');
    const name = path.slice(cut + 1);
    addDirectory(cut < 0 ? '' : path.slice(0, cut)).set(name, { name, type: 'directory' });
    return made;
  };
  for (const [path, content] of Object.entries(entries)) {
    files.set(path, typeof content === 'string' ? new TextEncoder().encode(content) : content);
    const cut = path.lastIndexOf('/');
    const name = path.slice(cut + 1);
    addDirectory(cut < 0 ? '' : path.slice(0, cut)).set(name, { name, type: 'file' });
  }
  return {
    list: (directory) => {
      const entries = directories.get(directory);
      return entries ? [...entries.values()] : undefined;
    },
    read: (path, limit) => {
      const bytes = files.get(path);
      return bytes ? { bytes: bytes.subarray(0, limit), size: bytes.length } : undefined;
    },
  };
}
