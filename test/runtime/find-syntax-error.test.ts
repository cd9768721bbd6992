import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findSyntaxError, lineAndColumn } from '../../src/json/find-syntax-error.js';

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

describe('findSyntaxError', () => {
  it.each([
    ['{"a": 1,}', 8],
    ['[1 2]', 3],
    ['{"a" 1}', 5],
    ['[NaN]', 1],
    ['01', 1],
    ['1.', 1],
    ['"a\tb"', 2],
    ['"\\x"', 1],
    ['{} {}', 3],
    ['', 0],
    ['[', 1],
    ['tru', 0],
    ['"open', 5],
  ])('points into %j at %i', (text, offset) => {
    expect(findSyntaxError(text)).toBe(offset);
  });

  it('agrees with JSON.parse on what is JSON', () => {
    const token = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"a"',
      '""',
      '"\\u00e9"',
      '"\\',
      '1',
      '-0',
      '1e5',
      '0.5',
      '.5',
      '00',
      'true',
      'null',
      'nul',
      ' ',
      '\n',
      'é',
      '"\u0001"',
    );
    const documents = fc.oneof(
      fc.json(),
      fc.array(token, { maxLength: 14 }).map((tokens) => tokens.join('')),
      fc.json().chain((text) => fc.nat(text.length).map((cut) => text.slice(0, cut))),
    );
    fc.assert(
      fc.property(documents, (text) => {
        expect(findSyntaxError(text) === undefined).toBe(isJson(text));
      }),
      { numRuns: 3000 },
    );
  });

  it('reads brackets and strings of any length', () => {
    expect(findSyntaxError('['.repeat(200_000))).toBe(200_000);
    expect(findSyntaxError(`"${'x'.repeat(5_000_000)}" x`)).toBe(5_000_003);
  });

  it('counts lines and columns from 1', () => {
    expect(lineAndColumn('{\n  "a": ?\n}', 9)).toEqual({ line: 2, column: 8 });
    expect(lineAndColumn('x', 0)).toEqual({ line: 1, column: 1 });
  });
});
