// `millrace synth` of generated services against `yaml` and plain cdk8s, both in one run. `--services N,M` sets the sizes.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseAllDocuments } from 'yaml';
import { generateRepository } from './generate.mjs';
import { measure, row } from './measure.mjs';

const bin = fileURLToPath(new URL('../bin/millrace.mjs', import.meta.url));
const plain = fileURLToPath(new URL('plain-cdk8s.mjs', import.meta.url));
const [small, large] = (process.argv[2] === '--services' ? process.argv[3] : '1000,5000').split(',').map(Number);

const folder = mkdtempSync(join(tmpdir(), 'millrace-bench-synth-'));
try {
  const roots = Object.fromEntries([small, large].map((count) => [count, join(folder, String(count))]));
  for (const [count, root] of Object.entries(roots)) generateRepository(root, Number(count));
  const ours = (count) => ({
    args: [bin, 'synth', '--root', roots[count]],
    before: () => rmSync(join(roots[count], 'dist'), { recursive: true, force: true }),
  });

  // The objects of the other side are what we emit.
  measure({ ours: ours(small) }, { rounds: 1, warmUp: false });
  const dist = join(roots[small], 'dist');
  const objects = readdirSync(dist, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.yaml'))
    .flatMap((name) => parseAllDocuments(readFileSync(join(dist, name), 'utf8')).map((document) => document.toJS()));
  const objectsFile = join(folder, 'objects.json');
  writeFileSync(objectsFile, JSON.stringify(objects));

  const { millrace, cdk8s } = measure(
    {
      millrace: ours(small),
      cdk8s: {
        args: [plain, join(roots[small], 'services'), objectsFile, join(folder, 'cdk8s-out')],
        before: () => rmSync(join(folder, 'cdk8s-out'), { recursive: true, force: true }),
      },
    },
    { rounds: 3, memory: true },
  );
  const grown = measure({ small: ours(small), large: ours(large) }, { rounds: 3, memory: true });
  const unchanged = measure({ node: { args: ['-e', '0'] }, millrace: { args: [bin, 'synth', '--root', roots[small]] } }, { rounds: 5 });

  row(`synth of ${small} services (${objects.length} objects)`, `${millrace.seconds.toFixed(2)} s`, `${millrace.mebibytes.toFixed(0)} MiB`);
  row('the same through yaml and cdk8s App.synth(), one chart', `${cdk8s.seconds.toFixed(2)} s`, `${cdk8s.mebibytes.toFixed(0)} MiB`);
  row('times as fast', (cdk8s.seconds / millrace.seconds).toFixed(2), 'at least 2.5');
  row('part of the memory', (millrace.mebibytes / cdk8s.mebibytes).toFixed(2), 'at most 0.6');
  row(`wall(${large}) / wall(${small})`, (grown.large.seconds / grown.small.seconds).toFixed(2), 'at most 6');
  row(`memory(${large}) / memory(${small})`, (grown.large.mebibytes / grown.small.mebibytes).toFixed(2), '');
  row(`synth of ${small} services, nothing changed / node -e 0`, (unchanged.millrace.seconds / unchanged.node.seconds).toFixed(2), '');
} finally {
  rmSync(folder, { recursive: true, force: true });
}
