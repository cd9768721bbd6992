import type { Diagnostic, Path } from '../diagnostics/diagnostic.js';

/**
 * Places of a document that were not understood, from its root: a value of a wrong shape, a field that is missing, or one
 * that may have been meant by a field nobody knows. Something else stands there, so that the rest can be judged; nothing
 * may be said of what stands there, nor of anything that follows from it.
 */
export type Holes = readonly Path[];

export const noHoles: Holes = [];

const isPrefix = (prefix: Path, path: Path): boolean => prefix.length <= path.length && prefix.every((step, index) => step === path[index]);

/** Whether a place is, or lies in, one of the holes. */
export const isHole = (path: Path, holes: Holes): boolean => holes.some((hole) => isPrefix(hole, path));

/** Problems of one document without those that are about its holes. */
export const outsideHoles = (diagnostics: readonly Diagnostic[], holes: Holes): readonly Diagnostic[] =>
  holes.length === 0 ? diagnostics : diagnostics.filter(({ where }) => !where || !('path' in where) || !isHole(where.path, holes));
