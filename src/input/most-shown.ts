import { diagnose } from '../diagnostics/diagnose.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';

/** More are not shown for one file: the first ones are enough to begin with, and hostile input must not cost time. */
export const mostShown = 50;

/** The first problems of a file, and how many more there are. */
export function firstOf(problems: readonly Diagnostic[]): readonly Diagnostic[] {
  const first = problems[mostShown];
  if (!first) return problems;
  return [...problems.slice(0, mostShown), diagnose('input/too-many-problems', first.where, { more: problems.length - mostShown })];
}
