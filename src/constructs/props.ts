import { diagnose } from '../diagnostics/diagnose.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { describeValue } from '../input/words.js';

/** What a prop must be, where no definition says it. */
export interface Prop {
  readonly required: boolean;
  /** Completes "must be …". */
  readonly expected: string;
  readonly fits: (value: unknown) => boolean;
}

/** For a prop that has a schema of its own, which is asked later. */
export const anything = (value: unknown): boolean => value !== undefined;
/** For a prop that is text of any kind. */
export const isText = (value: unknown): boolean => typeof value === 'string';

/** What a caller without TypeScript, or with a cast, may get wrong. `what` is the construct in our words. */
export function propsProblems(what: string, props: unknown, expected: Readonly<Record<string, Prop>>): readonly Diagnostic[] {
  if (typeof props !== 'object' || props === null || Array.isArray(props)) {
    const found = describeValue(props);
    return [diagnose('input/wrong-type', { file: what, path: [] }, { field: 'props', expected: 'an object', found, hint: undefined })];
  }
  const given = new Map<string, unknown>(Object.entries(props));
  return [
    ...[...given.keys()]
      .filter((name) => !Object.hasOwn(expected, name))
      .map((field) => diagnose('input/unknown-field', { file: what, path: [field], target: 'key' }, { field, parent: 'props', hint: undefined })),
    ...Object.entries(expected).flatMap(([field, prop]) => propProblems(what, field, prop, given.get(field))),
  ];
}

function propProblems(what: string, field: string, { required, expected, fits }: Prop, value: unknown): readonly Diagnostic[] {
  if (value === undefined) {
    if (!required) return [];
    const hint = `give ${expected}`;
    return [diagnose('input/missing-field', { file: what, path: [] }, { field, parent: 'props', hint })];
  }
  if (fits(value)) return [];
  return [diagnose('input/wrong-type', { file: what, path: [field] }, { field, expected, found: describeValue(value), hint: undefined })];
}
