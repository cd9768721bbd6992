// What the kernel shares with the scanner: src/json/data-state.ts lays it out, from the beginning of the memory. While
// elements are read, it is in globals.

const levels: usize = 256;

// @ts-ignore: decorator
@inline
function number(index: usize): usize {
  return levels * 16 + index * 8;
}

/** A number of the shared state that fits in 32 bits. */
// @ts-ignore: decorator
@inline
export function getNumber(index: usize): i32 {
  return <i32>load<f64>(number(index));
}

/** Sets a number of the shared state. */
// @ts-ignore: decorator
@inline
export function setNumber(index: usize, value: i32): void {
  store<f64>(number(index), <f64>value);
}

/** Adds to a number that may not fit in 32 bits. */
// @ts-ignore: decorator
@inline
export function addNumber(index: usize, value: i32): void {
  store<f64>(number(index), load<f64>(number(index)) + <f64>value);
}

const ELEMENTS: usize = 0;
const DEPTH: usize = 1;
export const LINE: usize = 2;
const SHALLOWEST: usize = 3;
const DEEPEST: usize = 4;
const UNEVEN: usize = 5;
const EXPECTED: usize = 6;
const BASE: usize = 7;
const MOST_LEVELS: usize = 8;
const OPENED: usize = 9;
export const TAKEN: usize = 10;
export const ID_START: usize = 11;
export const ID_END: usize = 12;

/** What may come next, in the words of the scanner. */
export const VALUE: i32 = 0;
export const VALUE_OR_END: i32 = 1;
export const COMMA_OR_END: i32 = 2;

export let expected: i32 = 0;
/** Ends of lines that were read. */
export let lines: i32 = 0;
/** The arrays that are open. */
export let depth: i32 = 0;
let base: i32 = 0;
let mostLevels: i32 = 0;
let opened: i32 = 0;
let isUneven: i32 = 0;
/** Values of the innermost array that are not in the state yet. */
let items: i32 = 0;
export let elements: i32 = 0;
/** Levels that elements were found on. */
let shallowest: i32 = 0;
let deepest: i32 = 0;

/** Takes over from the scanner, between two tokens of a tensor. */
export function enter(): void {
  depth = getNumber(DEPTH);
  base = getNumber(BASE);
  mostLevels = getNumber(MOST_LEVELS);
  opened = getNumber(OPENED);
  isUneven = getNumber(UNEVEN);
  expected = getNumber(EXPECTED);
  shallowest = getNumber(SHALLOWEST);
  deepest = getNumber(DEEPEST);
  items = 0;
  elements = 0;
  lines = 0;
}

function flushItems(): void {
  const at = <usize>depth * 8;
  store<f64>(at, load<f64>(at) + <f64>items);
  items = 0;
}

/** Hands over to the scanner. */
export function leave(): void {
  flushItems();
  addNumber(ELEMENTS, elements);
  addNumber(LINE, lines);
  setNumber(DEPTH, depth);
  setNumber(OPENED, opened);
  setNumber(UNEVEN, isUneven);
  setNumber(SHALLOWEST, shallowest);
  setNumber(DEEPEST, deepest);
  setNumber(EXPECTED, expected);
}

/** Sets how many lines have ended. */
export function setLines(count: i32): void {
  lines = count;
}

/** So far elements have been read; what may come next, and how many lines ended. */
export function stopAt(next: i32, ended: i32): void {
  expected = next;
  lines += ended;
}

/** Counts elements that have been read at the depth where they stand. */
// @ts-ignore: decorator
@inline
export function countElements(count: i32): void {
  items += count;
  elements += count;
  if (depth < shallowest) shallowest = depth;
  if (depth > deepest) deepest = depth;
}

/** False where the array would be too deep: the scanner says so. */
// @ts-ignore: decorator
@inline
export function openArray(): bool {
  if (depth + 1 - base >= mostLevels) return false;
  items += 1;
  flushItems();
  depth += 1;
  const at = <usize>depth * 8;
  store<f64>(at, 0);
  if (depth > opened) {
    opened = depth;
    store<f64>(at + levels * 8, -1);
  }
  return true;
}

/** False where it is the outermost array of the tensor: the scanner closes that. */
// @ts-ignore: decorator
@inline
export function closeArray(): bool {
  if (depth == base) return false;
  const at = <usize>depth * 8;
  const length = load<f64>(at) + <f64>items;
  items = 0;
  store<f64>(at, length);
  const known = load<f64>(at + levels * 8);
  if (known == -1) store<f64>(at + levels * 8, length);
  else if (known != length) isUneven = 1;
  depth -= 1;
  return true;
}

/** A tensor begins whose outermost array is at this depth; its opening bracket has been read. */
export function beginTensor(at: i32): void {
  mostLevels = getNumber(MOST_LEVELS);
  depth = at;
  base = at;
  opened = at;
  isUneven = 0;
  items = 0;
  elements = 0;
  shallowest = <i32>levels;
  deepest = 0;
  expected = VALUE_OR_END;
  store<f64>(<usize>at * 8, 0);
}

/** Whether the outermost array of the tensor may end here. */
export function mayEnd(): bool {
  return depth == base && expected != VALUE;
}

/** Whether the arrays of the tensor, whose outermost one is about to end, are one flat array, or as long as the dimensions. */
export function isNestedAs(dimensions: usize, rank: i32): bool {
  if (opened == base) return true;
  const innermost = base + rank - 1;
  if (opened != innermost || isUneven != 0 || shallowest != innermost || deepest != innermost) return false;
  flushItems();
  for (let level = base; level <= innermost; level++) {
    const length = load<f64>(<usize>level * 8 + (level == base ? 0 : levels * 8));
    if (length != <f64>load<i32>(dimensions + (<usize>(level - base) << 2))) return false;
  }
  return true;
}
