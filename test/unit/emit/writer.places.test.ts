import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readOutput, recover, updateOutput } from '../../../src/emit/writer.js';
import { treeOf, writeTree } from '../../support/output-tree.js';
import { after, allowed, before, outputFolder, said, treeFrom } from '../../support/output-versions.js';

const at = outputFolder();

describe('what is neither file nor folder', () => {
  it('emit/not-a-file: refuses links and pipes anywhere in the output', () => {
    updateOutput(at.dist, before);
    symlinkSync('a.yaml', join(at.dist, 'risk/link.yaml'));
    symlinkSync(tmpdir(), join(at.dist, 'elsewhere'));
    execFileSync('mkfifo', [join(at.dist, 'pipe')]);
    const tree = treeOf(at.root);
    const expected = [
      'dist/elsewhere is a symbolic link, and only regular files belong in the output [emit/not-a-file]',
      'dist/pipe is a pipe, and only regular files belong in the output [emit/not-a-file]',
      'dist/risk/link.yaml is a symbolic link, and only regular files belong in the output [emit/not-a-file]',
    ];
    expect(said(updateOutput(at.dist, after, allowed)[1]).sort()).toEqual(expected);
    const [current, diagnostics] = readOutput(at.dist);
    expect(current).toBeUndefined();
    expect(said(diagnostics).sort()).toEqual(expected);
    expect(treeOf(at.root)).toEqual(tree);
  });

  it('emit/not-a-file: refuses a folder in place of a file', () => {
    mkdirSync(join(at.dist, 'risk/a.yaml'), { recursive: true });
    const expected = ['dist/risk/a.yaml is a folder, and only regular files belong in the output [emit/not-a-file]'];
    expect(said(updateOutput(at.dist, before)[1])).toEqual(expected);
    // What only looks says the same.
    const [current, diagnostics] = readOutput(at.dist, {}, before);
    expect([current, said(diagnostics)]).toEqual([undefined, expected]);
    expect(treeOf(at.root)).toEqual({ 'dist/risk/a.yaml': 'dir' });
  });

  it('emit/not-a-folder: refuses a file in place of a folder', () => {
    writeTree(at.root, { 'dist/risk': 'x' });
    const [plan, diagnostics] = updateOutput(at.dist, before);
    expect(plan).toBeUndefined();
    expect(said(diagnostics)).toContain('dist/risk is a file where a folder belongs [emit/not-a-folder]');
    expect(treeOf(at.root)).toEqual({ 'dist/risk': 'x' });
  });

  it('emit/not-a-folder: refuses an output folder that is a link or a file', () => {
    mkdirSync(join(at.root, 'real'));
    symlinkSync('real', at.dist);
    expect(said(updateOutput(at.dist, before)[1])).toEqual(['dist is a symbolic link where a folder belongs [emit/not-a-folder]']);
    expect(said(readOutput(at.dist)[1])).toEqual(['dist is a symbolic link where a folder belongs [emit/not-a-folder]']);
    rmSync(at.dist);
    writeFileSync(at.dist, 'x');
    expect(said(updateOutput(at.dist, before)[1])).toEqual(['dist is a file where a folder belongs [emit/not-a-folder]']);
    expect(treeOf(at.root)).toEqual({ dist: 'x', real: 'dir' });
  });

  it('emit/not-a-folder: refuses a stage that is a link', () => {
    mkdirSync(join(at.root, 'real/dist'), { recursive: true });
    symlinkSync('real', join(at.root, '.millrace.stage'));
    expect(said(updateOutput(at.dist, before)[1])).toEqual(['.millrace.stage is a symbolic link where a folder belongs [emit/not-a-folder]']);
    rmSync(join(at.root, '.millrace.stage'));
    mkdirSync(join(at.root, '.millrace.stage'));
    symlinkSync('../real', join(at.root, '.millrace.stage/dist'));
    expect(said(recover(at.dist)[1])).toEqual(['.millrace.stage/dist is a symbolic link where a folder belongs [emit/not-a-folder]']);
    expect(treeOf(join(at.root, 'real'))).toEqual({ dist: 'dir' });
  });

  it('never clears through a link in the stage', () => {
    writeTree(at.root, { 'real/precious': 'x' });
    mkdirSync(join(at.root, '.millrace.stage/dist'), { recursive: true });
    for (const name of ['new', 'old', 'journal.draft']) symlinkSync('../../real', join(at.root, '.millrace.stage/dist', name));
    expect(said(updateOutput(at.dist, before)[1])).toEqual([]);
    expect(treeOf(at.root)).toEqual({ ...treeFrom(before), 'real/precious': 'x' });
  });
});
