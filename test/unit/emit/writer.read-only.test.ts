import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { nodeDisk, type Disk } from '../../../src/emit/disk.js';
import { readOutput, updateOutput } from '../../../src/emit/writer.js';
import { fault } from '../../support/faulty-disk.js';
import { treeOf, writeTree } from '../../support/output-tree.js';
import { after, allowed, before, file, killAtMove, outputFolder, said, treeFrom } from '../../support/output-versions.js';

const at = outputFolder();

/** A disk that may be read only; with `code` as its answer to everything else. */
function readOnlyDisk(code: string): Disk {
  const refuse = (name: string) => (): never => {
    throw fault(code, name);
  };
  return {
    ...nodeDisk,
    mkdirSync: refuse('mkdir') as Disk['mkdirSync'],
    renameSync: refuse('rename'),
    rmdirSync: refuse('rmdir'),
    unlinkSync: refuse('unlink'),
    writeFileSync: refuse('write'),
    openSync: (path, flags, ...rest) => (flags === 'wx' ? refuse('open')() : nodeDisk.openSync(path, flags, ...rest)),
  };
}

describe.each(['EACCES', 'EPERM', 'EROFS'])('a disk that answers %s to every change', (code) => {
  const disk = readOnlyDisk(code);

  it.each([
    ['without a stage', () => undefined],
    ['with a stage that an earlier run left', () => mkdirSync(join(at.root, '.millrace.stage/dist/new'), { recursive: true })],
  ])('is fine where nothing is to be written, %s', (_, prepare) => {
    updateOutput(at.dist, before);
    prepare();
    const [plan, diagnostics] = updateOutput(at.dist, before, { ...allowed, disk });
    expect(diagnostics).toEqual([]);
    expect(plan).toMatchObject({ writes: [], removals: [] });
    expect(readOutput(at.dist, { disk })).toEqual([new Map(before.map(({ path, text }) => [path, text])), []]);
  });

  it('emit/cannot-write where something is', () => {
    updateOutput(at.dist, before);
    const tree = treeOf(at.root);
    const [plan, diagnostics] = updateOutput(at.dist, after, { ...allowed, disk });
    expect(plan).toBeUndefined();
    expect(said(diagnostics)).toEqual([`.millrace.stage/dist cannot be written: injected (${code}); dist/ is as it was [emit/cannot-write]`]);
    expect(treeOf(at.root)).toEqual(tree);
  });

  it('says what is wrong with the output all the same', () => {
    writeTree(at.root, { ...treeFrom(before), 'dist/risk/b.yaml': `${file('risk/b.yaml', 1).text}#\n` });
    expect(said(updateOutput(at.dist, after, { ...allowed, disk })[1])).toEqual([
      'dist/risk/b.yaml was edited after millrace wrote it [emit/hand-edited]',
    ]);
  });

  it('emit/cannot-undo where a write is unfinished: what is there is half of it', () => {
    killAtMove(at.root, 4);
    const stage = join(at.root, '.millrace.stage/dist');
    for (const name of readdirSync(stage)) if (name.startsWith('lock.')) rmSync(join(stage, name));
    const tree = treeOf(at.root);
    const expected = [expect.stringMatching(/ cannot be written: .*; dist\/ is half written, and nothing is lost \[emit\/cannot-undo\]$/)];
    expect(said(updateOutput(at.dist, after, { ...allowed, disk })[1])).toEqual(expected);
    expect(said(readOutput(at.dist, { disk })[1])).toEqual(expected);
    expect(treeOf(at.root)).toEqual(tree);
  });
});
