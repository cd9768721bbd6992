/**
 * Patterns that authors write, in the subset of regular expressions that RE2 (Tekton's CEL) and JavaScript read alike:
 * anchored, printable ASCII, without look-around, back references, lazy repetitions and classes that depend on Unicode.
 *
 * Matched here by following all possibilities at once, in time proportional to pattern times text: no pattern can
 * make a check hang.
 */
import { assertInvariant } from './assert.js';
import { charactersOf, type Characters, everyPrintable, printable, without } from './pattern-characters.js';

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

/** Longest pattern, in characters. */
export const patternMaxLength = 256;
/** No value is longer. */
const largestCount = 256;
/** RE2 refuses counts inside each other whose product is larger. */
const largestProduct = 1000;
/** With every counted repetition written out. */
const mostStates = 4096;

class Unfit extends Error {
  constructor(
    readonly problem: string,
    readonly hint?: string,
  ) {
    super(problem);
  }
}

/** Reads a pattern of the subset that RE2 and JavaScript understand alike, or says what of it is not, and where. */
export function parsePattern(source: string): Pattern | PatternProblem {
  try {
    const tree = new Reader(source).read();
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

type Node =
  | { readonly kind: 'one'; readonly of: Characters }
  | { readonly kind: 'sequence'; readonly parts: readonly Node[] }
  | { readonly kind: 'choice'; readonly choices: readonly Node[] }
  | { readonly kind: 'repeated'; readonly part: Node; readonly least: number; readonly most: number };

const tooLarge = (): Unfit => new Unfit('is too large: its counted repetitions multiply', 'repeat less, or fewer things inside each other');

/** As RE2 counts. It also bounds how often {@link build} is called. */
function hasCountsWithin(node: Node, most: number): boolean {
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
function build(node: Node, next: number, states: State[]): number {
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

function buildRepeated({ part, least, most }: Node & { readonly kind: 'repeated' }, next: number, states: State[]): number {
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

/** A parser of recursive descent over `source`. */
class Reader {
  private position = 1;

  constructor(private readonly source: string) {}

  read(): Node {
    const { source } = this;
    if (source.length > patternMaxLength) throw new Unfit(`has more than ${patternMaxLength} characters`);
    if (!printable.test(source)) throw new Unfit('holds a character that is not printable ASCII', 'values are printable ASCII, too');
    if (!source.startsWith('^') || !source.endsWith('$'))
      throw new Unfit('is not anchored', 'write it from ^ to $, so that it is about the whole value');
    const body = this.sequence();
    if (this.next === '|') throw new Unfit('has a "|" outside of parentheses', 'write ^(a|b)$: without them, ^ belongs to the first choice only');
    if (this.next === ')') throw new Unfit('has a ")" too many', 'write \\) for the character itself');
    return body;
  }

  /** Undefined at the closing `$`. */
  private get next(): string | undefined {
    return this.position < this.source.length - 1 ? this.source[this.position] : undefined;
  }

  private sequence(): Node {
    const parts: Node[] = [];
    while (this.next !== undefined && this.next !== '|' && this.next !== ')') parts.push(this.repeated(this.atom()));
    return { kind: 'sequence', parts };
  }

  private atom(): Node {
    const character = this.take();
    switch (character) {
      case '(':
        return this.group();
      case '[':
        return { kind: 'one', of: this.characterClass() };
      case '.':
        return { kind: 'one', of: everyPrintable };
      case '\\':
        return { kind: 'one', of: this.escape() };
      case '*':
      case '+':
      case '?':
      case '{':
        throw new Unfit(`has a "${character}" with nothing before it to repeat`, `write \\${character} for the character itself`);
      case '^':
      case '$':
        throw new Unfit(`has a "${character}" inside`, 'it stands at the beginning or the end only');
      case ']':
      case '}':
        throw new Unfit(`has a "${character}" that closes nothing`, `write \\${character} for the character itself`);
      default:
        return { kind: 'one', of: new Set(character) };
    }
  }

  private group(): Node {
    if (this.next === '?') {
      if (!this.source.startsWith('?:', this.position)) throw new Unfit('has a group "(?"', 'there are ( ) and (?: ) only');
      this.position += 2;
    }
    const choices = [this.sequence()];
    while (this.next === '|') {
      this.position += 1;
      choices.push(this.sequence());
    }
    if (this.next !== ')') throw new Unfit('has a "(" that is not closed', 'write \\( for the character itself');
    this.position += 1;
    return { kind: 'choice', choices };
  }

  private repeated(part: Node): Node {
    const bounds = this.bounds();
    if (!bounds) return part;
    if (this.next !== undefined && '*+?{'.includes(this.next)) throw new Unfit('repeats a repetition', 'put the first one into parentheses');
    return { kind: 'repeated', part, ...bounds };
  }

  private bounds(): { readonly least: number; readonly most: number } | undefined {
    switch (this.next) {
      case '*':
        this.position += 1;
        return { least: 0, most: Infinity };
      case '+':
        this.position += 1;
        return { least: 1, most: Infinity };
      case '?':
        this.position += 1;
        return { least: 0, most: 1 };
      case '{':
        return this.counted();
      default:
        return undefined;
    }
  }

  private counted(): { readonly least: number; readonly most: number } {
    const match = /^\{([0-9]{1,4})(,([0-9]{1,4})?)?\}/.exec(this.source.slice(this.position, -1));
    if (!match) throw new Unfit('has a "{" that begins no count', 'counts are {3}, {3,} and {3,5}; write \\{ for the character itself');
    this.position += match[0].length;
    const least = Number(match[1]);
    const most = match[2] === undefined ? least : match[3] === undefined ? Infinity : Number(match[3]);
    if (least > largestCount || (most !== Infinity && most > largestCount)) throw new Unfit(`repeats something more than ${largestCount} times`);
    if (most < least) throw new Unfit(`has the count ${match[0]}, whose end is below its beginning`);
    return { least, most };
  }

  /** After `[`. */
  private characterClass(): Characters {
    const inverted = this.next === '^';
    if (inverted) this.position += 1;
    const members = new Set<string>();
    if (this.next === ']') throw new Unfit('has an empty class "[]"', 'write \\] for the character itself');
    while (this.next !== ']') {
      const first = this.member();
      if (this.next !== '-' || this.source[this.position + 1] === ']') {
        for (const character of first) members.add(character);
        continue;
      }
      this.position += 1;
      const last = this.member();
      const [from] = first;
      const [to] = last;
      if (first.size !== 1 || last.size !== 1 || from === undefined || to === undefined || from > to)
        throw new Unfit('has a range in a class whose end is not after its beginning', 'write \\- for the character itself');
      for (const character of charactersOf(from, to)) members.add(character);
    }
    this.position += 1;
    return inverted ? without(members) : members;
  }

  private member(): Characters {
    const character = this.next === undefined ? undefined : this.take();
    if (character === undefined) throw new Unfit('has a "[" that is not closed', 'write \\[ for the character itself');
    if (character === '\\') return this.escape();
    if (character === '[' || character === '&' || character === '~') {
      // `[:alpha:]` means something to RE2 only; `&&` and `~~` may come to mean something in JavaScript.
      if (character === '[' || this.next === character)
        throw new Unfit(`has "${character}" in a class`, `write \\${character} for the character itself`);
    }
    return new Set(character);
  }

  /** After `\`. */
  private escape(): Characters {
    if (this.next === undefined) throw new Unfit('ends with a "\\" before its $', 'write \\\\ for the character itself');
    const character = this.take();
    if (character === 'd') return charactersOf('0', '9');
    if (character === 'w') return new Set([...charactersOf('a', 'z'), ...charactersOf('A', 'Z'), ...charactersOf('0', '9'), '_']);
    if (/[A-Za-z0-9]/.test(character))
      throw new Unfit(`has "\\${character}"`, 'of these there are \\d and \\w only; for others write a class, for example [ -~]');
    return new Set(character);
  }

  private take(): string {
    const character = this.source[this.position] ?? '';
    this.position += 1;
    return character;
  }
}
