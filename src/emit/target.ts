import { basename, dirname, join, relative, resolve } from 'node:path';
import { diagnose } from '../diagnostics/diagnose.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { isDiskError, nodeDisk, reasonOf, type Disk, type DiskError } from './disk.js';
import { stageAt, stageFolder, type Stage } from './journal.js';

export interface WriterOptions {
  /** What the user calls the output folder. @default its last name */
  readonly folder?: string;
  /** How long to wait for another run that writes the same folder. @default 2000 */
  readonly waitMilliseconds?: number;
  /** @default the disk of this machine */
  readonly disk?: Disk;
}

/** An output folder, and the stage beside it: on the same file system, so that a move between them is one step. */
export interface Target {
  readonly dir: string;
  readonly shown: string;
  readonly stage: Stage;
  readonly shownStage: string;
  readonly waitMilliseconds: number;
  readonly disk: Disk;
}

/** Where the output goes, with what is not said filled in: its own name below the stage, two seconds to wait, the real disk. */
export function targetOf(path: string, options: WriterOptions): Target {
  const dir = resolve(path);
  // The root of the machine has no name.
  const name = basename(dir) || 'root';
  const { folder = name, waitMilliseconds = 2000, disk = nodeDisk } = options;
  const stage = stageAt(join(dirname(dir), stageFolder, name));
  return { dir, shown: folder, stage, shownStage: join(dirname(folder), stageFolder, name), waitMilliseconds, disk };
}

/** For a failure after which the folder is as it was. Anything but an answer of the disk is thrown on. */
export function cannotWrite(target: Target, error: unknown): Diagnostic {
  if (!isDiskError(error)) throw error;
  return diagnose('emit/cannot-write', undefined, { path: pathOf(target, error), folder: target.shown, reason: reasonOf(error) });
}

/** For a failure after which it is not. */
export const cannotUndo = (target: Target, error: DiskError): Diagnostic =>
  diagnose('emit/cannot-undo', undefined, { path: pathOf(target, error), folder: target.shown, stage: target.shownStage, reason: reasonOf(error) });

/** The place the failed step was meant for, as the user knows it. */
function pathOf({ dir, shown, shownStage }: Target, { path, dest }: DiskError): string {
  const place = dest ?? path;
  if (place === undefined) return shownStage;
  const below = relative(dir, place);
  return below.startsWith('..') ? join(dirname(shown), relative(dirname(dir), place)) : join(shown, below);
}
