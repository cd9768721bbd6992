import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { millrace, packageRoot, readFiles, temporaryFolder, type Outcome } from './command.js';

/** The definitions of this repository in a folder of their own, with its cdk8s.yaml. */
function repository(): string {
  const folder = temporaryFolder();
  cpSync(join(packageRoot, 'services'), join(folder, 'services'), { recursive: true });
  const config = readFileSync(join(packageRoot, 'cdk8s.yaml'), 'utf8');
  expect(config).toContain('app: node lib/main.js\n');
  writeFileSync(join(folder, 'cdk8s.yaml'), config.replace('node lib/main.js', `node ${JSON.stringify(join(packageRoot, 'lib/main.js'))}`));
  return folder;
}

function run(program: string, args: readonly string[], folder: string): Outcome {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(packageRoot, program), ...args], {
    cwd: folder,
    env: { PATH: process.env['PATH'] ?? '', HOME: folder, CDK8S_CHECK_UPGRADE: 'false' },
    encoding: 'utf8',
    timeout: 60_000,
    maxBuffer: 1 << 26,
  });
  return { code: status, stdout, stderr };
}
const cdk8sSynth = (folder: string, ...args: string[]): Outcome => run('node_modules/cdk8s-cli/bin/cdk8s', ['synth', ...args], folder);

function breakDefinition(folder: string): void {
  const path = join(folder, 'services/risk/fraud-scorer.yaml');
  writeFileSync(path, readFileSync(path, 'utf8').replace('spec:\n', 'spec:\n  onwer: me\n'));
}

const problem = 'input/unknown-field';
const wanted = (() => {
  let files: Readonly<Record<string, string>> | undefined;
  return (): Readonly<Record<string, string>> => {
    if (files) return files;
    const folder = repository();
    expect(millrace(['synth'], { cwd: folder })).toMatchObject({ code: 0 });
    return (files = readFiles(join(folder, 'dist')));
  };
})();
const changeTimes = (folder: string): unknown => Object.keys(readFiles(folder)).map((path) => statSync(join(folder, path)).ctimeMs);

describe('the app', () => {
  it('says in one line that its folder is gone', () => {
    const script = 'cd "$0" && rmdir "$0" && exec "$1" "$2"';
    const { status, stdout, stderr } = spawnSync('sh', ['-c', script, temporaryFolder(), process.execPath, join(packageRoot, 'lib/main.js')], {
      encoding: 'utf8',
    });
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(/^millrace: this folder cannot be used: ENOENT: .*\n$/);
  });
});

describe('cdk8s synth', () => {
  it('writes the bytes that millrace synth writes, to dist/ and to its output folder', () => {
    const folder = repository();
    const { code, stdout, stderr } = cdk8sSynth(folder);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(Object.keys(wanted()).length).toBeGreaterThan(5);
    expect(readFiles(join(folder, 'dist'))).toEqual(wanted());
    expect(readFiles(join(folder, '.cdk8s-out'))).toEqual(wanted());
    expect(stdout.match(/^ {2}- \.cdk8s-out\/.*$/gm)).toHaveLength(Object.keys(wanted()).length);
    expect(readdirSync(folder).sort()).toEqual(['.cdk8s-out', 'cdk8s.yaml', 'dist', 'services']);
    // A second run finds all of it in place.
    const times = changeTimes(join(folder, 'dist'));
    expect(cdk8sSynth(folder).code).toBe(0);
    expect(changeTimes(join(folder, 'dist'))).toEqual(times);
  });

  it('fails with the diagnostics and leaves dist/ as it was when a definition has an error', () => {
    const folder = repository();
    cdk8sSynth(folder);
    const times = changeTimes(join(folder, 'dist'));
    breakDefinition(folder);
    for (const args of [[], ['-p'], ['-o', 'other']]) {
      const { code, stdout, stderr } = cdk8sSynth(folder, ...args);
      expect(code).not.toBe(0);
      expect(stderr).toContain(`[${problem}]`);
      expect(stderr).toContain('non-zero exit code 1');
      expect(stdout).not.toContain('apiVersion');
      expect(readFiles(join(folder, 'dist'))).toEqual(wanted());
      expect(changeTimes(join(folder, 'dist'))).toEqual(times);
      expect(existsSync(join(folder, 'other'))).toBe(false);
    }
  });

  it('fails and leaves dist/ as it was when someone edited it', () => {
    const folder = repository();
    cdk8sSynth(folder);
    writeFileSync(join(folder, 'dist/risk/fraud-scorer.yaml'), `${wanted()['risk/fraud-scorer.yaml']}# mine\n`);
    const tree = readFiles(join(folder, 'dist'));
    const { code, stderr } = cdk8sSynth(folder);
    expect(code).not.toBe(0);
    expect(stderr).toContain('error: dist/risk/fraud-scorer.yaml was edited after millrace wrote it [emit/hand-edited]');
    expect(readFiles(join(folder, 'dist'))).toEqual(tree);
  });

  it('-p prints every object once, in the order of the files, and touches no folder', () => {
    const folder = repository();
    const { code, stdout, stderr } = cdk8sSynth(folder, '-p');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toBe(Object.values(wanted()).join('---\n'));
    const objects = Object.values(wanted()).map((text) => parseAllDocuments(text).length);
    expect(parseAllDocuments(stdout)).toHaveLength(objects.reduce((sum, count) => sum + count, 0));
    expect(readdirSync(folder).sort()).toEqual(['cdk8s.yaml', 'services']);
  });

  it('-o writes only there', () => {
    const folder = repository();
    expect(cdk8sSynth(folder, '-o', 'other')).toMatchObject({ code: 0, stderr: '' });
    expect(readFiles(join(folder, 'other'))).toEqual(wanted());
    expect(readdirSync(folder).sort()).toEqual(['cdk8s.yaml', 'other', 'services']);
  });

  it('-o dist writes dist/, which the CLI has emptied by then', () => {
    const folder = repository();
    expect(cdk8sSynth(folder, '-o', 'dist')).toMatchObject({ code: 0, stderr: '' });
    expect(readFiles(join(folder, 'dist'))).toEqual(wanted());
    expect(readdirSync(folder).sort()).toEqual(['cdk8s.yaml', 'dist', 'services']);
  });
});

it('the app alone writes dist/', () => {
  const folder = repository();
  expect(run('lib/main.js', [], folder)).toEqual({ code: 0, stdout: '', stderr: '' });
  expect(readFiles(join(folder, 'dist'))).toEqual(wanted());
});

it('the app alone reports warnings too, and exits with 1 for errors', () => {
  const folder = repository();
  run('lib/main.js', [], folder);
  writeFileSync(join(folder, 'dist/notes.txt'), 'mine');
  expect(run('lib/main.js', [], folder)).toMatchObject({ code: 0, stderr: expect.stringContaining('[emit/foreign-file]') });
  breakDefinition(folder);
  expect(run('lib/main.js', [], folder)).toMatchObject({ code: 1, stderr: expect.stringContaining(`[${problem}]`) });
});
