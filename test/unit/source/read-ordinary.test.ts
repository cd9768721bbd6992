import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { sourceLimits } from '../../../src/source/limits.js';
import { readOrdinary } from '../../../src/source/read-ordinary.js';

const filesBelow = (folder: string): readonly string[] => {
  const root = fileURLToPath(new URL(`../../../${folder}`, import.meta.url));
  const names = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.yaml'));
  return names.map((name) => join(root, name));
};

describe('the ordinary form', () => {
  it.each([...filesBelow('services'), ...filesBelow('scaffold/services')])('is that of %s', (file) => {
    expect(readOrdinary(readFileSync(file, 'utf8'))).toBeDefined();
  });

  it('has maps, lists, scalars, flow collections on one line, and comments', () => {
    const text = `
# A comment
a:  # another
  b: 1
  "c d": text with blanks   # and a comment
list:
- x: 8Gi
  z: "a: b # c"

-   {k: [1, 'two', {}], l: true}
end:
`;
    expect(readOrdinary(text)?.value).toEqual({
      a: { b: 1, 'c d': 'text with blanks' },
      list: [
        { x: '8Gi', z: 'a: b # c' },
        { k: [1, 'two', {}], l: true },
      ],
      end: null,
    });
  });

  it('may be empty', () => {
    expect(readOrdinary('')).toEqual({ value: null });
    expect(readOrdinary('\n  # nothing\n')).toEqual({ value: null });
  });

  it.each([
    ['an anchor', 'a: &b c\n'],
    ['an alias', 'a: *b\n'],
    ['a tag', 'a: !b c\n'],
    ['a directive', '%YAML 1.1\n---\na: b\n'],
    ['a document start', '---\na: b\n'],
    ['a merge key', '<<: {a: b}\n'],
    ['a block scalar', 'a: |\n  b\n'],
    ['a scalar of several lines', 'a: b\n  c\n'],
    ['a flow collection of several lines', 'a: [b,\n  c]\n'],
    ['an escape', 'a: "\\u202e"\n'],
    ['a quote in quotes', "a: 'it''s'\n"],
    ['a key that repeats', 'a: 1\na: 2\n'],
    ['a key that repeats in braces', 'a: {b: 1, b: 2}\n'],
    ['a forbidden key', '__proto__: 1\n'],
    ['an ambiguous word', 'a: no\n'],
    ['an ambiguous key', 'on: 1\n'],
    ['a number beyond whole ones', 'a: 1.5\n'],
    ['a number that may not be exact', 'a: 9007199254740993\n'],
    ['a colon inside a text', 'a: b: c\n'],
    ['a line that is indented too far', 'a: 1\n  b: 2\n'],
    ['a line that is indented too little', 'a:\n  b: 1\n c: 2\n'],
    ['a scalar alone', 'a\n'],
    ['text after a value', 'a: "b" c\n'],
    ['an unclosed bracket', 'a: [b\n'],
    ['depth', `a: ${'['.repeat(sourceLimits.depth)}${']'.repeat(sourceLimits.depth)}\n`],
    ['length', 'a: 1\n'.repeat(sourceLimits.tokens)],
  ])('has no place for %s', (_, text) => expect(readOrdinary(text)).toBeUndefined());
});
