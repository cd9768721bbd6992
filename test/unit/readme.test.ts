import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { headingsOf, linksOf, pages } from '../support/pages.js';
import { fileExcerpts, matchesExcerpt, root } from '../support/readme.js';

it.each(fileExcerpts())('README shows $path as it is', ({ path, text }) => {
  const file = readFileSync(new URL(path, root), 'utf8');
  if (!matchesExcerpt(file, text)) expect(file).toBe(text);
});

it('shows a service and what it compiles to', () => {
  expect(fileExcerpts().map(({ path }) => path.split('/')[0])).toEqual(expect.arrayContaining(['services', 'dist']));
});

it('no page links to what is not there, file or heading', () => {
  const dangling = pages.flatMap((page) =>
    linksOf(page)
      .filter(({ path, heading }) => !existsSync(new URL(path, root)) || (heading !== '' && !headingsOf(path).includes(heading)))
      .map(({ written }) => `${page}: ${written}`),
  );
  expect(dangling).toEqual([]);
});

it('every page can be reached from README; those of diagnostics by `millrace explain`', () => {
  const reached = new Set(['README.md']);
  for (const page of reached) {
    if (pages.includes(page)) for (const { path } of linksOf(page)) reached.add(path);
  }
  expect(pages.filter((page) => !reached.has(page) && !page.startsWith('docs/diagnostics/'))).toEqual([]);
});

it('docs/adr/README.md lists every decision by its number and title', () => {
  const index = readFileSync(new URL('docs/adr/README.md', root), 'utf8');
  for (const file of readdirSync(new URL('docs/adr', root)).filter((name) => name !== 'README.md')) {
    const [first = '', , status] = readFileSync(new URL(`docs/adr/${file}`, root), 'utf8').split('\n');
    const [, number = '', title = ''] = /^# (\d+)\. (.+)$/.exec(first) ?? [];
    expect(file.startsWith(`${number.padStart(4, '0')}-`), `${file}: its heading has the number of its file`).toBe(true);
    expect(status, file).toMatch(/^Date: \d{4}-\d\d-\d\d\. Status: (?:accepted|replaced by \[ADR )/);
    expect(index).toContain(`| ${number} | [${title}](${file}) |`);
  }
});

it('matches excerpts by whole lines', () => {
  expect(matchesExcerpt('a\nb\nc\nd\n', 'a\n…\nd')).toBe(true);
  expect(matchesExcerpt('a\nb\nc\nd\n', 'a\n…\nc')).toBe(false);
  expect(matchesExcerpt('took 1.2s\n', 'took 0.4s')).toBe(true);
  expect(matchesExcerpt('a b\n', 'a c')).toBe(false);
});
