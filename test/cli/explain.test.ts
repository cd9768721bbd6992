import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { catalogue } from '../../src/diagnostics/catalogue.js';
import { millrace, packageRoot, temporaryFolder } from './command.js';

const pages = join(packageRoot, 'docs/diagnostics');
const codes = readdirSync(pages, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .flatMap(({ name }) => readdirSync(join(pages, name)).map((file) => `${name}/${file.replace(/\.md$/, '')}`))
  .sort();

const wrongUsage = (message: string, hint: string) => ({
  code: 2,
  stdout: '',
  stderr: `millrace explain: ${message}\nhint: ${hint}\nusage: millrace explain [CODE]\nhelp: millrace help explain\n`,
});

test('a code prints its page, also outside of a repository', () => {
  const code = 'resolve/unknown-connection';
  const page = readFileSync(join(pages, `${code}.md`), 'utf8');
  expect(millrace(['explain', code], { cwd: temporaryFolder() })).toEqual({ code: 0, stdout: page, stderr: '' });
});

test('without a code all are listed by stage, those of the compiler among them', () => {
  const { code, stdout, stderr } = millrace(['explain']);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const listed = stdout.split('\n').filter((line) => line.startsWith('  '));
  expect(listed).toEqual(codes.map((known) => `  ${known}`));
  expect(codes).toEqual(expect.arrayContaining(Object.keys(catalogue)));
  const stages = [...new Set(codes.map((known) => `${String(known.split('/')[0])}:`))];
  expect(stdout.split('\n').filter((line) => line !== '' && !line.startsWith('  '))).toEqual(stages);
});

test('an unknown code', () => {
  const nothing = 'millrace explain lists all codes';
  expect(millrace(['explain', 'resolve/unknown-conection'])).toEqual(
    wrongUsage('unknown code "resolve/unknown-conection"', 'did you mean resolve/unknown-connection?'),
  );
  expect(millrace(['explain', 'unknown-connection'])).toEqual(
    wrongUsage('unknown code "unknown-connection"', 'did you mean resolve/unknown-connection?'),
  );
  expect(millrace(['explain', '../../README'])).toEqual(wrongUsage('unknown code "../../README"', nothing));
  expect(millrace(['explain', 'services/risk/fraud-scorer.yaml:12'])).toEqual(
    wrongUsage('unknown code "services/risk/fraud-scorer.yaml:12"', nothing),
  );
});
