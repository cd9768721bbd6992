// What a command costs beside `node -e 0`.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { generateRepository } from './generate.mjs';
import { measure, row } from './measure.mjs';

const bin = fileURLToPath(new URL('../bin/millrace.mjs', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'millrace-bench-start-'));
try {
  generateRepository(folder, 1);
  const { node, help, check } = measure(
    { node: { args: ['-e', '0'] }, help: { args: [bin, '--help'] }, check: { args: [bin, 'check', '--root', folder] } },
    { rounds: 21 },
  );
  row('node -e 0', `${(node.seconds * 1000).toFixed(0)} ms`, '');
  row('millrace --help / node -e 0', (help.seconds / node.seconds).toFixed(2), 'at most 1.25');
  row('millrace check of one service / node -e 0', (check.seconds / node.seconds).toFixed(2), 'at most 1.7');
} finally {
  rmSync(folder, { recursive: true, force: true });
}
