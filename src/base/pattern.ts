/**
 * Patterns that authors write, in the subset of regular expressions that RE2 (Tekton's CEL) and JavaScript read alike:
 * anchored, printable ASCII, without look-around, back references, lazy repetitions and classes that depend on Unicode.
 *
 * Matched here by following all possibilities at once, in time proportional to pattern times text: no pattern can
 * make a check hang.
 */
import { assertInvariant } from './assert.js';
import type { Characters } from './pattern-characters.js';
import { readPattern, Unfit, type PatternNode } from './pattern-reader.js';

export { patternMaxLength } from './pattern-reader.js';

declare const parsed: unique symbol;

/** Only {@link parsePattern} makes one. */
export interface Pattern {
  /** As its author wrote it, from `^` to `$`. */
  readonly source: string;
  /** The first is where matching starts. */
  readonly states: readonly State[];
  readonly start: number;
  readonly [parsed]: true;
}

type State =
  | { readonly kind: 'one'; readonly of: Characters; readonly next: number }
  | { readonly kind: 'either'; readonly next: readonly number[] }
  | { readonly kind: 'end' };

export interface PatternProblem {
  /** Follows "the pattern". */
  readonly problem: string;
  readonly hint: string | undefined;
}

/** RE2 refuses counts inside each other whose product is larger. */
const largestProduct = 1000;
/** With every counted repetition written out. */
const mostStates = 4096;

/** Reads a pattern of the subset that RE2 and JavaScript understand alike, or says what of it is not, and where. */
export function parsePattern(source: string): Pattern | PatternProblem {
  try {
    const tree = readPattern(source);
    if (!hasCountsWithin(tree, largestProduct)) throw tooLarge();
    const states: State[] = [];
    const end = add(states, { kind: 'end' });
    // The brand exists in types only.
    return { source, states, start: build(tree, end, states) } as unknown as Pattern;
  } catch (error) {
    if (error instanceof Unfit) return { problem: error.problem, hint: error.hint };
    throw error;
  }
}

/** A pattern of this program. */
export function knownPattern(source: string): Pattern {
  const result = parsePattern(source);
  assertInvariant(isPattern(result), `${source} is no pattern of the subset`);
  return result;
}

/** Whether reading it has worked. */
export const isPattern = (result: Pattern | PatternProblem): result is Pattern => 'source' in result;

/** Whether the whole of `text` matches. Text with other characters than printable ASCII never does. */
export function matchesPattern({ states, start }: Pattern, text: string): boolean {
  let reached = new Set<number>();
  reach(states, start, reached);
  for (const character of text) {
    const next = new Set<number>();
    for (const index of reached) {
      const state = states[index];
      if (state?.kind === 'one' && state.of.has(character)) reach(states, state.next, next);
    }
    if (next.size === 0) return false;
    reached = next;
  }
  return [...reached].some((index) => states[index]?.kind === 'end');
}

/** Adds a state and all that it leads to without a character. */
function reach(states: readonly State[], index: number, reached: Set<number>): void {
  if (reached.has(index)) return;
  reached.add(index);
  const state = states[index];
  if (state?.kind === 'either') for (const next of state.next) reach(states, next, reached);
}

const tooLarge = (): Unfit => new Unfit('is too large: its counted repetitions multiply', 'repeat less, or fewer things inside each other');

/** As RE2 counts. It also bounds how often {@link build} is called. */
function hasCountsWithin(node: PatternNode, most: number): boolean {
  switch (node.kind) {
    case 'one':
      return true;
    case 'sequence':
      return node.parts.every((part) => hasCountsWithin(part, most));
    case 'choice':
      return node.choices.every((choice) => hasCountsWithin(choice, most));
    case 'repeated': {
      const count = node.most === Infinity ? node.least : node.most;
      return count <= most && hasCountsWithin(node.part, Math.floor(most / Math.max(count, 1)));
    }
  }
}

function add(states: State[], state: State): number {
  if (states.length >= mostStates) throw tooLarge();
  return states.push(state) - 1;
}

/** The state in which a node begins that ends in state `next`. */
function build(node: PatternNode, next: number, states: State[]): number {
  switch (node.kind) {
    case 'one':
      return add(states, { kind: 'one', of: node.of, next });
    case 'sequence':
      return node.parts.reduceRight((following, part) => build(part, following, states), next);
    case 'choice':
      return add(states, { kind: 'either', next: node.choices.map((choice) => build(choice, next, states)) });
    case 'repeated':
      return buildRepeated(node, next, states);
  }
}

function buildRepeated({ part, least, most }: PatternNode & { readonly kind: 'repeated' }, next: number, states: State[]): number {
  let start = next;
  if (most === Infinity) {
    const ways: number[] = [];
    start = add(states, { kind: 'either', next: ways });
    ways.push(build(part, start, states), next);
  } else {
    for (let time = least; time < most; time += 1) start = add(states, { kind: 'either', next: [build(part, start, states), next] });
  }
  for (let time = 0; time < least; time += 1) start = build(part, start, states);
  return start;
}
