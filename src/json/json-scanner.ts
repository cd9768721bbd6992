import { isGenerous, type Accelerator } from './accelerator.js';
import { depth as depthAt, expected as expectedAt, line as lineAt, taken } from './data-state.js';
import { elementFalse, elementNull, elementObject, elementText, elementTrue, quoted } from './element-class.js';
import { createJsonFrames } from './json-frames.js';
import { literalFalse, literalNull, literalTrue, readData, readParts, readSkip, type JsonHandler } from './json-handler.js';
import { nameIsKnown, noRoomForName } from './name-stack.js';
import { classifyNumber } from './number-class.js';
import type { JsonFailure, JsonScanner, ScannerParts } from './scanner.js';
import { createTokenReader, numberToken, stringToken, tokenComplete, tokenCut, tokenWrong } from './token-reader.js';
import { createWholes, isLeft, type Wholes } from './wholes.js';

/** What may come next. Within the arrays of a tensor an accelerator knows `value`, `valueOrEnd` and `commaOrEnd`. */
const value = 0;
const valueOrEnd = 1;
const commaOrEnd = 2;
const keyOrEnd = 3;
const key = 4;
const colon = 5;
const nothing = 6;

const literalClasses = [elementTrue, elementFalse, elementNull] as const;
const literals = [literalTrue, literalFalse, literalNull] as const;
const longestQuotedNumber = 64;
/** Fewer bytes are not worth a call; where a call did little, the next one waits. */
const leastAccelerated = 64;
const mostPatience = 4096;

/** The one scanner there is: a state machine over bytes, with an accelerator for what is mostly numbers where the parts have one. */
export function createJsonScanner(handler: JsonHandler, parts: ScannerParts): JsonScanner {
  const { limits, state, wanted } = parts;
  const accelerator = isGenerous(limits) ? parts.accelerator : undefined;
  const wholes = accelerator && createWholes(accelerator, handler, state);
  const frames = createJsonFrames(state, limits, parts.nameKey);
  const token = createTokenReader(limits, accelerator?.skipPlain);
  const { numbers } = state;
  let expected = value;
  let line = 1;
  let failure: JsonFailure | undefined;
  let left = 0;
  /** Where the token began, in the file. */
  let tokenAt = 0;
  let isKey = false;
  let isText = false;

  const fail = (code: JsonFailure['code'], problem: string, offset: number, pointer = frames.pointer()): false => {
    failure = { code, problem, offset, line, pointer };
    return false;
  };

  const valueIsComplete = (): void => {
    expected = frames.depth() === 0 ? nothing : commaOrEnd;
  };
  const tellElement = (elementClass: number): void => {
    frames.countElement();
    if (wanted[elementClass] === 1) handler.element(elementClass);
  };
  const open = (isObject: boolean): boolean => {
    frames.countItem();
    let reading = frames.reading();
    if (reading === readParts) reading = isObject ? handler.object() : handler.array();
    else if (reading === readData && isObject) {
      tellElement(elementObject);
      reading = readSkip;
    }
    expected = isObject ? keyOrEnd : valueOrEnd;
    if (frames.open(isObject, reading)) return true;
    return fail('E-DEPTH', `is nested more than ${String(limits.depth)} levels deep`, tokenAt, frames.basePointer());
  };
  const close = (): void => {
    const isObject = frames.isObject();
    frames.close();
    valueIsComplete();
    // What was only checked has ended where its surroundings are told again.
    if (frames.reading() !== readParts) return;
    if (isObject) handler.endObject();
    else handler.endArray();
  };

  const beginString = (): void => {
    isKey = expected === key || expected === keyOrEnd;
    if (isKey) {
      token.beginString(limits.key, limits.key);
      return;
    }
    frames.countItem();
    const reading = frames.reading();
    isText = reading === readParts && handler.string();
    if (isText) token.beginString(limits.text, limits.text);
    else token.beginString(reading === readData && wanted[elementText] === 1 ? longestQuotedNumber : 0, limits.string);
  };
  const tellKey = (): boolean => {
    const { bytes, start, end } = token;
    const added = frames.addKey(bytes, start, end);
    if (added === noRoomForName) return fail('E-LIMIT', `has more than ${String(limits.members)} members in its open objects`, tokenAt);
    expected = colon;
    if (frames.reading() === readParts) handler.key(bytes, start, end);
    if (added === nameIsKnown) handler.repeatedKey();
    return true;
  };
  const tellString = (): void => {
    const { bytes, start, end } = token;
    if (isText) handler.text(bytes, start, end);
    else if (frames.reading() === readData) {
      // A number in quotation marks has a class of its own: a server might convert it.
      const found = wanted[elementText] === 1 && token.isKept ? classifyNumber(bytes, start, end) : -1;
      tellElement(found < 0 ? elementText : quoted + found);
    }
  };
  const tellNumber = (): boolean => {
    const { bytes, start, end } = token;
    const found = classifyNumber(bytes, start, end);
    if (found < 0) return fail('E-JSON', 'a number is not written as JSON has it', tokenAt - 1 - found - start);
    const reading = frames.reading();
    if (reading === readData) tellElement(found);
    else if (reading === readParts) handler.number(found, bytes, start, end);
    return true;
  };
  const tellToken = (): boolean => {
    if (token.kind === stringToken && isKey) return tellKey();
    if (token.kind === stringToken) tellString();
    else if (token.kind === numberToken) {
      if (!tellNumber()) return false;
    } else {
      const reading = frames.reading();
      if (reading === readData) tellElement(literalClasses[token.word] ?? elementNull);
      else if (reading === readParts) handler.literal(literals[token.word] ?? literalNull);
    }
    valueIsComplete();
    return true;
  };

  /** A byte that begins a value. */
  const beginValue = (byte: number, offset: number): boolean => {
    if (byte === 0x5b || byte === 0x7b) return open(byte === 0x7b);
    if (byte === 0x22) beginString();
    else if (byte === 0x2d || (byte >= 0x30 && byte <= 0x39)) {
      frames.countItem();
      token.beginNumber();
    } else {
      const word = byte === 0x74 ? 0 : byte === 0x66 ? 1 : byte === 0x6e ? 2 : -1;
      if (byte === 0xef && offset === 0) return fail('E-JSON', 'it starts with a byte order mark', offset);
      if (word < 0) return fail('E-JSON', 'a value is missing, or begins with a character that no value begins with', offset);
      frames.countItem();
      token.beginWord(word);
    }
    return true;
  };

  /** One byte between tokens that is not white space. */
  const step = (byte: number, offset: number): boolean => {
    tokenAt = offset;
    switch (expected) {
      case commaOrEnd:
        if (byte === 0x2c) {
          expected = frames.isObject() ? key : value;
          return true;
        }
        if (byte !== (frames.isObject() ? 0x7d : 0x5d)) return fail('E-JSON', 'a comma or the closing bracket is missing', offset);
        close();
        return true;
      case valueOrEnd:
        if (byte !== 0x5d) return beginValue(byte, offset);
        close();
        return true;
      case value:
        return beginValue(byte, offset);
      case colon:
        expected = value;
        return byte === 0x3a || fail('E-JSON', 'a colon is missing behind a key', offset);
      case nothing:
        return fail('E-JSON', 'it goes on behind the end of the document', offset);
      default:
        if (byte === 0x22) beginString();
        else if (byte === 0x7d && expected === keyOrEnd) close();
        else return fail('E-JSON', 'a key in quotation marks is missing', offset);
        return true;
    }
  };

  const accelerate = (by: Accelerator, bytes: Uint8Array, at: number, stop: number): number => {
    numbers[depthAt] = frames.depth();
    numbers[lineAt] = line;
    numbers[expectedAt] = expected;
    const next = by.readElements(bytes, at, stop);
    frames.setDepth(numbers[depthAt] ?? 0);
    line = numbers[lineAt] ?? line;
    expected = numbers[expectedAt] ?? expected;
    return next;
  };

  const readWhole = (by: Wholes, bytes: Uint8Array, at: number, stop: number, mayLeave: boolean): number => {
    numbers[lineAt] = line;
    const next = by.read(bytes, at, stop, frames.depth(), mayLeave);
    if (next <= at) return next;
    frames.countItem(numbers[taken] ?? 0);
    line = numbers[lineAt] ?? line;
    valueIsComplete();
    return next;
  };

  const readToken = (bytes: Uint8Array, from: number, stop: number, base: number): number => {
    const at = token.read(bytes, from, stop);
    if (token.status === tokenWrong) fail(token.isTooLong ? 'E-LIMIT' : 'E-JSON', token.problem, token.isTooLong ? tokenAt : base + at);
    else if (token.status === tokenComplete) tellToken();
    return at;
  };

  return {
    begin: (first) => {
      line = first;
      expected = value;
      failure = undefined;
      token.status = tokenComplete;
      frames.clear();
    },
    push: (bytes, start, stop, base, leaveFrom = stop) => {
      let at = start;
      left = 0;
      if (token.status === tokenCut && failure === undefined) at = readToken(bytes, at, stop, base);
      let notBefore = at;
      let patience = leastAccelerated;
      while (at < stop && failure === undefined) {
        if (accelerator && at >= notBefore && stop - at >= leastAccelerated && expected <= commaOrEnd && frames.reading() === readData) {
          const next = accelerate(accelerator, bytes, at, stop);
          patience = next - at < leastAccelerated ? Math.min(patience * 2, mostPatience) : leastAccelerated;
          notBefore = next + patience - leastAccelerated;
          at = next;
          if (at === stop) break;
        }
        const byte = bytes[at] ?? 0;
        if (byte <= 0x20 && (byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09)) {
          if (byte === 0x0a) line += 1;
          at += 1;
          continue;
        }
        if (byte === 0x7b && wholes && expected <= valueOrEnd && frames.reading() === readParts) {
          const next = readWhole(wholes, bytes, at, stop, at >= leaveFrom && stop - at <= (accelerator?.lead ?? 0));
          if (next === isLeft) {
            left = stop - at;
            return true;
          }
          if (next > at) {
            at = next;
            continue;
          }
        }
        if (step(byte, base + at)) {
          // A number begins with its first byte, the other tokens behind it.
          if (token.status === tokenCut) at = readToken(bytes, byte === 0x22 ? at + 1 : at, stop, base);
          else at += 1;
        }
      }
      return failure === undefined;
    },
    end: (offset) => {
      if (failure !== undefined) return false;
      if (token.status === tokenCut) {
        if (!token.finish()) return fail('E-JSON', token.problem, offset);
        if (!tellToken()) return false;
      }
      return expected === nothing || fail('E-JSON', frames.depth() === 0 ? 'there is nothing' : 'it ends too early', offset);
    },
    left: () => left,
    failure: () => failure,
    isBlank: () => failure === undefined && expected === value && frames.depth() === 0 && token.status === tokenComplete,
    offset: () => tokenAt,
    line: () => line,
    pointer: frames.pointer,
  };
}
