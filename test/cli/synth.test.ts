import { existsSync, mkdirSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { millrace, readFiles, temporaryFolder, writeFiles } from './command.js';
import { definitions, renamed, service, writeRepository } from './definitions.js';

const wrongUsage = (message: string, hint?: string) => ({
  code: 2,
  stdout: '',
  stderr: `millrace synth: ${message}\n${hint === undefined ? '' : `hint: ${hint}\n`}usage: millrace synth [--check] [OPTION…]\nhelp: millrace help synth\n`,
});

const fresh = `written  dist/cluster/platform.yaml
written  dist/demo/platform.yaml
written  dist/demo/scorer.yaml
dist/: 3 written, 0 removed, 0 unchanged
`;

/** A repository with five services whose output is there. */
function synthesized(): string {
  const cwd = temporaryFolder();
  writeRepository(cwd);
  for (const name of ['a', 'b', 'c', 'd']) writeFiles(cwd, { [`services/demo/${name}.yaml`]: renamed(name) });
  expect(millrace(['synth'], { cwd }).code).toBe(0);
  return cwd;
}

const dist = (cwd: string) => readFiles(join(cwd, 'dist'));

test('writes the output once, and then nothing', () => {
  const cwd = temporaryFolder();
  writeRepository(cwd);
  expect(millrace(['synth'], { cwd })).toEqual({ code: 0, stdout: fresh, stderr: '' });
  const files = dist(cwd);
  expect(Object.keys(files)).toEqual(['cluster/platform.yaml', 'demo/platform.yaml', 'demo/scorer.yaml']);
  expect(files['demo/scorer.yaml']).toMatch(/^# millrace 1 source=services\/demo\/scorer\.yaml sha256=[0-9a-f]{64}\n/);
  const { mtimeNs } = statSync(join(cwd, 'dist/demo/scorer.yaml'), { bigint: true });

  expect(millrace(['synth', '--format', 'json'], { cwd })).toEqual({
    code: 0,
    stdout: 'dist/: 0 written, 0 removed, 3 unchanged\n',
    stderr: '[]\n',
  });
  expect(statSync(join(cwd, 'dist/demo/scorer.yaml'), { bigint: true }).mtimeNs).toBe(mtimeNs);
  expect(Object.keys(readFiles(cwd)).filter((path) => !path.startsWith('dist/'))).toEqual(Object.keys(definitions).sort());
});

test('says what it replaces and removes', () => {
  const cwd = synthesized();
  rmSync(join(cwd, 'services/demo/b.yaml'));
  writeFiles(cwd, { 'services/demo/c.yaml': renamed('c').replace('Scores rows', 'Scores lines') });
  expect(millrace(['synth'], { cwd })).toEqual({
    code: 0,
    stdout: 'written  dist/demo/c.yaml\nremoved  dist/demo/b.yaml\ndist/: 1 written, 1 removed, 5 unchanged\n',
    stderr: '',
  });
});

test('the output of any folder stands in the repository; --out counts from here', () => {
  const cwd = temporaryFolder();
  writeRepository(cwd);
  const below = join(cwd, 'services/demo');
  expect(millrace(['synth'], { cwd: below })).toEqual({ code: 0, stdout: fresh.replaceAll('dist/', '../../dist/'), stderr: '' });
  mkdirSync(join(cwd, 'other'));
  expect(millrace(['synth', '--out', 'made'], { cwd: join(cwd, 'other') })).toEqual({
    code: 0,
    stdout: fresh.replaceAll('dist/', 'made/'),
    stderr: '',
  });
  expect(readFiles(join(cwd, 'other/made'))).toEqual(dist(cwd));
});

test('any error means that nothing is written', () => {
  const cwd = synthesized();
  const before = dist(cwd);
  writeFiles(cwd, {
    [service]: String(definitions[service]).replace('connection: data', 'connection: dat'),
    'services/demo/new.yaml': renamed('new'),
  });
  const outcome = {
    code: 1,
    stdout: '',
    stderr: `services/demo/scorer.yaml:18:17: error: connection "dat" is not declared [resolve/unknown-connection]
18 |     connection: dat
   |                 ^^^
   hint: did you mean "data"? this team may use: data, models, results
   help: millrace explain resolve/unknown-connection
`,
  };
  expect(millrace(['synth'], { cwd })).toEqual(outcome);
  expect(millrace(['synth', '--check'], { cwd })).toEqual(outcome);
  expect(dist(cwd)).toEqual(before);
});

describe('--check', () => {
  test('changes nothing and lists what differs', () => {
    const cwd = synthesized();
    const before = dist(cwd);
    expect(millrace(['synth', '--check'], { cwd })).toEqual({ code: 0, stdout: 'dist/ is up to date: 7 files\n', stderr: '' });
    for (const name of ['a', 'b']) rmSync(join(cwd, `services/demo/${name}.yaml`));
    writeFiles(cwd, { 'services/demo/c.yaml': renamed('c').replace('Scores rows', 'Scores lines'), 'services/demo/e.yaml': renamed('e') });
    expect(millrace(['synth', '--check'], { cwd })).toEqual({
      code: 1,
      stdout: `different  dist/demo/c.yaml
missing    dist/demo/e.yaml
surplus    dist/demo/a.yaml
surplus    dist/demo/b.yaml
dist/ is not what the definitions compile to: run npx millrace synth
`,
      stderr: '',
    });
    expect(dist(cwd)).toEqual(before);
  });

  test('tells of a folder in place of a file as synth does', () => {
    const cwd = synthesized();
    rmSync(join(cwd, 'dist/demo/c.yaml'));
    mkdirSync(join(cwd, 'dist/demo/c.yaml'));
    const { code, stdout, stderr } = millrace(['synth', '--check'], { cwd });
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain('error: dist/demo/c.yaml is a folder, and only regular files belong in the output [emit/not-a-file]');
    expect(millrace(['synth'], { cwd })).toEqual({ code, stdout, stderr });
  });

  test('before the first synth', () => {
    const cwd = temporaryFolder();
    writeRepository(cwd);
    expect(millrace(['synth', '--check'], { cwd })).toEqual({
      code: 1,
      stdout: `missing    dist/cluster/platform.yaml
missing    dist/demo/platform.yaml
missing    dist/demo/scorer.yaml
dist/ is not what the definitions compile to: run npx millrace synth
`,
      stderr: '',
    });
    expect(readFiles(cwd)).toEqual(definitions);
  });

  test('refuses a manifest that millrace did not write, and tells what differs all the same', () => {
    const cwd = synthesized();
    writeFiles(cwd, { 'dist/demo/mine.yaml': 'kind: Secret\n', 'dist/notes.txt': 'mine\n' });
    const refused = millrace(['synth', '--check'], { cwd });
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr)
      .toBe(`error: dist/demo/mine.yaml was not written by millrace, and a GitOps engine would apply it with what was [emit/foreign-manifest]
   hint: move it to a folder of your own, and sync that too, or remove it
   help: millrace explain emit/foreign-manifest

warning: dist/notes.txt was not written by millrace, and is left alone [emit/foreign-file]
   hint: move it elsewhere: what is synced from this folder should all come from the definitions
   help: millrace explain emit/foreign-file
`);
    rmSync(join(cwd, 'services/demo/a.yaml'));
    expect(millrace(['synth', '--check'], { cwd })).toMatchObject({
      code: 1,
      stdout: 'surplus    dist/demo/a.yaml\ndist/ is not what the definitions compile to: run npx millrace synth\n',
    });
    // Synth does what the definitions say, whatever stands beside it.
    expect(millrace(['synth'], { cwd })).toMatchObject({ code: 0, stdout: 'removed  dist/demo/a.yaml\ndist/: 0 written, 1 removed, 6 unchanged\n' });
    rmSync(join(cwd, 'dist/demo/mine.yaml'));
    expect(millrace(['synth', '--check'], { cwd })).toMatchObject({ code: 0, stdout: 'dist/ is up to date: 6 files\n' });
  });

  test('refuses a file that was edited', () => {
    const cwd = synthesized();
    writeFiles(cwd, { 'dist/demo/a.yaml': `${String(dist(cwd)['demo/a.yaml'])}# mine\n` });
    const { code, stdout, stderr } = millrace(['synth', '--check'], { cwd });
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^error: dist\/demo\/a\.yaml was edited after millrace wrote it \[emit\/hand-edited\]\n/);
  });
});

test('a file of someone else is left alone and reported', () => {
  const cwd = synthesized();
  writeFiles(cwd, { 'dist/notes.txt': 'mine\n' });
  const { code, stdout, stderr } = millrace(['synth'], { cwd });
  expect({ code, stdout }).toEqual({ code: 0, stdout: 'dist/: 0 written, 0 removed, 7 unchanged\n' });
  expect(stderr).toMatch(/^warning: dist\/notes\.txt was not written by millrace, and is left alone \[emit\/foreign-file\]\n/);
  expect(dist(cwd)['notes.txt']).toBe('mine\n');
});

test('many removals and an empty result need a flag', () => {
  const cwd = synthesized();
  const before = dist(cwd);
  for (const name of ['a', 'b', 'c']) rmSync(join(cwd, `services/demo/${name}.yaml`));
  const refused = millrace(['synth'], { cwd });
  expect(refused).toMatchObject({ code: 1, stdout: '' });
  expect(refused.stderr).toContain('[emit/many-removals]\n   hint: if that is meant, give --allow-removals\n');
  expect(dist(cwd)).toEqual(before);
  expect(millrace(['synth', '--allow-removals'], { cwd })).toEqual({
    code: 0,
    stdout: 'removed  dist/demo/a.yaml\nremoved  dist/demo/b.yaml\nremoved  dist/demo/c.yaml\ndist/: 0 written, 3 removed, 4 unchanged\n',
    stderr: '',
  });
});

describe('an output folder that cannot be', () => {
  test('a file or a link in its place is a problem, and stays', () => {
    const cwd = temporaryFolder();
    writeRepository(cwd);
    writeFiles(cwd, { taken: 'mine\n' });
    const elsewhere = temporaryFolder();
    symlinkSync(elsewhere, join(cwd, 'dist'));
    for (const args of [['synth'], ['synth', '--out', 'taken'], ['synth', '--out', 'taken/below'], ['synth', '--check']]) {
      const { code, stdout, stderr } = millrace(args, { cwd });
      expect({ args, code, stdout }).toEqual({ args, code: 1, stdout: '' });
      expect(stderr).toMatch(/^error: .* \[emit\/[a-z-]+\]\n/);
    }
    expect(readFiles(elsewhere)).toEqual({});
    expect(readFiles(cwd)).toEqual({ ...definitions, taken: 'mine\n' });
  });

  test.runIf(existsSync('/proc/self'))('a file system that makes no folders is told at once', () => {
    const cwd = temporaryFolder();
    writeRepository(cwd);
    for (const out of ['/proc/none', '/proc/none/below', '/dev/fd/none']) {
      const { code, stdout, stderr } = millrace(['synth', '--out', out], { cwd });
      expect({ out, code, stdout }).toEqual({ out, code: 1, stdout: '' });
      expect(stderr).toMatch(/^error: \S+ cannot be written: no such file or directory \(ENOENT\); \S+ is as it was \[emit\/cannot-write\]\n/);
    }
  });

  test('the repository, what is above it, and services/ are wrong usage', () => {
    const cwd = temporaryFolder();
    writeRepository(cwd);
    const message = (out: string) => wrongUsage(`--out ${out}: the output needs a folder of its own, outside of services/`);
    for (const out of ['.', '..', '/', 'services', 'services/demo/dist', cwd])
      expect(millrace(['synth', '--out', out], { cwd })).toEqual(message(out));
    expect(readFiles(cwd)).toEqual(definitions);
  });
});

test('wrong usage', () => {
  expect(millrace(['synth', 'services'])).toEqual(wrongUsage('"services" was not expected: this command takes options only'));
  expect(millrace(['synth', '--format', 'yaml'])).toEqual(wrongUsage('unknown format "yaml"', 'formats: text, json, github, sarif'));
  expect(millrace(['synth', '--allow-removal'])).toEqual(wrongUsage('unknown option --allow-removal', 'did you mean --allow-removals?'));
  expect(millrace(['synth'], { cwd: temporaryFolder() })).toEqual(
    wrongUsage('no services/platform.yaml in this folder or above it', 'name the repository with --root DIR, or make one with npx millrace init DIR'),
  );
});
