import type { DiagnosticCode } from './catalogue.js';

/** Keys and list positions from the root of a document to a value. */
export type Path = readonly (string | number)[];

/**
 * Where a problem is, as the compiler knows it: file and path. It becomes a {@link Span} only when something is
 * printed, by a second parse of that one file.
 */
export interface Place {
  /** Relative to the root, `/` between parts. */
  readonly file: string;
  readonly path: Path;
  /** The key when the key is wrong, the value when the value is wrong. @default 'value' */
  readonly target?: 'key' | 'value';
}

/** Offsets into the text of a file in UTF-16 code units; `end` is exclusive. */
export interface Span {
  readonly file: string;
  readonly start: number;
  readonly end: number;
  /** Where the file is too large to be at hand: what of it is shown. The offsets then count bytes. */
  readonly window?: SourceWindow;
}

/** A piece of one line of a file, with the place in it. */
export interface SourceWindow {
  readonly text: string;
  /** In the text, in UTF-16 code units. */
  readonly start: number;
  readonly end: number;
  /** From 1. The column counts UTF-16 code units, or bytes where the line is very long. */
  readonly line: number;
  readonly column: number;
  /** JSON Pointer of the value that is meant; `…` stands for a name that is a key. */
  readonly pointer: string;
}

/** A place as the compiler knows it, or as a renderer needs it. */
export type Where = Place | Span;

/** Whether the place is known in the text of its file already. */
export const isSpan = (where: Where): where is Span => 'start' in where;

/** An error keeps everything from being written; a warning and an info keep nothing. */
export type Severity = 'error' | 'warning' | 'info';

/** A second place that explains the first: "first declared here". */
export interface Related {
  readonly message: string;
  readonly where: Where;
}

/** One problem, as data. Made only by {@link diagnose}; printed only by a renderer. */
export interface Diagnostic {
  readonly code: DiagnosticCode;
  readonly severity: Severity;
  /** One sentence, no trailing advice, no full stop. */
  readonly message: string;
  readonly where: Where | undefined;
  readonly related: readonly Related[];
  /** What to do, with names from this input. */
  readonly hint: string | undefined;
}

/** A value, or undefined and the problems that prevented it; stages go on after a problem to find the next one. */
export type Result<T> = readonly [T | undefined, readonly Diagnostic[]];

/** Where the page of a code stands, relative to the package. */
export const docsPage = (code: string): string => `docs/diagnostics/${code}.md`;

/** Whether anything keeps the output from being written. */
export const hasErrors = (diagnostics: readonly Diagnostic[]): boolean => diagnostics.some(({ severity }) => severity === 'error');
