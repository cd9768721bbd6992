// Runs commands in turn (A B C A B C …), whole processes, and reports medians: the machine is noisy, ratios are what counts.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';

const usage = fileURLToPath(new URL('usage.mjs', import.meta.url));
export const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

/** One run of `node ARGS`: seconds of wall time and, where asked for, peak memory in MiB. */
function runOnce({ args, before, cwd, exitCode = 0 }, withMemory) {
  before?.();
  const folder = mkdtempSync(join(tmpdir(), 'millrace-bench-'));
  const report = join(folder, 'usage');
  const start = performance.now();
  const { status, stderr } = spawnSync(process.execPath, withMemory ? ['--import', usage, ...args] : args, {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, MILLRACE_BENCH_USAGE: report, NO_COLOR: '1' },
    maxBuffer: 1 << 26,
  });
  const seconds = (performance.now() - start) / 1000;
  if (status !== exitCode) throw new Error(`node ${args.join(' ')} ended with ${status}:\n${stderr.slice(0, 2000)}`);
  const mebibytes = withMemory ? Number(readFileSync(report, 'utf8')) / 1024 : undefined;
  rmSync(folder, { recursive: true, force: true });
  return { seconds, mebibytes };
}

/** `commands`: name -> {args, before?, cwd?, exitCode?}. One warm-up round, then `rounds`. */
export function measure(commands, { rounds = 5, memory = false, warmUp = true } = {}) {
  const results = Object.fromEntries(Object.keys(commands).map((name) => [name, []]));
  for (let round = warmUp ? -1 : 0; round < rounds; round += 1) {
    for (const [name, command] of Object.entries(commands)) {
      const result = runOnce(command, memory);
      if (round >= 0) results[name].push(result);
    }
  }
  return Object.fromEntries(
    Object.entries(results).map(([name, runs]) => [
      name,
      { seconds: median(runs.map(({ seconds }) => seconds)), mebibytes: memory ? median(runs.map(({ mebibytes }) => mebibytes)) : undefined },
    ]),
  );
}

export const row = (label, value, bound) => console.log(`${label.padEnd(66)} ${value.padStart(10)}   ${bound}`);
