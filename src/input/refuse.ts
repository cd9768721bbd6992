import { diagnose } from '../diagnostics/diagnose.js';
import type { Diagnostic, Path } from '../diagnostics/diagnostic.js';
import { quote } from '../diagnostics/words.js';
import { notSupported, type NotSupported } from './not-supported.js';
import { kinds, type Kind } from './kinds.js';
import { mayBeSecret } from './subject.js';
import { isMap, own } from './values.js';
import { describePath, describeValue, enumerate } from './words.js';

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
    for (const steps of found) diagnostics.push(refusalAt(refusal, spec, file, path, steps));
    for (const steps of found) kept = without(kept, steps);
  }
  // A field of a closed map that may be left out is all that goes away, so the type stays what it was.
  return { spec: kept as T, diagnostics };
}

/** Where the refused field stands with a value that is refused; `*` stands for each item of a list. */
function placesOf(value: unknown, refusal: Refusal, at: Path): readonly Path[] {
  const step = refusal.steps[at.length];
  if (step === undefined) return refusal.values?.some((supported) => supported === value) ? [] : [at];
  if (step === '*') return Array.isArray(value) ? value.flatMap((item: unknown, index) => placesOf(item, refusal, [...at, index])) : [];
  const inner = isMap(value) ? own(value, step) : undefined;
  return inner === undefined ? [] : placesOf(inner, refusal, [...at, step]);
}

function refusalAt({ values, meanwhile }: Refusal, spec: unknown, file: string, root: Path, steps: Path): Diagnostic {
  const path = [...root, ...steps];
  const value = steps.reduce<unknown>(
    (current, step) => (Array.isArray(current) ? current[Number(step)] : isMap(current) ? own(current, String(step)) : undefined),
    spec,
  );
  const scalar = typeof value === 'string' ? quote(value) : describeValue(value);
  return diagnose('input/not-supported-yet', values ? { file, path } : { file, path, target: 'key' }, {
    field: describePath(path),
    found: values && (mayBeSecret(path) ? '' : scalar),
    allowed: enumerate((values ?? []).map(String), 'or'),
    meanwhile,
  });
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
