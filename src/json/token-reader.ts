import type { JsonLimits } from './json-limits.js';
import { isNumberByte } from './number-class.js';
import { createStringScanner, type SkipPlain } from './string-scanner.js';

/** What has become of a token after the bytes at hand were read. */
export const tokenCut = 0;
export const tokenComplete = 1;
export const tokenWrong = 2;
export type TokenStatus = typeof tokenCut | typeof tokenComplete | typeof tokenWrong;

export const stringToken = 0;
export const numberToken = 1;
export const wordToken = 2;
type TokenKind = typeof stringToken | typeof numberToken | typeof wordToken;

/** A string, number or word that may be cut anywhere: what was read of it is kept until it is complete. */
export interface TokenReader {
  /** The bytes of the token, without quotation marks and escapes; empty where `keep` was too small. */
  bytes: Uint8Array;
  start: number;
  end: number;
  kind: TokenKind;
  /** Whether all bytes of the string are at hand. */
  isKept: boolean;
  /** For a word: which of {@link words}. */
  word: number;
  problem: string;
  /** Whether a limit was exceeded; otherwise it is no JSON. */
  isTooLong: boolean;
  /** From behind the opening quotation mark. A string that is longer than `keep` is read and not kept; longer than `most` is too long. */
  beginString(keep: number, most: number): void;
  beginNumber(): void;
  beginWord(word: number): void;
  /** Reads on; gives the place up to which it read, and says in `status` what the token is now. */
  read(bytes: Uint8Array, at: number, stop: number): number;
  /** There are no more bytes; whether the token is complete without them. */
  finish(): boolean;
  status: TokenStatus;
}

/** In the order of `Literal`. */
export const words: readonly Uint8Array[] = ['true', 'false', 'null'].map((word) => Uint8Array.from(word, (letter) => letter.charCodeAt(0)));

const nothing = new Uint8Array();
const utf8 = { decoder: new TextDecoder(), encoder: new TextEncoder() };

/** With room for the longest token that the limits allow to be kept. */
export function createTokenReader(limits: JsonLimits, skip?: SkipPlain): TokenReader {
  const strings = createStringScanner(skip);
  const buffer = new Uint8Array(Math.max(limits.key, limits.text, limits.number, 64) + 1);
  /** Bytes of the token so far, before those at hand, and how many of them the buffer holds. */
  let length = 0;
  let kept = 0;
  let keep = 0;
  let most = 0;
  let matched = 0;

  const put = (bytes: Uint8Array, start: number, end: number): void => {
    length += end - start;
    if (length > keep) return;
    for (let at = start; at < end; at += 1) buffer[kept + at - start] = bytes[at] ?? 0;
    kept += end - start;
  };
  /** `bytes` from `start` to `end` is the token or its last part. */
  const complete = (bytes: Uint8Array, start: number, end: number): void => {
    reader.status = tokenComplete;
    if (length === 0) {
      reader.isKept = end - start <= keep;
      set(reader.isKept ? bytes : nothing, start, end);
    } else {
      put(bytes, start, end);
      reader.isKept = length <= keep;
      set(reader.isKept ? buffer : nothing, 0, kept);
    }
    if (reader.kind === stringToken && reader.isKept && strings.hasEscapes()) {
      const raw = utf8.decoder.decode(reader.bytes.subarray(reader.start, reader.end));
      const text: unknown = JSON.parse(`"${raw}"`);
      const decoded = utf8.encoder.encode(String(text));
      set(decoded, 0, decoded.length);
    }
  };
  const set = (bytes: Uint8Array, start: number, end: number): void => {
    reader.bytes = bytes;
    reader.start = start;
    reader.end = end;
  };
  const wrong = (problem: string, isTooLong: boolean): void => {
    reader.status = tokenWrong;
    reader.problem = problem;
    reader.isTooLong = isTooLong;
  };
  const begin = (kind: TokenKind, keepBytes: number, mostBytes: number): void => {
    reader.kind = kind;
    reader.status = tokenCut;
    length = 0;
    kept = 0;
    keep = keepBytes;
    most = mostBytes;
  };

  const readString = (bytes: Uint8Array, start: number, stop: number): number => {
    const at = strings.scan(bytes, start, stop);
    if (at < 0) {
      wrong(`a string ${strings.problem()}`, false);
      return -1 - at;
    }
    const end = strings.isComplete() ? at - 1 : at;
    if (length + end - start > most) wrong(`a string is longer than ${String(most)} bytes`, true);
    else if (strings.isComplete()) complete(bytes, start, end);
    else put(bytes, start, end);
    return at;
  };
  const readNumber = (bytes: Uint8Array, start: number, stop: number): number => {
    let at = start;
    while (at < stop && isNumberByte[bytes[at] ?? 0] === 1) at += 1;
    if (length + at - start > most) wrong(`a number is longer than ${String(most)} bytes`, true);
    else if (at < stop) complete(bytes, start, at);
    else put(bytes, start, at);
    return at;
  };
  const readWord = (bytes: Uint8Array, start: number, stop: number): number => {
    const word = words[reader.word] ?? nothing;
    let at = start;
    while (at < stop && matched < word.length && bytes[at] === word[matched]) {
      at += 1;
      matched += 1;
    }
    if (matched === word.length) reader.status = tokenComplete;
    else if (at < stop) wrong('there is a word that JSON does not have', false);
    return at;
  };

  const reader: TokenReader = {
    bytes: nothing,
    start: 0,
    end: 0,
    kind: stringToken,
    isKept: true,
    word: 0,
    problem: '',
    isTooLong: false,
    status: tokenComplete,
    beginString: (keepBytes, mostBytes) => {
      begin(stringToken, keepBytes, mostBytes);
      strings.begin();
    },
    beginNumber: () => {
      begin(numberToken, limits.number, limits.number);
    },
    beginWord: (word) => {
      begin(wordToken, 0, 0);
      reader.word = word;
      matched = 0;
    },
    read: (bytes, at, stop) => {
      if (reader.kind === stringToken) return readString(bytes, at, stop);
      return reader.kind === numberToken ? readNumber(bytes, at, stop) : readWord(bytes, at, stop);
    },
    finish: () => {
      if (reader.kind === numberToken) complete(nothing, 0, 0);
      else wrong('it ends too early', false);
      return reader.status === tokenComplete;
    },
  };
  return reader;
}
