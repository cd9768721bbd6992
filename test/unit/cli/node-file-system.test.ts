import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type * as nodeFs from 'node:fs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { nodeFileSystem } from '../../../src/cli/node-file-system.js';
import { readDefinitions } from '../../../src/read-definitions.js';
import { fault } from '../../support/faulty-disk.js';

/** Folders that cannot be read, and why: permissions alone would not keep root out. */
const unreadable = vi.hoisted(() => new Map<string, string>());
vi.mock('node:fs', async (original) => {
  const actual = await original<typeof nodeFs>();
  const readdirSync = (...args: Parameters<typeof nodeFs.readdirSync>): unknown => {
    const code = unreadable.get(String(args[0]));
    if (code !== undefined) throw fault(code, 'scandir');
    return Reflect.apply(actual.readdirSync, undefined, args);
  };
  return { ...actual, readdirSync };
});

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'millrace-fs-'));
  mkdirSync(join(root, 'services/risk'), { recursive: true });
  writeFileSync(join(root, 'services/risk/fraud.yaml'), 'kind: InferenceService\n');
});
afterEach(() => {
  unreadable.clear();
  rmSync(root, { recursive: true, force: true });
});

const problems = (): readonly string[] => readDefinitions(nodeFileSystem(root)).diagnostics.map(({ code, where }) => `${where?.file ?? ''} ${code}`);

const text = (bytes: Uint8Array | undefined): string | undefined => bytes && new TextDecoder().decode(bytes);

describe('nodeFileSystem', () => {
  it('lists folders with the type of each entry', () => {
    symlinkSync('fraud.yaml', join(root, 'services/risk/link.yaml'));
    mkdirSync(join(root, 'services/risk/connections'));
    execFileSync('mkfifo', [join(root, 'services/risk/pipe.yaml')]);
    const entries = [...(nodeFileSystem(root).list('services/risk') ?? [])].sort((a, b) => (a.name < b.name ? -1 : 1));
    expect(entries).toEqual([
      { name: 'connections', type: 'directory' },
      { name: 'fraud.yaml', type: 'file' },
      { name: 'link.yaml', type: 'symlink' },
      { name: 'pipe.yaml', type: 'other' },
    ]);
    expect(nodeFileSystem(root).list('')).toEqual([{ name: 'services', type: 'directory' }]);
  });

  it('reads at most the limit and gives the full size', () => {
    const files = nodeFileSystem(root);
    const content = files.read('services/risk/fraud.yaml', 4);
    expect(text(content?.bytes)).toBe('kind');
    expect(content?.size).toBe(23);
    expect(text(files.read('services/risk/fraud.yaml', 1000)?.bytes)).toBe('kind: InferenceService\n');
    writeFileSync(join(root, 'services/empty.yaml'), '');
    expect(files.read('services/empty.yaml', 10)).toEqual({ bytes: new Uint8Array(), size: 0 });
  });

  it('gives nothing for what is missing or of another type', () => {
    const files = nodeFileSystem(root);
    execFileSync('mkfifo', [join(root, 'services/pipe.yaml')]);
    expect(files.read('services/pipe.yaml', 10)).toBeUndefined();
    expect(files.read('services/risk', 10)).toBeUndefined();
    expect(files.read('services/none.yaml', 10)).toBeUndefined();
    expect(files.read('none/none.yaml', 10)).toBeUndefined();
    expect(files.list('services/risk/fraud.yaml')).toBeUndefined();
    expect(files.list('none')).toBeUndefined();
  });

  it('never follows a symbolic link, neither at the end of a path nor inside it', () => {
    symlinkSync('risk', join(root, 'services/alias'));
    symlinkSync('fraud.yaml', join(root, 'services/risk/link.yaml'));
    const files = nodeFileSystem(root);
    expect(files.read('services/risk/link.yaml', 10)).toBeUndefined();
    expect(files.list('services/alias')).toBeUndefined();
    expect(files.read('services/alias/fraud.yaml', 10)).toBeUndefined();
  });

  it.each(['EACCES', 'EIO', 'EMFILE'])('does not take a folder for empty that fails with %s', (code) => {
    writeFileSync(join(root, 'services/platform.yaml'), '');
    unreadable.set(join(root, 'services/risk'), code);
    expect(nodeFileSystem(root).list('services/risk')).toBeUndefined();
    expect(problems()).toContain('services/risk source/unreadable-folder');
  });

  it('says what services/ is where its definitions cannot be seen, not that they are missing', () => {
    unreadable.set(join(root, 'services'), 'EACCES');
    expect(problems()).toEqual(['services source/unreadable-folder']);
    renameSync(join(root, 'services'), join(root, 'elsewhere'));
    symlinkSync('elsewhere', join(root, 'services'));
    expect(problems()).toEqual(['services source/not-a-regular-file']);
    rmSync(join(root, 'services'));
    expect(problems()).toEqual([' input/missing-platform']);
  });

  it('takes a root that is a symbolic link', () => {
    const alias = `${root}-alias`;
    symlinkSync(root, alias);
    try {
      expect(text(nodeFileSystem(alias).read('services/risk/fraud.yaml', 1000)?.bytes)).toBe('kind: InferenceService\n');
    } finally {
      rmSync(alias);
    }
  });
});
