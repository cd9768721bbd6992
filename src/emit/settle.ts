import { diagnose } from '../diagnostics/diagnose.js';
import type { Result } from '../diagnostics/diagnostic.js';
import { attempt, statOf, type DiskError } from './disk.js';
import { clearStage, findUnfinished, type Journal } from './journal.js';
import { checkPlaces } from './read-output.js';
import { cannotUndo, type Target } from './target.js';
import { canFinish, finish, undo } from './transaction.js';

/** What became of a write that an earlier run left unfinished. */
export type Recovery = 'nothing' | 'finished' | 'undone';

/** Brings the folder into a state that some run wanted. */
export function settle(target: Target): Result<Recovery> {
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
export function takeBack({ dir, stage, disk }: Target, { entries }: Journal): DiskError | undefined {
  return attempt(() => {
    if (statOf(disk, stage.forward)) disk.renameSync(stage.forward, stage.undo);
    undo(dir, stage, entries, disk);
  });
}
