import { expect, test } from 'vitest';
import { cli } from '../../../src/cli/cli.js';
import { loadCommand } from '../../../src/cli/load-command.js';

test.each([
  [['explain', '\u001B[31mx\ny']],
  [['b\u001B[31mx\ny']],
  [['--\u001B[31mx\ny']],
  [['check', '--root', 'a\ny\u001B']],
  [['check', 'a\ny\u202E']],
  [['schema', 'a\ny\u001B']],
  [['synth', '--out', 'a\ny/..', '--check']],
  [['run', 'risk/fraud-scorer', '--store', '.', '--job-id', 'a\ny']],
])('what was given cannot act on a terminal or look like a line of ours: %j', async (args) => {
  let stderr = '';
  const io = {
    stdout: () => undefined,
    stderr: (text: string) => {
      stderr += text;
    },
    cwd: new URL('../../../scaffold', import.meta.url).pathname,
    env: {},
    color: false,
  };
  expect(await cli(args, io, loadCommand)).toBe(2);
  expect(stderr).toMatch(/^millrace.*: .+\n(?:hint: .+\n)?usage: millrace .+\nhelp: millrace .+\n$/);
  expect(stderr).not.toMatch(/[^\n\x20-\x7e…]/);
});
