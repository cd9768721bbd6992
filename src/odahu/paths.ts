/** Paths in a store, as ODAHU means them and as definitions write them. */
import { checkObjectPath } from '../base/object-path.js';

/**
 * The path of a folder from the bucket's root, ending in `/`; '/' alone is the bucket itself. ODAHU joins bucket and path
 * as Go's `path.Join` does: without empty parts and `.`, with or without a `/` at either end. Undefined where a definition cannot name it.
 */
export function folderPath(path: string): string | undefined {
  const cleaned = cleanPath(path);
  if (cleaned === '') return '/';
  return isWritable(`${cleaned}/`) ? `${cleaned}/` : undefined;
}

const archives = ['.zip', '.tar.gz', '.tar'];

/** The path of a model: one archive, or a folder that ends in `/`. */
export function modelPath(path: string): string | undefined {
  const cleaned = cleanPath(path);
  if (!archives.some((ending) => cleaned.endsWith(ending))) return folderPath(path);
  return isWritable(cleaned) ? cleaned : undefined;
}

/** The folder that holds what a path names: the folder itself, or that of an archive. */
export const folderOf = (path: string): string => (path.endsWith('/') ? path : path.slice(0, path.lastIndexOf('/') + 1) || '/');

const cleanPath = (path: string): string =>
  path
    .split('/')
    .filter((part) => part !== '' && part !== '.')
    .join('/');

const isWritable = (path: string): boolean => checkObjectPath(path) === undefined;

/** The innermost folder that holds all of the folders; '/' where they have nothing in common. */
export function commonFolder(folders: readonly string[]): string {
  const [first = '/', ...others] = folders;
  const parts = first.split('/').slice(0, -1);
  let length = parts.length;
  for (const folder of others) {
    const own = folder.split('/').slice(0, -1);
    while (length > 0 && parts.slice(0, length).join('/') !== own.slice(0, length).join('/')) length -= 1;
  }
  return length === 0 || parts[0] === '' ? '/' : `${parts.slice(0, length).join('/')}/`;
}

/** Folders without those that lie in another one of them, sorted. */
export function outermost(folders: readonly string[]): readonly string[] {
  const sorted = [...new Set(folders)].sort();
  if (sorted.includes('/')) return ['/'];
  return sorted.filter((folder) => !sorted.some((other) => other !== folder && folder.startsWith(other)));
}
