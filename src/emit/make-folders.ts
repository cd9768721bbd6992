import { dirname } from 'node:path';
import { isDiskError, type Disk } from './disk.js';

/** What `mkdirSync` is asked for here; a part of a {@link Disk}. */
type Maker = Pick<Disk, 'mkdirSync' | 'statSync'>;

/**
 * Makes a folder and those above it. Gives the outermost one that was made, or undefined where the folder was there.
 *
 * Takes the place of `mkdirSync` with `recursive`, which never ends where a file system says ENOENT although the folder
 * above is there: below /proc and /dev/fd (seen in Node.js 20.20). May go when Node.js
 * answers there.
 *
 * @param mode of the folders that are made
 */
export function makeFolders(path: string, disk: Maker, mode = 0o777): string | undefined {
  try {
    return makeOne(path, disk, mode);
  } catch (error) {
    const above = dirname(path);
    if (!isDiskError(error) || error.code !== 'ENOENT' || above === path) throw error;
    const outermost = makeFolders(above, disk, mode);
    return makeOne(path, disk, mode) === undefined ? outermost : (outermost ?? path);
  }
}

function makeOne(path: string, disk: Maker, mode: number): string | undefined {
  try {
    disk.mkdirSync(path, { mode });
    return path;
  } catch (error) {
    // EEXIST is what most systems say of a folder that is there; some say EISDIR, EROFS or EACCES first.
    if (isDiskError(error) && error.code !== 'ENOENT' && isFolder(path, disk)) return undefined;
    throw error;
  }
}

/** Also through a link, as `mkdirSync` sees it. */
function isFolder(path: string, disk: Maker): boolean {
  try {
    return disk.statSync(path).isDirectory();
  } catch {
    return false;
  }
}
