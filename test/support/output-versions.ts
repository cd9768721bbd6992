import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import type { Diagnostic } from '../../src/diagnostics/diagnostic.js';
import type { OutputFile } from '../../src/emit/output-file.js';
import { renderFile } from '../../src/emit/render-file.js';
import { updateOutput } from '../../src/emit/writer.js';
import { faultyDisk } from './faulty-disk.js';
import { writeTree } from './output-tree.js';

export const file = (path: string, value: unknown): OutputFile => renderFile({ path, source: `services/${path}`, manifests: [{ value }] });
/** The files as `treeOf` shows them above an output folder. */
export const treeFrom = (files: readonly OutputFile[]): Record<string, string> =>
  Object.fromEntries(files.map(({ path, text }) => [`dist/${path}`, text]));
export const said = (diagnostics: readonly Diagnostic[]): string[] => diagnostics.map(({ code, message }) => `${message} [${code}]`);

/** Two states of an output folder: files that stay, change, come and go, in folders that come and go. */
export const before = [
  file('cluster/a.yaml', 1),
  file('growth/c.yaml', 1),
  file('growth/platform.yaml', 1),
  file('risk/a.yaml', 1),
  file('risk/b.yaml', 1),
];
export const after = [file('cluster/a.yaml', 1), file('ops/d.yaml', 2), file('ops/e.yaml', 2), file('risk/a.yaml', 2), file('risk/f.yaml', 2)];
export const allowed = { allowRemovals: true, waitMilliseconds: 0 };

/** Where a test writes: `dist` is the output folder in `root`, which is new for each test of the file. */
export function outputFolder(): { readonly root: string; readonly dist: string } {
  let root = '';
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'millrace-writer-'));
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));
  return {
    get root() {
      return root;
    },
    get dist() {
      return join(root, 'dist');
    },
  };
}

/** Leaves the write from `before` to `after` as a process does that is killed at its n-th move. */
export function killAtMove(root: string, number: number): void {
  writeTree(root, treeFrom(before));
  let renames = 0;
  let isDead = false;
  const { disk } = faultyDisk((_, name) => ((isDead ||= name === 'renameSync' && ++renames === number) ? 'EIO' : undefined));
  updateOutput(join(root, 'dist'), after, { ...allowed, disk });
}
