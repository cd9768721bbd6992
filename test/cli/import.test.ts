import { mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { canary, connection, job, platform, service } from '../support/odahu.js';
import { millrace, readFiles, temporaryFolder, writeFiles } from './command.js';

const documents = {
  'odahu/connection.yaml': connection({ keySecret: Buffer.from(canary).toString('base64') }),
  'odahu/service.yaml': service(),
  'odahu/job.yaml': job(),
};
const files = Object.keys(documents);

function repository(more: Readonly<Record<string, string>> = {}): string {
  const cwd = temporaryFolder();
  writeFiles(cwd, { 'services/platform.yaml': platform, ...documents, ...more });
  return cwd;
}

test('writes the definitions, says what it decided, and how to make the Secrets', () => {
  const cwd = repository();
  expect(millrace(['import', 'odahu', ...files, '--team', 'risk'], { cwd })).toEqual({
    code: 0,
    stdout: `written  jobs/job.json
written  services/connections/store.yaml
written  services/risk/scorer.yaml
changed  services/platform.yaml

decided:
- team risk was added to services/platform.yaml, with its registries and without ceilings: set them

the keys were not copied; make the Secrets, each FILE with one value and nothing else:
  kubectl create secret generic store --namespace risk --from-file=access_key_id=FILE --from-file=secret_access_key=FILE

the definitions now have no problems
`,
    stderr: '',
  });
  expect(millrace(['synth'], { cwd }).code).toBe(0);
  const after = readFiles(cwd);
  for (const [path, text] of Object.entries(after)) if (!path.startsWith('odahu/')) expect(text).not.toContain(canary);
});

test('a repository as init makes it takes an import', () => {
  const cwd = temporaryFolder();
  expect(millrace(['init'], { cwd }).code).toBe(0);
  writeFiles(cwd, documents);
  expect(millrace(['import', 'odahu', ...files, '--team', 'risk'], { cwd })).toMatchObject({ code: 0, stderr: '' });
  expect(millrace(['synth'], { cwd }).code).toBe(0);
});

test('a byte order mark, as programs on Windows write it, is no problem', () => {
  const cwd = repository(Object.fromEntries(Object.entries(documents).map(([path, text]) => [path, `\ufeff${text.replace(/\n/g, '\r\n')}`])));
  expect(millrace(['import', 'odahu', ...files, '--team', 'risk'], { cwd })).toMatchObject({ code: 0, stderr: '' });
  expect(millrace(['synth'], { cwd }).code).toBe(0);
});

test('what is left out makes the exit code 1, in every format', () => {
  const cwd = repository({ 'odahu/git.yaml': connection({ id: 'git', type: 'git', uri: 'git@example.com:a/b.git' }) });
  const { code, stderr, stdout } = millrace(['import', 'odahu', ...files, 'odahu/git.yaml', '--team', 'risk', '--format', 'json'], { cwd });
  expect(code).toBe(1);
  expect(stdout).toContain('1 not carried over; the definitions now have no problems\n');
  expect(JSON.parse(stderr)).toMatchObject([{ code: 'odahu/not-carried-over', severity: 'warning', file: 'odahu/git.yaml', line: 4 }]);
});

test('a file of somebody else that has the name of the staged platform.yaml stays, and nothing is written', () => {
  const cwd = repository({ 'services/platform.yaml.new': 'mine\n' });
  const before = readFiles(cwd);
  expect(millrace(['import', 'odahu', ...files, '--team', 'risk'], { cwd })).toMatchObject({ code: 2 });
  expect(readFiles(cwd)).toEqual(before);
});

describe('an error writes nothing', () => {
  const untouched = (cwd: string, args: readonly string[], code: string): string => {
    const before = readFiles(cwd);
    const outcome = millrace(['import', 'odahu', ...args, '--team', 'risk'], { cwd });
    expect(outcome).toMatchObject({ code: 1, stdout: '1 error; nothing was written\n' });
    expect(outcome.stderr).toContain(`[${code}]`);
    expect(readFiles(cwd)).toEqual(before);
    return outcome.stderr;
  };

  test('of a document, with its line and without its keys', () => {
    const cwd = repository({ 'odahu/bad.yaml': `${connection({ id: 'bad', uri: 'nowhere', keySecret: canary })}` });
    const stderr = untouched(cwd, [...files, 'odahu/bad.yaml'], 'odahu/bad-uri');
    expect(stderr).toContain('odahu/bad.yaml:5:8: error');
    expect(stderr).not.toContain(canary);
  });

  test('of a truncated file, whose excerpt shows no key', () => {
    const cwd = repository({ 'odahu/cut.yaml': `kind: Connection\nid: cut\nspec: {type: s3, keySecret: ${canary}` });
    expect(untouched(cwd, ['odahu/cut.yaml'], 'source/unclosed-bracket')).not.toContain(canary);
  });

  test('of a file that cannot be read', () => {
    const cwd = repository();
    untouched(cwd, ['odahu/none.yaml'], 'odahu/unreadable-file');
    untouched(cwd, ['odahu'], 'odahu/unreadable-file');
  });

  test('of a platform that is not right', () => {
    const cwd = repository({ 'services/platform.yaml': 'kind: Platform\n' });
    untouched(cwd, files, 'odahu/platform-not-ready');
  });

  test('of a file that is there, and where the disk refuses one', () => {
    const cwd = repository({ 'services/risk/scorer.yaml': 'mine\n' });
    untouched(cwd, files, 'odahu/file-exists');
    const other = repository({ jobs: 'a file in the place of a folder\n' });
    const before = readFiles(other);
    expect(millrace(['import', 'odahu', ...files, '--team', 'risk'], { cwd: other })).toMatchObject({ code: 2, stdout: '' });
    expect(readFiles(other)).toEqual(before);
  });

  test.each(['services/risk', 'jobs'])('of a folder that is a link and leads out of the repository: %s', (link) => {
    const cwd = repository();
    const outside = temporaryFolder();
    symlinkSync(outside, join(cwd, link));
    const outcome = millrace(['import', 'odahu', ...files, '--team', 'risk'], { cwd });
    expect(outcome).toMatchObject({ code: 2, stdout: '' });
    expect(outcome.stderr).toContain(`${link} is a symbolic link`);
    expect(readdirSync(outside)).toEqual([]);
    expect(readFileSync(join(cwd, 'services/platform.yaml'), 'utf8')).toBe(platform);
  });
});

test('wrong usage', () => {
  const cwd = repository();
  const message = (...args: readonly string[]): string => {
    const { code, stderr } = millrace(['import', ...args], { cwd });
    expect(code).toBe(2);
    return stderr.split('\n')[0] ?? '';
  };
  expect(message()).toBe('millrace import: odahu FILE… is missing');
  expect(message('odahuu', 'x', '--team', 'risk')).toBe('millrace import: nothing can be imported from "odahuu"');
  expect(message('odahu', '--team', 'risk')).toBe('millrace import: FILE is missing');
  expect(message('odahu', 'x')).toBe('millrace import: --team is missing');
  expect(message('odahu', 'x', '--team', 'Risk')).toBe('millrace import: "Risk" can be no name of a team');
  expect(millrace(['import', 'odahu', 'x', '--team', 'connections'], { cwd }).stderr).toContain("the folder of the platform's connections");
  mkdirSync(join(cwd, 'empty'));
  expect(readFileSync(join(cwd, 'services/platform.yaml'), 'utf8')).toBe(platform);
});
