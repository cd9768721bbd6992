import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isPattern, matchesPattern, parsePattern, type Pattern } from '../../../src/base/pattern.js';
import { cpuMilliseconds } from '../../support/cpu-time.js';

function pattern(source: string): Pattern {
  const result = parsePattern(source);
  if (!isPattern(result)) throw new Error(`${source} ${result.problem}`);
  return result;
}

describe('a pattern', () => {
  it.each([
    ['^0\\.[0-9]+$', ['0.5', '0.25'], ['0.', '.5', '0x5', '10.5', '0.5\n']],
    ['^(low|high)$', ['low', 'high'], ['lowhigh', '', 'LOW']],
    ['^$', [''], ['a']],
    ['^[a-z0-9]([-a-z0-9]{0,3}[a-z0-9])?$', ['a', 'ab', 'a---b'], ['-a', 'a-', 'a----b', '']],
    ['^\\d{4}-\\d{2}(?:-\\d{2})?$', ['2026-11', '2026-11-22'], ['2026', '2026-11-', '2026-11-2']],
    ['^[^,]+(,[^,]+)*$', ['a', 'a,b', 'a b,c'], [',', 'a,', 'a,,b', '\u00e9']],
    ['^.{2,}$', ['ab', 'abc'], ['a', '\u00e9\u00e9', 'a\n']],
    ['^[\\]\\-\\\\]$', [']', '-', '\\'], ['a']],
    ['^(a*)*b$', ['b', 'aab'], ['a']],
    ['^(a|b){0}c{2}$', ['cc'], ['acc']],
    ['^\\w[a-]$', ['_a', 'Z-'], ['-a', 'ab']],
  ] as const)('%s takes whole values', (source, right, wrong) => {
    for (const text of right) expect(matchesPattern(pattern(source), text), text).toBe(true);
    for (const text of wrong) expect(matchesPattern(pattern(source), text), text).toBe(false);
  });

  it.each([
    ['[0-9]+', 'is not anchored'],
    ['^[0-9]+', 'is not anchored'],
    ['^a\\$', 'ends with a "\\" before its $'],
    ['^a|b$', 'has a "|" outside of parentheses'],
    ['^(a$', 'has a "(" that is not closed'],
    ['^a)$', 'has a ")" too many'],
    ['^[a$', 'has a "[" that is not closed'],
    ['^[]$', 'has an empty class "[]"'],
    ['^[^]$', 'has an empty class "[]"'],
    ['^[z-a]$', 'has a range in a class whose end is not after its beginning'],
    ['^[a-\\d]$', 'has a range in a class whose end is not after its beginning'],
    ['^[[:alpha:]]$', 'has "[" in a class'],
    ['^(?=a)a$', 'has a group "(?"'],
    ['^(?i)a$', 'has a group "(?"'],
    ['^\\s$', 'has "\\s"'],
    ['^\\bfoo$', 'has "\\b"'],
    ['^(a)\\1$', 'has "\\1"'],
    ['^\\p{L}$', 'has "\\p"'],
    ['^a+?$', 'repeats a repetition'],
    ['^a**$', 'repeats a repetition'],
    ['^*a$', 'has a "*" with nothing before it to repeat'],
    ['^a{,3}$', 'has a "{" that begins no count'],
    ['^a{3,2}$', 'has the count {3,2}, whose end is below its beginning'],
    ['^a{257}$', 'repeats something more than 256 times'],
    ['^((a{40}){40})$', 'is too large: its counted repetitions multiply'],
    ['^((((){256}){256}){256}){256}$', 'is too large: its counted repetitions multiply'],
    ['^a^$', 'has a "^" inside'],
    ['^a$b$', 'has a "$" inside'],
    ['^a}$', 'has a "}" that closes nothing'],
    ['^\u00e9$', 'holds a character that is not printable ASCII'],
    [`^${'a'.repeat(255)}$`, 'has more than 256 characters'],
  ])('%s is refused: it %s', (source, problem) => {
    expect(parsePattern(source)).toMatchObject({ problem });
  });

  it('never takes long, whatever it is', () => {
    const slow = pattern('^((a+)+)+(a|aa)+a*a*a*a*b$');
    let matches = true;
    expect(cpuMilliseconds(() => (matches = matchesPattern(slow, 'a'.repeat(256))))).toBeLessThan(5000);
    expect(matches).toBe(false);
  });
});

const piece = fc.constantFrom('a', 'b', '-', '0', '.', '[a-c]', '[^a]', '\\d', '\\w', '\\.', '(a|b)', '(?:ab|)', '[-a]', '[\\]b]', ' ', ',');
const count = fc.constantFrom('', '', '', '*', '+', '?', '{2}', '{1,3}', '{2,}', '{0}');
const sources = fc
  .array(fc.tuple(piece, count), { maxLength: 6 })
  .map((parts) => `^${parts.map(([one, times]) => (times === '' ? one : `(${one})${times}`)).join('')}$`);
const values = fc.string({ unit: fc.constantFrom('a', 'b', 'c', '-', '0', '.', ']', ' ', ','), maxLength: 8 });

it('a pattern means what JavaScript takes it for', () => {
  let matched = 0;
  fc.assert(
    fc.property(sources, values, (source, text) => {
      const own = matchesPattern(pattern(source), text);
      if (own) matched += 1;
      expect(own).toBe(new RegExp(source).test(text));
    }),
    { numRuns: 5000 },
  );
  expect(matched).toBeGreaterThan(100);
});

it('any text is a pattern that JavaScript knows, or is refused with a sentence', () => {
  const characters = fc.constantFrom(...'ab01^$.*+?()[]{}|\\-,:=!d&~ /', '\u00e9', '\n');
  fc.assert(
    fc.property(fc.string({ unit: characters, maxLength: 20 }), values, (inner, text) => {
      const source = `^${inner}$`;
      const result = parsePattern(source);
      if (isPattern(result)) expect(matchesPattern(result, text)).toBe(new RegExp(source).test(text));
      else expect(result.problem).not.toBe('');
    }),
    { numRuns: 20_000 },
  );
});
