import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { reasons } from '../src/contract/reasons.js';
import { catalogue } from '../src/diagnostics/catalogue.js';
import { docsPage } from '../src/diagnostics/diagnostic.js';
import { casesRoot, findCases, listFiles } from './support/case-folder.js';

const root = fileURLToPath(new URL('..', import.meta.url));
/** What the compiler says, and why a job failed. */
const codes = [...Object.keys(catalogue), ...Object.keys(reasons)];
const stages = new Set(codes.map((code) => code.slice(0, code.indexOf('/'))));

/** What happens after, or apart from, the reading of definitions has no case folder: a test names the code instead. */
const withoutDefinitions: ReadonlySet<string> = new Set([
  'cluster',
  'construct',
  'doctor',
  'emit',
  'job',
  'odahu',
  'run',
  'runtime',
  'simulate',
  'validate',
]);
/** Needs a disk that does not do what it says. */
const withoutCase: ReadonlySet<string> = new Set(['source/unreadable-file', 'source/unreadable-folder']);

const hasCase = (code: string): boolean => !withoutDefinitions.has(code.slice(0, code.indexOf('/'))) && !withoutCase.has(code);

const readAll = (folder: string, matches: (path: string) => boolean): string =>
  listFiles(join(root, folder))
    .filter((path) => path.endsWith('.ts') && matches(path))
    .map((path) => readFileSync(join(root, folder, path), 'utf8'))
    .join('\n');

const program =
  readAll('src', (path) => !path.startsWith('diagnostics/catalogue/') && path !== 'contract/reasons.ts') + readAll('runtime', () => true);
const tests = readAll('test', (path) => path.endsWith('.test.ts') && path !== 'catalogue.test.ts');

describe.each(codes)('%s', (code) => {
  it('has a page that says why it matters, what is wrong and what is right', () => {
    const page = existsSync(join(root, docsPage(code))) ? readFileSync(join(root, docsPage(code)), 'utf8') : '';
    expect(page).toMatch(new RegExp(`^# ${code}\n\n[^#\n][^]*\n## Wrong\n\n\`\`\`[^]*\n## Right\n\n\`\`\``));
  });

  it('is raised somewhere', () => {
    expect(program.includes(`'${code}'`)).toBe(true);
  });

  if (hasCase(code)) {
    it('has a case that fails with it', () => {
      const file = join(casesRoot, code, 'diagnostics.txt');
      expect(existsSync(file) ? readFileSync(file, 'utf8') : '').toContain(`[${code}]`);
    });
  } else {
    it('is named by a test', () => {
      expect(tests.includes(code)).toBe(true);
    });
  }
});

it('has no page without a code', () => {
  expect(listFiles(join(root, 'docs/diagnostics')).filter((path) => !codes.includes(path.replace(/\.md$/, '')))).toEqual([]);
});

it('has no case named like a stage without a code', () => {
  const strays = findCases().filter(({ name }) => stages.has(name.slice(0, name.indexOf('/'))) && !codes.includes(name));
  expect(strays.map(({ name }) => name)).toEqual([]);
});
