/** What `include` may hold is what rclone reads: the real one, from PATH. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, it } from 'vitest';
import { includeProblem } from '../../src/check/include.js';

const folder = mkdtempSync(join(tmpdir(), 'millrace-include-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Rejects with rclone's words where it cannot read a pattern. */
function readByRclone(patterns: readonly string[]): void {
  const filter = join(folder, 'filter');
  writeFileSync(filter, [...patterns.map((pattern) => `+ ${pattern}`), '- **', ''].join('\n'));
  execFileSync('rclone', ['lsf', '-R', '--files-only', '--config', '', '--filter-from', filter, folder], { stdio: ['ignore', 'ignore', 'pipe'] });
}

const piece = fc.constantFrom(
  'a',
  'z',
  'x',
  'é',
  '0',
  '.json',
  '*',
  '**',
  '?',
  '[',
  ']',
  '{',
  '}',
  ',',
  '-',
  '^',
  '!',
  '\\',
  '/',
  ' ',
  '(',
  ')',
  '+',
  '$',
  '|',
  '[a-z]',
  '[^0]',
  '{a,b}',
);
const pattern = fc.array(piece, { minLength: 1, maxLength: 8 }).map((pieces) => pieces.join(''));

it('rclone reads every pattern that is let through', () => {
  const seed = Date.now();
  const accepted = fc.sample(pattern, { numRuns: 20_000, seed }).filter((text) => !includeProblem(text));
  expect(accepted.length, `seed ${String(seed)}`).toBeGreaterThan(500);
  expect(
    () => {
      readByRclone(accepted);
    },
    `seed ${String(seed)}`,
  ).not.toThrow();
});

it.each(['{a', 'a}', '[a', 'a]', '[]', '[z-a]', '***', '\\x', '\\é'])('rclone refuses %s, too', (text) => {
  expect(includeProblem(text)).toBeDefined();
  expect(() => {
    readByRclone([text]);
  }).toThrow(/mismatched|bad glob|error parsing|too many stars/);
});
