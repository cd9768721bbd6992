import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { nodeDisk } from '../../../src/emit/disk.js';
import { recover, updateOutput } from '../../../src/emit/writer.js';
import { fault, faultyDisk } from '../../support/faulty-disk.js';
import { treeOf, writeTree } from '../../support/output-tree.js';
import { after, allowed, before, killAtMove, outputFolder, said, treeFrom } from '../../support/output-versions.js';

const at = outputFolder();

describe('a disk that fails', () => {
  const oldTree = treeFrom(before);
  const newTree = treeFrom(after);

  /** All calls of one write, without any fault. */
  const countCalls = (): readonly string[] => {
    writeTree(at.root, treeFrom(before));
    const { disk, calls } = faultyDisk(() => undefined);
    updateOutput(at.dist, after, { ...allowed, disk });
    rmSync(at.root, { recursive: true });
    mkdirSync(at.root);
    return calls;
  };

  const isNew = (tree: Record<string, string>): boolean => tree['dist/risk/f.yaml'] !== undefined;
  const distOf = (): Record<string, string> => Object.fromEntries(Object.entries(treeOf(at.root)).filter(([path]) => path.startsWith('dist/')));

  it.each(['EIO', 'EACCES', 'ENOSPC'])('emit/cannot-write, emit/cannot-read: any one call fails with %s, and the output is as it was', (code) => {
    const calls = countCalls();
    for (let n = 1; n <= calls.length; n++) {
      writeTree(at.root, treeFrom(before));
      const { disk } = faultyDisk((number) => (number === n ? code : undefined));
      const [plan, diagnostics] = updateOutput(at.dist, after, { ...allowed, disk });
      const where = `call ${n}: ${calls[n - 1]}`;
      if (!plan) expect(['emit/cannot-write', 'emit/cannot-read'], where).toContain(diagnostics[0]?.code);
      expect(distOf(), where).toEqual(plan ? newTree : oldTree);
      const [, later] = recover(at.dist);
      expect(
        later.filter(({ severity }) => severity === 'error'),
        where,
      ).toEqual([]);
      // A failure after the commit may be made good by the next run, but never to something in between.
      expect(treeOf(at.root), where).toEqual(isNew(distOf()) ? newTree : oldTree);
      rmSync(at.root, { recursive: true });
      mkdirSync(at.root);
    }
  });

  it.each(['dist', 'dist/risk', 'dist/ops'])(
    'emit/cannot-write: without the right to change %s nothing is changed, and nothing is left behind',
    (refused) => {
      const folder = join(at.root, refused);
      const isRefused = (path: unknown): boolean => typeof path === 'string' && dirname(path) === folder;
      writeTree(at.root, treeFrom(before));
      const disk = new Proxy(nodeDisk, {
        get(target, name) {
          const real: unknown = Reflect.get(target, name);
          if (typeof real !== 'function' || !['renameSync', 'mkdirSync', 'rmdirSync', 'unlinkSync'].includes(String(name))) return real;
          return (...args: unknown[]): unknown => {
            // As Linux does: first the right, then whether a folder is there already, or is empty.
            if (name === 'mkdirSync' && typeof args[0] === 'string' && existsSync(args[0])) throw fault('EEXIST', 'mkdir');
            if (isRefused(args[0]) || (name === 'renameSync' && isRefused(args[1]))) throw fault('EACCES', String(name));
            return Reflect.apply(real, undefined, args);
          };
        },
      });
      const [plan, diagnostics] = updateOutput(at.dist, after, { ...allowed, disk });
      expect(plan).toBeUndefined();
      expect(said(diagnostics)).toEqual([
        expect.stringMatching(/ cannot be written: injected \(EACCES\); dist\/ is as it was \[emit\/cannot-write\]$/),
      ]);
      expect(treeOf(at.root)).toEqual(oldTree);
    },
  );

  it('the disk is full from any call on, and the output is as it was', () => {
    const calls = countCalls();
    const takesRoom = new Set(['writeFileSync', 'mkdirSync', 'openSync', 'fsyncSync']);
    for (let n = 1; n <= calls.length; n++) {
      writeTree(at.root, treeFrom(before));
      const { disk } = faultyDisk((number, name) => (number >= n && takesRoom.has(name) ? 'ENOSPC' : undefined));
      const [plan, diagnostics] = updateOutput(at.dist, after, { ...allowed, disk });
      const tree = distOf();
      const where = `from call ${n}: ${calls[n - 1]} ${said(diagnostics).join()}`;
      if (diagnostics.some(({ code }) => code === 'emit/cannot-undo')) expect(recover(at.dist)[1], where).toMatchObject([{ severity: 'warning' }]);
      else expect(tree, where).toEqual(plan ? newTree : oldTree);
      recover(at.dist);
      expect(treeOf(at.root), where).toEqual(isNew(distOf()) ? newTree : oldTree);
      rmSync(at.root, { recursive: true });
      mkdirSync(at.root);
    }
  });

  it('emit/cannot-undo: everything fails from any call on, as if the process was killed there, and the next run makes it whole', () => {
    const calls = countCalls();
    const outcomes = new Set<string | undefined>();
    for (let n = 1; n <= calls.length; n++) {
      writeTree(at.root, treeFrom(before));
      const { disk } = faultyDisk((number) => (number >= n ? 'EIO' : undefined));
      const [, diagnostics] = updateOutput(at.dist, after, { ...allowed, disk });
      outcomes.add(diagnostics[0]?.code);
      const [recovery, later] = recover(at.dist);
      expect(recovery, said(later).join()).toBeDefined();
      const tree = treeOf(at.root);
      expect(tree, `from call ${n}: ${calls[n - 1]}`).toEqual(isNew(tree) ? newTree : oldTree);
      rmSync(at.root, { recursive: true });
      mkdirSync(at.root);
    }
    expect([...outcomes].sort()).toEqual([undefined, 'emit/cannot-read', 'emit/cannot-undo', 'emit/cannot-write'].sort());
  });

  it.each([
    ['forward', false],
    ['back', true],
  ])('a recovery that goes %s and is killed at any call is itself made whole', (_, isSpoiled) => {
    const interrupt = (): void => {
      rmSync(at.root, { recursive: true });
      mkdirSync(at.root);
      killAtMove(at.root, 4);
      if (isSpoiled) writeFileSync(join(at.root, '.millrace.stage/dist/new/3'), '');
    };
    interrupt();
    const { disk: working, calls } = faultyDisk(() => undefined);
    expect(recover(at.dist, { ...allowed, disk: working })[0]).toBe(isSpoiled ? 'undone' : 'finished');
    for (let n = 1; n <= calls.length; n++) {
      interrupt();
      const { disk } = faultyDisk((number) => (number >= n ? 'EIO' : undefined));
      recover(at.dist, { ...allowed, disk });
      const where = `from call ${n}: ${calls[n - 1]}`;
      expect(said(recover(at.dist)[1].filter(({ severity }) => severity === 'error')), where).toEqual([]);
      expect(treeOf(at.root), where).toEqual(isSpoiled ? oldTree : newTree);
    }
  });
});
