// What the kernel shares with the scanner: src/json/data-state.ts lays it out, from the beginning of the memory.

const levels: usize = 256;

// @ts-ignore: decorator
@inline
function number(index: usize): usize {
  return levels * 16 + index * 8;
}

// @ts-ignore: decorator
@inline
export function getNumber(index: usize): i32 {
  return <i32>load<f64>(number(index));
}

// @ts-ignore: decorator
@inline
export function setNumber(index: usize, value: i32): void {
  store<f64>(number(index), <f64>value);
}

export const ELEMENTS: usize = 0;
export const DEPTH: usize = 1;
export const LINE: usize = 2;
export const SHALLOWEST: usize = 3;
export const DEEPEST: usize = 4;
export const UNEVEN: usize = 5;
export const EXPECTED: usize = 6;
export const BASE: usize = 7;
export const MOST_LEVELS: usize = 8;
export const OPENED: usize = 9;
export const NAME_START: usize = 10;
export const NAME_END: usize = 11;

/** What may come next, in the words of the scanner. */
export const VALUE: i32 = 0;
export const VALUE_OR_END: i32 = 1;
export const COMMA_OR_END: i32 = 2;

/** The arrays that are open, while elements are read. */
let depth: i32 = 0;
let base: i32 = 0;
let mostLevels: i32 = 0;
let opened: i32 = 0;
/** Values of the innermost array, and elements of the tensor, that are not in the state yet. */
let items: i32 = 0;
let elements: i32 = 0;
/** Levels that elements were found on. */
let shallowest: i32 = 0;
let deepest: i32 = 0;

export function enter(): void {
  depth = getNumber(DEPTH);
  base = getNumber(BASE);
  mostLevels = getNumber(MOST_LEVELS);
  opened = getNumber(OPENED);
  items = 0;
  elements = 0;
  shallowest = getNumber(SHALLOWEST);
  deepest = getNumber(DEEPEST);
}

function flushItems(): void {
  const at = <usize>depth * 8;
  store<f64>(at, load<f64>(at) + <f64>items);
  items = 0;
}

export function leave(expected: i32, lines: i32): void {
  flushItems();
  store<f64>(number(ELEMENTS), load<f64>(number(ELEMENTS)) + <f64>elements);
  store<f64>(number(LINE), load<f64>(number(LINE)) + <f64>lines);
  setNumber(DEPTH, depth);
  setNumber(OPENED, opened);
  setNumber(SHALLOWEST, shallowest);
  setNumber(DEEPEST, deepest);
  setNumber(EXPECTED, expected);
}

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
  else if (known != length) setNumber(UNEVEN, 1);
  depth -= 1;
  return true;
}

/** A tensor begins whose outermost array is at this depth; its opening bracket has been read. */
export function beginTensor(at: i32): void {
  setNumber(DEPTH, at);
  setNumber(BASE, at);
  setNumber(OPENED, at);
  setNumber(ELEMENTS, 0);
  setNumber(SHALLOWEST, <i32>levels);
  setNumber(DEEPEST, 0);
  setNumber(UNEVEN, 0);
  setNumber(EXPECTED, VALUE_OR_END);
  store<f64>(<usize>at * 8, 0);
}

/** Whether the arrays of the tensor, whose outermost one is about to end, are as long as the dimensions, which are text. */
export function isNestedAs(text: usize, rank: i32): bool {
  const outermost = getNumber(BASE);
  const innermost = outermost + rank - 1;
  if (getNumber(OPENED) != innermost || getNumber(UNEVEN) != 0) return false;
  if (getNumber(SHALLOWEST) != innermost || getNumber(DEEPEST) != innermost) return false;
  let at = text;
  for (let level = outermost; level <= innermost; level++) {
    let dimension = 0;
    for (; load<u8>(at) != 0x2c && load<u8>(at) != 0x5d; at++) dimension = dimension * 10 + <i32>(load<u8>(at) - 0x30);
    at += 1;
    if (load<f64>(<usize>level * 8 + (level == outermost ? 0 : levels * 8)) != <f64>dimension) return false;
  }
  return true;
}
