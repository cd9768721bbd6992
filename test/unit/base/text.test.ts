import { describe, expect, it } from 'vitest';
import { codePointName, findUnsafe, hasExpansion } from '../../../src/base/text.js';

describe('findUnsafe', () => {
  it.each(['', 'plain ASCII ~', 'Grüße', '模型', 'naïve café', 'emoji 🚀 ✔️', 'a\u{10000}b'])('takes %j', (text) =>
    expect(findUnsafe(text)).toBeUndefined(),
  );

  it.each([
    ['a\u0000', 1, 1, 'control'],
    ['\t', 0, 1, 'control'],
    ['a\nb', 1, 1, 'control'],
    ['a\rb', 1, 1, 'control'],
    ['\u007f', 0, 1, 'control'],
    ['\u0080', 0, 1, 'control'],
    ['\u0085', 0, 1, 'line-separator'],
    ['\u009b', 0, 1, 'control'],
    ['x\u2028', 1, 1, 'line-separator'],
    ['\u2029', 0, 1, 'line-separator'],
    ['ab\u202ec', 2, 1, 'bidi'],
    ['\u2066', 0, 1, 'bidi'],
    ['\u200f', 0, 1, 'bidi'],
    ['\u061c', 0, 1, 'bidi'],
    ['\u200b', 0, 1, 'invisible'],
    ['\u200d', 0, 1, 'invisible'],
    ['\ufeff', 0, 1, 'invisible'],
    ['\u00ad', 0, 1, 'invisible'],
    ['\u3164', 0, 1, 'invisible'],
    ['\ufe00', 0, 1, 'invisible'],
    ['🚀\u{e0041}', 2, 2, 'invisible'],
    ['\ue000', 0, 1, 'private-use'],
    ['\u{f0000}', 0, 2, 'private-use'],
    ['\ud800', 0, 1, 'surrogate'],
    ['a\udc00', 1, 1, 'surrogate'],
    ['\ufffe', 0, 1, 'noncharacter'],
    ['\uffff', 0, 1, 'noncharacter'],
    ['\ufdd0', 0, 1, 'noncharacter'],
    ['\u{1ffff}', 0, 2, 'noncharacter'],
    ['cafe\u0301', 3, 1, 'not-normalized'],
    ['\u212b', 0, 1, 'not-normalized'],
  ] as const)('finds it in %j', (text, index, length, kind) => expect(findUnsafe(text)).toEqual({ index, length, kind }));

  it('takes a line feed where lines are allowed, and nothing else', () => {
    expect(findUnsafe('a\nü', { newline: true })).toBeUndefined();
    expect(findUnsafe('a\nb\r', { newline: true })).toEqual({ index: 3, length: 1, kind: 'control' });
  });

  // The ranges are written out so that they do not move with Node; this says when Unicode has moved.
  it('covers every format, control, private use and surrogate character of Unicode', () => {
    const missed: string[] = [];
    for (let codePoint = 0; codePoint <= 0x10ffff; codePoint += 1) {
      const text = String.fromCodePoint(codePoint);
      if (/[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}\p{Noncharacter_Code_Point}\p{Bidi_Control}]/u.test(text) && !findUnsafe(text))
        missed.push(codePointName(text, 0));
    }
    expect(missed).toEqual([]);
  });

  it('refuses no letter, mark, number, punctuation or symbol that is in NFC, but for the invisible ones', () => {
    const refused = new Set<string>();
    for (let codePoint = 0; codePoint <= 0x10ffff; codePoint += 1) {
      const text = String.fromCodePoint(codePoint);
      if (
        /[\p{L}\p{M}\p{N}\p{P}\p{S}\p{Zs}]/u.test(text) &&
        !/\p{Default_Ignorable_Code_Point}/u.test(text) &&
        text.normalize('NFC') === text &&
        findUnsafe(text)
      ) {
        refused.add(codePointName(text, 0));
      }
    }
    expect([...refused]).toEqual([]);
  });
});

describe('hasExpansion', () => {
  it.each(['$(x)', 'a${b}', '$$', 'a$$(b)', '$('])('finds it in %s', (text) => expect(hasExpansion(text)).toBe(true));
  it.each(['', '$', 'US$ 5', '$x', '^a$', '(x)'])('takes %s', (text) => expect(hasExpansion(text)).toBe(false));
});

it('names code points', () => {
  expect(codePointName('\t', 0)).toBe('U+0009');
  expect(codePointName('a\u{1f680}', 1)).toBe('U+1F680');
});
