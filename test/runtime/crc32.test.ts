import { createRequire } from 'node:module';
import { crc32 as zlibCrc32 } from 'node:zlib';
import { expect, it } from 'vitest';

const crc32 = createRequire(import.meta.url)('../../runtime/archive/crc32.cjs') as (bytes: Uint8Array) => number;

it('is the CRC-32 of zip files', () => {
  // The check value of the algorithm.
  expect(crc32(Buffer.from('123456789'))).toBe(0xcbf43926);
  expect(crc32(new Uint8Array())).toBe(0);
});

it("is zlib's, whatever the bytes", () => {
  for (let length = 0; length < 600; length += 7) {
    const bytes = Uint8Array.from({ length }, (_, index) => (index * 167 + length) % 256);
    expect(crc32(bytes)).toBe(zlibCrc32(bytes));
  }
});
