/** What a pattern of the subset says, before it becomes states: see pattern.ts for the subset. */
import { charactersOf, type Characters, everyPrintable, printable, without } from './pattern-characters.js';

/** Longest pattern, in characters. */
export const patternMaxLength = 256;
/** No value is longer. */
const largestCount = 256;
/** Thrown where a pattern does not fit into the subset, caught by `parsePattern` only. */
export class Unfit extends Error {
  constructor(
    readonly problem: string,
    readonly hint?: string,
  ) {
    super(problem);
  }
}

/** A part of a pattern. */
export type PatternNode =
  | { readonly kind: 'one'; readonly of: Characters }
  | { readonly kind: 'sequence'; readonly parts: readonly PatternNode[] }
  | { readonly kind: 'choice'; readonly choices: readonly PatternNode[] }
  | { readonly kind: 'repeated'; readonly part: PatternNode; readonly least: number; readonly most: number };

/** @throws Unfit with what of it does not fit, and what to write instead */
export const readPattern = (source: string): PatternNode => new Reader(source).read();

/** A parser of recursive descent over `source`. */
class Reader {
  private position = 1;

  constructor(private readonly source: string) {}

  read(): PatternNode {
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

  private sequence(): PatternNode {
    const parts: PatternNode[] = [];
    while (this.next !== undefined && this.next !== '|' && this.next !== ')') parts.push(this.repeated(this.atom()));
    return { kind: 'sequence', parts };
  }

  private atom(): PatternNode {
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

  private group(): PatternNode {
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

  private repeated(part: PatternNode): PatternNode {
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
