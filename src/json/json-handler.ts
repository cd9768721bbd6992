/** How the content of an array or object is read: its parts are told, only checked, or told as elements of a tensor. */
export const readSkip = 0;
export const readParts = 1;
export const readData = 2;
export type Reading = typeof readSkip | typeof readParts | typeof readData;

export const literalTrue = 0;
export const literalFalse = 1;
export const literalNull = 2;
export type Literal = typeof literalTrue | typeof literalFalse | typeof literalNull;

export const noWhole = 0;
export const wholeTensor = 1;
export const wholeRequest = 2;
export const wholeResponse = 3;
export type Whole = typeof noWhole | typeof wholeTensor | typeof wholeRequest | typeof wholeResponse;

/** Who is told what a document consists of. Bytes that are handed over are valid during the call only. */
export interface JsonHandler {
  object(): Reading;
  endObject(): void;
  array(): Reading;
  endArray(): void;
  /** The key without its escapes. */
  key(bytes: Uint8Array, start: number, end: number): void;
  /** An object has the key twice; its value is only checked. */
  repeatedKey(): void;
  /** A string begins: whether its text is wanted. */
  string(): boolean;
  /** The text of the string, without escapes. */
  text(bytes: Uint8Array, start: number, end: number): void;
  /** @param numberClass see `classifyNumber` */
  number(numberClass: number, bytes: Uint8Array, start: number, end: number): void;
  literal(literal: Literal): void;
  /** What an object that begins is, where an accelerator may read it as a whole if all of it is right. */
  whole(): Whole;
  /** So many whole tensors, whose names have been added to those of the list. */
  tensors(count: number): void;
  /**
   * A whole document, and its id; `end` is 0 where it has none. False where it must be read part by part. Where
   * `takesMany` says so, it may be many, and the id is that of the last one.
   */
  documents(count: number, bytes: Uint8Array, start: number, end: number): boolean;
  readonly takesMany: boolean;
  /** An element of a tensor whose class is not 0 in the handler's table. */
  element(elementClass: number): void;
}
