import { realpathSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { type CliIo, UsageError } from './command.js';
import { lstat } from './stat.js';

/** Which files of the repository the user means by the files and folders that were named; all of them if none was. */
export function pathFilter(io: CliIo, root: string, paths: readonly string[]): (file: string) => boolean {
  if (paths.length === 0) return () => true;
  const selected = paths.map((path) => relativePath(io, root, path));
  return (file) => selected.some((path) => path === '' || file === path || file.startsWith(`${path}/`));
}

function relativePath(io: CliIo, root: string, path: string): string {
  const absolute = resolve(io.cwd, path);
  if (!lstat(absolute)) throw new UsageError(`${path}: there is no such file or folder`);
  // Both may be named through links (/tmp on some systems is one); the file itself is not followed.
  const inRoot = relative(realpathSync(root), join(realpathSync(dirname(absolute)), basename(absolute)));
  if (inRoot === '..' || inRoot.startsWith(`..${sep}`) || isAbsolute(inRoot)) throw new UsageError(`${path} is not in the repository ${root}`);
  return inRoot.replaceAll(sep, '/');
}
