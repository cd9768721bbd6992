import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from 'vitest';
import { cli } from '../../src/cli/cli.js';
import { loadCommand } from '../../src/cli/load-command.js';
import { millrace, readFiles, temporaryFolder, writeFiles } from './command.js';
import { definitions, renamed, service, writeRepository } from './definitions.js';

const misspelt = (text: string) => text.replace('connection: data', 'connection: dat');

const misspeltText = `services/demo/scorer.yaml:18:17: error: connection "dat" is not declared [resolve/unknown-connection]
18 |     connection: dat
   |                 ^^^
   hint: did you mean "data"? this team may use: data, models, results
   help: millrace explain resolve/unknown-connection
`;

const misspeltJson = [
  {
    code: 'resolve/unknown-connection',
    severity: 'error',
    message: 'connection "dat" is not declared',
    file: 'services/demo/scorer.yaml',
    line: 18,
    column: 17,
    endLine: 18,
    endColumn: 20,
    hint: 'did you mean "data"? this team may use: data, models, results',
    docs: 'docs/diagnostics/resolve/unknown-connection.md',
    related: [],
  },
];

const wrongUsage = (message: string, hint?: string) => ({
  code: 2,
  stdout: '',
  stderr: `millrace check: ${message}\n${hint === undefined ? '' : `hint: ${hint}\n`}usage: millrace check [PATH…] [OPTION…]\nhelp: millrace help check\n`,
});

test('right definitions', () => {
  const cwd = temporaryFolder();
  writeRepository(cwd);
  expect(millrace(['check'], { cwd })).toEqual({ code: 0, stdout: '5 definitions: no problems\n', stderr: '' });
  expect(millrace(['check', '--format', 'json'], { cwd })).toEqual({ code: 0, stdout: '5 definitions: no problems\n', stderr: '[]\n' });
  expect(readFiles(cwd)).toEqual(definitions);
});

test('the root is found from a folder below it, and from elsewhere by --root', () => {
  const cwd = temporaryFolder();
  writeRepository(cwd);
  mkdirSync(join(cwd, 'notes/deep'), { recursive: true });
  const clean = { code: 0, stdout: '5 definitions: no problems\n', stderr: '' };
  expect(millrace(['check'], { cwd: join(cwd, 'notes/deep') })).toEqual(clean);
  expect(millrace(['check', '--root', cwd], { cwd: temporaryFolder() })).toEqual(clean);
  expect(millrace(['--root', '../..', 'check'], { cwd: join(cwd, 'notes/deep') })).toEqual(clean);
});

describe('a problem', () => {
  test('is shown where it is', () => {
    const cwd = temporaryFolder();
    writeRepository(cwd, { [service]: misspelt });
    expect(millrace(['check'], { cwd })).toEqual({ code: 1, stdout: '5 definitions: 1 error\n', stderr: misspeltText });
    // Where it is does not depend on where the command was given.
    expect(millrace(['check'], { cwd: join(cwd, 'services/demo') })).toEqual({ code: 1, stdout: '5 definitions: 1 error\n', stderr: misspeltText });
  });

  test('is data with --format json', () => {
    const cwd = temporaryFolder();
    writeRepository(cwd, { [service]: misspelt });
    const { code, stdout, stderr } = millrace(['check', '--format', 'json'], { cwd });
    expect({ code, stdout }).toEqual({ code: 1, stdout: '5 definitions: 1 error\n' });
    expect(JSON.parse(stderr)).toEqual(misspeltJson);
  });

  test('is shown for its file and folders, and only counted for others', () => {
    const cwd = temporaryFolder();
    writeRepository(cwd, { [service]: misspelt });
    for (const paths of [[service], ['services/demo/'], ['.'], ['services/connections', service], [join(cwd, 'services')]]) {
      expect(millrace(['check', ...paths], { cwd })).toMatchObject({ code: 1, stderr: misspeltText });
    }
    expect(millrace(['check', 'services/connections'], { cwd })).toEqual({
      code: 1,
      stdout: '3 definitions: no problems; elsewhere 1 error\n',
      stderr: '',
    });
    expect(millrace(['check', 'scorer.yaml'], { cwd: join(cwd, 'services/demo') })).toEqual({
      code: 1,
      stdout: '1 definition: 1 error\n',
      stderr: misspeltText,
    });
  });

  test('belongs to both places that it names', () => {
    const cwd = temporaryFolder();
    writeRepository(cwd);
    const twin = renamed('twin').replace('spec:', 'spec:\n  serviceId: scorer');
    writeFiles(cwd, { 'services/demo/twin.yaml': twin });
    const all = millrace(['check'], { cwd });
    expect(all).toMatchObject({ code: 1, stdout: '6 definitions: 1 error\n' });
    for (const path of [service, 'services/demo/twin.yaml']) {
      expect(millrace(['check', path], { cwd })).toEqual({ code: 1, stdout: '1 definition: 1 error\n', stderr: all.stderr });
    }
  });
});

test('all problems of all files come in one run', () => {
  const cwd = temporaryFolder();
  writeRepository(cwd, {
    [service]: (text) => misspelt(text).replace('cpu: 500m', 'cpu: 0.5'),
    'services/connections/models.yaml': (text) => text.replace('type: s3', 'type: s4'),
    'services/platform.yaml': (text) => text.replace('requireDigests', 'requiredDigests'),
  });
  writeFiles(cwd, { 'services/demo/broken.yaml': 'a: [1' });
  const { code, stderr } = millrace(['check'], { cwd });
  expect(code).toBe(1);
  const places = [...stderr.matchAll(/^(services\S+?):\d+:\d+: error: .* \[(.*)\]$/gm)].map(
    ([, file, problem]) => `${String(file)} ${String(problem)}`,
  );
  expect(places).toEqual([
    'services/connections/models.yaml input/not-one-of',
    'services/demo/broken.yaml source/unclosed-bracket',
    // A wrong shape does not hide what else is wrong in its file.
    `${service} resolve/unknown-connection`,
    `${service} input/wrong-type`,
    'services/platform.yaml input/unknown-field',
  ]);
});

describe('colours', () => {
  const run = async (...args: readonly string[]) => {
    const cwd = temporaryFolder();
    writeRepository(cwd, { [service]: misspelt });
    let stderr = '';
    const code = await cli(
      ['check', ...args],
      { stdout: () => undefined, stderr: (text) => void (stderr += text), cwd, env: {}, color: true },
      loadCommand,
    );
    return { code, stderr };
  };

  test('mark a problem on a terminal', async () => {
    const { code, stderr } = await run();
    expect(code).toBe(1);
    expect(stderr).not.toBe(misspeltText);
    expect(stripVTControlCharacters(stderr)).toBe(misspeltText);
  });

  test('are left out with --no-color', async () => {
    expect(await run('--no-color')).toEqual({ code: 1, stderr: misspeltText });
  });
});

describe('wrong usage', () => {
  test('outside of a repository', () => {
    const message = 'no services/platform.yaml in this folder or above it';
    const hint = 'name the repository with --root DIR, or make one with npx millrace init DIR';
    expect(millrace(['check'], { cwd: temporaryFolder() })).toEqual(wrongUsage(message, hint));
  });

  test('a root or a path that does not exist, or lies elsewhere', () => {
    const cwd = temporaryFolder();
    writeRepository(cwd);
    const elsewhere = temporaryFolder();
    expect(millrace(['check', '--root', 'nowhere'], { cwd })).toEqual(wrongUsage('--root nowhere: there is no such folder'));
    expect(millrace(['check', '--root', 'services/platform.yaml'], { cwd })).toEqual(
      wrongUsage('--root services/platform.yaml: there is no such folder'),
    );
    expect(millrace(['check', 'services/demo/scorers.yaml'], { cwd })).toEqual(
      wrongUsage('services/demo/scorers.yaml: there is no such file or folder'),
    );
    expect(millrace(['check', elsewhere], { cwd })).toEqual(wrongUsage(`${elsewhere} is not in the repository ${cwd}`));
  });

  test('options', () => {
    expect(millrace(['check', '--format', 'xml'])).toEqual(wrongUsage('unknown format "xml"', 'formats: text, json, github, sarif'));
    expect(millrace(['check', '--format', 'jsn'])).toEqual(wrongUsage('unknown format "jsn"', 'did you mean json?'));
    expect(millrace(['check', '--fromat', 'json'])).toEqual(wrongUsage('unknown option --fromat', 'did you mean --format?'));
    expect(millrace(['check', '--root'])).toEqual(wrongUsage('--root needs a value'));
  });
});

test('a given root without definitions is a problem of the input, not of usage', () => {
  const { code, stdout, stderr } = millrace(['check', '--root', temporaryFolder()]);
  expect({ code, stdout }).toEqual({ code: 1, stdout: '0 definitions: 1 error\n' });
  expect(stderr).toMatch(/^error: .* \[[a-z]+\/[a-z-]+\]\n/);
});

test('a platform file with the other ending', () => {
  const folder = temporaryFolder();
  writeFiles(folder, { 'services/platform.yml': '' });
  const expected = wrongUsage('no services/platform.yaml in this folder or above it', 'rename services/platform.yml to services/platform.yaml');
  expect(millrace(['check'], { cwd: folder })).toEqual(expected);
  const { code, stderr } = millrace(['check', '--root', folder]);
  expect(code).toBe(1);
  expect(stderr).toContain('services/platform.yml');
  expect(stderr).toContain('hint: rename it to "platform.yaml"');
});

test('a root that is reached through a link', () => {
  const folder = temporaryFolder();
  writeRepository(join(folder, 'real'), { [service]: misspelt });
  symlinkSync('real', join(folder, 'link'));
  const outcome = { code: 1, stdout: '1 definition: 1 error\n', stderr: misspeltText };
  expect(millrace(['check', '--root', 'link', `link/${service}`], { cwd: folder })).toEqual(outcome);
  expect(millrace(['check', '--root', 'real', `link/${service}`], { cwd: folder })).toEqual(outcome);
});

test('says what a cluster would not take, as synth does', () => {
  const folder = temporaryFolder();
  const large = (text: string) =>
    `${text}  retries: 10\n  env:\n${Array.from({ length: 40 }, (_, n) => `    TEXT_${String(n)}: ${'x'.repeat(4000)}\n`).join('')}`;
  writeRepository(folder, { [service]: large });
  for (const command of ['check', 'synth']) {
    const { code, stderr } = millrace([command], { cwd: folder });
    expect([code, stderr.match(/\[[a-z]+\/[a-z-]+\]/g)], command).toEqual([1, ['[manifests/run-too-large]']]);
    expect(stderr).toContain('env takes 1,');
  }
});
