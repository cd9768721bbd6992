/** Folders that a step may read only. In a pod the mount refuses a write; a process has its user's rights. */
import { chmodSync, lstatSync, readdirSync, type Stats } from 'node:fs';
import { dirname, join } from 'node:path';
import { quietly } from '../../emit/disk.js';

interface Entry {
  readonly path: string;
  readonly mode: number;
  readonly state: string;
}

const writeBits = 0o222;
const isFileOrFolder = (stat: Stats): boolean => stat.isFile() || stat.isDirectory();
/** With the rights that it has while it is protected. */
const stateOf = (stat: Stats, rights: number): string => `${stat.ino} ${stat.size} ${stat.mtimeMs} ${rights & 0o777}`;

/** Takes the right to write from the folders and everything in them; `release` gives it back and tells what changed all the same (root may write anywhere). */
export function protect(folders: readonly string[]): { release(): readonly string[] } {
  const before = folders.flatMap((folder) => [...entries(folder)]);
  for (const { path, mode } of before) chmodSync(path, mode & ~writeBits & 0o7777);
  return { release: () => giveBack(folders, before) };
}

/** What the step has removed, replaced, or closed so that it cannot be read, has changed, too. */
function giveBack(folders: readonly string[], before: readonly Entry[]): readonly string[] {
  const missing = new Map(before.map((entry) => [entry.path, entry]));
  const changed: string[] = [];
  const visit = (path: string): void => {
    const stat = lstatSync(path);
    if (!isFileOrFolder(stat)) return;
    const earlier = missing.get(path);
    missing.delete(path);
    if (earlier?.state !== stateOf(stat, stat.mode)) changed.push(path);
    // Before its names are read, which the step may have forbidden.
    if (earlier) quietly(() => chmodSync(path, earlier.mode & 0o7777));
    if (stat.isDirectory()) for (const name of readdirSync(path)) quietly(() => visit(join(path, name)));
  };
  for (const folder of folders) quietly(() => visit(folder));
  const gone = [...missing.keys()].filter((path) => !missing.has(dirname(path)));
  const all = [...changed, ...gone].sort();
  // A folder changes with what is in it.
  return all.filter((path) => !all.some((other) => other.startsWith(`${path}/`)));
}

/** Never follows a link, so nothing outside is touched. */
function* entries(path: string): Generator<Entry> {
  // A name that is no text leads nowhere.
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (!stat || !isFileOrFolder(stat)) return;
  yield { path, mode: stat.mode, state: stateOf(stat, stat.mode & ~writeBits) };
  if (stat.isDirectory()) for (const name of readdirSync(path)) yield* entries(join(path, name));
}
