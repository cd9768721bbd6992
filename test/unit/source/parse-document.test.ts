import { describe, expect, it } from 'vitest';
import { isSpan, type Diagnostic } from '../../../src/diagnostics/diagnostic.js';
import { parseDocument } from '../../../src/source/parse-document.js';
import { readMarks } from '../../support/marks.js';

const path = 'services/risk/fraud.yaml';
const valueOf = (text: string): unknown => {
  const [document, diagnostics] = parseDocument({ path, text });
  expect(diagnostics).toEqual([]);
  return JSON.parse(JSON.stringify(document?.value ?? null));
};

/** Codes with what each of them marks. */
function problemsOf(text: string): (readonly [code: string, marked: string])[] {
  const [, diagnostics] = parseDocument({ path, text });
  return diagnostics.map((each) => [each.code, markedBy(each, text)]);
}
const markedBy = ({ where }: Diagnostic, text: string): string => (where && isSpan(where) ? text.slice(where.start, where.end) : '');

/** The one problem of a text is exactly at its mark. */
function expectAt(code: string, marked: string): void {
  const { text, spans } = readMarks(marked);
  const [, diagnostics] = parseDocument({ path, text });
  expect(diagnostics.map(({ code, where }) => ({ code, where }))).toEqual(spans.map((span) => ({ code, where: { file: path, ...span } })));
}

describe('values', () => {
  it('are those of YAML 1.2', () => {
    expect(valueOf('a: 1\nb: "1"\nc: true\nd: null\ne: ~\nf:\ng: 1.5\nh: 0x1F\ni: text\n')).toEqual({
      a: 1,
      b: '1',
      c: true,
      d: null,
      e: null,
      f: null,
      g: 1.5,
      h: 31,
      i: 'text',
    });
    expect(valueOf('- a\n- [b, {c: d}]\n- |\n  two\n  lines\n- >\n  folded\n  text\n')).toEqual([
      'a',
      ['b', { c: 'd' }],
      'two\nlines\n',
      'folded text\n',
    ]);
  });

  it('keep keys as text', () => {
    expect(valueOf('1: a\ntrue: b\n~: c\n"2": d\n? e\n')).toEqual({ 1: 'a', true: 'b', '~': 'c', 2: 'd', e: null });
    expect(problemsOf('1: a\n"1": b\n')).toEqual([['source/duplicate-key', '"1"']]);
  });

  it('have maps without a prototype, and -0 as 0', () => {
    const [document] = parseDocument({ path, text: 'a: {b: -0}\n' });
    const value = document?.value as { a: { b: number } };
    expect(Object.getPrototypeOf(value)).toBeNull();
    expect(Object.getPrototypeOf(value.a)).toBeNull();
    expect(Object.is(value.a.b, 0)).toBe(true);
  });

  it.each(['', '\n', '# only a comment\n', '---\n', '---\n...\n', 'null\n'])('of %j is null', (text) => expect(valueOf(text)).toBeNull());

  it('may follow one ---', () => expect(valueOf('# a\n\n---\n# b\na: 1\n...\n# c\n')).toEqual({ a: 1 }));

  it('are still there where a key repeats or is forbidden', () => {
    // NaN, which JSON writes as null, stands for a number that was refused.
    const [document, diagnostics] = parseDocument({ path, text: 'a: 1\na: 2\n__proto__: {x: 1}\nb: {constructor: 1, c: 1e999}\n' });
    expect(JSON.stringify(document?.value)).toBe('{"a":1,"b":{"c":null}}');
    expect(diagnostics.map(({ code }) => code)).toEqual([
      'source/duplicate-key',
      'source/forbidden-key',
      'source/forbidden-key',
      'source/unsafe-number',
    ]);
    expect(({} as Record<string, unknown>)['x']).toBeUndefined();
  });
});

describe('what the guard refuses', () => {
  it.each([
    ['source/anchor', 'a: «&x» 1\nb: *x\n'],
    ['source/alias', 'include: [«*.json»]\n'],
    ['source/tag', 'a: «!!str» 1\n'],
    ['source/tag', '«!x» a: 1\n'],
    ['source/directive', '«%YAML 1.1»\n---\na: no\n'],
    ['source/directive', '# c\n«%TAG ! x»\n---\n'],
    ['source/second-document', 'a: 1\n«---»\nb: 1\n'],
    ['source/second-document', '---\n«---»\na: 1\n'],
    ['source/second-document', 'a: 1\n...\n«b»: 1\n'],
    ['source/too-deep', `${'['.repeat(32)}«[»${']'.repeat(33)}`],
    ['source/too-deep', `${'- '.repeat(32)}«-» a\n`],
  ])('%s', expectAt);

  it('lets 32 levels pass', () => {
    expect(problemsOf(`${'['.repeat(32)}a${']'.repeat(32)}`)).toEqual([]);
    expect(problemsOf(`${'- '.repeat(32)}a\n`)).toEqual([]);
    expect(problemsOf(Array.from({ length: 32 }, (_, level) => `${' '.repeat(level)}k:\n`).join(''))).toEqual([]);
    expect(problemsOf(Array.from({ length: 33 }, (_, level) => `${' '.repeat(level)}k:\n`).join(''))).toEqual([['source/too-deep', ':']]);
  });

  it('takes signs for text inside quotes, comments and scalars', () => {
    expect(valueOf('a: "&x *y !z %w"\nb: x & y * z ! %\n# &x *y !z\nc: |\n  &x\n  *y\n  ---\nd: a---b\ne: "---"\n')).toMatchObject({
      c: '&x\n*y\n---\n',
    });
  });
});

describe('syntax errors point at what to change', () => {
  it.each([
    ['source/bad-indentation', 'a: 1\n «b: 2»\n'],
    ['source/bad-indentation', 'a:\n  b: 1\n «c: 2»\n'],
    ['source/bad-indentation', '  a: 1\n«b: 2»\n'],
    ['source/bad-indentation', 'a: b\n  «c: d»\n'],
    ['source/bad-indentation', 'a: 1\n«- b»\n'],
    ['source/bad-indentation', '- a\n«b: 1»\n'],
    ['source/bad-indentation', 'a:\n  c: 1\n  «- b»\n'],
    ['source/bad-indentation', 'a: |\n  b\n «c»\n'],
    ['source/unquoted-colon', 'a: «b: c»\n'],
    ['source/unquoted-colon', 'a: «"b": c»\n'],
    ['source/unclosed-quote', 'a: «"b»\nc: 1\n'],
    ['source/unclosed-quote', "a: «'b»\nc: 1"],
    ['source/unclosed-bracket', 'a: «[»1, 2\nb: 1\n'],
    ['source/unclosed-bracket', 'a: «{»b: 1'],
    ['source/unclosed-bracket', '[1, «[»2'],
    ['source/unclosed-bracket', 'a: {b: «[»1}\n'],
    ['source/missing-colon', 'a: 1\n«b»\nc: 2\n'],
    ['source/missing-colon', '«a»\nb: 1\n'],
    ['source/missing-comma', 'a: {b: «1 c: 2}»\n'],
    ['source/missing-comma', '[«a»\nb: c]\n'],
    ['source/text-after-value', 'a: "b" «c»\n'],
    ['source/text-after-value', 'a: [b] «c»\n'],
    ['source/text-after-value', '"a"«{b: 1}»\n'],
    ['source/bad-indentation', 'a\n# c\n«- b»\n'],
    ['source/bad-indentation', '- - a\n «-b»\n'],
    ['source/bad-escape', 'a: "«\\q»"\n'],
    ['source/reserved-character', 'a: «@»b\n'],
    ['source/non-string-key', 'a: {«{ x }}»\n'],
    ['source/yaml-syntax', 'a: [b, «,» c]\n'],
    ['source/yaml-syntax', 'a: «-» b\n'],
    ['source/yaml-syntax', 'a: «}»\n'],
    ['source/yaml-syntax', 'a: "b"«#c»\n'],
  ])('%s: %j', expectAt);

  it.each([
    ['text of a block starts on the line after "|" or ">"', 'a: > b\n'],
    ['text of a block starts on the line after "|" or ">"', 'a: |x\n  b\n'],
    ['an empty line at the start of a block is indented further than the block', 'a: >\n    \n  b\n'],
    ['a list item cannot start on the line of its key', 'a: - b\n'],
    ['there is a comma too many', 'a: [,]\n'],
    ['this bracket closes nothing', 'a: [b]]\n'],
    ['a comment needs a space before its "#"', 'a: [b]#c\n'],
    ['nothing may follow "---" on its line', '--- a: 1\n'],
    ['a key is longer than 1,024 characters', `${'k'.repeat(1100)}: 1\n`],
    ['this ":" has no key before it', '3\n:\n'],
    ['a list in brackets has its items without "-"', 'a: [- b]\n'],
    ['a comma is only allowed between items in brackets', '>- ,\n  - ]'],
  ])('in our words: %s', (message, text) => {
    expect(parseDocument({ path, text })[1].map((each) => [each.code, each.message])).toEqual([['source/yaml-syntax', message]]);
  });

  it('says only the first, since the others mostly follow from it', () => {
    expect(problemsOf('a: b: c\nd: "\\q"\n')).toEqual([['source/unquoted-colon', 'b: c']]);
  });
});

describe('characters', () => {
  it.each([
    ['source/tab', 'a:«\t»b\n'],
    ['source/tab', '# x«\t»\n'],
    ['source/carriage-return', 'a: b«\r»\nc: d\r\n'],
    ['source/unsafe-character', '# «\u202e»\na: b\n'],
    ['source/unsafe-character', 'a: x«\u0000»y\n'],
    ['source/unsafe-character', 'a: «"\\u202e"»\n'],
    ['source/unsafe-character', 'a: «"\\t"»\n'],
    ['source/unsafe-character', '«"\\0"»: b\n'],
    ['source/unsafe-character', 'a: caf«e»\u0301\n'],
  ])('%s: %j', expectAt);

  it('are reported instead of the syntax error that they cause', () => {
    expect(problemsOf('a:\n\tb: 1\n')).toEqual([['source/tab', '\t']]);
  });

  it('of other languages, and line feeds by escape, are fine', () => {
    expect(valueOf('a: "Grüße\\n模型 🚀"\n')).toEqual({ a: 'Grüße\n模型 🚀' });
  });
});

describe('numbers', () => {
  it.each(['9007199254740993', '-9007199254740993', '1e400', '-1e400', '.inf', '-.inf', '.nan', '1e20', '0xFFFFFFFFFFFFFFFFF'])(
    '%s is refused',
    (text) => expectAt('source/unsafe-number', `a: «${text}»\n`),
  );
  it('at the limit is kept', () => expect(valueOf('a: 9007199254740991\nb: 1.5e-3\n')).toEqual({ a: 9007199254740991, b: 0.0015 }));
});

describe('ambiguous scalars', () => {
  it('are warnings, for keys too, and not in quotes', () => {
    expectAt('source/ambiguous-scalar', 'a: «no»\n«on»: b\nc: ["no", \'yes\', «0777»]\n');
    expect(parseDocument({ path, text: 'a: no\n' })[1][0]?.severity).toBe('warning');
  });
});
