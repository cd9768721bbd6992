import { existsSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { fileExcerpts, matchesExcerpt, readme, root } from '../support/readme.js';

it.each(fileExcerpts())('README shows $path as it is', ({ path, text }) => {
  const file = readFileSync(new URL(path, root), 'utf8');
  if (!matchesExcerpt(file, text)) expect(file).toBe(text);
});

it('shows a service and what it compiles to', () => {
  expect(fileExcerpts().map(({ path }) => path.split('/')[0])).toEqual(expect.arrayContaining(['services', 'dist']));
});

it.each(['README.md', 'ARCHITECTURE.md'])('%s links to files that are there', (name) => {
  const text = name === 'README.md' ? readme : readFileSync(new URL(name, root), 'utf8');
  for (const [, target = ''] of text.matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)) expect(existsSync(new URL(target, root)), target).toBe(true);
});

it('matches excerpts by whole lines', () => {
  expect(matchesExcerpt('a\nb\nc\nd\n', 'a\n…\nd')).toBe(true);
  expect(matchesExcerpt('a\nb\nc\nd\n', 'a\n…\nc')).toBe(false);
  expect(matchesExcerpt('took 1.2s\n', 'took 0.4s')).toBe(true);
  expect(matchesExcerpt('a b\n', 'a c')).toBe(false);
});
