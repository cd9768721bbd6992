/** What a predictor may leave in its folders, and a user who is held to the rights of files. */
import { chownSync, mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';

/** Folders in folders, so deep that no path leads to the last of them. Made from the inside out, since nothing else reaches it. */
export function makeDeepTree(folder: string, depth = 30): void {
  const [inner, outer] = [join(folder, 'inner'), join(folder, 'outer')];
  mkdirSync(inner);
  for (let level = 0; level < depth; level++) {
    mkdirSync(outer);
    renameSync(inner, join(outer, 'd'.repeat(200)));
    renameSync(outer, inner);
  }
  renameSync(inner, join(folder, 'deep'));
}

const nobody = 65534;

/** Does something without root's right to read and write everything; `folders` are handed over first. */
export function withoutRoot<T>(folders: readonly string[], action: () => T): T {
  if (process.getuid?.() !== 0) return action();
  for (const folder of folders) chownSync(folder, nobody, nobody);
  process.seteuid?.(nobody);
  try {
    return action();
  } finally {
    process.seteuid?.(0);
  }
}
