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
 * and without an object for each name. What was added last is forgotten first.
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

export function createNameStack(limits: NameLimits): NameStack {
  let text = new Uint8Array(1024);
  /** Where each name ends in `text`; it starts where the one before ends. */
  let ends = new Int32Array(64);
  let scopes = new Int32Array(64);
  let slots = new Int32Array(64);
  /** Open addressing, at most half full: place of a name plus one, or 0. */
  let table = new Int32Array(128);
  let size = 0;
  let last = -1;

  const startOf = (index: number): number => (index === 0 ? 0 : (ends[index - 1] ?? 0));
  const equals = (index: number, bytes: Uint8Array, start: number, end: number): boolean => {
    const from = startOf(index);
    if ((ends[index] ?? 0) - from !== end - start) return false;
    for (let at = start; at < end; at += 1) if (text[from + at - start] !== bytes[at]) return false;
    return true;
  };
  const insert = (index: number, hash: number): void => {
    let slot = hash & (table.length - 1);
    while (table[slot] !== 0) slot = (slot + 1) & (table.length - 1);
    table[slot] = index + 1;
    slots[index] = slot;
  };
  const grow = (): void => {
    ends = enlarge(ends, ends.length * 2);
    scopes = enlarge(scopes, scopes.length * 2);
    slots = enlarge(slots, slots.length * 2);
    table = new Int32Array(table.length * 2);
    // In the order of adding, so that the last one can always be taken out again.
    for (let index = 0; index < size; index += 1) insert(index, hashOf(scopes[index] ?? 0, text, startOf(index), ends[index] ?? 0));
  };

  return {
    add: (scope, bytes, start, end) => {
      const hash = hashOf(scope, bytes, start, end);
      for (let slot = hash & (table.length - 1); ; slot = (slot + 1) & (table.length - 1)) {
        const index = (table[slot] ?? 0) - 1;
        if (index < 0) break;
        if (scopes[index] === scope && equals(index, bytes, start, end)) {
          last = index;
          return nameIsKnown;
        }
      }
      const from = startOf(size);
      const to = from + end - start;
      if (size === limits.names || to > limits.bytes) return noRoomForName;
      if (size === ends.length) grow();
      if (to > text.length) text = enlarge(text, Math.max(to, text.length * 2));
      for (let at = start; at < end; at += 1) text[from + at - start] = bytes[at] ?? 0;
      ends[size] = to;
      scopes[size] = scope;
      insert(size, hash);
      last = size;
      size += 1;
      return nameIsNew;
    },
    last: () => last,
    size: () => size,
    release: (kept) => {
      while (size > kept) {
        size -= 1;
        table[slots[size] ?? 0] = 0;
      }
    },
    at: (index) => text.subarray(startOf(index), ends[index]),
  };
}

/** FNV-1a. */
function hashOf(scope: number, bytes: Uint8Array, start: number, end: number): number {
  let hash = 0x811c9dc5 ^ scope;
  for (let at = start; at < end; at += 1) hash = Math.imul(hash ^ (bytes[at] ?? 0), 0x01000193);
  return (hash ^ (hash >>> 15)) >>> 0;
}

function enlarge<T extends Uint8Array | Int32Array>(array: T, length: number): T;
function enlarge(array: Uint8Array | Int32Array, length: number): Uint8Array | Int32Array {
  const larger = array instanceof Int32Array ? new Int32Array(length) : new Uint8Array(length);
  larger.set(array);
  return larger;
}
