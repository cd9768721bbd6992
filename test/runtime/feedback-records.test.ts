import { readdirSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { feedbackRecords } from '../../runtime/sinks/records.js';
import type { FeedbackRecord } from '../../runtime/sinks/sink.js';
import { logInput } from '../../runtime/steps/log-input.js';
import { logOutput } from '../../runtime/steps/log-output.js';
import { configureRclone } from '../../runtime/steps/configure-rclone.js';
import type { Feedback, FeedbackPayload } from '../../src/contract/feedback.js';
import type { FileRecord, JobRecord } from '../../src/contract/job-record.js';
import { stepEnv } from '../../src/contract/paths.js';
import { createCertificate } from '../support/certificate.js';
import { freePort } from '../support/free-port.js';
import { createJob, inputPart, jobRecord, outputPart, stepConfig, type TestJob } from './support/job.js';
import { startEvents } from './support/events-server.js';
import { fluentdAt, startFluentd } from './support/fluentd-server.js';

const sha256 = 'c'.repeat(64);
const each = { input: true, output: true, payload: { kind: 'reference' } } as const;
const fluentd = (port: number, more: object = {}): Feedback => ({ ...each, ...fluentdAt(port), ...more });
const cloudevents = (url: string, more: object = {}): Feedback => ({
  ...each,
  sink: 'cloudevents',
  delivery: 'required',
  giveUpSeconds: 60,
  url,
  mode: 'binary',
  ...more,
});

function prepare(feedback: Feedback, names: readonly string[] = ['a.json', 'b.json']): TestJob {
  const job = createJob();
  const files = names.map((path) => ({ path, size: 8, sha256 }));
  for (const { path } of files) for (const folder of ['data/valid', 'publish']) job.write(`${folder}/${path}`, '{"id":1}');
  job.write('control/job.json', { ...jobRecord, feedback });
  job.write('report/input.part.json', inputPart({ files, listed: names.length }));
  job.write('report/manifest.part.json', outputPart(files));
  return job;
}

describe('a record', () => {
  const job = createJobRecord({ kind: 'inline', limit: 10 });
  function createJobRecord(payload: FeedbackPayload): JobRecord {
    return { ...jobRecord, feedback: { ...each, sink: 'none', payload } };
  }
  const recordsOf = (folder: string, files: readonly FileRecord[], of = job): readonly FeedbackRecord[] => {
    const uriOf = (path: string): string => `s3://raw-bucket/${path}`;
    return [...feedbackRecords(of, { kind: 'request', folder, files, uriOf }, new Date(0))];
  };

  it('has an id that only job, direction, file and content change', async () => {
    const idOf = (file: Partial<FileRecord> = {}, of: Partial<JobRecord> = {}): string | undefined =>
      recordsOf('', [{ path: 'a.json', size: 1, sha256, ...file }], { ...createJobRecord({ kind: 'reference' }), ...of })[0]?.id;
    const id = idOf();
    expect(id).toMatch(/^fraud-scorer--abc\/request\/[0-9a-f]{32}$/);
    expect(idOf({ size: 2 }, { startedAt: '2027-01-01T00:00:00Z', requestId: 'x' })).toBe(id);
    const others = [idOf({ path: 'b.json' }), idOf({ sha256: 'd'.repeat(64) }), idOf({}, { jobId: 'fraud-scorer--abd' })];
    expect(new Set([id, ...others]).size).toBe(4);
    expect(idOf({ path: `${'x'.repeat(1000)}.json` })?.length).toBe(id?.length);
  });

  it('holds the text of a file up to the limit, exactly', async () => {
    const folder = createJob();
    const contents = {
      'ten.json': '\ufeff12345€'.slice(0, 6),
      'eleven.json': '12345678901',
      'bytes.json': Buffer.from([0xff, 0xfe]),
      'empty.json': '',
    };
    for (const [name, content] of Object.entries(contents)) folder.write(`data/${name}`, content);
    const files = Object.entries(contents).map(([path, content]) => ({ path, size: Buffer.byteLength(content), sha256 }));
    expect(recordsOf(folder.path('data'), files).map(({ payload: { content, contentOmitted } }) => content ?? contentOmitted)).toEqual([
      '\ufeff12345',
      'too-large',
      'not-text',
      '',
    ]);
  });

  it('of a file that is gone is an error, not a record', async () => {
    expect(() => recordsOf('/nowhere', [{ path: 'a.json', size: 1, sha256 }])).toThrow(expect.objectContaining({ code: 'ENOENT' }));
  });
});

describe('records beside the results', () => {
  it('are the same bytes each time, packed if the Platform wants it', async () => {
    const job = prepare({ ...each, sink: 'objectStorage', compression: 'gzip', payload: { kind: 'inline', limit: 100 } });
    expect([await job.run(logInput), await job.run(logOutput)]).toEqual([0, 0]);
    const folder = job.path('report/upload/_feedback');
    expect(readdirSync(folder)).toEqual(['requests.jsonl.gz', 'responses.jsonl.gz']);
    const first = readFileSync(`${folder}/requests.jsonl.gz`);
    const lines = gunzipSync(first).toString().trim().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as FeedbackRecord).payload.content)).toEqual(['{"id":1}', '{"id":1}']);
    await job.run(logInput);
    expect(readFileSync(`${folder}/requests.jsonl.gz`)).toEqual(first);
    expect(job.manifest().feedback).toEqual({
      sink: 'objectStorage',
      input: { delivered: 2, undelivered: 0 },
      output: { delivered: 2, undelivered: 0 },
    });
  });
});

describe('a sink in the network', () => {
  it('gets requests and responses, and the manifest counts them', async () => {
    const server = await startFluentd();
    const job = prepare(fluentd(server.port));
    expect([await job.run(logInput), await job.run(logOutput)]).toEqual([0, 0]);
    expect(server.chunks.map(({ tag, records }) => [tag, ...records.map(({ file, content_uri }) => [file, content_uri])])).toEqual([
      ['request_response', ['a.json', 's3://raw-bucket/fraud/in/a.json'], ['b.json', 's3://raw-bucket/fraud/in/b.json']],
      ['response_body', ['a.json', 'azblob://riskaccount/results/fraud/out/a.json'], ['b.json', 'azblob://riskaccount/results/fraud/out/b.json']],
    ]);
    expect(job.manifest().feedback).toEqual({ sink: 'fluentd', input: { delivered: 2, undelivered: 0 }, output: { delivered: 2, undelivered: 0 } });
  });

  it('gets the same ids again when the pod of the run is made again', async () => {
    const server = await startEvents();
    const runs = [prepare(cloudevents(server.url)), prepare(cloudevents(server.url))];
    for (const job of runs) {
      await job.run(logInput);
      await job.run(logOutput);
    }
    const ids = server.events.map(({ headers }) => headers['ce-id']);
    expect(ids).toHaveLength(8);
    expect(new Set(ids).size).toBe(4);
  });

  it('is not asked where there is nothing to send, or the service does not want it', async () => {
    const port = await freePort();
    for (const job of [prepare(fluentd(port), []), prepare(fluentd(port, { input: false, output: false }))]) {
      expect([await job.run(logInput), await job.run(logOutput)]).toEqual([0, 0]);
      expect(job.manifest().feedback).toMatchObject({ input: { delivered: 0, undelivered: 0 }, output: { delivered: 0, undelivered: 0 } });
    }
  });

  it('that refuses fails the run, and the evidence says what has arrived', async () => {
    const server = await startEvents(({ headers }) => ({ status: headers['ce-subject'] === 'b.json' ? 403 : 200, after: 50 }));
    const job = prepare(cloudevents(server.url));
    expect([await job.run(logInput), await job.run(logOutput)]).toEqual([0, 0]);
    const sentence = `The feedback sink cloudevents at ${server.url} answers with status 403: 1 of 2 records were delivered. Correct spec.feedback of the Platform, or the sink's own settings.`;
    expect(job.failure()).toEqual({ step: 'log-input', code: 2, reason: 'runtime/sink-refused', sentence });
    // Nothing is computed for a run that has failed.
    expect(job.read('result-run')).toBe('no');
    const { feedback } = job.manifest('_FAILED.json');
    expect(feedback.input).toEqual({ delivered: 1, undelivered: 1, problem: { reason: 'runtime/sink-refused', sentence } });
    expect(feedback.output).toEqual({ delivered: 0, undelivered: 0 });
  });

  it('that refuses the responses fails the run as well', async () => {
    const server = await startEvents(({ headers }) => ({ status: headers['ce-type'] === 'dev.millrace.inference.response' ? 401 : 200 }));
    const job = prepare(cloudevents(server.url));
    expect([await job.run(logInput), await job.run(logOutput)]).toEqual([0, 0]);
    expect(job.failure()).toMatchObject({ step: 'log-output', code: 2, reason: 'runtime/sink-refused' });
    expect(job.manifest('_FAILED.json').feedback).toMatchObject({ input: { delivered: 2 }, output: { delivered: 0, undelivered: 2 } });
    expect(readdirSync(job.path('report/final'))).toEqual(['_FAILED.json']);
  });

  it('that refuses does not fail a run that can do without: its manifest says so', async () => {
    const server = await startEvents(() => ({ status: 403 }));
    const job = prepare(cloudevents(server.url, { delivery: 'bestEffort' }));
    expect([await job.run(logInput), await job.run(logOutput)]).toEqual([0, 0]);
    expect(job.failure()).toBeUndefined();
    expect(job.read('result-run')).toBe('yes');
    const problem = { reason: 'runtime/sink-refused', sentence: expect.stringContaining('answers with status 403: 0 of 2 records') as unknown };
    expect(job.manifest().feedback).toEqual({
      sink: 'cloudevents',
      input: { delivered: 0, undelivered: 2, problem },
      output: { delivered: 0, undelivered: 2, problem },
    });
    expect(readdirSync(job.path('report/final')).sort()).toEqual(['_MANIFEST.json', '_SUCCESS']);
    expect(job.stdout()).toContain('The run goes on without: delivery is bestEffort.');
  });

  it('an error of the disk fails the run, also where it can do without its records', async () => {
    const server = await startEvents();
    const job = prepare(cloudevents(server.url, { delivery: 'bestEffort', payload: { kind: 'inline', limit: 100 } }));
    job.write('report/input.part.json', inputPart({ files: [{ path: 'gone.json', size: 1, sha256 }] }));
    expect(await job.run(logInput)).toBe(0);
    expect(job.failure()).toMatchObject({ step: 'log-input', reason: 'runtime/io-error' });
  });
});

describe('the Secret of a sink', () => {
  const secret = { kind: 'Secret', name: 'events', key: 'bearer' } as const;
  const ca = { kind: 'ConfigMap', name: 'company-ca', key: 'ca.crt' } as const;
  const certificate = createCertificate('127.0.0.1');

  it('reaches it, and nothing else', async () => {
    const server = await startEvents(undefined, certificate);
    const job = prepare(cloudevents(server.url, { secret, ca }));
    job.write('sink/secret', 'top-secret');
    job.write('sink/ca.crt', certificate.cert);
    expect([await job.run(logInput), await job.run(logOutput)]).toEqual([0, 0]);
    expect(job.failure()).toBeUndefined();
    expect(server.events.map(({ headers }) => headers.authorization)).toEqual(Array(4).fill('Bearer top-secret'));
    for (const text of [job.stdout(), job.stderr(), job.read('report/final/_MANIFEST.json')]) expect(text).not.toContain('top-secret');
  });

  it.each<[string, Readonly<Record<string, string>>, string]>([
    [
      'is missing',
      { 'sink/ca.crt': '-----BEGIN CERTIFICATE-----' },
      `needs the key "bearer" of the Secret "events", which is missing in the run's namespace`,
    ],
    ['is empty', { 'sink/secret': '' }, 'which is empty'],
    ['ends in a line break', { 'sink/secret': 'top-secret\n' }, 'is not one line of ASCII text'],
    ['holds a control character', { 'sink/secret': 'top\u0000secret' }, 'is not one line of ASCII text'],
    ['has no certificates beside it', { 'sink/secret': 'top-secret' }, 'needs the key "ca.crt" of the ConfigMap "company-ca", which is missing'],
    [
      'has no certificate beside it but something else',
      { 'sink/secret': 'top-secret', 'sink/ca.crt': 'x' },
      'which holds no certificate in PEM form',
    ],
    [
      'has a certificate beside it that is none',
      { 'sink/secret': 'top-secret', 'sink/ca.crt': '-----BEGIN CERTIFICATE-----\ndG9w\n-----END CERTIFICATE-----\n' },
      'which holds certificates in PEM form of which number 1 cannot be read',
    ],
    [
      'has a certificate beside it that was cut off, behind another',
      { 'sink/secret': 'top-secret', 'sink/ca.crt': `# ours\n${certificate.cert}\n${certificate.cert.slice(0, -60)}` },
      'of which number 2 cannot be read',
    ],
  ])('that %s is named, and nothing is sent', async (_, files, problem) => {
    const server = await startEvents();
    const job = prepare(cloudevents(server.url, { secret, ca }));
    for (const [path, content] of Object.entries(files)) job.write(path, content);
    expect(await job.run(logInput)).toBe(0);
    expect(job.failure()).toMatchObject({ step: 'log-input', code: 2, reason: 'runtime/sink-secret' });
    expect(job.failure()?.sentence).toContain(problem);
    expect(job.failure()?.sentence).not.toContain('top');
    expect(server.events).toEqual([]);
  });

  it('that the Task does not mount is our own fault', async () => {
    const job = prepare(cloudevents('http://127.0.0.1:9/', { secret }));
    await job.run(logInput, { [stepEnv.sink]: undefined });
    expect(job.failure()).toMatchObject({ reason: 'runtime/bad-environment' });
  });
});

describe('a run on this machine', () => {
  it('keeps its records beside the results: it sends nothing', async () => {
    const job = createJob();
    for (const folder of ['raw/fraud/in', 'models/fraud/1.4', 'results']) job.write(`store/${folder}/x`, '');
    const config = { ...stepConfig, feedback: fluentd(24224, { secret: { kind: 'Secret', name: 'fluentd', key: 'shared_key' } }) };
    expect(await job.run(configureRclone, { [stepEnv.config]: JSON.stringify(config), [stepEnv.store]: job.path('store') })).toBe(0);
    expect(JSON.parse(job.read('control/job.json'))).toMatchObject({ feedback: { sink: 'objectStorage', compression: 'none' } });
    expect(job.stdout()).toContain('fluentd');
  });
});
