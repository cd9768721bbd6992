import { existsSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { millrace, packageRoot, readFiles, temporaryFolder, writeFiles } from './command.js';

const { version } = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8'));

const written = [
  '.gitattributes',
  '.github/workflows/millrace.yaml',
  '.gitignore',
  'CODEOWNERS',
  'README.md',
  'example/predictor.py',
  'example/store/data/scorer/in/request-1.json',
  'example/store/models/scorer/1/model.json',
  'services/connections/data.yaml',
  'services/connections/models.yaml',
  'services/connections/results.yaml',
  'services/demo/scorer.yaml',
  'services/platform.yaml',
];

const report = (next: string) => `${written.map((path) => `written  ${path}\n`).join('')}\nnext:\n${next}`;

const wrongUsage = (message: string, hint?: string) => ({
  code: 2,
  stdout: '',
  stderr: `millrace init: ${message}\n${hint === undefined ? '' : `hint: ${hint}\n`}usage: millrace init [DIR]\nhelp: millrace help init\n`,
});

test('makes a repository in a new folder', () => {
  const cwd = temporaryFolder();
  expect(millrace(['init', 'a/services-repo'], { cwd })).toEqual({
    code: 0,
    stdout: report('  cd a/services-repo\n  npx millrace synth\n'),
    stderr: '',
  });
  const files = readFiles(join(cwd, 'a/services-repo'));
  expect(Object.keys(files).sort()).toEqual(written);
  // The version that made it is the version that checks it.
  expect(files['.github/workflows/millrace.yaml']).toContain(`npx --yes millrace@${String(version)} synth --check\n`);
  expect(Object.values(files).filter((text) => text.includes('__MILLRACE'))).toEqual([]);
  expect(files['services/demo/scorer.yaml']).toBe(readFileSync(join(packageRoot, 'scaffold/services/demo/scorer.yaml'), 'utf8'));
});

test('has fields to switch on, which compile together as they stand', () => {
  const cwd = temporaryFolder();
  expect(millrace(['init'], { cwd }).code).toBe(0);
  const files = ['services/platform.yaml', 'services/demo/scorer.yaml'];
  const before = readFiles(cwd);
  const on = Object.fromEntries(files.map((file) => [file, (before[file] ?? '').replace(/^( *)#(?! \S)/gm, '$1')]));
  expect(Object.values(on).join('\n')).not.toMatch(/^ *#(?! [A-Z])/m);
  for (const field of ['quota', 'tls', 'network', 'cleanup']) expect(on['services/platform.yaml']).toMatch(new RegExp(`^ +${field}:$`, 'm'));
  for (const field of ['schedules', 'events']) expect(on['services/demo/scorer.yaml']).toMatch(new RegExp(`^ +${field}:$`, 'm'));
  writeFiles(cwd, Object.fromEntries(Object.entries(on)));
  expect(millrace(['check'], { cwd })).toEqual({ code: 0, stdout: expect.any(String) as string, stderr: '' });
  expect(millrace(['synth'], { cwd }).code).toBe(0);
  expect(readFiles(cwd)['dist/demo/scorer.yaml']).toContain('scorer--nightly');
});

test('the workflow asks for nothing that it does not need, and pins what it uses', () => {
  const workflow = readFileSync(join(packageRoot, 'scaffold/dot-github/workflows/millrace.yaml'), 'utf8');
  expect(workflow).toMatch(/^permissions: \{\}$/m);
  for (const [, reference] of workflow.matchAll(/uses: (.*)/g)) expect(reference).toMatch(/^[\w/-]+@[0-9a-f]{40} # v[\d.]+$/);
});

test('fills this folder, beside files that it does not write', () => {
  const cwd = temporaryFolder();
  writeFiles(cwd, { '.git/HEAD': 'ref: refs/heads/main\n', LICENSE: 'none\n', 'services/demo/notes.txt': 'mine\n' });
  expect(millrace(['init'], { cwd })).toEqual({ code: 0, stdout: report('  npx millrace synth\n'), stderr: '' });
  expect(readFiles(cwd)).toMatchObject({ LICENSE: 'none\n', 'services/demo/notes.txt': 'mine\n' });
});

test('leaves a folder alone that holds one of its files', () => {
  const cwd = temporaryFolder();
  const mine = { CODEOWNERS: 'mine\n', 'services/platform.yaml': 'kind: Platform\n' };
  writeFiles(cwd, mine);
  expect(millrace(['init', '.'], { cwd })).toEqual(
    wrongUsage('. holds already: CODEOWNERS, services/platform.yaml', 'choose another folder; nothing was written'),
  );
  expect(readFiles(cwd)).toEqual(mine);
});

test('fills a repository that has its own README and .gitignore, and keeps them', () => {
  const cwd = temporaryFolder();
  const mine = { 'README.md': 'mine\n', '.gitignore': 'node_modules/\n*.pyc\n', LICENSE: 'none\n', '.git/HEAD': 'ref: refs/heads/main\n' };
  writeFiles(cwd, mine);
  const { code, stdout, stderr } = millrace(['init'], { cwd });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toContain(
    'kept     .gitignore, which was there; add to it: .cdk8s-out/ .millrace.stage/ .millrace-run/ example/store/results/\nkept     README.md, which was there\n',
  );
  expect(stdout).not.toContain('written  README.md');
  expect(readFiles(cwd)).toMatchObject(mine);
  expect(millrace(['check'], { cwd }).code).toBe(0);
});

test('keeps nothing but a file', () => {
  const cwd = temporaryFolder();
  writeFiles(cwd, { 'README.md/x': '' });
  expect(millrace(['init'], { cwd })).toEqual(wrongUsage('. holds already: README.md', 'choose another folder; nothing was written'));
});

test('an empty folder name is wrong usage', () => {
  expect(millrace(['init', ''])).toEqual(wrongUsage('DIR is empty', 'leave it out for this folder'));
});

test('the platform team owns what is synced, and git keeps the ends of lines', () => {
  const scaffold = (path: string) => readFileSync(join(packageRoot, 'scaffold', path), 'utf8');
  expect(scaffold('CODEOWNERS').trimEnd().split('\n').at(-1)).toMatch(/^\/dist\/ +@example\/platform$/);
  expect(scaffold('dot-gitattributes')).toMatch(/^services\/\*\* text eol=lf$/m);
});

test('never writes through a link or into what is no folder', () => {
  const cwd = temporaryFolder();
  const elsewhere = temporaryFolder();
  symlinkSync(elsewhere, join(cwd, 'services'));
  writeFiles(cwd, { example: 'a file\n' });
  expect(millrace(['init'], { cwd })).toEqual(wrongUsage('. holds already: example, services', 'choose another folder; nothing was written'));
  expect(readdirSync(elsewhere)).toEqual([]);
  expect(millrace(['init', 'example'], { cwd })).toEqual(wrongUsage('example is no folder'));
});

test('a folder that cannot be made is wrong usage, and nothing is left behind', () => {
  const cwd = temporaryFolder();
  writeFiles(cwd, { taken: 'a file\n' });
  const { code, stdout, stderr } = millrace(['init', 'taken/repository'], { cwd });
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(/^millrace init: cannot write there: ENOTDIR: .*\nhint: nothing was left behind\n/);
  expect(readFiles(cwd)).toEqual({ taken: 'a file\n' });
});

// Node's own mkdir never ends there.
test.runIf(existsSync('/proc/self'))('a file system that makes no folders is told at once', () => {
  for (const folder of ['/proc/none', '/dev/fd/none/below']) {
    const { code, stdout, stderr } = millrace(['init', folder]);
    expect({ folder, code, stdout }).toEqual({ folder, code: 2, stdout: '' });
    expect(stderr).toMatch(/^millrace init: cannot write there: ENOENT: .*\nhint: nothing was left behind\n/);
  }
});

test('takes one folder and no --root', () => {
  expect(millrace(['init', 'a', 'b'])).toEqual(wrongUsage('"b" is one DIR too many'));
  expect(millrace(['init', '--root', 'a'])).toEqual(wrongUsage('unknown option --root', 'options: --no-color'));
});

test('what it makes compiles as it is, and twice to the same', () => {
  const cwd = temporaryFolder();
  expect(millrace(['init', 'new'], { cwd }).code).toBe(0);
  const made = { cwd: join(cwd, 'new') };
  expect(millrace(['check'], made)).toEqual({ code: 0, stdout: '5 definitions: no problems\n', stderr: '' });
  expect(millrace(['synth'], made)).toEqual({
    code: 0,
    stdout: `written  dist/cluster/platform.yaml
written  dist/demo/platform.yaml
written  dist/demo/scorer.yaml
dist/: 3 written, 0 removed, 0 unchanged
`,
    stderr: '',
  });
  expect(millrace(['synth'], made)).toEqual({ code: 0, stdout: 'dist/: 0 written, 0 removed, 3 unchanged\n', stderr: '' });
  expect(millrace(['synth', '--check'], made)).toEqual({ code: 0, stdout: 'dist/ is up to date: 3 files\n', stderr: '' });
});
