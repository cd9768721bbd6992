import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { nodeDisk } from '../../../src/emit/disk.js';
import { makeFolders } from '../../../src/emit/make-folders.js';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'millrace-folders-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

it('makes what is missing, and says where that begins', () => {
  expect(makeFolders(join(root, 'a/b/c'), nodeDisk, 0o700)).toBe(join(root, 'a'));
  expect(statSync(join(root, 'a/b/c')).mode & 0o777).toBe(0o700);
  expect(makeFolders(join(root, 'a/b/c'), nodeDisk)).toBeUndefined();
  expect(makeFolders(join(root, 'a/b/d'), nodeDisk)).toBe(join(root, 'a/b/d'));
  expect(makeFolders('/', nodeDisk)).toBeUndefined();
});

it('goes through a link to a folder, and not through anything else', () => {
  mkdirSync(join(root, 'real'));
  symlinkSync('real', join(root, 'link'));
  symlinkSync('nowhere', join(root, 'dangling'));
  writeFileSync(join(root, 'file'), '');
  expect(makeFolders(join(root, 'link'), nodeDisk)).toBeUndefined();
  expect(makeFolders(join(root, 'link/x'), nodeDisk)).toBe(join(root, 'link/x'));
  expect(() => makeFolders(join(root, 'file'), nodeDisk)).toThrow('EEXIST');
  expect(() => makeFolders(join(root, 'file/x/y'), nodeDisk)).toThrow('ENOTDIR');
  expect(() => makeFolders(join(root, 'dangling'), nodeDisk)).toThrow('EEXIST');
  expect(() => makeFolders(join(root, 'dangling/x'), nodeDisk)).toThrow('EEXIST');
});

it('is content with a folder that someone else makes meanwhile', () => {
  const inStep = { ...nodeDisk, mkdirSync: ((path: string) => (nodeDisk.mkdirSync(path), nodeDisk.mkdirSync(path))) as never };
  expect(makeFolders(join(root, 'a/b'), inStep)).toBeUndefined();
  expect(statSync(join(root, 'a/b')).isDirectory()).toBe(true);
});

it.runIf(existsSync('/proc/self'))('ends where the file system says that nothing is there', async () => {
  const program = join(root, 'make-folders.mjs');
  await build({ entryPoints: ['src/emit/make-folders.ts'], bundle: true, platform: 'node', format: 'esm', outfile: program });
  // In a process of its own: a loop in this one could not be timed out.
  const script = `import fs from 'node:fs'; import { makeFolders } from ${JSON.stringify(program)};
    for (const path of process.argv.slice(1)) try { makeFolders(path, fs); } catch ({ code, path }) { console.log(code, path); }`;
  const { stdout, signal } = spawnSync(
    process.execPath,
    ['--input-type=module', '-e', script, '/proc/none', '/proc/none/below/it', '/dev/fd/none/below'],
    { encoding: 'utf8', timeout: 10_000, killSignal: 'SIGKILL' },
  );
  expect({ stdout, signal }).toEqual({ stdout: 'ENOENT /proc/none\nENOENT /proc/none\nENOENT /dev/fd/none\n', signal: null });
});
