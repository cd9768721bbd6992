/** Whole jobs whose feedback sink is up, down, silent, or takes a part of their records. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Feedback } from '../../src/contract/feedback.js';
import type { Manifest } from '../../src/contract/job-record.js';
import { startFluentd } from '../runtime/support/fluentd-server.js';
import { freePort } from '../support/free-port.js';
import { collected, fluentd, startCollector } from './support/collector.js';
import { runWithSink, startResults, type Results } from './support/feedback-job.js';
import type { BackgroundProgram } from './support/programs.js';

describe('a whole job', () => {
  const root = mkdtempSync(join(tmpdir(), 'millrace-feedback-'));
  let collector: BackgroundProgram | undefined;
  let results: Results | undefined;
  beforeAll(async () => {
    results = await startResults();
  });
  afterAll(() => {
    collector?.stop();
    results?.stop();
    rmSync(root, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  });
  const run = (name: string, sink: Feedback): ReturnType<typeof runWithSink> => {
    if (!results) throw new Error('the store was not started');
    return runWithSink(results, { name, sink });
  };

  it('leaves the records of its requests and responses with the collector', async () => {
    const port = await freePort();
    const file = join(root, 'logs.jsonl');
    collector = await startCollector(port, file);
    const { reasons, published, log } = await run('delivered', fluentd(port));
    expect(reasons, log).toEqual(Array(9).fill('Completed'));
    expect((published('_MANIFEST.json') as Manifest).feedback).toEqual({
      sink: 'fluentd',
      input: { delivered: 2, undelivered: 0 },
      output: { delivered: 2, undelivered: 0 },
    });
    await expect.poll(() => collected(file).length, { timeout: 20_000, interval: 500 }).toBe(4);
    expect(collected(file).map((record) => [record['fluent.tag'], record['file']])).toEqual([
      ['request_response', 'a.json'],
      ['request_response', 'b.json'],
      ['response_body', 'a.json'],
      ['response_body', 'b.json'],
    ]);
  });

  it('fails by the name of a sink that is down, with code 4, and runs no predictor', async () => {
    const { reasons, published, exitCode, exists } = await run('down', fluentd(await freePort()));
    expect(exitCode).toBe(4);
    expect(reasons).toEqual([...Array<string>(5).fill('Completed'), 'Skipped', 'Completed', 'Completed', 'Error']);
    const { failure, feedback } = published('_FAILED.json') as Manifest;
    expect(failure).toMatchObject({ step: 'log-input', code: 4, reason: 'runtime/sink-unavailable' });
    expect(failure?.sentence).toMatch(
      /^The feedback sink fluentd at 127\.0\.0\.1:\d+ cannot be reached \(ECONNREFUSED\): 0 of 2 records were delivered\./,
    );
    expect(feedback).toMatchObject({ input: { delivered: 0, undelivered: 2 } });
    expect(exists('_SUCCESS')).toBe(false);
  });

  it('whose responses do not arrive has failed, though its results are there', async () => {
    const server = await startFluentd(({ tag }, _, confirm) => {
      if (tag === 'request_response') confirm();
    });
    const { reasons, published, exitCode, exists, log } = await run('half', fluentd(server.port, { giveUpSeconds: 2 }));
    expect(reasons, log).toEqual([...Array<string>(8).fill('Completed'), 'Error']);
    expect(exitCode).toBe(4);
    expect(published('_FAILED.json')).toMatchObject({
      failure: { step: 'log-output', reason: 'runtime/sink-unavailable' },
      feedback: { input: { delivered: 2 }, output: { delivered: 0, undelivered: 2 } },
    });
    expect([exists('a.json'), exists('_SUCCESS'), exists('_MANIFEST.json')]).toEqual([true, false, false]);
  });

  it('that can do without its records succeeds, and says what is missing', async () => {
    const silent = await startFluentd(() => undefined);
    const { reasons, published, exists, log } = await run('silent', fluentd(silent.port, { delivery: 'bestEffort', giveUpSeconds: 2 }));
    expect(reasons, log).toEqual(Array(9).fill('Completed'));
    expect(exists('_SUCCESS')).toBe(true);
    expect((published('_MANIFEST.json') as Manifest).feedback).toMatchObject({
      sink: 'fluentd',
      input: { delivered: 0, undelivered: 2, problem: { reason: 'runtime/sink-unavailable' } },
      output: { delivered: 0, undelivered: 2 },
    });
  });
});
