import { spawnSync } from 'node:child_process';
import { truncateSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { cli } from '../../src/cli/cli.js';
import { loadCommand } from '../../src/cli/load-command.js';
import { catalogue } from '../../src/diagnostics/catalogue.js';
import { packageRoot, temporaryFolder, writeFiles, type Outcome } from './command.js';

const tensor = (changes: object = {}): object => ({ name: 'x', shape: [2], datatype: 'INT32', data: [1, 2], ...changes });
const request = (changes: object = {}): string => JSON.stringify({ inputs: [tensor(changes)] });
const response = (changes: object = {}): string => JSON.stringify({ model_name: 'm', outputs: [tensor()], ...changes });

async function validate(cwd: string, ...args: readonly string[]): Promise<Outcome> {
  let stdout = '';
  let stderr = '';
  const io = {
    cwd,
    env: {},
    color: false,
    stdout: (text: string) => {
      stdout += text;
    },
    stderr: (text: string) => {
      stderr += text;
    },
  };
  return { code: await cli(['validate', ...args], io, loadCommand), stdout, stderr };
}

function folder(files: Readonly<Record<string, string>>): string {
  const path = temporaryFolder();
  writeFiles(path, files);
  return path;
}

describe('files that are valid', () => {
  test('are told to be, with what servers may refuse', async () => {
    const cwd = folder({ 'a.json': request(), 'b.json': request({ more: 1 }) });
    const { code, stdout, stderr } = await validate(cwd, 'a.json', 'b.json', '--direction', 'request');
    expect(code).toBe(0);
    expect(stdout).toBe('a.json: valid\nb.json: valid, 1 warning\n2 files: all valid\n');
    expect(stderr).toContain('warning: /inputs/0/more: the protocol has no member of this name (byte 67) [validate/w-unknown-member]');
  });
});

describe('a file that is not', () => {
  test('is shown with its line and a caret', async () => {
    const cwd = folder({ 'a.json': '{\n  "inputs": [\n    {"name": "x", "shape": [2], "datatype": "INT8",\n     "data": [1, 300]}\n  ]\n}\n' });
    const { code, stdout, stderr } = await validate(cwd, 'a.json', '--direction', 'request');
    expect(code).toBe(1);
    expect(stdout).toBe('a.json: invalid, 1 error\n1 file: 1 invalid\n');
    expect(stderr)
      .toBe(`a.json:4:18: error: /inputs/0/data/1: INT8 takes integers from -128 to 127; found a number out of range (byte 85) [validate/e-range]
4 |      "data": [1, 300]}
  |                  ^^^
   help: millrace explain validate/e-range
`);
  });

  test('is shown around the place where the line is long, without what acts on a terminal', async () => {
    const cwd = folder({ 'a.json': `{"inputs":[{"name":"x","shape":[100001],"datatype":"BYTES","data":[${'"é\u202e",'.repeat(100_000)}7]}]}` });
    const { stderr } = await validate(cwd, 'a.json', '--direction', 'request');
    const [place, line = '', caret = ''] = stderr.split('\n');
    expect(place).toContain('a.json:1:500068: error: /inputs/0/data/100000: BYTES takes strings');
    expect(line.length).toBeLessThan(600);
    expect(line.at(caret.indexOf('^'))).toBe('7');
    expect(stderr).not.toContain('\u202e');
  });

  test('is not read on behind what is no JSON, however large it is', async () => {
    const cwd = folder({ 'a.json': '{"inputs":' });
    // A hole: nothing is stored, and zeros are no JSON.
    truncateSync(join(cwd, 'a.json'), 2 ** 40);
    const { code, stderr } = await validate(cwd, 'a.json', '--direction', 'request');
    expect(code).toBe(1);
    expect(stderr).toContain('a.json:1:11: error: /inputs: is not valid JSON: a value is missing');
  });

  test('shows at most so many problems as are wanted, and counts the rest', async () => {
    const cwd = folder({ 'a.json': request({ shape: [50], data: Array.from({ length: 50 }, () => 1e10) }) });
    const { stdout, stderr } = await validate(cwd, 'a.json', '--direction', 'request', '--max', '3');
    expect(stdout).toBe('a.json: invalid, 50 errors, 47 not shown\n1 file: 1 invalid\n');
    expect(stderr.split('[validate/e-range]')).toHaveLength(4);
  });

  test('has offset and pointer in the format json', async () => {
    const cwd = folder({ 'a.json': request({ datatype: 'int' }) });
    const { stderr } = await validate(cwd, 'a.json', '--direction', 'request', '--format', 'json');
    expect(JSON.parse(stderr)).toMatchObject([
      { code: 'validate/e-datatype', severity: 'error', file: 'a.json', line: 1, column: 47, offset: 46, pointer: '/inputs/0/datatype' },
    ]);
  });

  test('is annotated in the format github', async () => {
    const cwd = folder({ 'a,b.json': request({ datatype: 'int' }) });
    const { stderr } = await validate(cwd, 'a,b.json', '--direction', 'request', '--format', 'github');
    expect(stderr).toMatch(
      /^::error file=a%2Cb\.json,line=1,endLine=1,col=47,endColumn=52,title=validate\/e-datatype::\/inputs\/0\/datatype: not a datatype; /,
    );
  });

  test('is a result in the format sarif', async () => {
    const cwd = folder({ 'a b.json': request({ datatype: 'int' }), 'b.json': request() });
    const log: unknown = JSON.parse((await validate(cwd, 'a b.json', '--direction', 'request', '--format', 'sarif')).stderr);
    // What SARIF 2.1.0 requires: version, runs, tool.driver.name, message, and a rule for each ruleId.
    expect(log).toMatchObject({
      version: '2.1.0',
      runs: [
        {
          tool: { driver: { name: 'millrace', rules: [{ id: 'validate/e-datatype' }] } },
          results: [
            {
              ruleId: 'validate/e-datatype',
              ruleIndex: 0,
              level: 'error',
              message: { text: expect.stringContaining('not a datatype') },
              locations: [
                { physicalLocation: { artifactLocation: { uri: 'a%20b.json' }, region: { startLine: 1, startColumn: 47, byteOffset: 46 } } },
              ],
            },
          ],
        },
      ],
    });
    const nothing: unknown = JSON.parse((await validate(cwd, 'b.json', '--direction', 'request', '--format', 'sarif')).stderr);
    expect(nothing).toMatchObject({ version: '2.1.0', runs: [{ results: [] }] });
  });
});

describe('what cannot be checked', () => {
  test('is told with its reason', async () => {
    const cwd = folder({ 'f/a.json': request() });
    spawnSync('mkfifo', [join(cwd, 'pipe')]);
    const { code, stderr } = await validate(cwd, 'f', 'pipe', 'missing.json', '--direction', 'request');
    expect(code).toBe(1);
    expect(stderr).toContain('f: error: is a folder, and only files are checked [validate/not-a-file]');
    expect(stderr).toContain('pipe: error: is a pipe, and only files are checked [validate/not-a-file]');
    expect(stderr).toContain('missing.json: error: cannot be read: no such file or directory (ENOENT) [validate/unreadable]');
  });

  it.each([
    [['a.json'], '--direction is missing'],
    [['a.json', '--direction', 'both'], '--direction "both" is none of request, response'],
    [['--direction', 'request'], 'FILE is missing'],
    [['a.json', '--direction', 'request', '--profile', 'strict'], '--profile "strict" is none of spec, odahu, portable'],
    [['a.json', '--direction', 'request', '--framing', 'lines'], '--framing "lines"'],
    [['a.json', '--direction', 'request', '--coercion', 'yes'], '--coercion "yes"'],
    [['a.json', '--direction', 'request', '--max', '0'], '--max "0"'],
    [['a.json', '--direction', 'request', '--format', 'xml'], 'unknown format "xml"'],
    [['a.json', '--direction', 'request', '--request', 'a.json'], '--request goes with --direction response'],
    [['a.json', '--direction', 'response', '--request', 'missing.json'], '--request "missing.json" cannot be read'],
  ])('%j is wrong usage', async (args, message) => {
    const { code, stderr } = await validate(folder({ 'a.json': request() }), ...args);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });
});

/** One document for each code, and what else is needed for it. */
const wrong: readonly (readonly [code: string, document: string, ...args: readonly string[]])[] = [
  ['validate/e-json', '{"inputs":[1,]}'],
  ['validate/e-depth', `{"inputs":[{"data":${'['.repeat(101)}${']'.repeat(101)}}]}`],
  ['validate/e-limit', request({ name: 'x'.repeat(2000) })],
  ['validate/e-dupkey', '{"id":"1","id":"1","inputs":[]}'],
  ['validate/e-not-object', '[]'],
  ['validate/e-missing', '{}'],
  ['validate/e-type', request({ shape: '2' })],
  ['validate/e-empty-inputs', '{"inputs":[]}'],
  ['validate/e-datatype', request({ datatype: 'STRING' })],
  ['validate/e-shape-neg', request({ shape: [-1] })],
  ['validate/e-shape-range', request({ shape: [1] }).replace('[1]', '[18446744073709551616]')],
  ['validate/e-count', request({ shape: [3] })],
  ['validate/e-null-element', request({ data: [1, null] })],
  ['validate/e-range', request({ data: [1, 2 ** 31] })],
  ['validate/e-param-type', request({ parameters: { a: null } }), '--profile', 'spec'],
  ['validate/e-binary-in-file', request({ parameters: { binary_data_size: 8 } })],
  ['validate/e-dup-tensor', JSON.stringify({ inputs: [tensor(), tensor()] })],
  ['validate/c-coerce', request({ data: [1, '2'] })],
  ['validate/c-ragged', request({ shape: [2, 1], data: [[1, 2]] }).replace('[[1,2]]', '[[1,2],[]]')],
  ['validate/w-null-optional', request({ parameters: null }), '--profile', 'portable'],
  ['validate/w-unknown-member', request({ extra: 1 })],
  ['validate/w-fp16-json', request({ datatype: 'FP16' }), '--profile', 'portable'],
  ['validate/w-bf16', request({ datatype: 'BF16' }), '--profile', 'portable'],
  ['validate/e-id-echo', response({ id: '8' }), '--direction', 'response', '--request', 'request.json'],
  ['validate/e-output-not-requested', response({ id: '7' }), '--direction', 'response', '--request', 'request.json'],
];

describe('each code', () => {
  test.each(wrong)('%s', async (code, document, ...args) => {
    const cwd = folder({ 'a.json': document, 'request.json': JSON.stringify({ id: '7', inputs: [tensor()], outputs: [{ name: 'y' }] }) });
    const direction = args.includes('--direction') ? [] : ['--direction', 'request'];
    expect((await validate(cwd, 'a.json', ...direction, ...args)).stderr).toContain(`[${code}]`);
  });

  test('of the stage has a document here, or a test above', () => {
    const codes = Object.keys(catalogue).filter(
      (code) => code.startsWith('validate/') && !['validate/not-a-file', 'validate/unreadable'].includes(code),
    );
    expect(wrong.map(([code]) => code).sort()).toEqual(codes.sort());
  });
});

describe('the request', () => {
  const answer = response({ id: '8' });

  test.each([
    ['{"id":7,"inputs":[]}', 2, 'question.json:1:7: error: /id: "id" must be a string; found'],
    ['', 1, 'question.json:1:1: error: is not valid JSON'],
    [`[${request()}]`, 1, 'question.json:1:1: error: an inference request must be an object; found an array'],
    [JSON.stringify({ id: '7', inputs: [tensor({ data: [1] })] }), 1, 'error: /inputs/0/data: '],
  ])('%j is told to be wrong, and no response is measured by it', async (question, errors, message) => {
    const cwd = folder({ 'a.json': answer, 'question.json': question });
    const { code, stdout, stderr } = await validate(cwd, 'a.json', '--direction', 'response', '--request', 'question.json');
    expect(code).toBe(1);
    expect(stdout).toBe(`question.json: invalid, ${String(errors)} error${errors === 1 ? '' : 's'}\na.json: valid\n2 files: 1 invalid\n`);
    expect(stderr).toContain(message);
    expect(stderr).not.toContain('validate/e-id-echo');
  });

  test('is judged in the same profile, and warned of', async () => {
    const cwd = folder({ 'a.json': response({ id: '7' }), 'question.json': JSON.stringify({ id: '7', inputs: [tensor({ data: [1] })] }) });
    const { code, stdout } = await validate(cwd, 'a.json', '--direction', 'response', '--request', 'question.json', '--profile', 'odahu');
    expect(code).toBe(0);
    expect(stdout).toBe('question.json: valid, 1 warning\na.json: valid\n2 files: all valid\n');
  });

  test.each(['jsonl', 'array'] as const)('is the one of the same place in a file of several (%s)', async (framing) => {
    const file = (...documents: readonly string[]): string => (framing === 'array' ? `[${documents.join(',')}]` : documents.join('\n'));
    const ask = (more: object): string => JSON.stringify({ ...more, inputs: [tensor()] });
    const cwd = folder({
      'questions.json': file(ask({ id: '1' }), ask({}), ask({ outputs: [{ name: 'y' }] })),
      'good.json': file(response({ id: '1' }), response(), response({ outputs: [tensor({ name: 'y' })] }), response()),
      'bad.json': file(response({ id: '2' }), response({ id: '1' }), response({ outputs: [tensor({ name: 'z' })] })),
    });
    const { stdout, stderr } = await validate(
      cwd,
      ...['good.json', 'bad.json', '--direction', 'response', '--request', 'questions.json', '--framing', framing],
    );
    expect(stdout).toBe('questions.json: valid\ngood.json: valid\nbad.json: invalid, 3 errors\n3 files: 1 invalid\n');
    expect(stderr.match(/\[validate\/[a-z-]+\]/g)).toEqual(['[validate/e-id-echo]', '[validate/e-missing]', '[validate/e-output-not-requested]']);
  });

  test('may ask for more than a thousand outputs', async () => {
    const names = Array.from({ length: 3000 }, (_, index) => ({ name: `y${String(index)}` }));
    const outputs = names.map((name) => tensor(name));
    const cwd = folder({
      'question.json': JSON.stringify({ inputs: [tensor()], outputs: names }),
      'all.json': response({ outputs }),
      'less.json': response({ outputs: outputs.slice(2) }),
      'other.json': response({ outputs: [...outputs, tensor({ name: 'z' })] }),
    });
    const args = ['all.json', 'less.json', 'other.json', '--direction', 'response', '--request', 'question.json'];
    const { code, stdout, stderr } = await validate(cwd, ...args);
    expect(code).toBe(1);
    expect(stdout).toBe('question.json: valid\nall.json: valid\nless.json: invalid, 1 error\nother.json: invalid, 1 error\n4 files: 2 invalid\n');
    expect(stderr).toContain('of the outputs that the request asks for, 2 are missing');
    expect(stderr).toContain('[validate/e-output-not-requested]');
  });
});

test('the options of the service hold', async () => {
  const cwd = folder({
    'a.jsonl': `${request()}\n${request({ data: [1, 2.5] }).replace('2.5', '2.0')}\n`,
    'o.json': JSON.stringify({ outputs: [tensor()] }),
  });
  expect((await validate(cwd, 'a.jsonl', '--direction', 'request', '--framing', 'jsonl')).stderr).toContain('a.jsonl:2:');
  expect((await validate(cwd, 'a.jsonl', '--direction', 'request', '--framing', 'jsonl', '--coercion', 'allow')).code).toBe(0);
  expect((await validate(cwd, 'o.json', '--direction', 'response')).code).toBe(1);
  expect((await validate(cwd, 'o.json', '--direction', 'response', '--profile', 'odahu')).code).toBe(0);
});

test('an engine without WebAssembly comes to the same verdicts', () => {
  const data = Array.from({ length: 5000 }, (_, index) => (index === 4000 ? 300 : index % 100)).join();
  const cwd = folder({ 'a.json': `{"inputs":[{"name":"x","shape":[5000],"datatype":"INT8","data":[${data}]}]}` });
  const run = (...flags: readonly string[]): object => {
    const args = [...flags, join(packageRoot, 'bin/millrace.mjs'), 'validate', 'a.json', '--direction', 'request'];
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd, encoding: 'utf8' });
    // Node itself tells that it turns WebAssembly off.
    return { status, stdout, stderr: stderr.replace(/^Warning: disabling flag --expose_wasm .*\n/, '') };
  };
  expect(run('--jitless')).toEqual(run());
  expect(run()).toMatchObject({ status: 1, stderr: expect.stringContaining('/inputs/0/data/4000: INT8') });
});
