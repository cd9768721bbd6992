// Files of 256 KiB that are made to be slow: seconds and peak memory of `millrace check` for each.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { generateRepository } from './generate.mjs';
import { measure, row } from './measure.mjs';

const bin = fileURLToPath(new URL('../bin/millrace.mjs', import.meta.url));
const size = 256 * 1024;
const fill = (unit) => unit.repeat(Math.floor(size / unit.length));
const kinds = {
  '[,,,': `[${fill(',').slice(1)}`,
  brackets: fill('['),
  braces: fill('{a: '),
  anchors: fill('&a &a '),
  aliases: fill('- *a\n'),
  keys: Array.from({ length: 20_000 }, (_, index) => `key${index}: 1`)
    .join('\n')
    .slice(0, size),
  'one key': fill('a: 1\n'),
  'list items': fill('- 1\n'),
  'deep block': Array.from({ length: 700 }, (_, depth) => `${' '.repeat(depth)}a:\n`)
    .join('')
    .slice(0, size),
  'one string': `a: "${'x'.repeat(size - 10)}"`,
  'unclosed quote': `a: "${'x '.repeat(size / 2 - 10)}`,
  'question marks': fill('? '),
  comments: fill('#\n'),
  tabs: fill('\t'),
  tags: fill('!a '),
  documents: fill('---\n'),
  blanks: fill(' '),
  colons: fill(':'),
  dashes: fill('- '),
};

const folder = mkdtempSync(join(tmpdir(), 'millrace-bench-hostile-'));
try {
  for (const [name, text] of Object.entries(kinds)) {
    const root = join(folder, name.replace(/\W/g, '-'));
    mkdirSync(root);
    generateRepository(root, 1);
    writeFileSync(join(root, 'services', 'team-0', 'hostile.yaml'), text);
    const { check } = measure({ check: { args: [bin, 'check', '--root', root], exitCode: 1 } }, { rounds: 1, memory: true, warmUp: false });
    row(`256 KiB of ${name}`, `${check.seconds.toFixed(2)} s`, `${check.mebibytes.toFixed(0)} MiB`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
