import { realpathSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import type { Diagnostic, Where } from '../diagnostics/diagnostic.js';
import { type CliIo, UsageError } from './command.js';
import { lstat } from './stat.js';

/**
 * Which diagnostics belong to the files and folders that were named; all of them if none was.
 * A diagnostic also belongs to the places it refers to, and one without a place belongs to every file.
 */
export function pathFilter(io: CliIo, root: string, paths: readonly string[]): (diagnostic: Diagnostic) => boolean {
  if (paths.length === 0) return () => true;
  const selected = paths.map((path) => relativePath(io, root, path));
  const isSelected = ({ file }: Where): boolean => selected.some((path) => path === '' || file === path || file.startsWith(`${path}/`));
  return ({ where, related }) => where === undefined || isSelected(where) || related.some((place) => isSelected(place.where));
}

function relativePath(io: CliIo, root: string, path: string): string {
  const absolute = resolve(io.cwd, path);
  if (!lstat(absolute)) throw new UsageError(`${path}: there is no such file or folder`);
  // Both may be named through links (/tmp on some systems is one); the file itself is not followed.
  const inRoot = relative(realpathSync(root), join(realpathSync(dirname(absolute)), basename(absolute)));
  if (inRoot === '..' || inRoot.startsWith(`..${sep}`) || isAbsolute(inRoot)) throw new UsageError(`${path} is not in the repository ${root}`);
  return inRoot.replaceAll(sep, '/');
}
