import { basename, dirname, join } from 'node:path';
import { assertInvariant } from '../base/assert.js';
import { diagnose } from '../diagnostics/diagnose.js';
import { hasErrors, type Diagnostic, type Result } from '../diagnostics/diagnostic.js';
import { attempt, diskError, encode, isDiskError, quietly, readText, statOf, typeWord, type Disk, type DiskError } from './disk.js';
import { parseHeader } from './header.js';
import { clearStage, commitJournal, findUnfinished, isInside, journalOf, removeStage, type Stage } from './journal.js';
import { claim, release, type Claim } from './lock.js';
import type { OutputFile } from './output-file.js';
import { planOutput, type CurrentOutput, type Plan, type PlanOptions } from './plan.js';
import { checkPlaces, readFolder } from './read-output.js';
import { settle, takeBack, type Recovery } from './settle.js';
import { cannotUndo, cannotWrite, targetOf, type Target, type WriterOptions } from './target.js';
import { finish } from './transaction.js';

/**
 * Brings an output folder to exactly the new files, or leaves it as it was: reads, plans and writes as the only run that does.
 * What `synth` does. Writes nothing where nothing differs.
 */
export function updateOutput(dir: string, next: readonly OutputFile[], options: WriterOptions & PlanOptions = {}): Result<Plan> {
  const target = targetOf(dir, options);
  const update = (carryOut: (plan: Plan) => readonly Diagnostic[]): Result<Plan> => {
    const [current, found] = readFolder(target.dir, target.shown, target.disk, next);
    if (!current) return [undefined, found];
    const [plan, planned] = planOutput(current, next, { ...options, folder: target.shown });
    if (!plan) return [undefined, planned];
    const problems = carryOut(plan);
    return [hasErrors(problems) ? undefined : plan, [...planned, ...problems]];
  };
  return exclusively(
    target,
    () => update((plan) => write(target, plan)),
    (refusal) => update((plan) => (isEmpty(plan) ? [] : [cannotWrite(target, refusal)])),
  );
}

const isEmpty = ({ writes, removals }: Plan): boolean => writes.length + removals.length === 0;

/**
 * What is in an output folder: path -> text. Finishes or undoes an interrupted write first.
 *
 * @param expected what is probably there: a file that holds the same is not kept a second time
 */
export function readOutput(dir: string, options: WriterOptions = {}, expected: readonly OutputFile[] = []): Result<CurrentOutput> {
  const target = targetOf(dir, options);
  return ifStaged(target, () => readFolder(target.dir, target.shown, target.disk, expected));
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

/** Reading needs neither a claim nor the right to write, as long as no run has left a stage or is at work in it. */
function ifStaged<T>(target: Target, action: (recovery: Recovery) => Result<T>): Result<T> {
  let isStaged = true;
  const failure = attempt(() => (isStaged = statOf(target.disk, dirname(target.stage.folder)) !== undefined));
  if (failure) return [undefined, [cannotWrite(target, failure)]];
  return isStaged ? exclusively(target, action, () => action('nothing')) : action('nothing');
}

/**
 * Runs an action as the only run that touches the folder, on a folder that is whole. Where no claim may be made, as in a
 * checkout that is mounted read-only, and no write is unfinished, `unclaimed` may still read: nobody with our rights writes.
 */
function exclusively<T>(
  target: Target,
  action: (recovery: Recovery) => Result<T>,
  unclaimed: (refusal: DiskError) => Result<T> = (refusal) => [undefined, [cannotWrite(target, refusal)]],
): Result<T> {
  const { stage, disk } = target;
  try {
    const misplaced = stageProblem(target);
    if (misplaced) return [undefined, [misplaced]];
    const held = tryClaim(target);
    if ('refusal' in held) {
      return findUnfinished(stage, disk) === 'nothing' ? unclaimed(held.refusal) : [undefined, [cannotUndo(target, held.refusal)]];
    }
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

function tryClaim({ stage, waitMilliseconds, disk }: Target): Claim | { readonly refusal: DiskError } {
  try {
    return claim(stage.folder, waitMilliseconds, disk);
  } catch (error) {
    if (isDiskError(error) && refusals.has(error.code)) return { refusal: error };
    throw error;
  }
}

/** What a disk answers that may be read only, by us or by anybody. */
const refusals: ReadonlySet<string> = new Set(['EACCES', 'EPERM', 'EROFS']);

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

function write(target: Target, plan: Plan): readonly Diagnostic[] {
  const { dir, stage, disk } = target;
  if (isEmpty(plan)) return [];
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
    disk.writeFileSync(staged, encode(text), { flag: 'wx' });
    const found = readText(disk, staged);
    assertInvariant(parseHeader(text)?.intact, `${path} has no header that fits it`);
    if (found !== text) throw diskError('EIO', 'it reads differently from what was written', staged);
  });
}
