/** SIGTERM in the steps that send feedback records, while a sink takes them: before its first word, in the middle, and before the last. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { sha256OfText } from '../../runtime/base/files.js';
import type { NetworkSink } from '../../src/contract/feedback.js';
import { files } from '../../src/contract/paths.js';
import { idOf, startEvents } from './support/events-server.js';
import { startFluentd } from './support/fluentd-server.js';
import { createJob, inputPart, jobRecord, outputPart, request, response, stepEnvironment, type TestJob } from './support/job.js';

const runtime = fileURLToPath(new URL('../../lib/runtime.mjs', import.meta.url));
/** More than what is under way to any sink at one time. */
const count = 300;
const names = Array.from({ length: count }, (_, index) => `${String(index)}.json`);
/** Makes records so large that no chunk takes all of them. */
const text = (document: object): string => JSON.stringify({ ...document, parameters: { more: 'm'.repeat(30_000) } });

interface TestSink {
  readonly settings: NetworkSink;
  /** Ids of the records that it has confirmed, each as often as it did. */
  readonly confirmed: () => readonly string[];
  /** Resolves when a record has come that the sink will not confirm. */
  readonly isSilent: Promise<void>;
  /** From now on it confirms all. */
  recover(): void;
}
/** A sink that confirms so many records, or some more of the same chunk, and then says nothing. */
type StartSink = (patience: number) => Promise<TestSink>;

const common = { delivery: 'required', giveUpSeconds: 60 } as const;

function silence(): { readonly isSilent: Promise<void>; beSilent(): void } {
  let resolved: () => void = () => undefined;
  const isSilent = new Promise<void>((resolve) => {
    resolved = resolve;
  });
  return { isSilent, beSilent: () => resolved() };
}

const fluentd: StartSink = async (patience) => {
  const confirmed: string[] = [];
  let most = patience;
  const { isSilent, beSilent } = silence();
  const { port } = await startFluentd(({ records }, _, confirm) => {
    if (confirmed.length >= most) {
      beSilent();
      return;
    }
    confirmed.push(...records.map(({ record_id }) => String(record_id)));
    confirm();
  });
  return {
    settings: { ...common, sink: 'fluentd', host: '127.0.0.1', port, tls: false },
    confirmed: () => confirmed,
    isSilent,
    recover: () => {
      most = Infinity;
    },
  };
};

const cloudevents: StartSink = async (patience) => {
  const confirmed: string[] = [];
  let most = patience;
  const { isSilent, beSilent } = silence();
  const { url } = await startEvents(({ headers, body }) => {
    if (confirmed.length >= most) {
      beSilent();
      return 'nothing';
    }
    confirmed.push(idOf(headers, body));
    return { status: 202 };
  });
  return {
    settings: { ...common, sink: 'cloudevents', url, mode: 'structured' },
    confirmed: () => confirmed,
    isSilent,
    recover: () => {
      most = Infinity;
    },
  };
};

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly milliseconds: number;
}

/** Runs a step, and stops it when `when` comes. */
function run(job: TestJob, step: string, when?: Promise<void>): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [runtime, step], { env: stepEnvironment(job.root), stdio: ['ignore', 'pipe', 'pipe'] });
    let [stdout, stderr] = ['', ''];
    let stopped = performance.now();
    child.stdout.on('data', (piece: Buffer) => (stdout += piece.toString()));
    child.stderr.on('data', (piece: Buffer) => (stderr += piece.toString()));
    child.on('error', reject);
    child.on('close', (code) => {
      resolve({ code, stdout, stderr, milliseconds: performance.now() - stopped });
    });
    void when?.then(() => {
      stopped = performance.now();
      child.kill('SIGTERM');
    });
  });
}

/** A job as the steps before one that sends leave it. */
function prepare(settings: NetworkSink): TestJob {
  const job = createJob();
  job.write('control/job.json', { ...jobRecord, feedback: { ...settings, input: true, output: true, payload: { kind: 'inline', limit: 1 << 20 } } });
  const records = (folder: string, document: object) =>
    names.map((name) => {
      const content = text(document);
      job.write(`${folder}/${name}`, content);
      return { path: name, size: content.length, sha256: sha256OfText(content) };
    });
  job.write(`report/${files.inputPart}`, inputPart({ files: records(`data/${files.valid}`, request), listed: count }));
  job.write(`report/${files.manifestPart}`, outputPart(records('publish', response)));
  return job;
}

describe.each([
  ['fluentd', fluentd],
  ['cloudevents', cloudevents],
] as const)('%s', (_, start) => {
  describe.each(['log-input', 'log-output'] as const)('%s', (step) => {
    it.each([
      ['before the first record is confirmed', 0],
      ['in the middle', count / 2],
      ['before the last chunk is confirmed', count - 40],
    ])('that is stopped %s ends at once, and sends all of them when it runs again (runtime/stopped)', async (_when, patience) => {
      const sink = await start(patience);
      const job = prepare(sink.settings);
      const stopped = await run(job, step, sink.isSilent);
      expect(stopped).toMatchObject({ code: 4, stderr: expect.stringContaining(`The step ${step} was stopped by SIGTERM`) as string });
      // A pod has 30 seconds, and the sink is given up after 60.
      expect(stopped.milliseconds).toBeLessThan(30_000);
      expect(JSON.parse(stopped.stdout.trim().split('\n').at(-1) ?? '')).toMatchObject({ level: 'error', step, reason: 'runtime/stopped', code: 4 });
      // Nothing goes on, nothing is recorded as the run's failure, and nothing says that the run is complete.
      expect([job.has('result-run') && job.read('result-run'), job.failure()]).toEqual([step === 'log-input' ? 'no' : false, undefined]);
      expect(existsSync(job.path(`report/${files.final}/${files.success}`))).toBe(false);
      expect(new Set(sink.confirmed()).size).toBeLessThan(count);

      sink.recover();
      const before = sink.confirmed().length;
      const again = await run(job, step);
      expect(again.code, again.stdout).toBe(0);
      expect(job.failure()).toBeUndefined();
      // All come again, by the same ids: none is lost, and who looks at ids has none twice.
      expect(new Set(sink.confirmed().slice(before)).size).toBe(count);
      expect(new Set(sink.confirmed()).size).toBe(count);
      if (step === 'log-input') expect(job.read('result-run')).toBe('yes');
      else expect(job.manifest().feedback.output).toEqual({ delivered: count, undelivered: 0 });
    });
  });
});
