import { diagnose } from '../diagnostics/diagnose.js';
import type { Diagnostic, Place } from '../diagnostics/diagnostic.js';

/** More errors are not shown for one file in one run: the first ones are enough to begin with, and hostile input must not cost time. */
export const mostShown = 50;

/** Problems of one file, of which not all were put into words. */
export interface Found {
  readonly problems: readonly Diagnostic[];
  /** Those that were not: how many, and where the first of them stands. */
  readonly more?: { readonly count: number; readonly where: Place };
}

/** The first problems of a file, and how many more there are at least: later stages may find others. */
export function firstOf({ problems, more }: Found): readonly Diagnostic[] {
  const hidden = problems.length - mostShown + (more?.count ?? 0);
  if (hidden <= 0) return problems;
  return [
    ...problems.slice(0, mostShown),
    diagnose('input/too-many-problems', more?.where ?? problems[mostShown]?.where, { more: hidden, atLeast: true }),
  ];
}

/**
 * Of what later stages found, the errors for which the files have room beside those that `earlier` ones found, and how
 * many more there are. Warnings all stay: they neither crowd out an error nor become one.
 */
export function firstOfEachFile(found: readonly Diagnostic[], earlier: readonly Diagnostic[]): readonly Diagnostic[] {
  if (found.length + earlier.length <= mostShown) return found;
  const counts = new Map<string, number>();
  const count = ({ severity, where }: Diagnostic): number => {
    if (severity !== 'error' || !where) return 0;
    const sum = (counts.get(where.file) ?? 0) + 1;
    counts.set(where.file, sum);
    return sum;
  };
  earlier.forEach(count);
  const told = new Set(earlier.flatMap(({ code, where }) => (code === 'input/too-many-problems' && where ? [where.file] : [])));
  const firstHidden = new Map<string, Diagnostic>();
  const shown = found.filter((problem) => {
    if (count(problem) <= mostShown) return true;
    const file = problem.where?.file ?? '';
    if (!firstHidden.has(file)) firstHidden.set(file, problem);
    return false;
  });
  const summaries = [...firstHidden]
    .filter(([file]) => !told.has(file))
    .map(([file, { where }]) => diagnose('input/too-many-problems', where, { more: (counts.get(file) ?? 0) - mostShown, atLeast: false }));
  return [...shown, ...summaries];
}
