/** The commands of README.md, run in a copy of the repository, print what README.md says. */
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { consoleCommands, matchesExcerpt, root } from '../support/readme.js';

const source = fileURLToPath(root);
const copy = mkdtempSync(join(tmpdir(), 'millrace-readme-'));

beforeAll(() => {
  const files = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: source,
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
  for (const file of files.split('\0').filter((name) => name !== '' && !name.startsWith('test/'))) {
    cpSync(join(source, file), join(copy, file), { recursive: true });
  }
  cpSync(join(source, 'lib'), join(copy, 'lib'), { recursive: true });
  symlinkSync(join(source, 'node_modules'), join(copy, 'node_modules'));
});
afterAll(() => {
  rmSync(copy, { recursive: true, force: true });
});

it('shows commands', () => {
  expect(consoleCommands().length).toBeGreaterThan(2);
});

it.each(consoleCommands())('$command', ({ command, output }) => {
  // `npx millrace` in a clone is this very command line; npx itself would look into the linked node_modules.
  const line = command
    .replace(/^npx millrace /, `node ${join(copy, 'bin/millrace.mjs')} `)
    .replace(/^npm run synth$/, `node ${join(copy, 'bin/millrace.mjs')} synth`);
  const result = spawnSync('sh', ['-c', `${line} 2>&1`], {
    cwd: copy,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1', PATH: `${dirname(process.execPath)}:${process.env['PATH'] ?? ''}` },
  });
  const actual = result.stdout.replaceAll(`${copy}/`, '');
  if (!matchesExcerpt(actual, output)) expect(actual).toBe(output);
});
