import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hashName } from '../../../src/json/name-hash.js';
import { createNameSet, mostNames, nameSetWords } from '../../../src/json/name-set.js';
import { nameIsKnown, nameIsNew, noRoomForName } from '../../../src/json/name-stack.js';
import { colliding } from './colliding-names.js';

const encoder = new TextEncoder();
const adder = (set: ReturnType<typeof createNameSet>) => (name: string) => {
  const bytes = encoder.encode(name);
  return set.add(bytes, 0, bytes.length);
};

it('knows what a set of strings knows, also after it was cleared', () => {
  const names = fc.array(fc.oneof(fc.string({ maxLength: 2 }), fc.string({ maxLength: 12 })), { maxLength: 60 });
  fc.assert(
    fc.property(fc.array(fc.tuple(names, fc.constantFrom(0, 10, 20, 1100)), { maxLength: 4 }), (lists) => {
      const set = createNameSet(mostNames, [1, 2]);
      for (const [list, more] of lists) {
        set.clear();
        const known = new Set<string>();
        for (const name of [...Array.from({ length: more }, (_, index) => `more ${String(index)}`), ...list]) {
          expect(adder(set)(name)).toBe(known.has(name) ? nameIsKnown : nameIsNew);
          known.add(name);
        }
      }
    }),
    { numRuns: 100 },
  );
});

it('takes as many names as it may have at most, and no more', () => {
  const memory = new Int32Array(nameSetWords);
  const set = createNameSet(mostNames, [1, 2], memory);
  const add = adder(set);
  let added = 0;
  for (let index = 0; index < mostNames; index += 1) if (add(String(index)) === nameIsNew) added += 1;
  expect(added).toBe(mostNames);
  expect(add('more')).toBe(noRoomForName);
  for (const index of [0, 16, 17, 1024, 1025, mostNames - 1]) expect(add(String(index))).toBe(nameIsKnown);
  set.clear();
  expect(memory.subarray(16).every((word) => word === 0)).toBe(true);
  expect(add('more')).toBe(nameIsNew);
});

it.each([0, 1, 16, 17, 2000])('has no room for more than %i', (limit) => {
  const add = adder(createNameSet(limit, [1, 2]));
  for (let index = 0; index < limit; index += 1) add(String(index));
  expect(add('more')).toBe(noRoomForName);
});

describe('names that share a hash which anybody can compute', () => {
  it('are all different, and spread over the whole table', () => {
    const memory = new Int32Array(nameSetWords);
    const add = adder(createNameSet(mostNames, [3, 4], memory));
    const names = colliding(11);
    for (const name of names) expect(add(name)).toBe(nameIsNew);
    for (const name of names) expect(add(name)).toBe(nameIsKnown);
    // Where each of 64 equal parts of the table holds about as much, none is searched for long.
    const slots = memory.subarray(16 + 3 * (32 + 2048));
    const part = Math.ceil(slots.length / 128) * 2;
    const used = Array.from({ length: 64 }, (_, index) => slots.subarray(index * part, (index + 1) * part).filter((word) => word !== 0).length / 2);
    expect(Math.max(...used)).toBeLessThan(names.length / 64 + 40);
    expect(Math.min(...used)).toBeGreaterThan(names.length / 64 - 28);
  });
});

it('the three words of a hash have nothing in common', () => {
  const words = new Set<number>();
  const more = new Int32Array(2);
  for (let index = 0; index < 1000; index += 1) {
    const name = encoder.encode(String(index));
    words.add(hashName([1, 2], 0, name, 0, name.length, more));
    for (const word of more) words.add(word);
  }
  expect(words.size).toBeGreaterThan(2998);
});
