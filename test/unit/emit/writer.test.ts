import { lstatSync, mkdirSync, readFileSync, statSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { renderFile } from '../../../src/emit/render-file.js';
import { readOutput, updateOutput, writeOutput } from '../../../src/emit/writer.js';
import { faultyDisk } from '../../support/faulty-disk.js';
import { treeOf, writeTree } from '../../support/output-tree.js';
import { after, allowed, before, file, outputFolder, said, treeFrom } from '../../support/output-versions.js';

const at = outputFolder();

describe('updateOutput', () => {
  it('brings a folder to the new files and leaves nothing else behind', () => {
    expect(updateOutput(at.dist, before)[1]).toEqual([]);
    expect(treeOf(at.root)).toEqual(treeFrom(before));
    const [plan, diagnostics] = updateOutput(at.dist, after, allowed);
    expect(diagnostics).toEqual([]);
    expect(plan?.writes.map(({ path }) => path)).toEqual(['ops/d.yaml', 'ops/e.yaml', 'risk/a.yaml', 'risk/f.yaml']);
    expect(treeOf(at.root)).toEqual(treeFrom(after));
  });

  it('touches no file that is right already', () => {
    updateOutput(at.dist, before);
    const stat = (): unknown[] => (({ ino, mtimeMs, ctimeMs }) => [ino, mtimeMs, ctimeMs])(lstatSync(join(at.dist, 'risk/a.yaml')));
    const known = stat();
    expect(updateOutput(at.dist, before)[0]).toMatchObject({ writes: [], removals: [] });
    expect(stat()).toEqual(known);
  });

  it('makes the folders above it, and removes itself when nothing is left', () => {
    const deep = join(at.root, 'a/b/dist');
    expect(updateOutput(deep, before)[1]).toEqual([]);
    expect(Object.keys(treeOf(join(at.root, 'a')))).toContain('b/dist/risk/a.yaml');
    expect(updateOutput(deep, [], { allowEmpty: true })[1]).toEqual([]);
    expect(treeOf(at.root)).toEqual({ 'a/b': 'dir' });
  });

  it('keeps files of others, and the folders they are in', () => {
    writeTree(at.root, { 'dist/growth/notes.txt': 'mine' });
    updateOutput(at.dist, before);
    const [plan, diagnostics] = updateOutput(at.dist, after, allowed);
    expect(plan?.foreign).toEqual(['growth/notes.txt']);
    expect(said(diagnostics)).toEqual(['dist/growth/notes.txt was not written by millrace, and is left alone [emit/foreign-file]']);
    expect(treeOf(at.root)).toEqual({ ...treeFrom(after), 'dist/growth/notes.txt': 'mine' });
  });

  it('writes nothing at all when the plan has an error', () => {
    updateOutput(at.dist, before);
    writeFileSync(join(at.dist, 'risk/b.yaml'), `${readFileSync(join(at.dist, 'risk/b.yaml'), 'utf8')}# edited\n`);
    const tree = treeOf(at.root);
    const [plan, diagnostics] = updateOutput(at.dist, after, allowed);
    expect(plan).toBeUndefined();
    expect(said(diagnostics)).toEqual(['dist/risk/b.yaml was edited after millrace wrote it [emit/hand-edited]']);
    expect(treeOf(at.root)).toEqual(tree);
  });

  it('takes bytes that are no UTF-8 for an edit', () => {
    updateOutput(at.dist, [file('risk/a.yaml', 'é')]);
    writeFileSync(join(at.dist, 'risk/a.yaml'), readFileSync(join(at.dist, 'risk/a.yaml'), 'utf8'), 'latin1');
    expect(said(updateOutput(at.dist, [file('risk/a.yaml', 'é')])[1])).toEqual([
      'dist/risk/a.yaml was edited after millrace wrote it [emit/hand-edited]',
    ]);
  });

  it('calls the folder what the user calls it', () => {
    writeTree(at.root, { 'dist/x': '' });
    const foreign = '../a/dist/x was not written by millrace, and is left alone [emit/foreign-file]';
    const messages = (failing?: string): string[] => {
      const { disk } = faultyDisk((_, name) => (name === failing ? 'EACCES' : undefined));
      return said(updateOutput(at.dist, before, { ...allowed, folder: '../a/dist', disk })[1]);
    };
    expect(messages('fsyncSync')[1]).toMatch(
      /^\.\.\/a\/\.millrace\.stage\/dist cannot be written: injected \(EACCES\); \.\.\/a\/dist\/ is as it was/,
    );
    expect(messages('readdirSync')[0]).toMatch(/^\.\.\/a\/dist cannot be read/);
    expect(messages()).toEqual([foreign]);
  });

  it('refuses a text without a fitting header: a bug of ours', () => {
    expect(() => updateOutput(at.dist, [{ path: 'risk/a.yaml', text: 'a: 1\n' }])).toThrow('has no header that fits it');
    expect(() => updateOutput(at.dist, [file('../a.yaml', 1)])).toThrow('leads out of the folder');
    expect(() => updateOutput(at.dist, [file('a.yaml', 1), file('a.yaml', 1)])).toThrow('same path');
  });
});

describe('readOutput', () => {
  it('emit/cannot-read: names each file that cannot be read', () => {
    updateOutput(at.dist, before);
    const { disk } = faultyDisk((_, name) => (name === 'readSync' ? 'EACCES' : undefined));
    const [current, diagnostics] = readOutput(at.dist, { disk });
    expect(current).toBeUndefined();
    expect(said(diagnostics)).toEqual(before.map(({ path }) => `dist/${path} cannot be read: injected (EACCES) [emit/cannot-read]`));
  });

  it('reads files of others no further than it takes to know them', () => {
    writeTree(at.root, { 'dist/large.bin': 'x'.repeat(100_000), 'dist/empty': '' });
    expect(readOutput(at.dist)).toEqual([
      new Map([
        ['empty', ''],
        ['large.bin', 'x'.repeat(16)],
      ]),
      [],
    ]);
    expect(readOutput(join(at.root, 'none'))).toEqual([new Map(), []]);
  });

  it('reads files of ours whole, whatever their size and whatever is expected', () => {
    const files = [1, 1_000_000, 100_000].map((size, index) =>
      renderFile({ path: `risk/${index}.yaml`, source: 'services/risk/a.yaml', manifests: [{ text: 'ä€😀'.repeat(size) }] }),
    );
    updateOutput(at.dist, files);
    const current = new Map(files.map(({ path, text }) => [path, text]));
    expect(readOutput(at.dist)).toEqual([current, []]);
    expect(readOutput(at.dist, {}, [...files, ...before])).toEqual([current, []]);
    expect(readOutput(at.dist, {}, before)).toEqual([current, []]);
  });
});

describe('what only a stranger puts into the output', () => {
  it('emit/cannot-read: is not read to its end where it begins like ours', () => {
    updateOutput(at.dist, before);
    // A hole: it takes no room.
    truncateSync(join(at.dist, 'risk/b.yaml'), 3 * 2 ** 30);
    const problem = 'dist/risk/b.yaml cannot be read: larger than 64 MiB (EFBIG) [emit/cannot-read]';
    expect(said(readOutput(at.dist)[1])).toEqual([problem]);
    expect(said(updateOutput(at.dist, after, allowed)[1])).toEqual([problem]);
    expect(statSync(join(at.dist, 'risk/b.yaml')).size).toBe(3 * 2 ** 30);
  });

  it('emit/foreign-file: may have a name that is no UTF-8', () => {
    updateOutput(at.dist, before);
    const named = (bytes: string): Buffer => Buffer.concat([Buffer.from(`${at.dist}/`), Buffer.from(bytes, 'latin1')]);
    writeFileSync(named('caf\xe9.yaml'), '# millrace 1\n');
    mkdirSync(named('d\xe9p\xf4t'));
    writeFileSync(named('d\xe9p\xf4t/x.yaml'), 'a: 1\n');
    const [plan, diagnostics] = updateOutput(at.dist, after, allowed);
    expect(plan?.foreign).toEqual(['caf\ufffd.yaml', 'd\ufffdp\ufffdt/']);
    expect(diagnostics).toMatchObject([{ code: 'emit/foreign-file' }, { code: 'emit/foreign-file' }]);
    expect(readFileSync(named('d\xe9p\xf4t/x.yaml'), 'utf8')).toBe('a: 1\n');
  });

  it('emit/not-a-file: is named only so often', () => {
    mkdirSync(at.dist);
    for (let index = 0; index < 1000; index++) symlinkSync('nowhere', join(at.dist, `link${index}`));
    const messages = said(updateOutput(at.dist, before)[1]);
    expect(messages).toHaveLength(51);
    expect(messages[50]).toBe('dist/ has 950 more problems of the kind emit/not-a-file, not shown here [emit/too-many-problems]');
  });
});

describe('writeOutput', () => {
  it('emit/changed-meanwhile: refuses a plan that the folder has outlived', () => {
    const [plan] = updateOutput(at.dist, before);
    expect(said(writeOutput(at.dist, plan ?? fail())[1])).toEqual(
      before.map(({ path }) => `dist/${path} was changed by someone else during this run, and nothing was written [emit/changed-meanwhile]`),
    );
    expect(treeOf(at.root)).toEqual(treeFrom(before));
  });

  it('carries out the plan that readOutput and planOutput led to', () => {
    const plan = { writes: before.map((entry) => ({ ...entry, before: undefined })), removals: [], unchanged: [], foreign: [] };
    expect(writeOutput(at.dist, plan)).toEqual([plan, []]);
    expect(readOutput(at.dist)).toEqual([new Map(before.map(({ path, text }) => [path, text])), []]);
  });

  it('emit/other-file-system: refuses what it could not swap at once', () => {
    mkdirSync(at.dist);
    const { disk } = faultyDisk(() => undefined);
    const elsewhere = new Proxy(disk, {
      get: (target, name) =>
        name === 'lstatSync' ? (path: string, options: never) => moved(path, target.lstatSync(path, options)) : Reflect.get(target, name),
    });
    const moved = (path: string, stat: { dev: number } | undefined) => (stat && path === at.dist ? Object.assign(stat, { dev: -1 }) : stat);
    expect(said(updateOutput(at.dist, before, { disk: elsewhere })[1])[0]).toMatch(
      /^dist is on another file system than the folder it is in, .* \[emit\/other-file-system\]$/,
    );
  });
});

it('reads back what it staged, and believes nothing else', () => {
  const { disk } = faultyDisk(() => undefined);
  const forgetful = new Proxy(disk, {
    get: (target, name) =>
      name === 'writeFileSync'
        ? (path: string, text: string | Buffer, flag: never) => target.writeFileSync(path, String(text).replace('value', 'VALUE'), flag)
        : Reflect.get(target, name),
  });
  expect(said(updateOutput(at.dist, before, { disk: forgetful })[1])).toEqual([
    '.millrace.stage/dist/new/0 cannot be written: it reads differently from what was written (EIO); dist/ is as it was [emit/cannot-write]',
  ]);
  expect(treeOf(at.root)).toEqual({});
});

function fail(): never {
  throw new Error('no plan');
}
