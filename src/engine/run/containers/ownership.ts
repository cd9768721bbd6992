import { lchownSync, lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { quietly } from '../../../emit/disk.js';
import type { UserIds } from './user.js';

/**
 * Gives folders and all that is in them to a user. Needs root; follows no link, so nothing outside changes. What is gone
 * by now, or deeper than a path reaches, stays as it is: the step that needs it says so.
 */
export function giveTo(owner: UserIds, folders: readonly string[]): void {
  for (const folder of folders) quietly(() => give(owner, folder));
}

function give(owner: UserIds, path: string): void {
  const stat = lstatSync(path);
  if (stat.uid !== owner.uid || stat.gid !== owner.gid) lchownSync(path, owner.uid, owner.gid);
  if (stat.isDirectory())
    giveTo(
      owner,
      readdirSync(path).map((name) => join(path, name)),
    );
}
