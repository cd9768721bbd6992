import { join } from 'node:path';
import { diagnose } from '../diagnostics/diagnose.js';
import type { Diagnostic, Result } from '../diagnostics/diagnostic.js';
import { isDiskError, readText, reasonOf, statOf, typeWord, type Disk } from './disk.js';
import { showSome } from './most-shown.js';
import type { OutputFile } from './output-file.js';
import type { CurrentOutput } from './plan.js';

/** Reads an output folder as it stands. `shown` is what the user calls it. Missing is empty. A file that is as expected is not kept twice. */
export function readFolder(dir: string, shown: string, disk: Disk, expected: readonly OutputFile[]): Result<CurrentOutput> {
  const texts = new Map(expected.map(({ path, text }) => [path, text]));
  const read = (path: string): string => {
    const [found, wanted] = [readText(disk, join(dir, path)), texts.get(path)];
    return found === wanted ? wanted : found;
  };
  const files = new Map<string, string>();
  const diagnostics: Diagnostic[] = [];
  const visit = (folder: string): void => {
    for (const entry of disk.readdirSync(join(dir, folder), { withFileTypes: true })) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      // Such a name leads nowhere, and no file of ours has one: it is foreign, whatever is in it.
      if (isNoUtf8(entry.name) && (entry.isFile() || entry.isDirectory())) files.set(entry.isDirectory() ? `${path}/` : path, '');
      else if (entry.isDirectory() && !texts.has(path)) attempt(path, () => visit(path));
      else if (entry.isFile()) attempt(path, () => files.set(path, read(path)));
      else diagnostics.push(diagnose('emit/not-a-file', undefined, { path: `${shown}/${path}`, found: typeWord(entry) }));
    }
  };
  const attempt = (path: string, action: () => void): void => {
    try {
      action();
    } catch (error) {
      if (!isDiskError(error)) throw error;
      diagnostics.push(diagnose('emit/cannot-read', undefined, { path: path === '' ? shown : `${shown}/${path}`, reason: reasonOf(error) }));
    }
  };
  attempt('', () => {
    const stat = statOf(disk, dir);
    if (stat?.isDirectory()) visit('');
    else if (stat) diagnostics.push(diagnose('emit/not-a-folder', undefined, { path: shown, found: typeWord(stat) }));
  });
  return [diagnostics.length === 0 ? files : undefined, showSome(diagnostics, shown)];
}

/** What Node.js makes of the bytes of a name that are no UTF-8. */
const isNoUtf8 = (name: string): boolean => name.includes('\ufffd');

/** Whether each path has only folders above it, and a regular file or nothing at its place. */
export function checkPlaces(dir: string, shown: string, paths: readonly string[], disk: Disk): readonly Diagnostic[] {
  const diagnostics: Diagnostic[] = [];
  const folders = new Map<string, boolean>();
  const isFolderOrMissing = (folder: string): boolean => {
    const known = folders.get(folder);
    if (known !== undefined) return known;
    const cut = folder.lastIndexOf('/');
    let isFine = folder === '' || isFolderOrMissing(folder.slice(0, Math.max(cut, 0)));
    const stat = isFine ? statOf(disk, join(dir, folder)) : undefined;
    if (stat && !stat.isDirectory()) {
      isFine = false;
      diagnostics.push(diagnose('emit/not-a-folder', undefined, { path: folder === '' ? shown : `${shown}/${folder}`, found: typeWord(stat) }));
    }
    folders.set(folder, isFine);
    return isFine;
  };
  for (const path of paths) {
    if (!isFolderOrMissing(path.slice(0, Math.max(path.lastIndexOf('/'), 0)))) continue;
    const stat = statOf(disk, join(dir, path));
    if (stat && !stat.isFile()) diagnostics.push(diagnose('emit/not-a-file', undefined, { path: `${shown}/${path}`, found: typeWord(stat) }));
  }
  return diagnostics;
}
