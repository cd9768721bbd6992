import { describe, expect, it } from 'vitest';
import type { Diagnostic, Path, Where } from '../../../src/diagnostics/diagnostic.js';
import { locate, locateAll } from '../../../src/source/locate.js';
import { readMarks } from '../../support/marks.js';

const file = 'services/risk/fraud.yaml';

function expectAt(path: Path, target: 'key' | 'value', marked: string): void {
  const { text, spans } = readMarks(marked);
  expect(locate({ file, path, target }, text)).toEqual({ file, ...spans[0] });
}

describe('locate', () => {
  it.each([
    [['spec', 'image'], 'value', 'spec:\n  image: «a»\n'],
    [['spec', 'image'], 'key', 'spec:\n  «image»: a\n'],
    [['spec', 'args', 1], 'value', 'spec:\n  args: [a, «"b"»]\n'],
    [['spec', 'args', 1], 'value', 'spec:\n  args:\n    - a\n    - «b»\n'],
    [['a', 0, 'b'], 'key', 'a:\n  - «b»: 1\n'],
    [['1'], 'value', '1: «x»\n'],
    [['a b'], 'value', '"a b": «x»\n'],
    [['a'], 'value', 'a: «|\n  text\n»'],
    // An empty value is shown by its key.
    [['a', 'b'], 'value', 'a:\n  «b»:\n'],
    // What is missing is shown where it is missing.
    [['spec', 'command'], 'value', '«spec»:\n  image: a\n'],
    [['spec', 'command', 0], 'key', '«spec»:\n  image: a\n'],
    [['spec'], 'value', '# c\n«kind»: x\nmetadata: y\n'],
    [['a', 1, 'name'], 'value', 'a:\n  - name: x\n  - «other»: y\n'],
    [['a', 7], 'value', '«a»: [1]\n'],
    [['a', 'x'], 'value', '«a»: [1]\n'],
    [['a', 0], 'value', '«a»: {b: 1}\n'],
    [['a', 0], 'key', 'a: [«x»]\n'],
    [['toString'], 'value', '«a»: 1\n'],
    [[], 'value', '«a: 1\nb: 2»\n'],
    // Of a key that is given twice, the first.
    [['a'], 'value', 'a: «1»\na: 2\n'],
  ] satisfies [Path, 'key' | 'value', string][])('%j as %s in %j', expectAt);

  it.each(['', '# c\n', 'a: [1', '&a b: 1\n', '[['.repeat(100)])('points at the start of %j', (text) =>
    expect(locate({ file, path: ['spec'] }, text)).toEqual({ file, start: 0, end: 0 }),
  );
});

describe('locateAll', () => {
  const problem = (where: Where | undefined, code = 'source/tab', message = 'm'): Diagnostic =>
    ({ code, severity: 'error', message, where, related: [], hint: undefined }) as Diagnostic;
  const texts = new Map([
    ['a.yaml', 'x: 1\ny: 2\n'],
    ['b.yaml', 'x: 1\n'],
  ]);

  it('sorts by file, position and code, and drops exact duplicates', () => {
    const located = locateAll(
      [
        problem({ file: 'b.yaml', path: ['x'] }),
        problem({ file: 'a.yaml', path: ['y'], target: 'key' }, 'source/tag'),
        problem({ file: 'a.yaml', path: ['y'], target: 'key' }, 'source/alias'),
        problem({ file: 'a.yaml', start: 3, end: 4 }),
        problem({ file: 'a.yaml', path: ['x'] }),
        problem({ file: 'gone.yaml', path: ['x'] }),
        problem(undefined),
      ],
      texts,
    );
    expect(located.map(({ code, where }) => [code, where])).toEqual([
      ['source/tab', undefined],
      ['source/tab', { file: 'a.yaml', start: 3, end: 4 }],
      ['source/alias', { file: 'a.yaml', start: 5, end: 6 }],
      ['source/tag', { file: 'a.yaml', start: 5, end: 6 }],
      ['source/tab', { file: 'b.yaml', start: 3, end: 4 }],
      ['source/tab', { file: 'gone.yaml', start: 0, end: 0 }],
    ]);
  });

  it('locates related places too, and keeps the order of the input out of the result', () => {
    const first = { ...problem({ file: 'a.yaml', path: ['x'] }), related: [{ message: 'r', where: { file: 'b.yaml', path: ['x'] } }] };
    const second = problem({ file: 'a.yaml', path: ['x'] }, 'source/tab', 'other');
    expect(locateAll([first, second], texts)).toEqual(locateAll([second, first], texts));
    expect(locateAll([first], texts)[0]?.related).toEqual([{ message: 'r', where: { file: 'b.yaml', start: 3, end: 4 } }]);
  });
});
