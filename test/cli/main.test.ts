import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { isCommandName, summaries } from '../../src/cli/commands.js';
import { loadCommand } from '../../src/cli/load-command.js';
import { millrace, packageRoot, temporaryFolder } from './command.js';

const { version } = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8'));

const mainHelp = `millrace compiles inference service definitions (services/) into Tekton manifests (dist/).

usage: millrace COMMAND [ARGUMENT…] [OPTION…]

commands:
  init      create a repository of definitions that compiles as it is
  check     show all problems of the definitions, write nothing
  synth     check, then write the manifests to dist/
  run       run the job of a service on this machine
  simulate  say what the listener would do with a request
  job       start, list, show, follow and delete jobs on a cluster
  doctor    check a cluster for what the manifests need
  validate  check files against the Open Inference Protocol
  access    show who may read and write what, and what grants it
  import    make definitions of what another system has: odahu
  schema    print the JSON Schema of a kind
  explain   explain the code of a diagnostic
  help      tell more about a command: millrace help COMMAND

options of every command:
  --root DIR  the repository (not for init); default: the nearest folder upwards with services/platform.yaml
  --no-color  no colours (also: environment variable NO_COLOR)
  --help      the help text of the command
  --version   the version of millrace

exit codes: 0 clean, 1 problems in the input, 2 wrong usage, 3 a bug in millrace
Products go to standard output, diagnostics to standard error.

example:
  npx millrace init my-services
  cd my-services
  npx millrace synth
`;

const usage = (message: string, hint?: string) =>
  `millrace: ${message}\n${hint === undefined ? '' : `hint: ${hint}\n`}usage: millrace COMMAND [ARGUMENT…] [OPTION…]\nhelp: millrace --help\n`;

describe('the main help', () => {
  test.each([['--help'], ['-h'], ['help'], ['help', '--help'], ['--no-color', '--help']])('millrace %s %s', (...args) => {
    expect(millrace(args)).toEqual({ code: 0, stdout: mainHelp, stderr: '' });
  });
});

test.each([[['--version']], [['check', '--version']], [['--no-color', '--version']]])('millrace %j', (args) => {
  expect(millrace(args)).toEqual({ code: 0, stdout: `${String(version)}\n`, stderr: '' });
});

describe('wrong usage of the binary', () => {
  test.each([
    [[], 'a command is missing', undefined],
    [['--root', '.'], 'a command is missing after --root .', undefined],
    [['--frobnicate'], 'a command is missing after --frobnicate', undefined],
    [['chekc'], 'unknown command "chekc"', 'did you mean check?'],
    [['Synth'], 'unknown command "Synth"', 'did you mean synth?'],
    [
      ['frobnicate'],
      'unknown command "frobnicate"',
      'commands: init, check, synth, run, simulate, job, doctor, validate, access, import, schema, explain, help',
    ],
    [
      ['__proto__'],
      'unknown command "__proto__"',
      'commands: init, check, synth, run, simulate, job, doctor, validate, access, import, schema, explain, help',
    ],
    [['help', 'chekc'], 'unknown command "chekc"', 'did you mean check?'],
    [['help', 'check', 'synth'], 'help takes one command', undefined],
  ])('millrace %j', (args, message, hint) => {
    expect(millrace(args)).toEqual({ code: 2, stdout: '', stderr: usage(message, hint) });
  });
});

describe.each(Object.keys(summaries).filter(isCommandName))('the help of %s', (name) => {
  test('is complete and the same from all doors', async () => {
    const command = await loadCommand(name);
    const outcome = millrace([name, '--help']);
    expect(outcome).toEqual({ code: 0, stdout: command.help, stderr: '' });
    expect(millrace(['help', name])).toEqual(outcome);
    expect(millrace([name, '-h', '--frobnicate'])).toEqual(outcome);

    expect(command.name).toBe(name);
    expect(command.summary).toBe(summaries[name]);
    expect(outcome.stdout).toContain(`\nusage: ${command.usage}\n`);
    expect(outcome.stdout).toMatch(new RegExp(`\nexamples?:\n(  .*\n)*  millrace ${name}( .*)?\n`));
    expect(Math.max(...outcome.stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(120);
  });
});

test('an option may stand before the command', () => {
  const folder = temporaryFolder();
  expect(millrace(['--root', folder, '--no-color', 'schema', 'Team']).code).toBe(0);
});

test('a reader that goes away is no problem', async () => {
  const child = spawn(process.execPath, [join(packageRoot, 'bin/millrace.mjs'), 'schema', 'InferenceService'], { stdio: ['ignore', 'pipe', 'pipe'] });
  child.stdout.destroy();
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const [code] = await once(child, 'close');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
});

test('a folder that is gone', () => {
  const script = 'cd "$0" && rmdir "$0" && exec "$1" "$2" "$3"';
  const inGoneFolder = (arg: string) =>
    spawnSync('sh', ['-c', script, temporaryFolder(), process.execPath, join(packageRoot, 'bin/millrace.mjs'), arg], { encoding: 'utf8' });
  const { status, stdout, stderr } = inGoneFolder('check');
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toMatch(/^millrace check: this folder cannot be used: ENOENT: .*\nusage: /);
  expect(inGoneFolder('--help')).toMatchObject({ status: 0, stdout: mainHelp, stderr: '' });
});

test('what a user typed does not act on a terminal', () => {
  const typed = 'q\u001b]0;pwn\u0007\u009b31m\u202e';
  for (const args of [['init', join(temporaryFolder(), typed)], [typed], ['check', typed], ['explain', typed], ['schema', typed]]) {
    const { stdout, stderr } = millrace(args);
    expect(stdout + stderr).toContain('q\\u001b]0;pwn\\u0007\\u009b31m\\u202e');
    expect(stdout + stderr).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
  }
});

test.runIf(existsSync('/dev/full'))('output that cannot be written is told once', () => {
  const script = '"$0" "$1" explain > /dev/full';
  const { status, stderr } = spawnSync('sh', ['-c', script, process.execPath, join(packageRoot, 'bin/millrace.mjs')], { encoding: 'utf8' });
  expect({ status, stderr }).toEqual({ status: 1, stderr: 'millrace: cannot write to standard output: ENOSPC: no space left on device, write\n' });
});

test.runIf(process.platform !== 'win32')('a pipe where a file is expected is refused at once', () => {
  const root = temporaryFolder();
  mkdirSync(join(root, 'services'));
  spawnSync('mkfifo', [join(root, 'services/platform.yaml')]);
  for (const args of [['check'], ['synth'], ['check', 'services/platform.yaml'], ['init']]) {
    const { code, stderr } = millrace(args, { cwd: root });
    expect({ args, code }).toEqual({ args, code: args[0] === 'init' ? 2 : 1 });
    expect(stderr).toContain(args[0] === 'init' ? 'holds already: services/platform.yaml' : '[source/not-a-regular-file]');
  }
});

test('a bug of ours is exit code 3, with what is needed to report it', () => {
  // A package without its pages: nothing that a user did.
  const broken = temporaryFolder();
  for (const part of ['bin', 'lib/bin', 'package.json']) cpSync(join(packageRoot, part), join(broken, part), { recursive: true });
  const { code, stdout, stderr } = millrace(['explain'], { package: broken });
  expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
  const [first, second, third, facts, error, ...stack] = stderr.split('\n');
  expect(first).toBe('millrace: this is a bug in millrace, not in your files.');
  expect(second).toBe('Please report it with the text below and, if you may, the definitions that cause it.');
  expect(third).toBe('');
  expect(facts).toBe(`millrace ${String(version)}, node ${process.version}, ${process.platform} ${process.arch}`);
  expect(error).toMatch(/^Error: ENOENT: no such file or directory/);
  expect(stack.filter((line) => /^ {4}at .+/.test(line)).length).toBeGreaterThan(0);
});

/** The bytecode that was built with one wrong bit, from its seal to its end. */
const damaged = [0, 31, 32, 40, 100, 1000, 20_000, 100_000].map((offset) => {
  const bytes = readFileSync(join(packageRoot, 'lib/bin/check.bytecode'));
  bytes.writeUInt8(bytes.readUInt8(offset) ^ 4, offset);
  return bytes;
});

test.each([undefined, '', 'not what V8 wrote\n'.repeat(1000), ...damaged])(
  'bytecode that is damaged, of another Node, or missing, changes nothing: %#',
  (bytecode) => {
    const copy = temporaryFolder();
    for (const part of ['bin', 'lib/bin', 'package.json']) cpSync(join(packageRoot, part), join(copy, part), { recursive: true });
    rmSync(join(copy, 'lib/bin/check.bytecode'));
    if (bytecode !== undefined) writeFileSync(join(copy, 'lib/bin/check.bytecode'), bytecode);
    const cwd = join(packageRoot, 'scaffold');
    expect(millrace(['check'], { package: copy, cwd })).toEqual({ code: 0, stdout: '5 definitions: no problems\n', stderr: '' });
  },
);
