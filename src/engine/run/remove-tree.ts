import { chmodSync, lstatSync, mkdtempSync, readdirSync, renameSync, rmdirSync, rmSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';

/** Also folders that nobody may write to, and such that are deeper than a path reaches. Follows no link. */
export function removeTree(path: string): void {
  try {
    rmSync(path, { recursive: true, force: true });
  } catch {
    if (lstatSync(path, { throwIfNoEntry: false })?.isDirectory()) removeFlat(path);
    rmSync(path, { recursive: true, force: true });
  }
}

/** Brings each folder to the top before it looks into it, so that no path gets long. Names are bytes: a predictor's may be no text. */
function removeFlat(root: string): void {
  chmodSync(root, 0o700);
  const top = Buffer.from(`${mkdtempSync(join(root, '.removed-'))}/`);
  const waiting: Buffer[] = [];
  let moved = 0;
  const empty = (folder: Buffer): void => {
    for (const name of readdirSync(folder, { encoding: 'buffer' })) {
      const entry = Buffer.concat([folder, Buffer.from('/'), name]);
      if (top.equals(Buffer.concat([entry, Buffer.from('/')]))) continue;
      if (!lstatSync(entry).isDirectory()) {
        unlinkSync(entry);
        continue;
      }
      // To move a folder changes what it says of its parent.
      chmodSync(entry, 0o700);
      const target = Buffer.concat([top, Buffer.from(String(moved++))]);
      renameSync(entry, target);
      waiting.push(target);
    }
  };
  empty(Buffer.from(root));
  for (let folder = waiting.pop(); folder; folder = waiting.pop()) {
    empty(folder);
    rmdirSync(folder);
  }
}
