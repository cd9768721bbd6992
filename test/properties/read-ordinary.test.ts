import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findUnsafe } from '../../src/base/text.js';
import { parseComposed } from '../../src/source/parse-composed.js';
import { readOrdinary } from '../../src/source/read-ordinary.js';
import { runs } from '../support/fuzz.js';
import { applyChange, changes, yamlText } from '../support/yaml-text.js';

const path = 'services/risk/fraud.yaml';
const root = fileURLToPath(new URL('../..', import.meta.url));
const definitions = ['services', 'scaffold/services', 'test/cases']
  .flatMap((folder) => readdirSync(join(root, folder), { recursive: true, withFileTypes: true }))
  .filter((entry) => entry.isFile() && entry.name.endsWith('.yaml'))
  .map((entry) => join(entry.parentPath, entry.name))
  .map((file) => ({ name: relative(root, file), text: readFileSync(file, 'utf8') }));

/** What is read at all means the same to the parser, which finds nothing wrong with it. */
function compareWithParser(text: string): void {
  if (findUnsafe(text, { newline: true })) return;
  const ordinary = readOrdinary(text);
  if (!ordinary) return;
  const [document, diagnostics] = parseComposed({ path, text }, []);
  expect(diagnostics).toEqual([]);
  // The order of the keys counts, and so does that maps have no prototype.
  expect(JSON.stringify(ordinary.value)).toBe(JSON.stringify(document?.value));
  expect(ordinary.value).toStrictEqual(document?.value);
}

/** Lines of the form that is read, and of forms that look like it. */
const scalar = fc.constantFrom(
  ...[
    'a',
    'x y',
    'a,b',
    'a]',
    'a}',
    'a#b',
    'a #b',
    'a: b',
    'a :',
    'a :b',
    'a:b',
    'a?',
    '?',
    '-',
    '- x',
    '--x',
    '-x',
    '--- ',
    '...',
    'null x',
    '$(X)',
    '/p',
  ],
  ...[
    '0',
    '1',
    '-1',
    '+1',
    '0777',
    '1.5',
    '.5',
    '5.',
    '1e5',
    '0x1F',
    '0o17',
    '1_000',
    '9007199254740993',
    '.inf',
    '12:30',
    '2024-01-01',
    '8Gi',
    '3 x',
  ],
  ...['true', 'TRUE', 'no', 'y', 'null', 'Null', '~', '<<', '*', '&a', '!t', '|', '>', '%', '@x', '`', 'é', 'http://x:80/', '0e1a'],
  ...['"q"', "'s'", '""', "''", '"a b"', '"a"b', '"\\x41"', "'a''b'", '"k": 1', "'", '"', '"x" # c'],
  ...[
    '[]',
    '{}',
    '[a, b]',
    '[ a , b ]',
    '[a,b]',
    '[a,]',
    '[a, b',
    '[a]#',
    '[a]]',
    '[a b, c d ]',
    '["x", \'y\']',
    '[[a], []]',
    '[a :b]',
    '[a: b]',
    '[,]',
  ],
  ...['{a: 1}', '{ a: 1 , b: [x] }', '{a: {b: [1, 2]}}', '{"a": 1}', '{"a":1}', '{a: 1, a: 2}', '{a: , b: 1}', '{a}', '{a :b}', '{a:1}', '{a: 1}}'],
);
const key = fc.constantFrom(
  'a',
  'b',
  'c',
  'k-1',
  'a.b/c',
  '"q k"',
  "'s'",
  '1',
  'on',
  'true',
  'null',
  'constructor',
  '__proto__',
  'a b',
  '_x',
  'ä',
  '<<',
);
const line = fc
  .tuple(
    fc.constantFrom('', '', '', ' ', '  ', '  ', '   ', '    ', '      '),
    fc.constantFrom('', '', '', '- ', '-  ', '- - ', '-'),
    fc.option(fc.tuple(key, fc.constantFrom(': ', ': ', ':', ':  ', ' : ')), { nil: [], freq: 4 }),
    fc.option(scalar, { nil: '', freq: 3 }),
    fc.constantFrom('', '', '', '', '  ', ' # c', '#c', ' #'),
  )
  .map(([indent, dash, pair, value, end]) => indent + dash + pair.join('') + value + end);
const lines = fc
  .tuple(fc.array(fc.oneof({ weight: 8, arbitrary: line }, fc.constantFrom('', '  ', '# c', '   # c')), { maxLength: 8 }), fc.constantFrom('\n', ''))
  .map(([all, end]) => all.join('\n') + end);

describe('the ordinary form', () => {
  it('means to the parser what it means to the reader: nearly ordinary lines', () => {
    fc.assert(fc.property(lines, compareWithParser), runs(10_000));
  });

  it('means to the parser what it means to the reader: any text', () => {
    fc.assert(fc.property(yamlText, compareWithParser), runs(3000));
  });

  it('means to the parser what it means to the reader: definitions with changes', () => {
    const definition = fc.constantFrom(...definitions.map(({ text }) => text));
    fc.assert(
      fc.property(definition, changes, (text, all) => compareWithParser(all.reduce(applyChange, text))),
      runs(1500),
    );
  });

  it.each(definitions)('means to the parser what it means to the reader: $name', ({ text }) => compareWithParser(text));
});
