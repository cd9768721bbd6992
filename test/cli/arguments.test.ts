import { describe, expect, test } from 'vitest';
import { commonOptions, parseArguments } from '../../src/cli/arguments.js';
import { UsageError } from '../../src/cli/command.js';

const options = { ...commonOptions, out: { type: 'string' }, check: { type: 'boolean' } } as const;
const one = { least: 0, most: 1, name: 'PATH' };
const all = 'options: --root, --no-color, --out, --check';

function problem(args: readonly string[], limits = one): string {
  try {
    parseArguments(args, options, limits);
  } catch (error) {
    if (error instanceof UsageError) return error.hint === undefined ? error.message : `${error.message}; ${error.hint}`;
    throw error;
  }
  return 'none';
}

describe('what is wrong with arguments is said in our own words', () => {
  test.each([
    [['--ouf', 'x'], 'unknown option --ouf; did you mean --out?'],
    [['--frobnicate'], `unknown option --frobnicate; ${all}`],
    [['--frobnicate=1'], `unknown option --frobnicate; ${all}`],
    [['-x'], `unknown option -x; ${all}`],
    [['-xyz'], `unknown option -x; ${all}`],
    [['--out'], '--out needs a value'],
    [['--out='], '--out needs a value'],
    [['--out', ''], '--out needs a value'],
    [['--out', '--check'], '--out needs a value'],
    [['--check=yes'], '--check takes no value'],
    [['--__proto__'], `unknown option --__proto__; ${all}`],
    [['a', 'b'], '"b" is one PATH too many'],
    [['--', '-x', 'b'], '"b" is one PATH too many'],
  ])('%j', (args, expected) => {
    expect(problem(args)).toBe(expected);
  });

  test('a word where none is taken, and none where one is', () => {
    expect(problem(['a'], { least: 0, most: 0, name: '' })).toBe('"a" was not expected: this command takes options only');
    expect(problem([], { least: 1, most: 1, name: 'KIND' })).toBe('KIND is missing');
  });
});

test('values and words of a right command line', () => {
  const { values, positionals } = parseArguments(['--out', 'x', 'a', '--check', '--root=r'], options, one);
  expect({ ...values }).toEqual({ out: 'x', check: true, root: 'r' });
  expect(positionals).toEqual(['a']);
});

test('a value that begins with - needs the sign of equality', () => {
  expect({ ...parseArguments(['--out=-x'], options, one).values }).toEqual({ out: '-x' });
});
