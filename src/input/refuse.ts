import { diagnose } from '../diagnostics/diagnose.js';
import type { Diagnostic, Path } from '../diagnostics/diagnostic.js';
import { notSupported, type NotSupported } from './not-supported.js';
import { kinds, type Kind } from './kinds.js';
import { isMap, own } from './values.js';
import { describePath } from './words.js';

interface Refusal extends NotSupported {
  /** Below `spec`. */
  readonly steps: readonly string[];
}

const refusals: ReadonlyMap<Kind, readonly Refusal[]> = new Map(
  kinds.map((kind) => [
    kind,
    notSupported.filter((entry) => entry.kind === kind).map((entry) => ({ ...entry, steps: entry.path.split('.').slice(1) })),
  ]),
);

/**
 * Refuses what this version does not support yet, and takes it out of the spec: what goes on is only what the types promise.
 */
export function refuseNotSupported<T>(
  kind: Kind,
  spec: T,
  file: string,
  path: Path,
): { readonly spec: T; readonly diagnostics: readonly Diagnostic[] } {
  const diagnostics: Diagnostic[] = [];
  let kept: unknown = spec;
  for (const refusal of refusals.get(kind) ?? []) {
    const found = placesOf(spec, refusal, []);
    for (const steps of found) diagnostics.push(refusalAt(refusal, file, path, steps));
    for (const steps of found) kept = without(kept, steps);
  }
  // A field of a closed map that may be left out is all that goes away, so the type stays what it was.
  return { spec: kept as T, diagnostics };
}

/** Where the refused field stands; `*` stands for each item of a list. */
function placesOf(value: unknown, refusal: Refusal, at: Path): readonly Path[] {
  const step = refusal.steps[at.length];
  if (step === undefined) return [at];
  if (step === '*') return Array.isArray(value) ? value.flatMap((item: unknown, index) => placesOf(item, refusal, [...at, index])) : [];
  const inner = isMap(value) ? own(value, step) : undefined;
  return inner === undefined ? [] : placesOf(inner, refusal, [...at, step]);
}

function refusalAt({ meanwhile }: Refusal, file: string, root: Path, steps: Path): Diagnostic {
  const path = [...root, ...steps];
  return diagnose('input/not-supported-yet', { file, path, target: 'key' }, { field: describePath(path), meanwhile });
}

/** A copy without the field at a path; shares everything that the path does not touch. */
function without(value: unknown, path: Path): unknown {
  const [step, ...rest] = path;
  if (Array.isArray(value)) return value.map((item: unknown, index) => (index === step ? without(item, rest) : item));
  if (!isMap(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]) => (key !== step ? [[key, inner]] : rest.length ? [[key, without(inner, rest)]] : [])),
  );
}
