/** 64 bits that whoever writes the names must not know. */
export type NameKey = readonly [number, number];

/** Of HalfSipHash-1-3: rounds after the last block, and before each further word. */
const lastRounds = 3;

/**
 * A hash of 32 bits, as HalfSipHash-1-3 makes it; where `more` is given, two more words in it, made as those of its longer
 * forms are. A plain one, also one that only starts at a secret value, lets a file
 * bring thousands of names that share one hash, and then each is compared with all before it. The first block has the
 * scope and the length, so that the last one can be filled with zeros.
 */
export function hashName(key: NameKey, scope: number, bytes: Uint8Array, start: number, end: number, more?: Int32Array): number {
  // As integers of 32 bits from the start: twice as fast.
  let a = key[0] | 0;
  let b = key[1] | 0;
  let c = a ^ 0x6c796765;
  let d = b ^ 0x74656462;
  const last = ((end - start + 3) >> 2) + lastRounds;
  const rounds = last + 1 + (more ? 2 * lastRounds : 0);
  let hash = 0;
  for (let round = 0, at = start - 4; round < rounds; round += 1, at += 4) {
    let block = 0;
    if (round === 0) block = (scope << 24) ^ (end - start);
    else if (at + 4 <= end) block = (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16) | ((bytes[at + 3] ?? 0) << 24);
    else if (at < end) for (let index = at; index < end; index += 1) block |= (bytes[index] ?? 0) << (8 * (index - at));
    if (round === last + 1 - lastRounds) c ^= 0xff;
    d ^= block;
    a = (a + b) | 0;
    b = ((b << 5) | (b >>> 27)) ^ a;
    a = (a << 16) | (a >>> 16);
    c = (c + d) | 0;
    d = ((d << 8) | (d >>> 24)) ^ c;
    a = (a + d) | 0;
    d = ((d << 7) | (d >>> 25)) ^ a;
    c = (c + b) | 0;
    b = ((b << 13) | (b >>> 19)) ^ c;
    c = (c << 16) | (c >>> 16);
    a ^= block;
    if (round < last) continue;
    if (round === last) hash = b ^ d;
    else if (more && round === last + lastRounds) more[0] = b ^ d;
    else if (more && round === rounds - 1) more[1] = b ^ d;
    if (round === last || round === last + lastRounds) b ^= 0xdd;
  }
  return hash;
}
