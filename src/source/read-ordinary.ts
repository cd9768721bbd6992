import { remembered } from '../base/remembered.js';
import { isAmbiguous } from './ambiguous-scalar.js';
import { isForbiddenKey } from './forbidden-key.js';
import { sourceLimits } from './limits.js';

/**
 * The value of a text in the YAML that people write definitions in: block maps and lists, scalars and flow collections on
 * one line, quotes without escapes, comments. Undefined for everything else, be it wrong, unusual or a matter for a
 * diagnostic: that is for the parser, which takes eight times as long, and says what such a text means or what is wrong
 * with it. What is read here is read alike there, without a diagnostic; a test holds the two together.
 *
 * The text holds no characters that `findUnsafe` of base/text.ts refuses.
 */
export function readOrdinary(text: string): { readonly value: unknown } | undefined {
  const reader: Reader = { text, at: 0, indent: 0, isOrdinary: true, tokens: 0 };
  toLine(reader);
  const value = reader.indent === ended ? null : readBlock(reader, 1);
  return reader.isOrdinary && reader.indent === ended ? { value } : undefined;
}

interface Reader {
  readonly text: string;
  at: number;
  /** Column of the first character of the line; in `- key: value`, of the key. */
  indent: number;
  isOrdinary: boolean;
  /** At least as many as the lexer of the parser would find. */
  tokens: number;
}

/** The indent behind the last line. It is less than any other, so that it ends whatever is being read. */
const ended = -1;
/** Half of what is allowed; no definition comes near. */
const maxDepth = sourceLimits.depth / 2;
/** Indent, `-`, key, `:`, value, comment, the blanks between them and the line end. */
const tokensOfLine = 10;

/** At a key, with the `:` after it still to come. */
const plainKey = /[A-Za-z_][\w./-]{0,127}(?=:(?:[ \n]|$))/y;
const quotedKey = /(?:"[^"\\\n]{0,128}"|'[^'\n]{0,128}')(?=:(?:[ \n]|$))/y;
const doubleQuoted = /"[^"\\\n]*"/y;
const singleQuoted = /'[^'\n]*'/y;
/** Visible ASCII with blanks in it, without `: ` and ` #`, from a first character that means nothing to YAML. */
const plain = /(?:--?[A-Za-z]|[\w/$(])(?:[!-9;-~]|:(?=[!-~])| +(?=[!-"$-~]))*/y;
const plainInFlow = /(?:--?[A-Za-z]|[\w/$(])(?:[!-+\--9;-Z\\^-z|~]|:(?=[!-+\--Z\\^-z|~])| +(?=[!"$-+\--Z\\^-z|~]))*/y;
/** A value on the same line follows. */
const dash = /- +(?=[^ #\n])/y;
const beforeValue = / +(?=[^ #\n])/y;
const blanks = / */y;
const restOfLine = /(?: +#[^\n]*| *)(?:\n|$)/y;
const emptyLine = / *(?:#[^\n]*)?(?:\n|$)/y;

const integer = /^(?:0|[1-9][0-9]{0,14})$/;
/** All that a reader of YAML takes for a number, if it starts with a digit. */
const numberLike = /^(?:0[ox][0-9a-fA-F]+|[0-9]+(?:\.[0-9]*)?(?:[eE][-+]?[0-9]+)?)$/;
const words: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ['null', null],
  ['Null', null],
  ['NULL', null],
  ['true', true],
  ['True', true],
  ['TRUE', true],
  ['false', false],
  ['False', false],
  ['FALSE', false],
]);

function giveUp(reader: Reader): undefined {
  reader.isOrdinary = false;
  reader.indent = ended;
  reader.at = reader.text.length;
}

/** Moves behind what the pattern matches; false where it does not. */
function skip(reader: Reader, pattern: RegExp): boolean {
  pattern.lastIndex = reader.at;
  if (!pattern.test(reader.text)) return false;
  reader.at = pattern.lastIndex;
  return true;
}

/** What the pattern matches; undefined where it does not. */
function take(reader: Reader, pattern: RegExp): string | undefined {
  const start = reader.at;
  return skip(reader, pattern) ? reader.text.slice(start, reader.at) : undefined;
}

/** Ends the line, and goes to the first character of the next one that holds more than a comment. */
function nextLine(reader: Reader): void {
  if (skip(reader, restOfLine)) toLine(reader);
  else giveUp(reader);
}

function toLine(reader: Reader): void {
  reader.tokens += tokensOfLine;
  while (reader.at < reader.text.length && skip(reader, emptyLine)) reader.tokens += tokensOfLine;
  if (reader.tokens > sourceLimits.tokens) {
    giveUp(reader);
  } else if (reader.at >= reader.text.length) {
    reader.indent = ended;
  } else {
    const start = reader.at;
    skip(reader, blanks);
    reader.indent = reader.at - start;
  }
}

function readBlock(reader: Reader, depth: number): unknown {
  if (depth > maxDepth) return giveUp(reader);
  return isAtDash(reader) ? readList(reader, depth) : readMap(reader, depth);
}

const isAtDash = ({ text, at }: Reader): boolean => text.startsWith('- ', at);

function readMap(reader: Reader, depth: number): unknown {
  const column = reader.indent;
  const map = emptyMap();
  while (reader.indent === column) {
    const key = readKey(reader, map);
    if (key === undefined) return giveUp(reader);
    if (isAtLineEnd(reader)) {
      nextLine(reader);
      const isBelow = reader.indent > column || (reader.indent === column && isAtDash(reader));
      map[key] = isBelow ? readBlock(reader, depth + 1) : null;
    } else {
      map[key] = readInline(reader, plain, depth);
      nextLine(reader);
    }
  }
  return reader.indent < column ? map : giveUp(reader);
}

function readList(reader: Reader, depth: number): unknown {
  const column = reader.indent;
  const list: unknown[] = [];
  while (reader.indent === column && isAtDash(reader)) {
    const start = reader.at;
    if (!skip(reader, dash)) return giveUp(reader);
    if (isAtKey(reader)) {
      reader.indent += reader.at - start;
      list.push(readBlock(reader, depth + 1));
    } else {
      list.push(readInline(reader, plain, depth));
      nextLine(reader);
    }
  }
  // A key may follow, which the list is a value beside.
  return reader.indent <= column ? list : giveUp(reader);
}

function isAtKey({ text, at }: Reader): boolean {
  plainKey.lastIndex = quotedKey.lastIndex = at;
  return plainKey.test(text) || quotedKey.test(text);
}

/** A key that may stand in the map, with its `:` and the blanks before a value; undefined for any other. */
function readKey(reader: Reader, map: Readonly<Record<string, unknown>>): string | undefined {
  const source = take(reader, plainKey) ?? take(reader, quotedKey);
  const key = source === undefined ? undefined : keyOf(source);
  if (key === undefined || key in map) return undefined;
  reader.at += 1;
  skip(reader, beforeValue);
  return key;
}

const keyOf = remembered((source: string): string | undefined => {
  const isQuoted = source.startsWith('"') || source.startsWith("'");
  const key = isQuoted ? source.slice(1, -1) : source;
  return (!isQuoted && isAmbiguous(key)) || isForbiddenKey(key) ? undefined : key;
});

/** No value has been found: the line may hold no more than blanks and a comment. */
const isAtLineEnd = ({ text, at }: Reader): boolean => at === text.length || text[at] === '\n' || text[at] === ' ';

function readInline(reader: Reader, plainPattern: RegExp, depth: number): unknown {
  switch (reader.text[reader.at]) {
    case '"':
      return take(reader, doubleQuoted)?.slice(1, -1) ?? giveUp(reader);
    case "'":
      return take(reader, singleQuoted)?.slice(1, -1) ?? giveUp(reader);
    case '[':
      return readFlow(reader, depth + 1, readFlowList);
    case '{':
      return readFlow(reader, depth + 1, readFlowMap);
    default:
      return plainValue(reader, take(reader, plainPattern));
  }
}

function plainValue(reader: Reader, source: string | undefined): unknown {
  if (source === undefined || isAmbiguous(source)) return giveUp(reader);
  if (integer.test(source)) return Number(source);
  if (numberLike.test(source)) return giveUp(reader);
  return words.has(source) ? words.get(source) : source;
}

/**
 * Without a prototype, and not by `Object.create(null)`, which makes a hash table: it takes three times the memory, and
 * whatever reads it later takes longer.
 */
const emptyMap = (): Record<string, unknown> => Object.setPrototypeOf({}, null) as Record<string, unknown>;

function readFlow(reader: Reader, depth: number, read: (reader: Reader, depth: number) => unknown): unknown {
  if (depth > maxDepth) return giveUp(reader);
  const start = reader.at;
  reader.at += 1;
  skip(reader, blanks);
  const value = read(reader, depth);
  reader.tokens += reader.at - start;
  return value;
}

function readFlowList(reader: Reader, depth: number): unknown {
  const list: unknown[] = [];
  while (isBefore(reader, ']', list.length === 0)) list.push(readInline(reader, plainInFlow, depth));
  return list;
}

function readFlowMap(reader: Reader, depth: number): unknown {
  const map = emptyMap();
  let isFirst = true;
  while (isBefore(reader, '}', isFirst)) {
    isFirst = false;
    const key = readKey(reader, map);
    if (key === undefined) return giveUp(reader);
    map[key] = readInline(reader, plainInFlow, depth);
  }
  return map;
}

/** Whether one more item comes before the end of a flow collection; moves behind its comma, or behind the end. */
function isBefore(reader: Reader, end: string, isFirst: boolean): boolean {
  skip(reader, blanks);
  const sign = reader.text[reader.at];
  if (isFirst && sign !== end) return true;
  reader.at += 1;
  if (sign === end) return false;
  if (sign !== ',') giveUp(reader);
  else skip(reader, blanks);
  return reader.isOrdinary;
}
