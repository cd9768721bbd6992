/**
 * Feedback to real peers: the OpenTelemetry Collector's receiver of the forward protocol, the server of another client of
 * that protocol with TLS and a shared key.
 */
import { spawn } from 'node:child_process';
import { existsSync, linkSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { FluentServer } from '@fluent-org/logger';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Feedback } from '../../src/contract/feedback.js';
import type { FileRecord } from '../../src/contract/job-record.js';
import { stepEnv } from '../../src/contract/paths.js';
import { type InputPart, nothingRead } from '../../runtime/base/parts.js';
import { jobRecord } from '../runtime/support/job.js';
import { forgotten, startFluentd } from '../runtime/support/fluentd-server.js';
import { createCertificate } from '../support/certificate.js';
import { freePort } from '../support/free-port.js';
import { collected, fluentd, startCollector } from './support/collector.js';
import type { BackgroundProgram } from './support/programs.js';

const runtime = fileURLToPath(new URL('../../lib/runtime.mjs', import.meta.url));
let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'millrace-feedback-'));
});
const programs: BackgroundProgram[] = [];
afterEach(() => {
  for (const program of programs.splice(0)) program.stop();
  rmSync(root, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
});

/** The volumes of log-input with `count` requests of the given text. */
function prepareRequests(feedback: Feedback, count: number, content = '{}'): Readonly<Record<string, string>> {
  const path = (name: string): string => join(root, name);
  for (const folder of ['data/valid', 'report', 'control', 'sink']) mkdirSync(path(folder), { recursive: true });
  const files: FileRecord[] = [];
  for (let index = 0; index < count; index += 1) {
    const name = `${String(index)}.json`;
    // A file has at most 65,000 names.
    const original = path(`original-${String(Math.floor(index / 50_000))}`);
    if (!existsSync(original)) writeFileSync(original, content);
    if (feedback.payload.kind === 'inline') linkSync(original, path(`data/valid/${name}`));
    files.push({ path: name, size: content.length, sha256: 'c'.repeat(64) });
  }
  configureJob(feedback);
  const part: InputPart = { ...nothingRead, run: true, files, listed: count };
  writeFileSync(path('report/input.part.json'), JSON.stringify(part));
  return {
    [stepEnv.data]: path('data'),
    [stepEnv.report]: path('report'),
    [stepEnv.control]: path('control'),
    [stepEnv.sink]: path('sink'),
    [stepEnv.resultRun]: path('run'),
  };
}
const configureJob = (feedback: Feedback, data: object = {}): void =>
  writeFileSync(join(root, 'control/job.json'), JSON.stringify({ ...jobRecord, data: { ...jobRecord.data, ...data }, feedback }));

/** Runs log-input as its container does; gives the most memory that it took, in bytes. */
function logInput(
  env: Readonly<Record<string, string>>,
): Promise<{ readonly code: number | null; readonly output: string; readonly memory: number }> {
  const measure = join(root, 'measure.mjs');
  const result = join(root, 'memory');
  writeFileSync(
    measure,
    `import { writeFileSync } from 'node:fs';
process.on('exit', () => writeFileSync(${JSON.stringify(result)}, String(process.resourceUsage().maxRSS * 1024)));
await import(${JSON.stringify(runtime)});`,
  );
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [measure, 'log-input'], { env: { ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text: Buffer) => (output += text.toString()));
    child.on('error', reject);
    child.on('close', (code) => {
      resolve({ code, output, memory: Number(readFileSync(result, 'utf8')) });
    });
  });
}
const outcome = (): unknown => JSON.parse(readFileSync(join(root, 'report/feedback.part.json'), 'utf8')) as unknown;

describe("the OpenTelemetry Collector's receiver", () => {
  it('confirms 10,000 records and has each of them once', async () => {
    const port = await freePort();
    const file = join(root, 'logs.jsonl');
    programs.push(await startCollector(port, file));
    const { code, output } = await logInput(prepareRequests(fluentd(port), 10_000));
    expect(code, output).toBe(0);
    expect(outcome()).toEqual({ delivered: 10_000, undelivered: 0 });
    expect(readFileSync(join(root, 'run'), 'utf8')).toBe('yes');
    await expect.poll(() => collected(file).length, { timeout: 20_000, interval: 500 }).toBe(10_000);
    const records = collected(file);
    expect(new Set(records.map(({ record_id }) => record_id)).size).toBe(10_000);
    expect(records[0]).toMatchObject({
      'fluent.tag': 'request_response',
      request_id: 'fraud-scorer--abc',
      model_name: 'fraud',
      model_version: '1.4',
      job_id: 'fraud-scorer--abc',
      file: '0.json',
      content_uri: 's3://raw-bucket/fraud/in/0.json',
      content_sha256: 'c'.repeat(64),
    });
  });

  it('gets records that began before it was up', async () => {
    const port = await freePort();
    const file = join(root, 'logs.jsonl');
    const sending = logInput(prepareRequests(fluentd(port, { giveUpSeconds: 60 }), 10));
    await new Promise((resolve) => setTimeout(resolve, 1500));
    programs.push(await startCollector(port, file));
    expect((await sending).code).toBe(0);
    await expect.poll(() => collected(file).length, { timeout: 20_000, interval: 500 }).toBe(10);
  });

  it('does not speak TLS, which stops the run before the predictor', async () => {
    const port = await freePort();
    programs.push(await startCollector(port, join(root, 'logs.jsonl')));
    await logInput(prepareRequests(fluentd(port, { tls: true }), 10));
    expect(outcome()).toMatchObject({ delivered: 0, undelivered: 10, problem: { reason: expect.stringMatching(/^runtime\/sink-/) as unknown } });
    expect(readFileSync(join(root, 'run'), 'utf8')).toBe('no');
  });
});

describe('a server of fluentd with TLS and a shared key', () => {
  const key = 'canary-c0ffee-shared-key';
  const certificate = createCertificate('127.0.0.1');
  const secret = { kind: 'Secret', name: 'fluentd', key: 'shared_key' } as const;
  const ca = { kind: 'ConfigMap', name: 'ca', key: 'ca.crt' } as const;
  const received: { readonly tag: string; readonly record: Readonly<Record<string, unknown>> }[] = [];
  let server: FluentServer | undefined;
  beforeEach(async () => {
    server = new FluentServer({
      security: { serverHostname: 'server', sharedKey: key, authorize: false, userDict: {} },
      tlsOptions: { key: certificate.key, cert: certificate.cert },
      listenOptions: { host: '127.0.0.1', port: 0 },
    });
    received.length = 0;
    server.on('entry', (tag: string, _: unknown, record: Readonly<Record<string, unknown>>) => received.push({ tag, record }));
    await server.listen();
  });
  afterEach(async () => {
    await server?.close();
  });

  async function send(sharedKey: string, authority: string): Promise<{ readonly output: string }> {
    const env = prepareRequests(fluentd(server?.port ?? 0, { tls: true, secret, ca, payload: { kind: 'inline', limit: 100 } }), 700, '{"id":"1"}');
    writeFileSync(join(root, 'sink/secret'), sharedKey);
    writeFileSync(join(root, 'sink/ca.crt'), authority);
    const { code, output } = await logInput(env);
    expect(code, output).toBe(0);
    return { output };
  }

  it('gets the records', async () => {
    const { output } = await send(key, certificate.cert);
    expect(outcome()).toEqual({ delivered: 700, undelivered: 0 });
    expect(new Set(received.map(({ record }) => record['record_id'])).size).toBe(700);
    expect(received[0]).toMatchObject({ tag: 'request_response', record: { request_content: '{"id":"1"}', file: '0.json' } });
    expect(output).not.toContain(key);
  });

  it('refuses another key', async () => {
    const { output } = await send('another-key', certificate.cert);
    expect(received).toEqual([]);
    expect(outcome()).toMatchObject({ delivered: 0, problem: { reason: 'runtime/sink-refused' } });
    expect(JSON.stringify(outcome())).toContain('refuses the shared key');
    expect(output).not.toContain('another-key');
  });

  it('is refused where its certificate is from another authority', async () => {
    await send(key, createCertificate('127.0.0.1').cert);
    expect(received).toEqual([]);
    expect(JSON.stringify(outcome())).toContain('has a certificate that is not trusted');
  });
});

describe('100,000 records', () => {
  // About 4 KB of each: what is kept of them is far more than what the collector of Node leaves for later, which is not the same
  // in two runs (its new space, and up to 64 MiB of buffers that nothing refers to).
  it.each([
    ['that refer to files', { kind: 'reference' }, { text: '{}', uri: `s3://raw-bucket/${'x'.repeat(4000)}/` }],
    ['that hold their text', { kind: 'inline', limit: 4096 }, { text: JSON.stringify({ id: 'x'.repeat(4000) }) }],
  ] as const)('%s take little more memory to send than to know of', async (_, payload, { text, ...data }) => {
    let sent = 0;
    const server = await startFluentd(({ bytes }, __, confirm) => {
      sent += bytes;
      confirm();
      return forgotten;
    });
    const env = prepareRequests(fluentd(server.port, { payload }), 100_000, text);
    configureJob(fluentd(server.port, { payload }), data);
    const all = await logInput(env);
    expect(all.code, all.output).toBe(0);
    expect(outcome()).toEqual({ delivered: 100_000, undelivered: 0 });
    expect(sent).toBeGreaterThan(400_000_000);
    configureJob(fluentd(server.port, { payload, input: false }), data);
    const nothing = await logInput(env);
    expect(outcome()).toEqual({ delivered: 0, undelivered: 0 });
    expect(all.memory - nothing.memory).toBeLessThan(sent / 2);
  });
});
