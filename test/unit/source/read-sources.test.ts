import { describe, expect, it } from 'vitest';
import { memoryFileSystem, type DirectoryEntry, type FileSystem } from '../../../src/source/file-system.js';
import { readSources } from '../../../src/source/read-sources.js';

const problems = (files: Readonly<Record<string, string | Uint8Array>>, fileSystem: FileSystem = memoryFileSystem(files)): string[] =>
  readSources(fileSystem).diagnostics.map(({ code, where }) => `${where?.file ?? ''} ${code}`);

const paths = (files: Readonly<Record<string, string>>): string[] => readSources(memoryFileSystem(files)).files.map(({ path }) => path);

/** A file system with one more entry, of a type that memory has not. */
function withEntry(folder: string, entry: DirectoryEntry): FileSystem {
  const files = memoryFileSystem({ 'services/platform.yaml': '', 'services/risk/a.yaml': '' });
  return {
    list: (directory) => (directory === folder ? [...(files.list(directory) ?? []), entry] : files.list(directory)),
    read: (path, limit) => files.read(path, limit),
  };
}

describe('readSources', () => {
  it('finds every definition, sorted by path', () => {
    expect(
      paths({
        'services/risk/team.yaml': '',
        'services/risk/fraud.yaml': '',
        'services/risk/connections/raw.yaml': '',
        'services/platform.yaml': '',
        'services/growth/churn.yaml': '',
        'services/connections/raw.yaml': '',
        'other/x.yaml': '',
      }),
    ).toEqual([
      'services/connections/raw.yaml',
      'services/growth/churn.yaml',
      'services/platform.yaml',
      'services/risk/connections/raw.yaml',
      'services/risk/fraud.yaml',
      'services/risk/team.yaml',
    ]);
  });

  it('finds nothing without services/', () => expect(readSources(memoryFileSystem({ 'a/b': '' }))).toEqual({ files: [], diagnostics: [] }));

  it('keeps the text as it is', () => {
    const [file] = readSources(memoryFileSystem({ 'services/platform.yaml': 'ü: 🚀\r\n\0' })).files;
    expect(file).toEqual({ path: 'services/platform.yaml', text: 'ü: 🚀\r\n\0' });
  });

  it('ignores what is for people and for git', () => {
    expect(
      problems({
        'services/README.md': '',
        'services/CODEOWNERS': '',
        'services/.gitkeep': '',
        'services/.git/x': '',
        'services/risk/.a.yaml': '',
        'services/risk/README.md': '',
      }),
    ).toEqual([]);
  });

  it.each([
    ['services/fraud.yaml', 'source/unknown-file'],
    ['services/risk/fraud.yml', 'source/unknown-file'],
    ['services/risk/fraud.YAML', 'source/unknown-file'],
    ['services/risk/fraud', 'source/unknown-file'],
    ['services/risk/connections/raw.json', 'source/unknown-file'],
    ['services/risk/deep', 'source/unknown-folder', '/x.yaml'],
    ['services/risk/connections/deep', 'source/unknown-folder', '/x.yaml'],
    ['services/connections/deep', 'source/unknown-folder', '/x.yaml'],
    ['services/risk/fraud.yaml', 'source/not-a-regular-file', '/x'],
    ['services/risk.yml', 'source/not-a-regular-file', '/x'],
    ['services/Risk', 'source/bad-team-name', '/x.yaml'],
    [`services/${'x'.repeat(64)}`, 'source/bad-team-name', '/x.yaml'],
    ['services/risk/Fraud.yaml', 'source/bad-file-name'],
    ['services/risk/fraud_scorer.yaml', 'source/bad-file-name'],
    ['services/risk/a.b.yaml', 'source/bad-file-name'],
    ['services/risk/x y.yaml', 'source/bad-file-name'],
    ['services/risk/\u202e.yaml', 'source/bad-file-name'],
  ])('%s: %s', (place, code, below = '') => expect(problems({ [place + below]: '' })).toEqual([`${place} ${code}`]));

  it('names the file name to use', () => {
    const hint = (path: string): string | undefined => readSources(memoryFileSystem({ [path]: '' })).diagnostics[0]?.hint;
    expect(hint('services/risk/fraud.yml')).toBe('rename it to "fraud.yaml"');
    expect(hint('services/risk/Fraud Scorer.yaml')).toBe('call it "fraud-scorer.yaml", and metadata.name alike');
    expect(hint('services/Risk_Team/x.yaml')).toBe('call it "risk-team"');
    expect(hint('services/risk/---.yaml')).toContain('at most 63');
  });

  it.each(['symlink', 'other'] as const)('refuses a %s in place of a file, a team or a folder', (type) => {
    expect(problems({}, withEntry('services/risk', { name: 'b.yaml', type }))).toEqual(['services/risk/b.yaml source/not-a-regular-file']);
    expect(problems({}, withEntry('services', { name: 'growth', type }))).toEqual(['services/growth source/not-a-regular-file']);
    expect(problems({}, withEntry('services/risk', { name: 'connections', type }))).toEqual(['services/risk/connections source/not-a-regular-file']);
  });

  it('says source/unreadable-file where a listed file cannot be read', () => {
    expect(problems({}, withEntry('services/risk', { name: 'gone.yaml', type: 'file' }))).toEqual(['services/risk/gone.yaml source/unreadable-file']);
  });

  it('says source/unreadable-folder where a listed folder cannot be read, and goes on with the others', () => {
    const files = memoryFileSystem({ 'services/platform.yaml': '', 'services/growth/a.yaml': '', 'services/risk/connections/b.yaml': '' });
    const without = (unreadable: string): FileSystem => ({ ...files, list: (folder) => (folder === unreadable ? undefined : files.list(folder)) });
    expect(problems({}, without('services/growth'))).toEqual(['services/growth source/unreadable-folder']);
    expect(problems({}, without('services/risk/connections'))).toEqual(['services/risk/connections source/unreadable-folder']);
    expect(problems({}, without('services'))).toEqual(['services source/unreadable-folder']);
    expect(readSources(without('services/growth')).files.map(({ path }) => path)).toEqual([
      'services/platform.yaml',
      'services/risk/connections/b.yaml',
    ]);
  });

  it.each(['symlink', 'other', 'file'] as const)('refuses a %s in place of services/', (type) => {
    const fileSystem: FileSystem = { list: (folder) => (folder === '' ? [{ name: 'services', type }] : undefined), read: () => undefined };
    expect(problems({}, fileSystem)).toEqual(['services source/not-a-regular-file']);
  });

  it('reports names that differ in case only, and keeps the one in small letters', () => {
    const files = { 'services/risk/Fraud.yaml': '', 'services/risk/fraud.yaml': '', 'services/RISK/x.yaml': '', 'services/risk/FRAUD.yaml': '' };
    expect(problems(files)).toEqual([
      'services/RISK source/case-twins',
      'services/risk/FRAUD.yaml source/case-twins',
      'services/risk/Fraud.yaml source/case-twins',
    ]);
    expect(paths(files)).toEqual(['services/risk/fraud.yaml']);
  });

  it('takes 256 KiB and not one byte more', () => {
    expect(problems({ 'services/platform.yaml': '#'.repeat(262_144) })).toEqual([]);
    expect(problems({ 'services/platform.yaml': '#'.repeat(262_145) })).toEqual(['services/platform.yaml source/too-large']);
    // Bytes count, not characters.
    expect(problems({ 'services/platform.yaml': 'ü'.repeat(131_073) })).toEqual(['services/platform.yaml source/too-large']);
  });

  it.each([
    ['a byte that starts nothing', [0x61, 0xff], 1, 1],
    ['a sequence that is cut off', [0x61, 0x0a, 0xc3], 2, 2],
    ['an overlong sequence', [0xc0, 0xaf], 0, 1],
    ['a surrogate', [0x0a, 0x0a, 0xed, 0xa0, 0x80], 2, 3],
    ['UTF-16', [0xff, 0xfe, 0x61, 0x00], 0, 1],
    ['something after U+FFFD itself', [0xef, 0xbf, 0xbd, 0x80], 3, 1],
  ])('says where UTF-8 ends: %s', (_, bytes, offset, line) => {
    const [problem] = readSources(memoryFileSystem({ 'services/platform.yaml': new Uint8Array(bytes) })).diagnostics;
    expect(problem?.code).toBe('source/not-utf8');
    expect(problem?.message).toBe(`the file is not UTF-8: byte ${offset}, in line ${line}, belongs to no character`);
  });

  it('refuses a byte order mark', () => {
    expect(problems({ 'services/platform.yaml': '\ufeffa: 1' })).toEqual(['services/platform.yaml source/byte-order-mark']);
  });
});
