import { hashName, type NameKey } from './name-hash.js';
import { nameIsKnown, nameIsNew, noRoomForName } from './name-stack.js';

/**
 * The names of one list, of which only hashes are kept: lists are long, and no message repeats a name. 64 bits of a keyed
 * hash in a slot that 32 more bits choose: that a list of 262,144 different names seems to have one twice happens once in
 * 10^13 lists, whoever writes the names.
 */
export interface NameSet {
  add(bytes: Uint8Array, start: number, end: number): typeof nameIsNew | typeof nameIsKnown | typeof noRoomForName;
  /** Forgets all names. */
  clear(): void;
}

/** Names that there is room for. */
export const mostNames = 262_144;
/** Names of the smaller tables, which are quick to clear and keep all bits of a hash, so that names can move to the next one. */
const few = 16;
const many = 1024;
const fewSlots = 32;
const manySlots = 2048;
/** Three quarters are used at most. */
const mostSlots = Math.ceil((mostNames * 4) / 3);

/** Words of the memory: the number of names, the most there may be, the key; from here on the tables. */
const sizeAt = 0;
const limitAt = 1;
const keyAt = 2;
const fewTable = 16;
const manyTable = fewTable + 3 * fewSlots;
const mostTable = manyTable + 3 * manySlots;
/** In 32-bit words; what is not used costs no memory. */
export const nameSetWords = mostTable + 2 * mostSlots;

/** By number of names: where the table begins, its slots, and the words of a slot. The last one keeps no place. */
const tableOf = (size: number): Table => (size <= few ? tables.few : size <= many ? tables.many : tables.most);
interface Table {
  readonly start: number;
  readonly slots: number;
  readonly words: 2 | 3;
}
const tables: Readonly<Record<'few' | 'many' | 'most', Table>> = {
  few: { start: fewTable, slots: fewSlots, words: 3 },
  many: { start: manyTable, slots: manySlots, words: 3 },
  most: { start: mostTable, slots: mostSlots, words: 2 },
};

/** @param memory an accelerator adds names to the same memory */
export function createNameSet(limit: number, key: NameKey, memory: Int32Array = new Int32Array(nameSetWords)): NameSet {
  const rest = new Int32Array(2);

  const clear = (): void => {
    const size = memory[sizeAt] ?? 0;
    const { start, slots, words } = tableOf(size);
    if (size > 0) memory.fill(0, start, start + slots * words);
    memory[sizeAt] = 0;
    memory[limitAt] = Math.min(limit, mostNames);
    memory[keyAt] = key[0];
    memory[keyAt + 1] = key[1];
  };
  /** Where a name is or belongs. */
  const find = ({ start, slots, words }: Table, place: number, left: number, right: number): number => {
    let slot = Math.floor(((place >>> 0) * slots) / 2 ** 32);
    for (;;) {
      const at = start + slot * words;
      if ((memory[at] === left && memory[at + 1] === right) || isFree(at)) return at;
      slot = slot + 1 === slots ? 0 : slot + 1;
    }
  };
  const isFree = (at: number): boolean => memory[at] === 0 && memory[at + 1] === 0;
  const put = (table: Table, place: number, left: number, right: number): void => {
    const at = find(table, place, left, right);
    memory[at] = left;
    memory[at + 1] = right;
    if (table.words === 3) memory[at + 2] = place;
  };
  const move = ({ start, slots, words }: Table, to: Table): void => {
    const end = start + slots * words;
    for (let at = start; at < end; at += words) if (!isFree(at)) put(to, memory[at + 2] ?? 0, memory[at] ?? 0, memory[at + 1] ?? 0);
    memory.fill(0, start, end);
  };

  clear();
  return {
    clear,
    add: (bytes, start, end) => {
      const place = hashName(key, 0, bytes, start, end, rest);
      const right = rest[1] ?? 0;
      // Nothing is what a free slot holds.
      const left = rest[0] === 0 && right === 0 ? 1 : (rest[0] ?? 0);
      const size = memory[sizeAt] ?? 0;
      const table = tableOf(size);
      if (!isFree(find(table, place, left, right))) return nameIsKnown;
      if (size === memory[limitAt]) return noRoomForName;
      const next = tableOf(size + 1);
      if (next !== table) move(table, next);
      put(next, place, left, right);
      memory[sizeAt] = size + 1;
      return nameIsNew;
    },
  };
}
