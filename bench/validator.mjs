// The validator against JSON.parse and the same checks, its memory on a file of 2 GB, and 10,000 small files against reading
// them. node bench/validator.mjs [MEGABYTES]
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { layouts, lists, writeLayout } from './documents.mjs';
import { median } from './measure.mjs';

const program = fileURLToPath(new URL('validate-once.mjs', import.meta.url));
const megabytes = Number(process.argv[2] ?? 256);
const largeMegabytes = Number(process.argv[3] ?? 2048);
const folder = mkdtempSync(join(tmpdir(), 'millrace-bench-'));

function once(engine, framing, files) {
  const output = execFileSync(process.execPath, ['--max-old-space-size=6000', program, engine, framing, ...files], { encoding: 'utf8' });
  const result = JSON.parse(output);
  if (result.errors !== 0) throw new Error(`${engine} finds ${result.errors} errors in a file that is right`);
  return result;
}
const medianOf = (runs) => ({
  seconds: median(runs.map(({ seconds }) => seconds)),
  cpu: median(runs.map(({ cpu }) => cpu)),
  mebibytes: median(runs.map(({ mebibytes }) => mebibytes)),
});

function compare(engines, framing, files, rounds) {
  const results = Object.fromEntries(engines.map((engine) => [engine, []]));
  for (let round = 0; round < rounds; round += 1) for (const engine of engines) results[engine].push(once(engine, framing, files));
  return Object.fromEntries(Object.entries(results).map(([engine, runs]) => [engine, medianOf(runs)]));
}
const bound = (is, least) => (is >= least ? '' : `  (bound: ${least})`);
const rate = (bytes, { seconds }) => `${Math.round(bytes / 1e6 / seconds)} MB/s`.padStart(9);

try {
  console.log(`${megabytes} MB, times JSON.parse and checks`);
  for (const [name, { make, compact }] of Object.entries(layouts)) {
    const file = join(folder, 'request.json');
    const layout = make();
    writeLayout(file, layout, megabytes * 1e6);
    const { size } = statSync(file);
    const { kernel, scanner, parse } = compare(['parse', 'kernel', 'scanner'], layout.framing, [file], 3);
    const times = parse.seconds / kernel.seconds;
    // Where other programs run beside it, the CPU time says more.
    const cpu = parse.cpu / kernel.cpu;
    console.log(
      `${name.padEnd(34)} kernel ${times.toFixed(1).padStart(5)} (CPU ${cpu.toFixed(1)})${bound(times, compact ? 12 : 4)}, JavaScript ${(parse.seconds / scanner.seconds).toFixed(1)};` +
        ` ${rate(size, kernel)}, ${rate(size, scanner)}, ${rate(size, parse)}`,
    );
  }

  console.log(`\npeak memory over bare Node, ${largeMegabytes} MB`);
  for (const name of ['FP32, rows of 64', 'BYTES of 8 to 32', 'many tensors of 64 FP32', ...Object.keys(lists)]) {
    const file = join(folder, 'request.json');
    const layout = { ...layouts, ...lists }[name].make();
    writeLayout(file, layout, largeMegabytes * 1e6);
    const { kernel, scanner, nothing, read } = compare(['nothing', 'read', 'kernel', 'scanner'], layout.framing, [file], 1);
    const over = ({ mebibytes }, base = nothing) => ((mebibytes - base.mebibytes) * 1.048576).toFixed(1);
    console.log(
      `${name.padEnd(34)} kernel ${over(kernel)} MB, JavaScript ${over(scanner)} MB (bound: 15); over Node that reads the file ${over(kernel, read)} MB, ${over(scanner, read)} MB`,
    );
    rmSync(file);
  }

  console.log('\n10,000 files of 1.8 KB, times open, read and close');
  const small = join(folder, 'small');
  mkdirSync(small);
  const row = (seed) => Array.from({ length: 180 }, (_, index) => ((index * 7919 + seed) % 100003) / 1000);
  const files = Array.from({ length: 10_000 }, (_, index) => {
    const path = join(small, `${String(index)}.json`);
    writeFileSync(path, JSON.stringify({ id: String(index), inputs: [{ name: 'x', shape: [1, 180], datatype: 'FP32', data: row(index) }] }));
    return path;
  });
  const { read, kernel, scanner, parse } = compare(['read', 'kernel', 'scanner', 'parse'], 'document', files, 5);
  const [times, own] = [kernel.seconds / read.seconds, scanner.seconds / read.seconds];
  console.log(
    `kernel ${times.toFixed(2)} (CPU ${(kernel.cpu / read.cpu).toFixed(2)}; bound: 2.5), JavaScript ${own.toFixed(2)}, JSON.parse and checks ${(parse.seconds / read.seconds).toFixed(2)}`,
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}
