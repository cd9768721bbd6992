import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { neverFires, parseCron } from '../../src/base/cron.js';
import { canonicalDuration, parseDuration } from '../../src/base/duration.js';
import { isUnderRegistry, parseImage } from '../../src/base/image.js';
import { nearest } from '../../src/base/names.js';
import { checkObjectPath, fillPlaceholders, objectPathMaxLength, objectPathPattern, splitPlaceholders } from '../../src/base/object-path.js';
import { canonicalCpu, canonicalQuantity, compareQuantity, parseQuantity } from '../../src/base/quantity.js';
import { escapeUnsafe, findUnsafe } from '../../src/base/text.js';
import { isTimeZone } from '../../src/base/time-zone.js';
import { runs } from '../support/fuzz.js';

const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 40 }), fc.string({ maxLength: 40 }));
const number = fc.oneof(fc.nat().map(String), fc.stringMatching(/^[0-9]{1,12}\.[0-9]{0,12}$/), fc.stringMatching(/^\.[0-9]{1,12}$/));
const quantity = fc
  .tuple(number, fc.constantFrom('', 'n', 'u', 'm', 'k', 'M', 'G', 'T', 'Ki', 'Mi', 'Gi', 'Ti', 'e3', 'E-2', 'e+1'))
  .map((parts) => parts.join(''));

describe('quantities', () => {
  it('keep their amount in canonical form, which is its own', () => {
    fc.assert(
      fc.property(quantity, (each) => {
        const parsed = parseQuantity(each);
        const canonical = canonicalQuantity(each);
        fc.pre(parsed !== undefined && canonical !== undefined);
        const again = parseQuantity(canonical ?? '');
        expect(parsed && again && compareQuantity(parsed, again)).toBe(0);
        expect(canonicalQuantity(canonical ?? '')).toBe(canonical);
        expect(canonical).toMatch(/^[0-9]+(?:[numkMGTPE]|[KMGTPE]i|e-?[0-9]+)?$/);
      }),
      runs(3000),
    );
  });

  it('of CPU are never smaller than they were, and differ by less than a thousandth', () => {
    fc.assert(
      fc.property(quantity, (each) => {
        const before = parseQuantity(each);
        const after = parseQuantity(canonicalCpu(each) ?? '');
        fc.pre(before !== undefined && after !== undefined);
        const grown = (after?.nano ?? 0n) - (before?.nano ?? 0n);
        expect(grown >= 0n && grown < 1_000_000n).toBe(true);
      }),
      runs(2000),
    );
  });
});

it('durations keep their length in canonical form', () => {
  fc.assert(
    fc.property(fc.nat({ max: 10_000_000 }), fc.constantFrom('s', 'm', 'h'), (count, unit) => {
      const canonical = canonicalDuration(`${count}${unit}`) ?? '';
      expect(parseDuration(canonical)).toBe(parseDuration(`${count}${unit}`));
      expect(canonicalDuration(canonical)).toBe(canonical);
    }),
    runs(1000),
  );
});

it('object paths are right exactly where their pattern and length say so, and a wrong one is marked inside', () => {
  const pieces = fc
    .array(fc.constantFrom('a', 'B9', '_', '.', '..', '/', '//', '-', ':', '=', '+', '@', '~', ' ', '*', '$(x)', 'ü', '{jobId}'), { maxLength: 12 })
    .map((list) => list.join(''));
  fc.assert(
    fc.property(fc.oneof(pieces, text), (path) => {
      const problem = checkObjectPath(path);
      expect(problem === undefined).toBe(new RegExp(objectPathPattern).test(path) && path.length <= objectPathMaxLength);
      // Said once more, in another way than the pattern does.
      const parts = path.replace(/\/$/, '').split('/');
      expect(problem === undefined).toBe(
        parts.every((part) => /^[A-Za-z0-9_][A-Za-z0-9._=+@~-]*$/.test(part)) && !path.includes('..') && path.length <= objectPathMaxLength,
      );
      if (problem?.index !== undefined) expect(problem.index >= 0 && problem.index < path.length).toBe(true);
    }),
    runs(5000),
  );
});

it('placeholders split into pieces that make the path again', () => {
  const path = fc.array(fc.constantFrom('{jobId}', '{requestId}', '{', '}', 'a', '/', '{date}'), { maxLength: 10 }).map((list) => list.join(''));
  fc.assert(
    fc.property(path, (each) => {
      expect(
        splitPlaceholders(each)
          .map((piece) => ('text' in piece ? piece.text : `{${piece.placeholder}}`))
          .join(''),
      ).toBe(each);
      expect(fillPlaceholders(each, { jobId: '{jobId}', requestId: '{requestId}' })).toBe(each);
    }),
    runs(1000),
  );
});

it('an image that is written out in full reads the same', () => {
  const part = fc.stringMatching(/^[a-z0-9]{1,5}(?:[._-][a-z0-9]{1,5})?$/);
  const name = fc.tuple(
    fc.constantFrom('', 'registry.example.com/', 'localhost/', 'h:5000/'),
    fc.array(part, { minLength: 1, maxLength: 3 }),
    fc.constantFrom('', ':1.0', ':latest'),
  );
  fc.assert(
    fc.property(name, ([registry, parts, tag]) => {
      const image = parseImage(registry + parts.join('/') + tag);
      expect(image).toBeDefined();
      if (!image) return;
      const full = `${image.registry}/${image.repository}`;
      expect(parseImage(full + (image.tag === undefined ? '' : `:${image.tag}`))).toEqual(image);
      expect(isUnderRegistry(image, full)).toBe(true);
      expect(isUnderRegistry(image, image.registry)).toBe(true);
      expect(isUnderRegistry({ ...image, repository: `${image.repository}-evil` }, full)).toBe(false);
    }),
    runs(2000),
  );
});

it('escaped text shows nothing but itself', () => {
  fc.assert(
    fc.property(text, (each) => {
      const escaped = escapeUnsafe(each);
      expect([undefined, 'not-normalized']).toContain(findUnsafe(escaped)?.kind);
      if (!findUnsafe(each)) expect(escaped).toBe(each);
    }),
    runs(3000),
  );
});

it('no reader of ours throws, whatever the text', () => {
  fc.assert(
    fc.property(text, (each) => {
      const cron = parseCron(each);
      if ('cron' in cron) neverFires(cron.cron);
      parseImage(each);
      parseQuantity(each);
      parseDuration(each);
      isTimeZone(each);
      nearest(each, ['image', 'command', each.slice(1)]);
      findUnsafe(each);
    }),
    runs(3000),
  );
});
