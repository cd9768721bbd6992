import { execFileSync } from 'node:child_process';
import { existsSync, lstatSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Diagnostic } from '../../../src/diagnostics/diagnostic.js';
import { renderFile } from '../../../src/emit/render-file.js';
import { readOutput, recover, updateOutput, writeOutput } from '../../../src/emit/writer.js';
import { faultyDisk } from '../../support/faulty-disk.js';
import { treeOf, writeTree } from '../../support/output-tree.js';

const file = (path: string, value: unknown) => renderFile({ path, source: `services/${path}`, manifests: [{ value }] });
const treeFrom = (files: readonly { path: string; text: string }[]) => Object.fromEntries(files.map(({ path, text }) => [`dist/${path}`, text]));
const said = (diagnostics: readonly Diagnostic[]): string[] => diagnostics.map(({ code, message }) => `${message} [${code}]`);

let root = '';
let dist = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'millrace-writer-'));
  dist = join(root, 'dist');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** Two states of an output folder: files that stay, change, come and go, in folders that come and go. */
const before = [file('cluster/a.yaml', 1), file('growth/c.yaml', 1), file('growth/platform.yaml', 1), file('risk/a.yaml', 1), file('risk/b.yaml', 1)];
const after = [file('cluster/a.yaml', 1), file('ops/d.yaml', 2), file('ops/e.yaml', 2), file('risk/a.yaml', 2), file('risk/f.yaml', 2)];
const allowed = { allowRemovals: true, waitMilliseconds: 0 };

/** Leaves the write from `before` to `after` as a process does that is killed at its n-th move. */
const killAtMove = (number: number): void => {
  writeTree(root, treeFrom(before));
  let renames = 0;
  let isDead = false;
  const { disk } = faultyDisk((_, name) => ((isDead ||= name === 'renameSync' && ++renames === number) ? 'EIO' : undefined));
  updateOutput(dist, after, { ...allowed, disk });
};

describe('updateOutput', () => {
  it('brings a folder to the new files and leaves nothing else behind', () => {
    expect(updateOutput(dist, before)[1]).toEqual([]);
    expect(treeOf(root)).toEqual(treeFrom(before));
    const [plan, diagnostics] = updateOutput(dist, after, allowed);
    expect(diagnostics).toEqual([]);
    expect(plan?.writes.map(({ path }) => path)).toEqual(['ops/d.yaml', 'ops/e.yaml', 'risk/a.yaml', 'risk/f.yaml']);
    expect(treeOf(root)).toEqual(treeFrom(after));
  });

  it('touches no file that is right already', () => {
    updateOutput(dist, before);
    const stat = (): unknown[] => (({ ino, mtimeMs, ctimeMs }) => [ino, mtimeMs, ctimeMs])(lstatSync(join(dist, 'risk/a.yaml')));
    const known = stat();
    expect(updateOutput(dist, before)[0]).toMatchObject({ writes: [], removals: [] });
    expect(stat()).toEqual(known);
  });

  it('makes the folders above it, and removes itself when nothing is left', () => {
    const deep = join(root, 'a/b/dist');
    expect(updateOutput(deep, before)[1]).toEqual([]);
    expect(Object.keys(treeOf(join(root, 'a')))).toContain('b/dist/risk/a.yaml');
    expect(updateOutput(deep, [], { allowEmpty: true })[1]).toEqual([]);
    expect(treeOf(root)).toEqual({ 'a/b': 'dir' });
  });

  it('keeps files of others, and the folders they are in', () => {
    writeTree(root, { 'dist/growth/notes.txt': 'mine' });
    updateOutput(dist, before);
    const [plan, diagnostics] = updateOutput(dist, after, allowed);
    expect(plan?.foreign).toEqual(['growth/notes.txt']);
    expect(said(diagnostics)).toEqual(['dist/growth/notes.txt was not written by millrace, and is left alone [emit/foreign-file]']);
    expect(treeOf(root)).toEqual({ ...treeFrom(after), 'dist/growth/notes.txt': 'mine' });
  });

  it('writes nothing at all when the plan has an error', () => {
    updateOutput(dist, before);
    writeFileSync(join(dist, 'risk/b.yaml'), `${readFileSync(join(dist, 'risk/b.yaml'), 'utf8')}# edited\n`);
    const tree = treeOf(root);
    const [plan, diagnostics] = updateOutput(dist, after, allowed);
    expect(plan).toBeUndefined();
    expect(said(diagnostics)).toEqual(['dist/risk/b.yaml was edited after millrace wrote it [emit/hand-edited]']);
    expect(treeOf(root)).toEqual(tree);
  });

  it('takes bytes that are no UTF-8 for an edit', () => {
    updateOutput(dist, [file('risk/a.yaml', 'é')]);
    writeFileSync(join(dist, 'risk/a.yaml'), readFileSync(join(dist, 'risk/a.yaml'), 'utf8'), 'latin1');
    expect(said(updateOutput(dist, [file('risk/a.yaml', 'é')])[1])).toEqual([
      'dist/risk/a.yaml was edited after millrace wrote it [emit/hand-edited]',
    ]);
  });

  it('calls the folder what the user calls it', () => {
    writeTree(root, { 'dist/x': '' });
    const foreign = '../a/dist/x was not written by millrace, and is left alone [emit/foreign-file]';
    const messages = (failing?: string): string[] => {
      const { disk } = faultyDisk((_, name) => (name === failing ? 'EACCES' : undefined));
      return said(updateOutput(dist, before, { ...allowed, folder: '../a/dist', disk })[1]);
    };
    expect(messages('fsyncSync')[1]).toMatch(
      /^\.\.\/a\/\.millrace\.stage\/dist cannot be written: injected \(EACCES\); \.\.\/a\/dist\/ is as it was/,
    );
    expect(messages('readdirSync')[0]).toMatch(/cannot be written/);
    expect(messages()).toEqual([foreign]);
  });

  it('refuses a text without a fitting header: a bug of ours', () => {
    expect(() => updateOutput(dist, [{ path: 'risk/a.yaml', text: 'a: 1\n' }])).toThrow('has no header that fits it');
    expect(() => updateOutput(dist, [file('../a.yaml', 1)])).toThrow('leads out of the folder');
    expect(() => updateOutput(dist, [file('a.yaml', 1), file('a.yaml', 1)])).toThrow('same path');
  });
});

describe('what is neither file nor folder', () => {
  it('emit/not-a-file: refuses links and pipes anywhere in the output', () => {
    updateOutput(dist, before);
    symlinkSync('a.yaml', join(dist, 'risk/link.yaml'));
    symlinkSync(tmpdir(), join(dist, 'elsewhere'));
    execFileSync('mkfifo', [join(dist, 'pipe')]);
    const tree = treeOf(root);
    const expected = [
      'dist/elsewhere is a symbolic link, and only regular files belong in the output [emit/not-a-file]',
      'dist/pipe is a pipe, and only regular files belong in the output [emit/not-a-file]',
      'dist/risk/link.yaml is a symbolic link, and only regular files belong in the output [emit/not-a-file]',
    ];
    expect(said(updateOutput(dist, after, allowed)[1]).sort()).toEqual(expected);
    const [current, diagnostics] = readOutput(dist);
    expect(current).toBeUndefined();
    expect(said(diagnostics).sort()).toEqual(expected);
    expect(treeOf(root)).toEqual(tree);
  });

  it('emit/not-a-file: refuses a folder in place of a file', () => {
    mkdirSync(join(dist, 'risk/a.yaml'), { recursive: true });
    expect(said(updateOutput(dist, before)[1])).toEqual([
      'dist/risk/a.yaml is a folder, and only regular files belong in the output [emit/not-a-file]',
    ]);
    expect(treeOf(root)).toEqual({ 'dist/risk/a.yaml': 'dir' });
  });

  it('emit/not-a-folder: refuses a file in place of a folder', () => {
    writeTree(root, { 'dist/risk': 'x' });
    const [plan, diagnostics] = updateOutput(dist, before);
    expect(plan).toBeUndefined();
    expect(said(diagnostics)).toContain('dist/risk is a file where a folder belongs [emit/not-a-folder]');
    expect(treeOf(root)).toEqual({ 'dist/risk': 'x' });
  });

  it('emit/not-a-folder: refuses an output folder that is a link or a file', () => {
    mkdirSync(join(root, 'real'));
    symlinkSync('real', dist);
    expect(said(updateOutput(dist, before)[1])).toEqual(['dist is a symbolic link where a folder belongs [emit/not-a-folder]']);
    expect(said(readOutput(dist)[1])).toEqual(['dist is a symbolic link where a folder belongs [emit/not-a-folder]']);
    rmSync(dist);
    writeFileSync(dist, 'x');
    expect(said(updateOutput(dist, before)[1])).toEqual(['dist is a file where a folder belongs [emit/not-a-folder]']);
    expect(treeOf(root)).toEqual({ dist: 'x', real: 'dir' });
  });

  it('emit/not-a-folder: refuses a stage that is a link', () => {
    mkdirSync(join(root, 'real/dist'), { recursive: true });
    symlinkSync('real', join(root, '.millrace.stage'));
    expect(said(updateOutput(dist, before)[1])).toEqual(['.millrace.stage is a symbolic link where a folder belongs [emit/not-a-folder]']);
    rmSync(join(root, '.millrace.stage'));
    mkdirSync(join(root, '.millrace.stage'));
    symlinkSync('../real', join(root, '.millrace.stage/dist'));
    expect(said(recover(dist)[1])).toEqual(['.millrace.stage/dist is a symbolic link where a folder belongs [emit/not-a-folder]']);
    expect(treeOf(join(root, 'real'))).toEqual({ dist: 'dir' });
  });

  it('never clears through a link in the stage', () => {
    writeTree(root, { 'real/precious': 'x' });
    mkdirSync(join(root, '.millrace.stage/dist'), { recursive: true });
    for (const name of ['new', 'old', 'journal.draft']) symlinkSync('../../real', join(root, '.millrace.stage/dist', name));
    expect(said(updateOutput(dist, before)[1])).toEqual([]);
    expect(treeOf(root)).toEqual({ ...treeFrom(before), 'real/precious': 'x' });
  });
});

describe('readOutput', () => {
  it('emit/cannot-read: names each file that cannot be read', () => {
    updateOutput(dist, before);
    const { disk } = faultyDisk((_, name) => (name === 'readSync' ? 'EACCES' : undefined));
    const [current, diagnostics] = readOutput(dist, { disk });
    expect(current).toBeUndefined();
    expect(said(diagnostics)).toEqual(before.map(({ path }) => `dist/${path} cannot be read: injected (EACCES) [emit/cannot-read]`));
  });

  it('reads files of others no further than it takes to know them', () => {
    writeTree(root, { 'dist/large.bin': 'x'.repeat(100_000), 'dist/empty': '' });
    expect(readOutput(dist)).toEqual([
      new Map([
        ['empty', ''],
        ['large.bin', 'x'.repeat(16)],
      ]),
      [],
    ]);
    expect(readOutput(join(root, 'none'))).toEqual([new Map(), []]);
  });

  it('reads files of ours whole, whatever their size and whatever is expected', () => {
    const files = [1, 1_000_000, 100_000].map((size, index) =>
      renderFile({ path: `risk/${index}.yaml`, source: 'services/risk/a.yaml', manifests: [{ text: 'ä€😀'.repeat(size) }] }),
    );
    updateOutput(dist, files);
    const current = new Map(files.map(({ path, text }) => [path, text]));
    expect(readOutput(dist)).toEqual([current, []]);
    expect(readOutput(dist, {}, [...files, ...before])).toEqual([current, []]);
    expect(readOutput(dist, {}, before)).toEqual([current, []]);
  });
});

describe('writeOutput', () => {
  it('emit/changed-meanwhile: refuses a plan that the folder has outlived', () => {
    const [plan] = updateOutput(dist, before);
    expect(said(writeOutput(dist, plan ?? fail())[1])).toEqual(
      before.map(({ path }) => `dist/${path} was changed by someone else during this run, and nothing was written [emit/changed-meanwhile]`),
    );
    expect(treeOf(root)).toEqual(treeFrom(before));
  });

  it('carries out the plan that readOutput and planOutput led to', () => {
    const plan = { writes: before.map((entry) => ({ ...entry, before: undefined })), removals: [], unchanged: [], foreign: [] };
    expect(writeOutput(dist, plan)).toEqual([plan, []]);
    expect(readOutput(dist)).toEqual([new Map(before.map(({ path, text }) => [path, text])), []]);
  });

  it('emit/other-file-system: refuses what it could not swap at once', () => {
    mkdirSync(dist);
    const { disk } = faultyDisk(() => undefined);
    const elsewhere = new Proxy(disk, {
      get: (target, name) =>
        name === 'lstatSync' ? (path: string, options: never) => moved(path, target.lstatSync(path, options)) : Reflect.get(target, name),
    });
    const moved = (path: string, stat: { dev: number } | undefined) => (stat && path === dist ? Object.assign(stat, { dev: -1 }) : stat);
    expect(said(updateOutput(dist, before, { disk: elsewhere })[1])[0]).toMatch(
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
  expect(said(updateOutput(dist, before, { disk: forgetful })[1])).toEqual([
    '.millrace.stage/dist/new/0 cannot be written: it reads differently from what was written (EIO); dist/ is as it was [emit/cannot-write]',
  ]);
  expect(treeOf(root)).toEqual({});
});

describe('locks', () => {
  const claimOf = (pid: number, start: string, host = hostname().replace(/[^A-Za-z0-9-]/g, '-')): string => {
    const path = join(root, '.millrace.stage/dist', `lock.${pid}.0.${start}.${host}`);
    writeTree(root, { [`.millrace.stage/dist/lock.${pid}.0.${start}.${host}`]: '' });
    return path;
  };
  // The process that runs this test's worker lives as long as the test does.
  const alive = process.ppid;

  it('emit/locked: waits for the run that has the folder, then gives up and says who it is', () => {
    const path = claimOf(alive, '0');
    const start = performance.now();
    expect(said(updateOutput(dist, before, { waitMilliseconds: 200 })[1])).toEqual([`dist/ is being written by process ${alive} [emit/locked]`]);
    expect(performance.now() - start).toBeGreaterThan(190);
    expect(said(readOutput(dist, allowed)[1])).toEqual([`dist/ is being written by process ${alive} [emit/locked]`]);
    rmSync(path);
    expect(updateOutput(dist, before, allowed)[1]).toEqual([]);
    expect(treeOf(root)).toEqual(treeFrom(before));
  });

  it('takes over from a dead process', () => {
    const { pid } = JSON.parse(execFileSync(process.execPath, ['-p', 'JSON.stringify({pid: process.pid})'], { encoding: 'utf8' })) as { pid: number };
    claimOf(pid, '0');
    expect(updateOutput(dist, before, allowed)[1]).toEqual([]);
    expect(treeOf(root)).toEqual(treeFrom(before));
  });

  it.runIf(existsSync('/proc/self/stat'))('takes over from a process whose number another one has now', () => {
    claimOf(alive, '1');
    expect(updateOutput(dist, before, allowed)[1]).toEqual([]);
  });

  it('waits ten minutes for a run on another machine, which cannot be asked', () => {
    const path = claimOf(1, '1', 'other-host');
    expect(said(updateOutput(dist, before, allowed)[1])).toEqual(['dist/ is being written by process 1 on other-host [emit/locked]']);
    utimesSync(path, new Date(), new Date(Date.now() - 11 * 60_000));
    expect(updateOutput(dist, before, allowed)[1]).toEqual([]);
  });

  it('keeps output folders beside each other apart', () => {
    claimOf(alive, '0');
    expect(updateOutput(join(root, 'other'), before, allowed)[1]).toEqual([]);
  });
});

describe('recover', () => {
  it('has nothing to do without a stage', () => {
    expect(recover(dist)).toEqual(['nothing', []]);
    expect(treeOf(root)).toEqual({});
  });

  it('discards what was staged before there was a journal', () => {
    writeTree(root, treeFrom(before));
    writeTree(root, { '.millrace.stage/dist/new/0': 'x', '.millrace.stage/dist/old/0': 'x', '.millrace.stage/dist/journal.draft': '{' });
    expect(recover(dist)).toEqual(['nothing', []]);
    expect(treeOf(root)).toEqual(treeFrom(before));
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
    writeTree(root, treeFrom(before));
    mkdirSync(join(root, '.millrace.stage/dist/new'), { recursive: true });
    mkdirSync(join(root, '.millrace.stage/dist/old'), { recursive: true });
    writeTree(root, { '.millrace.stage/dist/journal': journal });
    const tree = treeOf(root);
    const message =
      'an earlier write of dist/ was interrupted, and its record .millrace.stage/dist/journal cannot be understood [emit/unreadable-journal]';
    expect(said(recover(dist)[1])).toEqual([message]);
    expect(said(updateOutput(dist, after, allowed)[1])).toEqual([message]);
    expect(treeOf(root)).toEqual(tree);
  });

  it('emit/interrupted-write: finishes a write whose journal is complete', () => {
    killAtMove(4);
    expect(treeOf(dist)).not.toEqual(treeFrom(before));
    const [recovery, diagnostics] = recover(dist);
    expect(recovery).toBe('finished');
    expect(said(diagnostics)).toEqual(['an earlier write of dist/ was interrupted, and has been finished now [emit/interrupted-write]']);
    expect(treeOf(root)).toEqual(treeFrom(after));
  });

  it('is what every command begins with', () => {
    killAtMove(4);
    const [current, diagnostics] = readOutput(dist);
    expect(current).toEqual(new Map(after.map(({ path, text }) => [path, text])));
    expect(diagnostics).toMatchObject([{ code: 'emit/interrupted-write', severity: 'warning' }]);
    expect(readOutput(dist)[1]).toEqual([]);
  });

  it('emit/interrupted-write: undoes a write if someone has changed the output since, and keeps the change', () => {
    killAtMove(4);
    writeFileSync(join(dist, 'risk/f.yaml'), 'mine\n');
    const [recovery, diagnostics] = recover(dist);
    expect(recovery).toBe('undone');
    expect(said(diagnostics)).toEqual(['an earlier write of dist/ was interrupted, and has been undone now [emit/interrupted-write]']);
    expect(treeOf(root)).toEqual({ ...treeFrom(before), 'dist/risk/f.yaml': 'mine\n' });
  });

  it('undoes a write if a power cut took what was staged', () => {
    killAtMove(4);
    writeFileSync(join(root, '.millrace.stage/dist/new/3'), '');
    expect(recover(dist)[0]).toBe('undone');
    expect(treeOf(root)).toEqual(treeFrom(before));
  });

  it('follows no link that was put into the output since', () => {
    killAtMove(4);
    rmSync(join(dist, 'ops'), { recursive: true, force: true });
    mkdirSync(join(root, 'real'));
    symlinkSync('../real', join(dist, 'ops'));
    expect(said(recover(dist)[1])).toEqual(['dist/ops is a symbolic link where a folder belongs [emit/not-a-folder]']);
    expect(treeOf(join(root, 'real'))).toEqual({});
  });
});

describe('a disk that fails', () => {
  const oldTree = treeFrom(before);
  const newTree = treeFrom(after);

  /** All calls of one write, without any fault. */
  const countCalls = (): readonly string[] => {
    writeTree(root, treeFrom(before));
    const { disk, calls } = faultyDisk(() => undefined);
    updateOutput(dist, after, { ...allowed, disk });
    rmSync(root, { recursive: true });
    mkdirSync(root);
    return calls;
  };

  const isNew = (tree: Record<string, string>): boolean => tree['dist/risk/f.yaml'] !== undefined;
  const distOf = (): Record<string, string> => Object.fromEntries(Object.entries(treeOf(root)).filter(([path]) => path.startsWith('dist/')));

  it.each(['EIO', 'EACCES', 'ENOSPC'])('emit/cannot-write, emit/cannot-read: any one call fails with %s, and the output is as it was', (code) => {
    const calls = countCalls();
    for (let n = 1; n <= calls.length; n++) {
      writeTree(root, treeFrom(before));
      const { disk } = faultyDisk((number) => (number === n ? code : undefined));
      const [plan, diagnostics] = updateOutput(dist, after, { ...allowed, disk });
      const where = `call ${n}: ${calls[n - 1]}`;
      if (!plan) expect(['emit/cannot-write', 'emit/cannot-read'], where).toContain(diagnostics[0]?.code);
      expect(distOf(), where).toEqual(plan ? newTree : oldTree);
      const [, later] = recover(dist);
      expect(
        later.filter(({ severity }) => severity === 'error'),
        where,
      ).toEqual([]);
      // A failure after the commit may be made good by the next run, but never to something in between.
      expect(treeOf(root), where).toEqual(isNew(distOf()) ? newTree : oldTree);
      rmSync(root, { recursive: true });
      mkdirSync(root);
    }
  });

  it('the disk is full from any call on, and the output is as it was', () => {
    const calls = countCalls();
    const takesRoom = new Set(['writeFileSync', 'mkdirSync', 'openSync', 'fsyncSync']);
    for (let n = 1; n <= calls.length; n++) {
      writeTree(root, treeFrom(before));
      const { disk } = faultyDisk((number, name) => (number >= n && takesRoom.has(name) ? 'ENOSPC' : undefined));
      const [plan, diagnostics] = updateOutput(dist, after, { ...allowed, disk });
      const tree = distOf();
      const where = `from call ${n}: ${calls[n - 1]} ${said(diagnostics).join()}`;
      if (diagnostics.some(({ code }) => code === 'emit/cannot-undo')) expect(recover(dist)[1], where).toMatchObject([{ severity: 'warning' }]);
      else expect(tree, where).toEqual(plan ? newTree : oldTree);
      recover(dist);
      expect(treeOf(root), where).toEqual(isNew(distOf()) ? newTree : oldTree);
      rmSync(root, { recursive: true });
      mkdirSync(root);
    }
  });

  it('emit/cannot-undo: everything fails from any call on, as if the process was killed there, and the next run makes it whole', () => {
    const calls = countCalls();
    const outcomes = new Set<string | undefined>();
    for (let n = 1; n <= calls.length; n++) {
      writeTree(root, treeFrom(before));
      const { disk } = faultyDisk((number) => (number >= n ? 'EIO' : undefined));
      const [, diagnostics] = updateOutput(dist, after, { ...allowed, disk });
      outcomes.add(diagnostics[0]?.code);
      const [recovery, later] = recover(dist);
      expect(recovery, said(later).join()).toBeDefined();
      const tree = treeOf(root);
      expect(tree, `from call ${n}: ${calls[n - 1]}`).toEqual(isNew(tree) ? newTree : oldTree);
      rmSync(root, { recursive: true });
      mkdirSync(root);
    }
    expect([...outcomes].sort()).toEqual([undefined, 'emit/cannot-read', 'emit/cannot-undo', 'emit/cannot-write'].sort());
  });

  it.each([
    ['forward', false],
    ['back', true],
  ])('a recovery that goes %s and is killed at any call is itself made whole', (_, isSpoiled) => {
    const interrupt = (): void => {
      rmSync(root, { recursive: true });
      mkdirSync(root);
      killAtMove(4);
      if (isSpoiled) writeFileSync(join(root, '.millrace.stage/dist/new/3'), '');
    };
    interrupt();
    const { disk: working, calls } = faultyDisk(() => undefined);
    expect(recover(dist, { ...allowed, disk: working })[0]).toBe(isSpoiled ? 'undone' : 'finished');
    for (let n = 1; n <= calls.length; n++) {
      interrupt();
      const { disk } = faultyDisk((number) => (number >= n ? 'EIO' : undefined));
      recover(dist, { ...allowed, disk });
      const where = `from call ${n}: ${calls[n - 1]}`;
      expect(said(recover(dist)[1].filter(({ severity }) => severity === 'error')), where).toEqual([]);
      expect(treeOf(root), where).toEqual(isSpoiled ? oldTree : newTree);
    }
  });
});

function fail(): never {
  throw new Error('no plan');
}
