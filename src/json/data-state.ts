/** More levels than any limit allows. */
export const mostLevels = 256;

/** Bytes that a {@link DataState} takes. */
export const dataStateSize = 2 * mostLevels * 8 + 128;

/**
 * What is known of the arrays that are open, and of the elements of a tensor while they are read. Typed arrays over one
 * piece of memory, because an accelerator works on the same ones.
 */
export interface DataState {
  /** By depth in the document: values of the array that have begun. */
  readonly items: Float64Array;
  /** By depth: how long the arrays there are; -1 where none has ended yet. */
  readonly lengths: Float64Array;
  /** By {@link elements}, {@link depth} and so on. */
  readonly numbers: Float64Array;
}

/** Places in `numbers`. */
export const elements = 0;
export const depth = 1;
export const line = 2;
/** Least and greatest depth of an element. */
export const shallowest = 3;
export const deepest = 4;
/** 1 where arrays of one depth differ in length. */
export const uneven = 5;
/** What may come next: see the scanner. */
export const expected = 6;
/** Depth of the outermost array of the tensor. */
export const base = 7;
/** Levels that a tensor may have. */
export const most = 8;
/** Depth of the innermost array that the tensor has had so far. */
export const opened = 9;
/** How many tensors or documents an accelerator has read as wholes, and where the id of the last document is; an end of 0: it has none. */
export const taken = 10;
export const idStart = 11;
export const idEnd = 12;

/** `memory` is that of an accelerator, which reads and writes the same numbers; `offset` is in bytes. */
export function createDataState(memory: ArrayBuffer = new ArrayBuffer(dataStateSize), offset = 0): DataState {
  return {
    items: new Float64Array(memory, offset, mostLevels),
    lengths: new Float64Array(memory, offset + 8 * mostLevels, mostLevels),
    numbers: new Float64Array(memory, offset + 16 * mostLevels, 16),
  };
}
