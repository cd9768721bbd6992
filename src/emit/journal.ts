import { join } from 'node:path';
import { parseJson } from '../base/fields.js';
import { isDiskError, statOf, tolerate, type Disk } from './disk.js';
import { sha256Of } from './header.js';
import type { Plan } from './plan.js';

/**
 * A write that can be finished or undone at any point, also by another process after this one was killed.
 *
 * `.millrace.stage/<name of the output folder>/` holds
 * - `new/<n>`: the file that entry n writes, until it is moved to its place;
 * - `old/<n>`: the file that stood in the place of entry n, from the moment it is moved out of the way;
 * - `journal`: the entries. From the moment it exists the write goes forward; without it nothing has happened yet;
 * - `journal.undo`: the same file, renamed: the write is being undone;
 * - `lock.*`: the claim of the run at work (lock.ts).
 *
 * The journal is on the disk before the first file is moved, and each file is checked against its hash before it is moved
 * by another process. So the staged files need no sync of their own, which would take longer than all the rest.
 */
export interface Journal {
  readonly format: typeof journalFormat;
  readonly entries: readonly JournalEntry[];
}

export interface JournalEntry {
  /** Below the output folder. */
  readonly path: string;
  /** SHA-256 of the file before; null where none was. */
  readonly before: string | null;
  /** SHA-256 of the file afterwards; null where it is removed. */
  readonly after: string | null;
}

const journalFormat = 1;

/** The paths of the stage of one output folder. */
export interface Stage {
  readonly folder: string;
  readonly new: string;
  readonly old: string;
  readonly draft: string;
  readonly forward: string;
  readonly undo: string;
}

export const stageFolder = '.millrace.stage';

/** The paths of what a write keeps in its stage. */
export function stageAt(folder: string): Stage {
  return {
    folder,
    new: join(folder, 'new'),
    old: join(folder, 'old'),
    draft: join(folder, 'journal.draft'),
    forward: join(folder, 'journal'),
    undo: join(folder, 'journal.undo'),
  };
}

/** What a plan does to each file, by digests from which a later process knows how far it came. */
export function journalOf({ writes, removals }: Plan): Journal {
  return {
    format: journalFormat,
    entries: [
      ...writes.map(({ path, before, text }) => ({ path, before: before === undefined ? null : sha256Of(before), after: sha256Of(text) })),
      ...removals.map(({ path, before }) => ({ path, before: sha256Of(before), after: null })),
    ],
  };
}

/** From here on the write is finished or undone, whatever happens. */
export function commitJournal(stage: Stage, journal: Journal, disk: Disk): void {
  const descriptor = disk.openSync(stage.draft, 'wx');
  try {
    disk.writeFileSync(descriptor, JSON.stringify(journal));
    disk.fsyncSync(descriptor);
  } finally {
    disk.closeSync(descriptor);
  }
  disk.renameSync(stage.draft, stage.forward);
  syncFolder(stage.folder, disk);
}

/** A folder cannot be opened everywhere; where it cannot, its entries need no sync of their own. */
function syncFolder(path: string, disk: Disk): void {
  tolerate(['EISDIR', 'EPERM', 'EINVAL', 'EACCES'], () => {
    const descriptor = disk.openSync(path, 'r');
    try {
      disk.fsyncSync(descriptor);
    } finally {
      disk.closeSync(descriptor);
    }
  });
}

/** What an earlier run left: nothing, a write to finish, one to undo, or something that no run of this version leaves. */
export type Unfinished = { readonly direction: 'forward' | 'undo'; readonly journal: Journal } | 'nothing' | 'unreadable';

/** What a write that was interrupted has left; nothing is changed here. */
export function findUnfinished(stage: Stage, disk: Disk): Unfinished {
  for (const direction of ['undo', 'forward'] as const) {
    const stat = statOf(disk, stage[direction]);
    if (!stat) continue;
    const areFolders = [stage.new, stage.old].every((path) => statOf(disk, path)?.isDirectory());
    const journal = stat.isFile() && areFolders ? decodeJournal(disk.readFileSync(stage[direction], 'utf8')) : undefined;
    return journal ? { direction, journal } : 'unreadable';
  }
  return 'nothing';
}

function decodeJournal(text: string): Journal | undefined {
  const value = parseJson(text);
  if (typeof value !== 'object' || value === null || !('format' in value) || value.format !== journalFormat) return undefined;
  if (!('entries' in value) || !Array.isArray(value.entries)) return undefined;
  const entries: readonly unknown[] = value.entries;
  return entries.every(isEntry) ? { format: journalFormat, entries } : undefined;
}

const isEntry = (value: unknown): value is JournalEntry =>
  typeof value === 'object' &&
  value !== null &&
  'path' in value &&
  typeof value.path === 'string' &&
  isInside(value.path) &&
  'before' in value &&
  isHashOrNull(value.before) &&
  'after' in value &&
  isHashOrNull(value.after);

const isHashOrNull = (value: unknown): boolean => value === null || (typeof value === 'string' && /^[0-9a-f]{64}$/.test(value));

/** Whether a path leads to something inside the folder it is joined to. A journal may come out of a repository of someone else. */
export const isInside = (path: string): boolean =>
  !path.includes('\0') && path.split(/[\\/]/).every((part) => part !== '' && part !== '.' && part !== '..');

/** Removes whatever stands in the stage but claims. The journal goes first: without it the rest means nothing. */
export function clearStage(stage: Stage, disk: Disk): void {
  for (const path of [stage.draft, stage.forward, stage.undo]) tolerate(['ENOENT'], () => disk.unlinkSync(path));
  for (const folder of [stage.new, stage.old]) {
    const stat = statOf(disk, folder);
    // Never through a link: what is behind it is not ours to remove.
    if (stat?.isDirectory()) {
      for (const name of disk.readdirSync(folder)) disk.unlinkSync(join(folder, name));
      disk.rmdirSync(folder);
    } else if (stat) {
      disk.unlinkSync(folder);
    }
  }
}

/** Removes the stage itself, unless another run has put its claim into it, or it holds what is not ours. */
export function removeStage(stage: Stage, disk: Disk): void {
  for (const folder of [stage.folder, join(stage.folder, '..')]) {
    try {
      disk.rmdirSync(folder);
    } catch (error) {
      if (!isDiskError(error)) throw error;
      return;
    }
  }
}
