import { dirname, join } from 'node:path';
import { tolerate, readText, statOf, type Disk } from './disk.js';
import { sha256Of } from './header.js';
import type { JournalEntry, Stage } from './journal.js';
import { makeFolders } from './make-folders.js';

/** An entry of the journal with its three places. */
interface Move extends JournalEntry {
  readonly target: string;
  readonly fresh: string;
  readonly old: string;
}

function movesOf(dir: string, stage: Stage, entries: readonly JournalEntry[]): readonly Move[] {
  return entries.map((entry, index) => ({
    ...entry,
    target: join(dir, entry.path),
    fresh: join(stage.new, String(index)),
    old: join(stage.old, String(index)),
  }));
}

const exists = (disk: Disk, path: string): boolean => statOf(disk, path) !== undefined;

const hashOf = (disk: Disk, path: string): string | null => {
  const stat = statOf(disk, path);
  if (!stat) return null;
  // What is no file has no hash, and is never what we left.
  return stat.isFile() ? sha256Of(readText(disk, path)) : '';
};

/**
 * Whether what is not moved yet can still be moved: each staged file is whole, and each place holds what it held when the
 * write began. Otherwise a power cut took a staged file, or someone has changed the output since.
 */
export function canFinish(dir: string, stage: Stage, entries: readonly JournalEntry[], disk: Disk): boolean {
  return movesOf(dir, stage, entries).every((move) => {
    const found = hashOf(disk, move.target);
    if (move.after === null) return found === move.before || found === null || exists(disk, move.old);
    if (!exists(disk, move.fresh)) return true;
    return hashOf(disk, move.fresh) === move.after && found === (exists(disk, move.old) ? null : move.before);
  });
}

/** Moves what is not moved yet. May be repeated after a failure or a kill at any point. */
export function finish(dir: string, stage: Stage, entries: readonly JournalEntry[], disk: Disk): void {
  const made = new Set<string>();
  for (const move of movesOf(dir, stage, entries)) {
    const isPending = move.after === null ? !exists(disk, move.old) : exists(disk, move.fresh);
    if (!isPending) continue;
    if (exists(disk, move.target)) disk.renameSync(move.target, move.old);
    if (move.after === null) continue;
    const folder = dirname(move.target);
    if (!made.has(folder)) makeFolders(folder, disk);
    made.add(folder);
    disk.renameSync(move.fresh, move.target);
  }
  removeEmptyFolders(dir, entries, disk);
}

/** Moves back what was moved. May be repeated likewise. What someone else has put into a place stays there. */
export function undo(dir: string, stage: Stage, entries: readonly JournalEntry[], disk: Disk): void {
  for (const move of movesOf(dir, stage, entries)) {
    const found = hashOf(disk, move.target);
    if (found !== null && found !== move.after) continue;
    if (exists(disk, move.old)) {
      makeFolders(dirname(move.target), disk);
      disk.renameSync(move.old, move.target);
    } else if (found !== null && move.before === null && !exists(disk, move.fresh)) {
      disk.unlinkSync(move.target);
    }
  }
  removeEmptyFolders(dir, entries, disk);
}

/** Folders that our files have left empty, and the output folder itself if nothing is left at all. */
function removeEmptyFolders(dir: string, entries: readonly JournalEntry[], disk: Disk): void {
  const folders = new Set<string>();
  for (const { path } of entries) {
    for (let folder = dirname(path); !folders.has(folder); folder = dirname(folder)) folders.add(folder);
  }
  // Longer paths first: a folder comes before the one it is in.
  for (const folder of [...folders].sort((a, b) => b.length - a.length)) {
    tolerate(['ENOENT', 'ENOTEMPTY', 'EEXIST'], () => {
      const path = join(dir, folder);
      // Where we may not write, a folder that is not empty is refused for that, and not for what is in it.
      if (disk.readdirSync(path).length === 0) disk.rmdirSync(path);
    });
  }
}
