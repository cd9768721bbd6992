import { describe, expect, it } from 'vitest';
import { hashName, type NameKey } from '../../../src/json/name-hash.js';
import { createNameStack, nameIsNew } from '../../../src/json/name-stack.js';
import { colliding, fnv } from './colliding-names.js';

const encoder = new TextEncoder();
const keys: readonly NameKey[] = [
  [0, 0],
  [1, 0],
  [0x12345678, 0x9abcdef0],
];
const hash = (key: NameKey, name: string, scope = 0): number => hashName(key, scope, encoder.encode(name), 0, encoder.encode(name).length);

/** Bytes that are read of the names while they are added: to hash them, and to compare them with those that share their hash. */
function reads(key: NameKey, names: readonly string[]): number {
  let count = 0;
  const stack = createNameStack({ names: names.length, bytes: 1 << 20 }, key);
  for (const name of names) {
    const bytes = encoder.encode(name);
    const counting = new Proxy(bytes, {
      get: (target, place) => {
        count += 1;
        return Reflect.get(target, place, target) as unknown;
      },
    });
    expect(stack.add(0, counting, 0, bytes.length)).toBe(nameIsNew);
  }
  return count;
}

describe('names that share a hash which anybody can compute', () => {
  const names = colliding(11);
  const plain = names.map((_, index) => String(index).padStart(names[0]?.length ?? 0, '-'));

  it('are such names', () => {
    expect(new Set(names).size).toBe(2048);
    expect(new Set(names.map((name) => fnv(name))).size).toBe(1);
  });

  it.each(keys)('take as much work as others, with the key %i %i', (...key) => {
    expect(reads(key, names)).toBeLessThan(reads(key, plain) * 1.01);
  });
});

it('names that share a place under one key do not under another', () => {
  const [known, secret] = [keys[0], keys[2]] as [NameKey, NameKey];
  const names: string[] = [];
  for (let index = 0; names.length < 256; index += 1) if ((hash(known, String(index)) & 0x3ff) === 0) names.push(String(index));
  expect(new Set(names.map((name) => hash(secret, name) & 0x3ff)).size).toBeGreaterThan(200);
});

it('is another one for another scope, length, byte and key', () => {
  const all = ['', '\0', '\0\0', '\0\0\0', '\0\0\0\0', 'a', 'a\0', 'abcd', 'abcde', 'abcdf', 'bbcde', 'abcdefgh', 'abcdefgh\0'];
  const hashes = keys.flatMap((key) => [0, 1, 2, 255].flatMap((scope) => all.map((name) => hash(key, name, scope))));
  expect(new Set(hashes).size).toBe(hashes.length);
});

it('reads nothing but the name', () => {
  const bytes = encoder.encode('xxabcdexx');
  for (const key of keys) expect(hashName(key, 3, bytes, 2, 7)).toBe(hash(key, 'abcde', 3));
});
