// The names of the tensors of a list: src/json/name-set.ts says how they are kept, and works on the same memory.

/** Where they are: behind the state, the constants and the bytes to be read. */
const SIZE: usize = 566_272;
const LIMIT: usize = SIZE + 4;
const FIRST_KEY: usize = SIZE + 8;
const SECOND_KEY: usize = SIZE + 12;

const few: i32 = 16;
const many: i32 = 1024;
const fewSlots: i32 = 32;
const manySlots: i32 = 2048;
const mostSlots: i32 = 349_526;
const fewTable: usize = SIZE + 64;
const manyTable: usize = fewTable + fewSlots * 12;
const mostTable: usize = manyTable + manySlots * 12;

/** The hash of a name: where its slot is, and what is in it. */
let place: u32 = 0;
let hash: u64 = 0;

/** As src/json/name-hash.ts does. */
function hashName(start: usize, end: usize): void {
  let a = load<u32>(FIRST_KEY);
  let b = load<u32>(SECOND_KEY);
  let c = a ^ 0x6c796765;
  let d = b ^ 0x74656462;
  let block = <u32>(end - start);
  let at = start;
  while (true) {
    d ^= block;
    a += b;
    b = rotl(b, 5) ^ a;
    a = rotl(a, 16);
    c += d;
    d = rotl(d, 8) ^ c;
    a += d;
    d = rotl(d, 7) ^ a;
    c += b;
    b = rotl(b, 13) ^ c;
    c = rotl(c, 16);
    a ^= block;
    if (at >= end) break;
    block = load<u32>(at);
    at += 4;
    if (at > end) block &= u32.MAX_VALUE >> (<u32>(at - end) * 8);
  }
  c ^= 0xff;
  let first: u32 = 0;
  for (let round = 1; ; round++) {
    a += b;
    b = rotl(b, 5) ^ a;
    a = rotl(a, 16);
    c += d;
    d = rotl(d, 8) ^ c;
    a += d;
    d = rotl(d, 7) ^ a;
    c += b;
    b = rotl(b, 13) ^ c;
    c = rotl(c, 16);
    if (round == 3) {
      place = b ^ d;
      b ^= 0xdd;
    } else if (round == 6) {
      first = b ^ d;
      b ^= 0xdd;
    } else if (round == 9) {
      break;
    }
  }
  hash = <u64>first | ((<u64>(b ^ d)) << 32);
  // Nothing is what a free slot holds.
  if (hash == 0) hash = 1;
}

/** The slot of the name with this hash: its own one or the free one where it belongs. */
function slotOf(table: usize, slots: i32, stride: usize): usize {
  let slot = <i32>((<u64>place * <u64>slots) >> 32);
  while (true) {
    const at = table + <usize>slot * stride;
    const found = load<u64>(at);
    if (found == hash || found == 0) return at;
    slot += 1;
    if (slot == slots) slot = 0;
  }
}

/** Moves all names to a larger table. */
function move(from: usize, slots: i32, to: usize, toSlots: i32, stride: usize): void {
  const keptPlace = place;
  const keptHash = hash;
  for (let at = from; at < from + <usize>slots * 12; at += 12) {
    hash = load<u64>(at);
    if (hash == 0) continue;
    place = load<u32>(at, 8);
    const slot = slotOf(to, toSlots, stride);
    store<u64>(slot, hash);
    if (stride == 12) store<u32>(slot, place, 8);
  }
  memory.fill(from, 0, <usize>slots * 12);
  place = keptPlace;
  hash = keptHash;
}

function findSlot(size: i32): usize {
  if (size <= few) return slotOf(fewTable, fewSlots, 12);
  return size <= many ? slotOf(manyTable, manySlots, 12) : slotOf(mostTable, mostSlots, 8);
}

/** False where the name is there already, or there is no room for it: then it is not added. */
export function addName(start: usize, end: usize): bool {
  const size = load<i32>(SIZE);
  hashName(start, end);
  let slot = findSlot(size);
  if (load<u64>(slot) != 0 || size == load<i32>(LIMIT)) return false;
  if (size == few || size == many) {
    if (size == few) move(fewTable, fewSlots, manyTable, manySlots, 12);
    else move(manyTable, manySlots, mostTable, mostSlots, 8);
    slot = findSlot(size + 1);
  }
  store<u64>(slot, hash);
  if (size < many) store<u32>(slot, place, 8);
  store<i32>(SIZE, size + 1);
  return true;
}

/** A list begins. */
export function clearNames(): void {
  const size = load<i32>(SIZE);
  if (size == 0) return;
  // A list of a few names is the usual one: faster than a call.
  if (size <= few) for (let at = fewTable; at < manyTable; at += 16) v128.store(at, i64x2.splat(0));
  else if (size <= many) memory.fill(manyTable, 0, manySlots * 12);
  else memory.fill(mostTable, 0, mostSlots * 8);
  store<i32>(SIZE, 0);
}
