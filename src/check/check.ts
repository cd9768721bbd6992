import type { Diagnostic, Place } from '../diagnostics/diagnostic.js';

/** One semantic check: what is wrong with a subject whose shape is right. */
export type Check<Subject> = (subject: Subject) => readonly Diagnostic[];

/** A text that a check looks at, with its place. */
export interface Site {
  readonly text: string;
  readonly place: Place;
}

/** What all checks find, in their order: none keeps another from running. */
export const runChecks = <Subject>(checks: readonly Check<Subject>[], subject: Subject): readonly Diagnostic[] =>
  checks.flatMap((check) => check(subject));
