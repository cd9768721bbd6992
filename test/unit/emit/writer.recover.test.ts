import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readOutput, recover, updateOutput } from '../../../src/emit/writer.js';
import { treeOf, writeTree } from '../../support/output-tree.js';
import { after, allowed, before, killAtMove, outputFolder, said, treeFrom } from '../../support/output-versions.js';

const at = outputFolder();

describe('recover', () => {
  it('has nothing to do without a stage', () => {
    expect(recover(at.dist)).toEqual(['nothing', []]);
    expect(treeOf(at.root)).toEqual({});
  });

  it('discards what was staged before there was a journal', () => {
    writeTree(at.root, treeFrom(before));
    writeTree(at.root, { '.millrace.stage/dist/new/0': 'x', '.millrace.stage/dist/old/0': 'x', '.millrace.stage/dist/journal.draft': '{' });
    expect(recover(at.dist)).toEqual(['nothing', []]);
    expect(treeOf(at.root)).toEqual(treeFrom(before));
  });

  it.each([
    '',
    '{',
    'null',
    '{"format":2,"entries":[]}',
    '{"format":1}',
    '{"format":1,"entries":[{"path":"../x","before":null,"after":null}]}',
    '{"format":1,"entries":[{"path":"a","before":"x","after":null}]}',
  ])('emit/unreadable-journal: leaves everything as it is for %j', (journal) => {
    writeTree(at.root, treeFrom(before));
    mkdirSync(join(at.root, '.millrace.stage/dist/new'), { recursive: true });
    mkdirSync(join(at.root, '.millrace.stage/dist/old'), { recursive: true });
    writeTree(at.root, { '.millrace.stage/dist/journal': journal });
    const tree = treeOf(at.root);
    const message =
      'an earlier write of dist/ was interrupted, and its record .millrace.stage/dist/journal cannot be understood [emit/unreadable-journal]';
    expect(said(recover(at.dist)[1])).toEqual([message]);
    expect(said(updateOutput(at.dist, after, allowed)[1])).toEqual([message]);
    expect(treeOf(at.root)).toEqual(tree);
  });

  it('emit/interrupted-write: finishes a write whose journal is complete', () => {
    killAtMove(at.root, 4);
    expect(treeOf(at.dist)).not.toEqual(treeFrom(before));
    const [recovery, diagnostics] = recover(at.dist);
    expect(recovery).toBe('finished');
    expect(said(diagnostics)).toEqual(['an earlier write of dist/ was interrupted, and has been finished now [emit/interrupted-write]']);
    expect(treeOf(at.root)).toEqual(treeFrom(after));
  });

  it('is what every command begins with', () => {
    killAtMove(at.root, 4);
    const [current, diagnostics] = readOutput(at.dist);
    expect(current).toEqual(new Map(after.map(({ path, text }) => [path, text])));
    expect(diagnostics).toMatchObject([{ code: 'emit/interrupted-write', severity: 'warning' }]);
    expect(readOutput(at.dist)[1]).toEqual([]);
  });

  it('emit/interrupted-write: undoes a write if someone has changed the output since, and keeps the change', () => {
    killAtMove(at.root, 4);
    writeFileSync(join(at.dist, 'risk/f.yaml'), 'mine\n');
    const [recovery, diagnostics] = recover(at.dist);
    expect(recovery).toBe('undone');
    expect(said(diagnostics)).toEqual(['an earlier write of dist/ was interrupted, and has been undone now [emit/interrupted-write]']);
    expect(treeOf(at.root)).toEqual({ ...treeFrom(before), 'dist/risk/f.yaml': 'mine\n' });
  });

  it('undoes a write if a power cut took what was staged', () => {
    killAtMove(at.root, 4);
    writeFileSync(join(at.root, '.millrace.stage/dist/new/3'), '');
    expect(recover(at.dist)[0]).toBe('undone');
    expect(treeOf(at.root)).toEqual(treeFrom(before));
  });

  it('follows no link that was put into the output since', () => {
    killAtMove(at.root, 4);
    rmSync(join(at.dist, 'ops'), { recursive: true, force: true });
    mkdirSync(join(at.root, 'real'));
    symlinkSync('../real', join(at.dist, 'ops'));
    expect(said(recover(at.dist)[1])).toEqual(['dist/ops is a symbolic link where a folder belongs [emit/not-a-folder]']);
    expect(treeOf(join(at.root, 'real'))).toEqual({});
  });
});
