import { hashName, type NameKey } from './name-hash.js';

/** What came of adding a name. */
export const nameIsNew = 0;
export const nameIsKnown = 1;
export const noRoomForName = 2;

export interface NameLimits {
  readonly names: number;
  /** Of all names together. */
  readonly bytes: number;
}

/**
 * Names that must be unique within a scope, as bytes: the keys of the open objects, the names of a list. Bounded, exact,
 * and without an object for each name. What was added last is forgotten first. A scope is a number below 256.
 */
export interface NameStack {
  add(scope: number, bytes: Uint8Array, start: number, end: number): typeof nameIsNew | typeof nameIsKnown | typeof noRoomForName;
  /** Place of the name that was added last or was there already. */
  last(): number;
  /** How many names there are: for {@link release}. */
  size(): number;
  /** Forgets all but the first `size`. */
  release(size: number): void;
  /** The bytes of a name, by its place in the order of adding. */
  at(index: number): Uint8Array;
}

/** Few documents have more names at one time; for those that do, all the room is taken at once, of which only what is used costs memory. */
const few = 1024;
const fewBytes = 16 * few;

/** The work that names make does not depend on what they are, as long as nobody knows the key. */
export function createNameStack(limits: NameLimits, key: NameKey): NameStack {
  let text = new Uint8Array(Math.min(fewBytes, limits.bytes));
  /** Where each name ends in `text`; it starts where the one before ends. */
  let ends = new Int32Array(Math.min(few, limits.names));
  let scopes = new Uint8Array(ends.length);
  let hashes = new Int32Array(ends.length);
  /** Open addressing, at most half full: place of a name plus one, or 0. */
  let table = new Int32Array(tableSize(ends.length));
  let size = 0;
  let last = -1;

  const startOf = (index: number): number => (index === 0 ? 0 : (ends[index - 1] ?? 0));
  const equals = (index: number, bytes: Uint8Array, start: number, end: number): boolean => {
    const from = startOf(index);
    if ((ends[index] ?? 0) - from !== end - start) return false;
    for (let at = start; at < end; at += 1) if (text[from + at - start] !== bytes[at]) return false;
    return true;
  };
  /** The slot that holds `wanted`, on the way of this hash. */
  const slotOf = (hash: number, wanted: number): number => {
    let slot = hash & (table.length - 1);
    while (table[slot] !== wanted) slot = (slot + 1) & (table.length - 1);
    return slot;
  };
  const takeAllRoom = (): void => {
    text = enlarge(text, limits.bytes);
    ends = enlarge(ends, limits.names);
    scopes = enlarge(scopes, limits.names);
    hashes = enlarge(hashes, limits.names);
    table = new Int32Array(tableSize(limits.names));
    // In the order of adding, so that the last one can always be taken out again.
    for (let index = 0; index < size; index += 1) table[slotOf(hashes[index] ?? 0, 0)] = index + 1;
  };

  return {
    add: (scope, bytes, start, end) => {
      const hash = hashName(key, scope, bytes, start, end);
      for (let slot = hash & (table.length - 1); ; slot = (slot + 1) & (table.length - 1)) {
        const index = (table[slot] ?? 0) - 1;
        if (index < 0) break;
        if (hashes[index] === hash && scopes[index] === scope && equals(index, bytes, start, end)) {
          last = index;
          return nameIsKnown;
        }
      }
      const from = startOf(size);
      const to = from + end - start;
      if (size === limits.names || to > limits.bytes) return noRoomForName;
      if (size === ends.length || to > text.length) takeAllRoom();
      for (let at = start; at < end; at += 1) text[from + at - start] = bytes[at] ?? 0;
      ends[size] = to;
      scopes[size] = scope;
      hashes[size] = hash;
      table[slotOf(hash, 0)] = size + 1;
      last = size;
      size += 1;
      return nameIsNew;
    },
    last: () => last,
    size: () => size,
    release: (kept) => {
      while (size > kept) {
        table[slotOf(hashes[size - 1] ?? 0, size)] = 0;
        size -= 1;
      }
    },
    at: (index) => text.subarray(startOf(index), ends[index]),
  };
}

/** The least power of two that is twice as many. */
const tableSize = (names: number): number => 2 ** Math.ceil(Math.log2(Math.max(names, 1) * 2));

function enlarge<T extends Uint8Array | Int32Array>(array: T, length: number): T;
function enlarge(array: Uint8Array | Int32Array, length: number): Uint8Array | Int32Array {
  const larger = array instanceof Int32Array ? new Int32Array(length) : new Uint8Array(length);
  larger.set(array);
  return larger;
}
