import { lchownSync, lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { UserIds } from './user.js';

/** Gives folders and all that is in them to a user. Needs root; follows no link, so nothing outside changes. */
export function giveTo(owner: UserIds, folders: readonly string[]): void {
  for (const folder of folders) give(owner, folder);
}

function give(owner: UserIds, path: string): void {
  const stat = lstatSync(path);
  if (stat.uid !== owner.uid || stat.gid !== owner.gid) lchownSync(path, owner.uid, owner.gid);
  if (stat.isDirectory()) for (const name of readdirSync(path)) give(owner, join(path, name));
}
