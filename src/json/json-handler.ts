/** How the content of an array or object is read: its parts are told, only checked, or told as elements of a tensor. */
export const readSkip = 0;
export const readParts = 1;
export const readData = 2;
export type Reading = typeof readSkip | typeof readParts | typeof readData;

export const literalTrue = 0;
export const literalFalse = 1;
export const literalNull = 2;
export type Literal = typeof literalTrue | typeof literalFalse | typeof literalNull;

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
  /** Whether an object that begins may be read as a whole, where it is a tensor and all of it is right. */
  takesTensors(): boolean;
  /** A whole tensor of numbers, all of which is right, with this name. False where it must be read part by part. */
  tensor(bytes: Uint8Array, nameStart: number, nameEnd: number): boolean;
  /** An element of a tensor whose class is not 0 in the handler's table. */
  element(elementClass: number): void;
}
