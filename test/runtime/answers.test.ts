/** Responses are compared with the requests that they answer: what step 4 keeps of these, and what step 7 makes of it. */
import fc from 'fast-check';
import { readFileSync, statSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { byBytes } from '../../runtime/base/files.js';
import { validateInput } from '../../runtime/steps/validate-input.js';
import { validateOutput } from '../../runtime/steps/validate-output.js';
import { createAskedReader } from '../../runtime/validate/asked-reader.js';
import { createAskedWriter, type AskedWriter } from '../../runtime/validate/asked-writer.js';
import { files } from '../../src/contract/paths.js';
import type { StepConfig } from '../../src/contract/step-config.js';
import type { RequestFacts } from '../../src/oip/expectations.js';
import { createJob, jobRecord, type TestJob } from './support/job.js';

type Validation = Partial<StepConfig['validation']>;

const tensor = (name: string) => ({ name, shape: [1], datatype: 'BOOL', data: [true] });
/** A request that has this id and asks for these outputs. */
const ask = (id?: string, ...outputs: readonly string[]) => ({
  ...(id === undefined ? {} : { id }),
  inputs: [tensor('x')],
  ...(outputs.length > 0 ? { outputs: outputs.map((name) => ({ name })) } : {}),
});
const answer = (id?: string, ...outputs: readonly string[]) => ({
  model_name: 'm',
  ...(id === undefined ? {} : { id }),
  outputs: (outputs.length > 0 ? outputs : ['y']).map(tensor),
});

interface Files {
  readonly requests: Readonly<Record<string, string | object>>;
  readonly responses: Readonly<Record<string, string | object>>;
}

/** Runs both steps; what the output's report says. */
async function compare({ requests, responses }: Files, validation: Validation = {}): Promise<{ job: TestJob; said: readonly string[] }> {
  const job = createJob();
  job.write('control/job.json', { ...jobRecord, validation: { ...jobRecord.validation, ...validation } });
  job.data(requests);
  expect(await job.run(validateInput)).toBe(0);
  expect(job.failure()).toBeUndefined();
  job.write('exit-code-of-predictor', '0');
  for (const [path, content] of Object.entries(responses)) job.write(`output/${path}`, content);
  expect(await job.run(validateOutput)).toBe(0);
  const report = 'report/upload/_report/output-validation.jsonl';
  const lines = job.has(report) ? job.read(report).trim().split('\n') : [];
  const said = lines.map((line) => {
    const { file, severity, code, pointer } = JSON.parse(line) as Readonly<Record<string, string>>;
    return [file, severity, code, pointer].join(' ').trim();
  });
  return { job, said };
}

describe('a response', () => {
  it.each<[what: string, request: object, response: object, said: readonly string[]]>([
    ['has the id and the outputs of its request', ask('7', 'y', 'z'), answer('7', 'z', 'y'), []],
    ['may have any id and outputs where the request asks for none', ask(), answer('7', 'z'), []],
    ['must not have another id', ask('7'), answer('8'), ['a.json error E-ID-ECHO /id']],
    ['must have the id', ask('7'), answer(), ['a.json error E-ID-ECHO']],
    [
      'must not have an output that is not requested',
      ask(undefined, 'y'),
      answer('8', 'y', 'z'),
      ['a.json error E-OUTPUT-NOT-REQUESTED /outputs/1/name'],
    ],
    ['must have each output that is requested', ask(undefined, 'y', 'z'), answer(undefined, 'z'), ['a.json error E-MISSING']],
    ['is compared in any alphabet', ask('ä\u0000\ud83d\ude00', '\u2028'), answer('ä\u0000\ud83d\ude00', '\u2028'), []],
  ])('%s', async (_, request, response, said) => {
    const { job, said: found } = await compare({ requests: { 'a.json': request }, responses: { 'a.json': response } });
    expect(found).toEqual(said);
    expect(job.failure()?.reason).toBe(said.length === 0 ? undefined : 'runtime/invalid-output');
    expect(job.has('publish/a.json')).toBe(said.length === 0);
  });

  it('of the profile odahu is told of, and passes', async () => {
    const { job, said } = await compare({ requests: { 'a.json': ask('7', 'y') }, responses: { 'a.json': answer('8', 'z') } }, { profile: 'odahu' });
    expect(said).toEqual(['a.json warning E-MISSING', 'a.json warning E-ID-ECHO /id', 'a.json warning E-OUTPUT-NOT-REQUESTED /outputs/0/name']);
    expect(job.failure()).toBeUndefined();
  });

  it('answers the request of the same path, in whatever order files come', async () => {
    const names = ['a.json', 'a/b.json', 'a/b/c.json', 'a-b.json', 'ab.json', 'z.json', '\ufffd.json', '\u{1f600}.json'];
    const requests = Object.fromEntries(names.map((name) => [name, ask(`id of ${name}`, 'y')]));
    const good = Object.fromEntries(names.map((name) => [name, answer(`id of ${name}`, 'y')]));
    const others = { 'b.json': answer('none'), 'A.json': answer('none'), 'x/a.json': answer('none'), 'a/b.csv': 'none' };
    expect((await compare({ requests, responses: { ...good, ...others } })).said).toEqual([]);
    const bad = Object.fromEntries(names.map((name) => [name, answer('none', 'y')]));
    expect((await compare({ requests, responses: { ...bad, ...others } })).said).toEqual(
      [...names].sort(byBytes).map((name) => `${name} error E-ID-ECHO /id`),
    );
  });

  it.each(['jsonl', 'array'] as const)('answers the request of the same place in a file of several (%s)', async (framing) => {
    const file = (...documents: readonly object[]): string =>
      framing === 'array' ? JSON.stringify(documents) : `\n${documents.map((document) => JSON.stringify(document)).join('\n\n')}\n`;
    const requests = { 'a.json': file(ask('0'), ask(), ask('2', 'y'), ask('3')), 'b.json': file(ask('b')) };
    const at = (place: number): string => (framing === 'array' ? `/${String(place)}` : '');
    const good = file(answer('0'), answer('any'), answer('2', 'y'), answer('3'), answer('more'));
    expect((await compare({ requests, responses: { 'a.json': good, 'b.json': file(answer('b')) } }, { framing })).said).toEqual([]);
    const bad = file(answer('1'), answer('0'), answer('2', 'z'), answer('3'));
    expect((await compare({ requests, responses: { 'a.json': bad, 'b.json': file(answer('a')) } }, { framing })).said).toEqual([
      `a.json error E-ID-ECHO ${at(0)}/id`,
      `a.json error E-MISSING ${at(2)}`.trim(),
      `a.json error E-OUTPUT-NOT-REQUESTED ${at(2)}/outputs/0/name`,
      `b.json error E-ID-ECHO ${at(0)}/id`,
    ]);
    // Fewer responses are no violation of the protocol.
    expect((await compare({ requests, responses: { 'a.json': file(answer('0')) } }, { framing })).said).toEqual([]);
  });

  it.each(['quarantine', 'skip'] as const)('to a request that the predictor never got is not compared (onInvalid: %s)', async (onInvalid) => {
    const invalid = { ...ask('7', 'y'), inputs: [{ ...tensor('x'), shape: [2] }] };
    const { said, job } = await compare(
      {
        requests: { 'a.json': ask('a'), 'b.json': invalid, 'c.json': ask('c') },
        responses: { 'a.json': answer('a'), 'b.json': answer('any'), 'c.json': answer('no') },
      },
      { onInvalid },
    );
    expect(said).toEqual(['c.json error E-ID-ECHO /id']);
    expect(job.read(`report/${files.requests}`)).not.toContain('b.json');
  });

  it('that differs goes to the quarantine where the service has one', async () => {
    const { job, said } = await compare(
      { requests: { 'a.json': ask('a'), 'b.json': ask('b') }, responses: { 'a.json': answer('a'), 'b.json': answer('a') } },
      { output: { onInvalid: 'quarantine' } },
    );
    expect(said).toEqual(['b.json error E-ID-ECHO /id']);
    expect(job.failure()).toBeUndefined();
    expect([job.has('publish/a.json'), job.has('publish/b.json'), job.has('publish/_quarantine/_output/b.json')]).toEqual([true, false, true]);
  });

  it('is compared again by an attempt after this one', async () => {
    const { job } = await compare({ requests: { 'a.json': ask('a') }, responses: { 'a.json': answer('a') } });
    expect(await job.run(validateInput)).toBe(0);
    expect(await job.run(validateOutput)).toBe(0);
    expect(job.failure()).toBeUndefined();
    expect(job.read(`report/${files.requests}`)).toBe('{"file":"a.json"}\n{"place":0,"id":"a"}\n');
  });
});

describe('what requests ask for', () => {
  const writer = (room?: number): { job: TestJob; asked: AskedWriter } => {
    const job = createJob();
    return { job, asked: createAskedWriter(job.path('report'), room) };
  };

  it('is no file where they ask for nothing', async () => {
    const { job } = await compare({ requests: { 'a.json': ask() }, responses: { 'a.json': answer('any') } });
    expect(job.has(`report/${files.requests}`)).toBe(false);
  });

  it('is read as it was written, of valid files only', () => {
    const name = fc.string({ unit: 'grapheme', maxLength: 40 });
    const facts = fc.record({ id: name, outputs: fc.uniqueArray(name, { minLength: 1, maxLength: 5 }) }, { requiredKeys: [] });
    const file = fc.record({ isValid: fc.boolean(), times: fc.constantFrom(1, 1, 1, 3000), requests: fc.array(facts, { maxLength: 4 }) });
    fc.assert(
      fc.property(fc.dictionary(name, file, { maxKeys: 8 }), fc.func(fc.boolean()), (byName, isAsked) => {
        const { job, asked } = writer();
        const names = Object.keys(byName).sort(byBytes);
        const all = names.map((each) => {
          const { isValid = false, times = 1, requests = [] } = byName[each] ?? {};
          const list = Array.from({ length: times }, () => requests).flat();
          return {
            name: each,
            isValid,
            requests: list.map(({ id, outputs }): RequestFacts => ({
              ...(id === undefined ? {} : { id }),
              ...(outputs ? { outputs: new Set(outputs) } : {}),
            })),
          };
        });
        for (const { name: each, isValid, requests } of all) {
          asked.begin(each);
          requests.forEach((request, place) => {
            asked.take(request, place);
          });
          asked.end(isValid);
        }
        asked.close();
        expect(asked.omitted()).toBe(0);
        const reader = createAskedReader(job.path('report'));
        for (const { name: each, isValid, requests } of all) {
          if (!isAsked(each)) continue;
          const find = reader.of(each);
          for (const [place, request] of requests.entries()) {
            if (!isAsked(place)) continue;
            const expected = isValid && (request.id !== undefined || request.outputs) ? request : undefined;
            expect(find(place)).toEqual(expected);
          }
          expect(find(requests.length)).toBeUndefined();
        }
        reader.close();
      }),
      { numRuns: 50 },
    );
  });

  it('takes no more than its room, and what an invalid file took is free again', () => {
    const { job, asked } = writer(1000);
    const add = (name: string, count: number, isValid: boolean): void => {
      asked.begin(name);
      for (let place = 0; place < count; place += 1) asked.take({ id: 'i'.repeat(50) }, place);
      asked.end(isValid);
    };
    add('a', 1, true);
    add('b', 100, false);
    add('c', 1, true);
    expect(asked.omitted()).toBe(0);
    add('d', 100, true);
    add('e', 100, true);
    asked.close();
    expect(asked.omitted()).toBe(2);
    expect(statSync(job.path(`report/${files.requests}`)).size).toBeLessThanOrEqual(1000);
    const text = readFileSync(job.path(`report/${files.requests}`), 'utf8');
    expect([...text.matchAll(/"file":"(.)"/g)].map(([, name]) => name)).toEqual(['a', 'c', 'd']);
    const reader = createAskedReader(job.path('report'));
    expect(
      [reader.of('a')(0), reader.of('c')(0), reader.of('d')(3), reader.of('d')(99), reader.of('e')(0)].map((facts) => facts !== undefined),
    ).toEqual([...[true, true, true, false, false]]);
    reader.close();
  });

  it('that takes too much room is told of in the log', async () => {
    const job = createJob();
    job.write('control/job.json', { ...jobRecord, validation: { ...jobRecord.validation, framing: 'jsonl' } });
    const line = JSON.stringify(ask('i'.repeat(1000)));
    job.data({ 'a.jsonl': Array.from({ length: 140_000 }, () => line).join('\n') });
    expect(await job.run(validateInput)).toBe(0);
    expect(job.failure()).toBeUndefined();
    expect(job.stdout()).toContain('"message":"what these files ask for takes too much room: not all of their responses will be compared","files":1');
    expect(statSync(job.path(`report/${files.requests}`)).size).toBeLessThanOrEqual(128 << 20);
  });
});

it('the order of names is that of their bytes', () => {
  const sign = (number: number): number => Math.sign(number);
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (head, a, b) => {
      expect(sign(byBytes(head + a, head + b))).toBe(sign(Buffer.compare(Buffer.from(head + a), Buffer.from(head + b))));
    }),
    { numRuns: 5000 },
  );
});
