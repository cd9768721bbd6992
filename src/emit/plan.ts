import { assertInvariant } from '../base/assert.js';
import { diagnose } from '../diagnostics/diagnose.js';
import { hasErrors, type Diagnostic, type Result } from '../diagnostics/diagnostic.js';
import { reportForeign } from './foreign.js';
import { formatVersion, parseHeader, type Header } from './header.js';
import { showSome } from './most-shown.js';
import type { OutputFile } from './output-file.js';

/** What is in the output folder: path below it -> text. Of a file that is not ours the text may be no more than its beginning. */
export type CurrentOutput = ReadonlyMap<string, string>;

export interface PlannedWrite extends OutputFile {
  /** What is there now; undefined where nothing is. */
  readonly before: string | undefined;
}

export interface PlannedRemoval {
  readonly path: string;
  readonly before: string;
}

/** What would make the output folder hold the new files. All lists are sorted by path. */
export interface Plan {
  /** New and changed files. */
  readonly writes: readonly PlannedWrite[];
  /** Our files that no definition asks for any more. */
  readonly removals: readonly PlannedRemoval[];
  readonly unchanged: readonly string[];
  /** Files of someone else, left alone. */
  readonly foreign: readonly string[];
}

export interface PlanOptions {
  /** Remove more than a fifth of the services at once. @default false */
  readonly allowRemovals?: boolean;
  /** Accept that nothing is left. @default false */
  readonly allowEmpty?: boolean;
  /** Whether files of others that a GitOps engine would apply with ours are errors. They never forbid the plan. @default false */
  readonly refuseForeign?: boolean;
  /** What the user calls the output folder. @default 'dist' */
  readonly folder?: string;
}

/** A run that would remove more than this part of the services has probably read the wrong definitions. */
const maxRemovedPart = 0.2;

/**
 * Compares what is there with what should be. Pure. There is no plan if a file that we would replace or remove is not
 * ours or was edited, or suspiciously much would vanish.
 */
export function planOutput(current: CurrentOutput, next: readonly OutputFile[], options: PlanOptions = {}): Result<Plan> {
  const { folder = 'dist' } = options;
  const wanted = new Map(next.map((file) => [file.path, file.text]));
  assertInvariant(wanted.size === next.length, 'two output files have the same path');
  const diagnostics: Diagnostic[] = [];
  const writes: PlannedWrite[] = [];
  const removals: PlannedRemoval[] = [];
  const unchanged: string[] = [];
  const foreign: string[] = [];

  for (const path of [...new Set([...current.keys(), ...wanted.keys()])].sort()) {
    const before = current.get(path);
    const text = wanted.get(path);
    if (before !== undefined && before === text) {
      unchanged.push(path);
      continue;
    }
    const header = before === undefined ? undefined : parseHeader(before);
    if (header && !header.intact) {
      diagnostics.push(notIntact(folder, path, header, before ?? ''));
    } else if (text !== undefined) {
      // An empty file holds nothing that could be lost: it is what a power cut leaves of a file just written.
      if (before && !header) diagnostics.push(diagnose('emit/foreign-in-the-way', undefined, { path: `${folder}/${path}`, source: sourceOf(text) }));
      else writes.push({ path, text, before });
    } else if (before !== undefined && header) {
      removals.push({ path, before });
    } else {
      foreign.push(path);
    }
  }

  if (next.length === 0) {
    if (!options.allowEmpty) diagnostics.push(diagnose('emit/empty-result', undefined, { folder }));
  } else if (!options.allowRemovals) {
    diagnostics.push(...manyRemovals(removals, unchanged, writes));
  }
  const plan = hasErrors(diagnostics) ? undefined : { writes, removals, unchanged, foreign };
  const foreignFiles = foreign.map((path) => reportForeign(`${folder}/${path}`, options.refuseForeign === true));
  return [plan, showSome([...foreignFiles, ...diagnostics], folder)];
}

function notIntact(folder: string, file: string, { version, source }: Header, text: string): Diagnostic {
  const path = `${folder}/${file}`;
  if (version > formatVersion) return diagnose('emit/newer-format', undefined, { path, version, known: formatVersion });
  const onlyLineEnds = text.includes('\r\n') && parseHeader(text.replaceAll('\r\n', '\n'))?.intact === true;
  return diagnose('emit/hand-edited', undefined, { path, folder, source, onlyLineEnds });
}

const sourceOf = (text: string): string => parseHeader(text)?.source ?? 'the definitions';

function manyRemovals(removals: readonly PlannedRemoval[], unchanged: readonly string[], writes: readonly PlannedWrite[]): readonly Diagnostic[] {
  const removed = removals.map(({ path }) => path).filter(isServiceFile);
  const kept = [...unchanged, ...writes.filter(({ before }) => before !== undefined).map(({ path }) => path)].filter(isServiceFile);
  const of = removed.length + kept.length;
  if (removed.length <= of * maxRemovedPart) return [];
  return [diagnose('emit/many-removals', undefined, { removed: removed.map((path) => path.replace(/\.yaml$/, '')), of })];
}

/** `<namespace>/<service>.yaml`; `cluster` is no namespace, no service is called `platform`, and none has a `.` as Secrets' files do. */
const isServiceFile = (path: string): boolean => /^(?!cluster\/)[^/]+\/(?!platform\.yaml$)[^/.]+\.yaml$/.test(path);
