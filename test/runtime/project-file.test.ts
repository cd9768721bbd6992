/** Name and version of a model that says them itself, as ODAHU's do: `odahuflow.project.yaml`. */
import { mkdirSync, symlinkSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { StepFailure } from '../../runtime/base/failure.js';
import { readProjectFile } from '../../runtime/input/project-file.js';
import { readModelBlock, type NamedModel } from '../../runtime/input/project-yaml.js';
import { runs } from '../support/fuzz.js';
import { createJob, type TestJob } from './support/job.js';

const read = (text: string | Uint8Array, file = 'odahuflow.project.yaml'): Promise<NamedModel> => {
  const job = createJob();
  job.write(`model/${file}`, text);
  return readProjectFile(job.path('model'));
};

/** The sentence and the reason of the failure. */
async function refused(reading: Promise<NamedModel>): Promise<string> {
  const error: unknown = await reading.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(StepFailure);
  expect(error).toMatchObject({ reason: 'runtime/bad-model-description', code: 2 });
  return error instanceof StepFailure ? error.sentence : '';
}

/** What ODAHU's own trainer writes. */
const ofTheTrainer = `binaries:
  conda_path: mlflow/conda.yaml
  dependencies: conda
  type: python
model:
  entrypoint: entrypoint
  name: wine
  version: '1.0'
  workDir: model
odahuflowVersion: '1.0'
output:
  run_id: 0f6d
toolchain:
  name: mlflow
  version: 1.0.0
`;

describe('the project file of a model', () => {
  it.each<[string, string, NamedModel]>([
    ["of ODAHU's trainer", ofTheTrainer, { name: 'wine', version: '1.0' }],
    ['of its examples', 'model:\n  name: batch-inference-example\n  version: 1.2\n', { name: 'batch-inference-example', version: '1.2' }],
    ['keeps a version as it is written', 'model:\n  version: 1.10\n  name: 007\n', { name: '007', version: '1.10' }],
    [
      'with comments and blank lines',
      '# a\n---\n\nmodel: # b\n    # c\n\n    name: "a # b" # d\n    version: x#y # e\n',
      { name: 'a # b', version: 'x#y' },
    ],
    ['with Windows line ends', 'model:\r\n  name: a\r\n  version: "1"\r\n', { name: 'a', version: '1' }],
    ['with quotation marks in it', `model:\n  name: 'it''s'\n  version: -1\n`, { name: "it's", version: '-1' }],
    ['with text of every script', 'model:\n  name: прогноз 模型\n  version: v1\n', { name: 'прогноз 模型', version: 'v1' }],
    [
      'with keys below others, and lists',
      'a:\n- x\n- name: y\nmodel:\n  deep:\n    name: no\n  list:\n    - 1\n  name: yes-this\nb: {name: no}\n',
      { name: 'yes-this' },
    ],
    ['without a model', 'name: x\nversion: 1\n', {}],
    ['with an empty model', 'model:\nname: x\n', {}],
    ['with empty values', 'model:\n  name:\n  version: ""\n', {}],
    ['with null', 'model:\n  name: ~\n  version: null\n', {}],
    ['empty', '', {}],
  ])('is read: %s', async (_, text, expected) => {
    expect(await read(text)).toEqual(expected);
  });

  it('may end in .yml, and is not needed', async () => {
    expect(await read('model:\n  name: a\n', 'odahuflow.project.yml')).toEqual({ name: 'a' });
    expect(await read('model:\n  name: a\n', 'other.yaml')).toEqual({});
  });

  it('is never read otherwise than YAML means it', () => {
    const value = fc.string({ unit: fc.constantFrom(...`ab1.0-:#'" ~[]{}&*|>%@,?\\`), maxLength: 8 });
    const line = fc.oneof(
      fc.tuple(fc.constantFrom('  name', '  version', 'model', 'other', '    name', '  deep'), value).map(([key, text]) => `${key}: ${text}`),
      fc.constantFrom('model:', '  name: a', '- x', '  - y', '---', '# c', '', '  other:', '    x: 1'),
    );
    const document = fc.array(line, { maxLength: 6 }).map((lines) => ['model:', ...lines, ''].join('\n'));
    let compared = 0;
    fc.assert(
      fc.property(document, (text) => {
        const ours = attempt(() => readModelBlock(text, refuse));
        // What YAML itself refuses may be read as far as it is clear.
        const theirs = attempt(() => parse(text, { version: '1.2', schema: 'failsafe', logLevel: 'error' }) as unknown);
        if (ours === undefined || theirs === undefined) return;
        for (const key of ['name', 'version'] as const) expect(ours[key] ?? '').toBe(valueOf(theirs, key));
        compared += 1;
      }),
      runs(5000),
    );
    expect(compared).toBeGreaterThan(100);
  });

  it('is read as its own writers write any name', () => {
    const name = fc.string({ minLength: 1, maxLength: 30, unit: 'grapheme-ascii' }).filter((text) => !/["\\]/.test(text) && text.trim() === text);
    fc.assert(
      fc.property(name, (text) => {
        const written = stringify({ model: { name: text, version: '1.0' }, other: [1, { name: 'x' }] }, { version: '1.1', lineWidth: 0 });
        expect(readModelBlock(written, refuse)).toEqual({ name: text, version: '1.0' });
      }),
      runs(2000),
    );
  });

  it.each<[string, string | Uint8Array, string]>([
    ['an anchor', 'model: &m\n  name: a\n', 'no block of keys in line 1'],
    ['an alias', 'x: &m {name: a}\nmodel: *m\n', 'no block of keys in line 2'],
    ['an alias as a value', 'model:\n  name: *n\n', '"model.name" that is not plain or quoted text on its line, in line 2'],
    ['a tag', 'model:\n  version: !!float 1\n', '"model.version" that is not plain'],
    ['a flow map', 'model: {name: a, version: b}\n', 'no block of keys in line 1'],
    ['JSON', '{"model": {"name": "a"}}', 'something else than a key in line 1'],
    ['escapes', 'model:\n  name: "a\\nb"\n', '"model.name" that is not plain'],
    ['a block of text', 'model:\n  name: |\n    a\n', '"model.name" that is not plain'],
    ['a value of two lines', 'model:\n  name: a\n    b\n', 'more than one line in line 3'],
    ['a list of models', 'model:\n- name: a\n', 'something else than a key in line 2'],
    ['a name twice', 'model:\n  name: a\n  name: b\n', '"model.name" twice, again in line 3'],
    ['a model twice', 'model:\n  name: a\nmodel:\n  version: b\n', '"model" twice, again in line 3'],
    ['a second document', 'model:\n  name: a\n---\nmodel:\n  name: b\n', 'something else than a key in line 3'],
    ['a directive', '%YAML 1.1\n---\nmodel:\n', 'something else than a key in line 1'],
    ['tabs', 'model:\n\tname: a\n', 'indented with a tab in line 2'],
    ['keys that do not line up', 'model:\n    name: a\n  version: b\n', 'something else than a key of "model" in line 3'],
    ['a control character', 'model:\n  name: "a\u001b[2J"\n', '"model.name" that is not plain'],
    ['a name of kilobytes', `model:\n  name: ${'a'.repeat(5000)}\n`, 'more than 128 characters'],
    ['a depth of a thousand', `model:\n  name: ${'['.repeat(1000)}\n`, '"model.name" that is not plain'],
    ['no text', Uint8Array.of(0x6d, 0xff, 0xfe), 'is not UTF-8 text'],
    ['10 MB', Buffer.alloc(10_000_000, 'a: b\n'), 'is longer than 64 KiB'],
  ])('is refused with %s', async (_, text, problem) => {
    const sentence = await refused(read(text));
    expect(sentence).toContain(problem);
    expect(sentence).toContain('modelSource.name');
    expect(sentence.length).toBeLessThan(400);
    expect(sentence).not.toMatch(/[\u0000-\u001f]/);
  });

  it('is passed over in no time where it is deep elsewhere', async () => {
    const deep = Array.from({ length: 300 }, (_, depth) => `${' '.repeat(depth)}k:\n`).join('');
    expect(await read(`${deep}model:\n  name: a\n`)).toEqual({ name: 'a' });
    expect(await read(`model:\n  name: a\nx: ${'['.repeat(60_000)}\n`)).toEqual({ name: 'a' });
  });

  it('is a file', async () => {
    const job: TestJob = createJob();
    mkdirSync(job.path('model/odahuflow.project.yaml'));
    expect(await refused(readProjectFile(job.path('model')))).toContain('no regular file');
    const linked = createJob();
    symlinkSync('/dev/zero', linked.path('model/odahuflow.project.yaml'));
    expect(await refused(readProjectFile(linked.path('model')))).toContain('no regular file');
  });
});

const refuse = (problem: string): never => {
  throw new Error(problem);
};

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

/** `model.<key>` as text; null is nothing, here and there. */
function valueOf(document: unknown, key: string): string {
  const model = isRecord(document) ? document['model'] : undefined;
  const value = isRecord(model) ? model[key] : undefined;
  return typeof value !== 'string' || /^(~|null|Null|NULL| *)$/.test(value) ? '' : value;
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null;
