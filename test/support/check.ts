import { expect } from 'vitest';
import { isSpan } from '../../src/diagnostics/diagnostic.js';
import { compileFiles } from './compile-files.js';
import { readMarks } from './marks.js';

/**
 * Compiles `files` and compares the codes of all diagnostics, sorted by place as they are printed. Where a file has
 * marks (`path: «../x»`), the diagnostics of all files are exactly at the marks, in the same order.
 */
export function check(files: Readonly<Record<string, string>>, codes: readonly string[]): void {
  const marked = Object.entries(files).map(([path, text]) => ({ path, ...readMarks(text) }));
  const { diagnostics } = compileFiles(Object.fromEntries(marked.map(({ path, text }) => [path, text])));
  expect(diagnostics.map(({ code }) => code)).toEqual(codes);
  const spans = marked.flatMap(({ path, text, spans }) => spans.map(({ start, end }) => ({ file: path, start, marked: text.slice(start, end) })));
  if (spans.length === 0) return;
  const texts = new Map(marked.map(({ path, text }) => [path, text]));
  const found = diagnostics.map(({ where }) =>
    where && isSpan(where) ? { file: where.file, start: where.start, marked: texts.get(where.file)?.slice(where.start, where.end) } : where,
  );
  expect(found).toEqual(spans.sort((a, b) => (a.file === b.file ? a.start - b.start : a.file < b.file ? -1 : 1)));
}
