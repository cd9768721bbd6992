import { describe, expect, it } from 'vitest';
import type { Diagnostic } from '../../../src/diagnostics/diagnostic.js';
import { lineColumn, lineRange, lineTable } from '../../../src/diagnostics/line-column.js';
import { isFormat, renderers } from '../../../src/diagnostics/render/renderers.js';
import { readMarks } from '../../support/marks.js';

const file = 'services/risk/fraud.yaml';

function problem(marked: string, more: Partial<Diagnostic> = {}): { readonly diagnostic: Diagnostic; readonly sources: ReadonlyMap<string, string> } {
  const { text, spans } = readMarks(marked);
  const diagnostic: Diagnostic = {
    code: 'source/tab',
    severity: 'error',
    message: 'message',
    where: { file, start: 0, end: 0, ...spans[0] },
    related: [],
    hint: undefined,
    ...more,
  };
  return { diagnostic, sources: new Map([[file, text]]) };
}

function text(marked: string, more: Partial<Diagnostic> = {}, color = false): string[] {
  const { diagnostic, sources } = problem(marked, more);
  return renderers.text([diagnostic], sources, { color }).split('\n');
}

describe('text', () => {
  it('shows the place, the line, what is marked, the hint and where to read more', () => {
    expect(text(`${'\n'.repeat(13)}    connection: «"s3-raws"»\n`, { hint: 'did you mean "s3-raw"?' })).toEqual([
      'services/risk/fraud.yaml:14:17: error: message [source/tab]',
      '14 |     connection: "s3-raws"',
      '   |                 ^^^^^^^^^',
      '   hint: did you mean "s3-raw"?',
      '   help: millrace explain source/tab',
      '',
    ]);
  });

  it('shows related places', () => {
    expect(text('«a»: 1\nb: 2\n', { related: [{ message: 'first given here', where: { file, start: 5, end: 6 } }] }).slice(1, 6)).toEqual([
      '1 | a: 1',
      '  | ^',
      '   services/risk/fraud.yaml:2:1: first given here',
      '   2 | b: 2',
      '     | ^',
    ]);
  });

  it.each([
    ['an empty span with one caret', 'a: «»\n', ['1 | a:', '  |    ^']],
    ['several lines to the end of the first', 'a: «|\n  b\n»', ['1 | a: |', '  |    ^']],
    ['the end of the file', 'a: 1\n«»', ['2 |', '  | ^']],
    ['a tab as a tab', '\ta:\t«b»', ['1 | \ta:\tb', '  | \t  \t^']],
    ['wide characters by their width', '模型: «价格» x', ['1 | 模型: 价格 x', '  |       ^^^^']],
    ['combining characters without any', 'a\u0301: «b»', ['1 | a\u0301: b', '  |    ^']],
    ['control characters escaped', 'a\u001b[31m: «\u202e»b', ['1 | a\\u001b[31m: \\u202eb', '  |              ^^^^^^']],
    ['a line without its carriage return', '«a»: 1\r\n', ['1 | a: 1', '  | ^']],
  ])('marks %s', (_, marked, lines) => expect(text(marked).slice(1, 3)).toEqual(lines));

  it('cuts long lines around what is marked', () => {
    const [, line = '', carets = ''] = text(`${'a'.repeat(500)}«bc»${'d'.repeat(500)}`);
    expect(line.length).toBeLessThanOrEqual(170);
    expect(line).toMatch(/^1 \| …a+bcd+…$/);
    expect(line.slice(carets.indexOf('^'), carets.lastIndexOf('^') + 1)).toBe('bc');
  });

  it('never cuts a character in two', () => {
    for (const shift of [0, 1, 2, 3]) {
      const [, line = ''] = text(`${'x'.repeat(shift)}${'🚀'.repeat(200)}«y»${'🚀'.repeat(200)}`);
      expect(line).not.toContain('\\ud');
      expect(line).not.toMatch(/\p{Surrogate}/u);
    }
  });

  it('escapes messages, hints and file names', () => {
    const [first = '', second = ''] = renderers
      .text([{ ...problem('a').diagnostic, message: 'x\ny\u202e', hint: 'h\u001b', where: { file: 'a\u001b[2J.yaml', path: [] } }], new Map(), {
        color: false,
      })
      .split('\n');
    expect(first).toBe('a\\u001b[2J.yaml: error: x\\u000ay\\u202e [source/tab]');
    expect(second).toBe('   hint: h\\u001b');
  });

  it('names only the file where there is no text, and nothing where there is no file', () => {
    expect(text('', { where: { file, start: 0, end: 0 } })[0]).toBe('services/risk/fraud.yaml: error: message [source/tab]');
    expect(text('', { where: undefined, severity: 'warning' })).toEqual([
      'warning: message [source/tab]',
      '   help: millrace explain source/tab',
      '',
    ]);
  });

  it('separates problems by an empty line, and is empty without any', () => {
    const { diagnostic, sources } = problem('«a»');
    expect(renderers.text([diagnostic, diagnostic], sources, { color: false })).toContain('explain source/tab\n\nservices/');
    expect(renderers.text([], sources, { color: false })).toBe('');
  });

  it('has the same words in colour', () => {
    const plain = text('a: «b»\n', { hint: 'h' });
    const colored = text('a: «b»\n', { hint: 'h' }, true);
    expect(colored.join('\n')).toContain('\u001b[31merror\u001b[0m');
    expect(colored.map((line) => line.replace(/\u001b\[[0-9]+m/g, ''))).toEqual(plain);
  });
});

describe('json', () => {
  it('is one array with the same fields for every problem', () => {
    const { diagnostic, sources } = problem('a:\n  «b: 1\n  c: 2»\n', { hint: 'h', related: [{ message: 'r', where: { file, start: 0, end: 1 } }] });
    const rendered = renderers.json([diagnostic, { ...diagnostic, where: undefined, hint: undefined, related: [] }], sources, { color: true });
    expect(rendered.endsWith(']\n')).toBe(true);
    expect(JSON.parse(rendered)).toEqual([
      {
        code: 'source/tab',
        severity: 'error',
        message: 'message',
        file,
        line: 2,
        column: 3,
        endLine: 3,
        endColumn: 7,
        hint: 'h',
        docs: 'docs/diagnostics/source/tab.md',
        related: [{ message: 'r', file, line: 1, column: 1, endLine: 1, endColumn: 2 }],
      },
      {
        code: 'source/tab',
        severity: 'error',
        message: 'message',
        file: null,
        line: null,
        column: null,
        endLine: null,
        endColumn: null,
        hint: null,
        docs: 'docs/diagnostics/source/tab.md',
        related: [],
      },
    ]);
  });

  it('holds no character that acts on a terminal, and is read back unchanged', () => {
    const { diagnostic, sources } = problem('a: «b»\n');
    const odd = { ...diagnostic, where: { file: 'services/\u009b31m\u202e\u{e0041}\u2028.yaml', start: 0, end: 0 }, message: 'x\u0085' };
    const rendered = renderers.json([odd], sources, { color: false });
    expect(rendered).toMatch(/^[\n\x20-\x7e]*$/);
    expect(JSON.parse(rendered)).toMatchObject([{ file: odd.where.file, message: odd.message }]);
  });
  it('is an empty array without problems', () => expect(renderers.json([], new Map(), { color: false })).toBe('[]\n'));
});

describe('formats', () => {
  it('are known by name', () => {
    expect(['text', 'json', 'xml', 'toString'].map(isFormat)).toEqual([true, true, false, false]);
  });
});

describe('lineColumn', () => {
  it.each([
    ['', 0, 1, 1],
    ['a', 1, 1, 2],
    ['a\n', 1, 1, 2],
    ['a\n', 2, 2, 1],
    ['a\nb\n\nc', 4, 3, 1],
    ['a\nb\n\nc', 5, 4, 1],
  ])('of %j at %i', (source, offset, line, column) => expect(lineColumn(source, offset)).toEqual({ line, column }));

  it('agrees with counting line feeds', () => {
    const source = 'ab\n\nc\r\n\nd';
    for (let offset = 0; offset <= source.length; offset += 1) {
      const before = source.slice(0, offset).split('\n');
      expect(lineColumn(source, offset)).toEqual({ line: before.length, column: (before.at(-1)?.length ?? 0) + 1 });
    }
    expect(lineRange(lineTable(source), 3)).toEqual({ start: 4, end: 5 });
    expect(lineRange(lineTable(source), 5)).toEqual({ start: 8, end: 9 });
  });
});
