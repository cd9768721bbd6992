import { lstatSync, type Stats, statSync } from 'node:fs';

/** What a path leads to; undefined where there is nothing, or nothing that may be seen. */
export const stat = (path: string): Stats | undefined => orNothing(statSync, path);

/** Like {@link stat}, but a symbolic link is itself. */
export const lstat = (path: string): Stats | undefined => orNothing(lstatSync, path);

function orNothing(read: (path: string) => Stats, path: string): Stats | undefined {
  try {
    return read(path);
  } catch {
    return undefined;
  }
}
