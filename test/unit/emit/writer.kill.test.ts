import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { build } from 'esbuild';
import { expect, it } from 'vitest';
import { renderFile } from '../../../src/emit/render-file.js';
import { recover, updateOutput } from '../../../src/emit/writer.js';
import { treeOf } from '../../support/output-tree.js';

const kills = 50;

/** Two versions that differ in every way: files that change, come and go. */
const version = (letter: string, from: number) =>
  Array.from({ length: 60 }, (_, index) => `risk${index % 3}/s${index + from}.yaml`).map((path) =>
    renderFile({ path, source: `services/${path}`, manifests: [{ value: letter }] }),
  );
const versions = [version('a', 0), version('b', 30)] as const;
const trees = versions.map((files) => Object.fromEntries(files.map(({ path, text }) => [`dist/${path}`, text])));

/** Writes one version after the other until it is killed. It says when it has done so often enough to be fast. */
const program = `
  import { readFileSync } from 'node:fs';
  import { updateOutput } from './writer.mjs';
  const versions = JSON.parse(readFileSync(process.argv[2], 'utf8'));
  for (let turn = 0; ; turn++) {
    const [plan, problems] = updateOutput(process.argv[3], versions[turn % 2], { allowRemovals: true });
    if (!plan) throw new Error(JSON.stringify(problems));
    if (turn === 1) process.stdout.write('warm');
  }
`;

it(`is whole again after each of ${kills} kills at random moments`, async () => {
  const root = mkdtempSync(join(tmpdir(), 'millrace-kill-'));
  const tools = mkdtempSync(join(tmpdir(), 'millrace-kill-tools-'));
  try {
    const bundle = { bundle: true, platform: 'node', format: 'esm', target: 'node20', outfile: join(tools, 'writer.mjs') } as const;
    await build({ entryPoints: ['src/emit/writer.ts'], ...bundle });
    writeFileSync(join(tools, 'versions.json'), JSON.stringify(versions));
    writeFileSync(join(tools, 'child.mjs'), program);
    const dist = join(root, 'dist');
    updateOutput(dist, versions[0]);

    for (let round = 0; round < kills; round++) {
      const child = spawn(process.execPath, [join(tools, 'child.mjs'), join(tools, 'versions.json'), dist], { stdio: ['ignore', 'pipe', 'inherit'] });
      await once(child.stdout, 'data');
      const milliseconds = Math.random() * 30;
      await delay(milliseconds);
      child.kill('SIGKILL');
      await once(child, 'exit');

      const [, diagnostics] = recover(dist);
      expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
      const tree = treeOf(root);
      expect(trees, `killed after ${milliseconds} ms`).toContainEqual(tree);
    }
  } finally {
    rmSync(root, { recursive: true });
    rmSync(tools, { recursive: true });
  }
});
