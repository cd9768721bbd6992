/** Folders that a step may read only. In a pod the mount refuses a write; a process has its user's rights. */
import { chmodSync, lstatSync, readdirSync, type Stats } from 'node:fs';
import { join } from 'node:path';

interface Entry {
  readonly path: string;
  readonly mode: number;
  readonly state: string;
}

const writeBits = 0o222;
const isFileOrFolder = (stat: Stats): boolean => stat.isFile() || stat.isDirectory();
const stateOf = (stat: Stats): string => `${stat.ino} ${stat.size} ${stat.mtimeMs}`;

/** Takes the right to write from the folders and everything in them; `release` gives it back and tells what changed all the same (root may write anywhere). */
export function protect(folders: readonly string[]): { release(): readonly string[] } {
  const before = folders.flatMap((folder) => [...entries(folder)]);
  for (const { path, mode } of before) chmodSync(path, mode & ~writeBits & 0o7777);
  return {
    release() {
      const after = new Map(folders.flatMap((folder) => [...entries(folder)]).map((entry) => [entry.path, entry]));
      const changed: string[] = [];
      for (const { path, mode, state } of before) {
        const now = after.get(path);
        if (now) chmodSync(path, mode & 0o7777);
        if (now?.state !== state) changed.push(path);
        after.delete(path);
      }
      const all = [...changed, ...after.keys()].sort();
      // A folder changes with what is in it.
      return all.filter((path) => !all.some((other) => other.startsWith(`${path}/`)));
    },
  };
}

/** Never follows a link, so nothing outside is touched. */
function* entries(path: string): Generator<Entry> {
  const stat = lstatSync(path);
  if (!isFileOrFolder(stat)) return;
  yield { path, mode: stat.mode, state: stateOf(stat) };
  if (stat.isDirectory()) for (const name of readdirSync(path)) yield* entries(join(path, name));
}
