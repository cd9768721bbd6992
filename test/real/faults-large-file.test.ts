/** A request of more than 4 GiB, as a stream that is never on a disk. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createFileValidator } from '../../runtime/validate/file-validator.js';
import { succeed } from './support/programs.js';

const piece = '1.5,'.repeat(1 << 14);
const pieces = 70_000;
const count = (1 << 14) * pieces + 1;
const head = `{"inputs":[{"name":"x","datatype":"FP64","shape":[${String(count)}],"data":[`;
/** The one mistake is the last thing of all: behind what 32 bits can count. */
const tail = '2.5]}],"id":7}';

const writer = `
const [path, head, piece, pieces, tail] = process.argv.slice(1);
const { openSync, writeSync } = require('node:fs');
const file = openSync(path, 'w');
const write = (text) => {
  for (let bytes = Buffer.from(text); bytes.length > 0; ) bytes = bytes.subarray(writeSync(file, bytes));
};
write(head);
const all = Buffer.from(piece.repeat(1 << 14));
for (let index = 0; index < Number(pieces); index += 1) write(all);
write(tail);
`;

it('is read in little memory, with the place of a mistake at its very end', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-large-file-'));
  const pipe = join(folder, 'large.json');
  await succeed(['mkfifo', pipe]);
  const child = spawn(process.execPath, ['-e', writer, pipe, head, '1.5,', String(pieces), tail], { stdio: 'ignore' });
  const before = process.memoryUsage.rss();
  let most = 0;
  const sample = setInterval(() => {
    most = Math.max(most, process.memoryUsage.rss());
  }, 50);
  try {
    const verdict = await createFileValidator({
      direction: 'request',
      ...{ profile: 'spec', framing: 'document', coercion: 'refuse' },
    } as const).validateFile(pipe);
    expect(verdict.size).toBe(head.length + piece.length * pieces + tail.length);
    expect(verdict.size).toBeGreaterThan(2 ** 32);
    expect(verdict.errors).toBe(1);
    const offset = verdict.size - tail.length + tail.indexOf('7}');
    expect(verdict.violations).toMatchObject([{ pointer: '/id', offset, line: 1 }]);
    expect(most).toBeGreaterThan(0);
    // Of 4.6 GB; what Node has not collected yet is not the same in two runs.
    expect(most - before).toBeLessThan(400 * 2 ** 20);
  } finally {
    clearInterval(sample);
    child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  }
}, 300_000);
