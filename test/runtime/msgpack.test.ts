import { decode as theirDecode, encode as theirEncode } from '@msgpack/msgpack';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decode, encode, EventTime, MalformedMessage } from '../../runtime/sinks/fluentd/msgpack.js';

/** The other implementation refuses this one. */
const key = fc.string().filter((name) => name !== '__proto__');
const leaf = fc.oneof(fc.string({ unit: 'binary', maxLength: 300 }), fc.nat(), fc.maxSafeNat(), fc.uint8Array({ maxLength: 300 }));
const encodable = fc.letrec<{ value: never }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    leaf,
    fc.array(tie('value'), { maxLength: 20 }),
    fc.dictionary(key, tie('value'), { maxKeys: 20 }),
  ) as never,
})).value;
/** What both read alike: our maps are Maps, theirs are objects. */
const plain = (value: unknown): unknown => {
  if (value instanceof Map) return Object.fromEntries([...value].map(([key, item]) => [key, plain(item)]));
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  if (Array.isArray(value)) return value.map(plain);
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)])) : value;
};

describe('what is encoded', () => {
  it('is read by another implementation as it was', () => {
    fc.assert(
      fc.property(encodable, (value) => {
        expect(plain(theirDecode(encode(value)))).toEqual(plain(value));
      }),
    );
  });

  it.each([0, 15, 16, 31, 32, 127, 128, 255, 256, 65_535, 65_536, 2 ** 32 - 1, 2 ** 32, Number.MAX_SAFE_INTEGER])(
    'is the same bytes around %d',
    (size) => {
      expect(encode(size)).toEqual(Buffer.from(theirEncode(size)));
      if (size > 70_000) return;
      const list = Array.from({ length: size }, () => 1);
      for (const value of ['x'.repeat(size), Buffer.alloc(size), list, Object.fromEntries(list.map((_, index) => [`k${String(index)}`, 1]))]) {
        expect(encode(value).equals(theirEncode(value))).toBe(true);
      }
    },
  );

  it('knows a time to the millisecond', () => {
    expect(encode(new EventTime(1_764_000_000_250)).toString('hex')).toBe('d700692481000ee6b280');
  });
});

const answer: fc.Arbitrary<unknown> = fc.oneof(
  leaf,
  fc.constant(null),
  fc.boolean(),
  fc.integer(),
  // Theirs writes -0 as the integer 0.
  fc.double({ noNaN: true }).filter((value) => !Object.is(value, -0)),
  fc.dictionary(key, leaf, { maxKeys: 20 }),
  fc.array(leaf, { maxLength: 20 }),
);

describe('what is decoded', () => {
  it('is what another implementation wrote, wherever it is cut', () => {
    fc.assert(
      fc.property(answer, fc.nat(), (value, cut) => {
        const bytes = theirEncode(value);
        const whole = decode(Buffer.concat([bytes, Buffer.from([0x2a])]));
        expect(plain(whole?.value)).toEqual(plain(value));
        expect(whole?.length).toBe(bytes.length);
        expect(decode(bytes.subarray(0, cut % bytes.length))).toBeUndefined();
      }),
    );
  });

  it('never fails but as malformed, whatever the bytes are', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        try {
          decode(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(MalformedMessage);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it.each<[string, readonly number[], unknown]>([
    ['a fixed extension', [0xd7, 0, 1, 2, 3, 4, 5, 6, 7, 8], undefined],
    ['an extension with its length', [0xc7, 2, 5, 1, 2], undefined],
    ['a negative number', [0xff], -1],
    ['a number of eight bytes', [0xd3, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xfe], -2],
    ['a float', [0xca, 0x3f, 0x80, 0, 0], 1],
    ['text that is no UTF-8', [0xa2, 0xff, 0xfe], Buffer.from([0xff, 0xfe])],
    ['a map, of which only text names members', [0x82, 1, 2, 0xa1, 0x61, 3], new Map([['a', 3]])],
    ['a member of the prototype', [0x81, 0xa9, ...Buffer.from('__proto__'), 1], new Map([['__proto__', 1]])],
  ])('is %s', (_, bytes, value) => {
    expect(decode(Buffer.from(bytes))).toEqual({ value, length: bytes.length });
  });

  it('is neither the one byte that means nothing nor lists in lists without end', () => {
    expect(() => decode(Buffer.from([0xc1]))).toThrow(MalformedMessage);
    expect(() => decode(Buffer.alloc(100, 0x91))).toThrow(MalformedMessage);
    expect(decode(Buffer.from([0xdd, 0xff, 0xff, 0xff, 0xff, 1, 2]))).toBeUndefined();
  });
});
