import { basename, dirname, join, relative, resolve } from 'node:path';
import { assertInvariant } from '../base/assert.js';
import { diagnose } from '../diagnostics/diagnose.js';
import { hasErrors, type Diagnostic, type Result } from '../diagnostics/diagnostic.js';
import { isDiskError, nodeDisk, readText, reasonOf, statOf, typeWord, type Disk, type DiskError } from './disk.js';
import { parseHeader } from './header.js';
import {
  clearStage,
  commitJournal,
  findUnfinished,
  isInside,
  journalOf,
  removeStage,
  stageAt,
  stageFolder,
  type Journal,
  type Stage,
} from './journal.js';
import { claim, release } from './lock.js';
import type { OutputFile } from './output-file.js';
import { planOutput, type CurrentOutput, type Plan, type PlanOptions } from './plan.js';
import { checkPlaces, readFolder } from './read-output.js';
import { canFinish, finish, undo } from './transaction.js';

export interface WriterOptions {
  /** What the user calls the output folder. @default its last name */
  readonly folder?: string;
  /** How long to wait for another run that writes the same folder. @default 2000 */
  readonly waitMilliseconds?: number;
  /** @default the disk of this machine */
  readonly disk?: Disk;
}

/** What became of a write that an earlier run left unfinished. */
export type Recovery = 'nothing' | 'finished' | 'undone';

/**
 * Brings an output folder to exactly the new files, or leaves it as it was: reads, plans and writes as the only run that does.
 * What `synth` does. Writes nothing where nothing differs.
 */
export function updateOutput(dir: string, next: readonly OutputFile[], options: WriterOptions & PlanOptions = {}): Result<Plan> {
  const target = targetOf(dir, options);
  return exclusively(target, () => {
    const [current, found] = readFolder(target.dir, target.shown, target.disk);
    if (!current) return [undefined, found];
    const [plan, planned] = planOutput(current, next, { ...options, folder: target.shown });
    if (!plan) return [undefined, planned];
    const problems = write(target, plan);
    return [hasErrors(problems) ? undefined : plan, [...planned, ...problems]];
  });
}

/** What is in an output folder: path -> text. Finishes or undoes an interrupted write first. */
export function readOutput(dir: string, options: WriterOptions = {}): Result<CurrentOutput> {
  const target = targetOf(dir, options);
  return ifStaged(target, () => readFolder(target.dir, target.shown, target.disk));
}

/** Carries out a plan: all of it or nothing. Refuses if a file is not any more what the plan saw. */
export function writeOutput(dir: string, plan: Plan, options: WriterOptions = {}): Result<Plan> {
  const target = targetOf(dir, options);
  return exclusively(target, () => {
    const problems = write(target, plan);
    return [hasErrors(problems) ? undefined : plan, problems];
  });
}

/**
 * Finishes a write that was interrupted after its journal was complete, undoes it where someone has changed the output
 * since or the rest of it was lost, and discards what was staged before there was a journal. Everything above begins with it.
 */
export function recover(dir: string, options: WriterOptions = {}): Result<Recovery> {
  const target = targetOf(dir, options);
  return ifStaged(target, (recovery) => [recovery, []]);
}

/** An output folder, and the stage beside it: on the same file system, so that a move between them is one step. */
interface Target {
  readonly dir: string;
  readonly shown: string;
  readonly stage: Stage;
  readonly shownStage: string;
  readonly waitMilliseconds: number;
  readonly disk: Disk;
}

function targetOf(path: string, options: WriterOptions): Target {
  const dir = resolve(path);
  // The root of the machine has no name.
  const name = basename(dir) || 'root';
  const { folder = name, waitMilliseconds = 2000, disk = nodeDisk } = options;
  const stage = stageAt(join(dirname(dir), stageFolder, name));
  return { dir, shown: folder, stage, shownStage: join(dirname(folder), stageFolder, name), waitMilliseconds, disk };
}

/** Reading needs neither a claim nor the right to write, as long as no run has left a stage or is at work in it. */
function ifStaged<T>(target: Target, action: (recovery: Recovery) => Result<T>): Result<T> {
  let isStaged = true;
  const failure = attempt(() => (isStaged = statOf(target.disk, dirname(target.stage.folder)) !== undefined));
  if (failure) return [undefined, [cannotWrite(target, failure)]];
  return isStaged ? exclusively(target, action) : action('nothing');
}

/** Runs an action as the only run that touches the folder, on a folder that is whole. */
function exclusively<T>(target: Target, action: (recovery: Recovery) => Result<T>): Result<T> {
  const { stage, disk } = target;
  try {
    const misplaced = stageProblem(target);
    if (misplaced) return [undefined, [misplaced]];
    const held = claim(stage.folder, target.waitMilliseconds, disk);
    if (held.heldBy !== undefined) {
      const lock = join(target.shownStage, basename(held.path));
      return [undefined, [diagnose('emit/locked', undefined, { folder: target.shown, holder: held.heldBy, lock })]];
    }
    try {
      const [recovery, before] = settle(target);
      if (!recovery) return [undefined, before];
      const [value, after] = action(recovery);
      return [value, [...before, ...after]];
    } finally {
      quietly(() => {
        release(held.path, disk);
        removeStage(stage, disk);
      });
    }
  } catch (error) {
    return [undefined, [cannotWrite(target, error)]];
  }
}

/** The stage may have come with a repository of someone else. */
function stageProblem({ stage, shownStage, disk }: Target): Diagnostic | undefined {
  for (const [path, shown] of [
    [dirname(stage.folder), dirname(shownStage)],
    [stage.folder, shownStage],
  ] as const) {
    const stat = statOf(disk, path);
    if (stat && !stat.isDirectory()) return diagnose('emit/not-a-folder', undefined, { path: shown, found: typeWord(stat) });
  }
  return undefined;
}

/** Brings the folder into a state that some run wanted. */
function settle(target: Target): Result<Recovery> {
  const { dir, shown, stage, shownStage, disk } = target;
  const unfinished = findUnfinished(stage, disk);
  if (unfinished === 'unreadable') {
    return [undefined, [diagnose('emit/unreadable-journal', undefined, { path: `${shownStage}/journal`, folder: shown, stage: shownStage })]];
  }
  if (unfinished === 'nothing') {
    clearStage(stage, disk);
    return ['nothing', []];
  }
  const { entries } = unfinished.journal;
  const problems = checkPlaces(
    dir,
    shown,
    entries.map(({ path }) => path),
    disk,
  );
  if (problems.length > 0) return [undefined, problems];
  const isForward = unfinished.direction === 'forward' && canFinish(dir, stage, entries, disk);
  const failure = isForward ? attempt(() => finish(dir, stage, entries, disk)) : undefined;
  if (!isForward || failure) {
    const worse = takeBack(target, unfinished.journal);
    if (worse) return [undefined, [cannotUndo(target, worse)]];
  }
  clearStage(stage, disk);
  const outcome = isForward && !failure ? 'finished' : 'undone';
  return [outcome, [diagnose('emit/interrupted-write', undefined, { folder: shown, outcome })]];
}

/** Undoes a write, or gives the reason why that failed too. The renamed journal says to the next run which way it goes. */
function takeBack({ dir, stage, disk }: Target, { entries }: Journal): DiskError | undefined {
  return attempt(() => {
    if (statOf(disk, stage.forward)) disk.renameSync(stage.forward, stage.undo);
    undo(dir, stage, entries, disk);
  });
}

function write(target: Target, plan: Plan): readonly Diagnostic[] {
  const { dir, stage, disk } = target;
  if (plan.writes.length + plan.removals.length === 0) return [];
  const changed = findChanges(target, plan);
  if (changed.length > 0) return changed;

  const journal = journalOf(plan);
  const unstaged = attempt(() => {
    stageFiles(stage, plan.writes, disk);
    commitJournal(stage, journal, disk);
  });
  const isCommitted = !unstaged || statOf(disk, stage.forward) !== undefined;
  const failure = unstaged ?? attempt(() => finish(dir, stage, journal.entries, disk));
  const worse = failure && isCommitted ? takeBack(target, journal) : undefined;
  if (worse) return [cannotUndo(target, worse)];
  // A stage that cannot be cleared now is cleared by the next run; it holds nothing that is still to be done.
  quietly(() => clearStage(stage, disk));
  return failure ? [cannotWrite(target, failure)] : [];
}

/** Whatever forbids the plan: someone else's change since it was made, or something in the way. */
function findChanges({ dir, shown, stage, disk }: Target, { writes, removals }: Plan): readonly Diagnostic[] {
  const expected = [...writes, ...removals];
  const problems = checkPlaces(
    dir,
    shown,
    expected.map(({ path }) => path),
    disk,
  );
  if (problems.length > 0) return problems;
  const stat = statOf(disk, dir);
  if (stat && stat.dev !== statOf(disk, stage.folder)?.dev) {
    return [diagnose('emit/other-file-system', undefined, { path: shown })];
  }
  return expected
    .filter(({ path, before }) => {
      assertInvariant(isInside(path), `the output path ${path} leads out of the folder`);
      const found = statOf(disk, join(dir, path)) ? readText(disk, join(dir, path)) : undefined;
      return found !== before;
    })
    .map(({ path }) => diagnose('emit/changed-meanwhile', undefined, { path: `${shown}/${path}` }));
}

/** Puts the new files beside the folder and reads them back. Room for them is taken before anything is moved. */
function stageFiles(stage: Stage, files: readonly OutputFile[], disk: Disk): void {
  clearStage(stage, disk);
  disk.mkdirSync(stage.new);
  disk.mkdirSync(stage.old);
  files.forEach(({ path, text }, index) => {
    const staged = join(stage.new, String(index));
    disk.writeFileSync(staged, text, { flag: 'wx' });
    const found = readText(disk, staged);
    assertInvariant(parseHeader(text)?.intact, `${path} has no header that fits it`);
    if (found !== text)
      throw Object.assign(new Error('EIO: it reads differently from what was written, read'), { code: 'EIO', syscall: 'read', path: staged });
  });
}

function attempt(action: () => void): DiskError | undefined {
  try {
    action();
    return undefined;
  } catch (error) {
    if (isDiskError(error)) return error;
    throw error;
  }
}

const quietly = (action: () => void): void => void attempt(action);

function cannotWrite(target: Target, error: unknown): Diagnostic {
  if (!isDiskError(error)) throw error;
  return diagnose('emit/cannot-write', undefined, { path: pathOf(target, error), folder: target.shown, reason: reasonOf(error) });
}

const cannotUndo = (target: Target, error: DiskError): Diagnostic =>
  diagnose('emit/cannot-undo', undefined, { path: pathOf(target, error), folder: target.shown, stage: target.shownStage, reason: reasonOf(error) });

/** The place the failed step was meant for, as the user knows it. */
function pathOf({ dir, shown, shownStage }: Target, { path, dest }: DiskError): string {
  const place = dest ?? path;
  if (place === undefined) return shownStage;
  const below = relative(dir, place);
  return below.startsWith('..') ? join(dirname(shown), relative(dirname(dir), place)) : join(shown, below);
}
