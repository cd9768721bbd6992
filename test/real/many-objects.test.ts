/** A whole job with 100,000 requests and as many responses, in and out of `rclone serve s3`. rclone must be on PATH. */
import { linkSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import type { Manifest } from '../../src/contract/job-record.js';
import { parseManifest } from '../../src/contract/records.js';
import { freePort } from '../support/free-port.js';
import { namespaceModel, serviceModel } from '../support/models.js';
import { request } from './support/inputs.js';
import { runLocally } from './support/local-job.js';
import { eventually, startProgram, type BackgroundProgram } from './support/programs.js';
import { objectsOfService, storeConnection } from './support/store-job.js';

const count = 100_000;
const perFolder = 1000;
const pathOf = (index: number): string => `part-${String(Math.floor(index / perFolder)).padStart(2, '0')}/${String(index)}.json`;

/** Answers each request by its id. */
const predictor = `
const fs = require('node:fs');
const { ODAHU_MODEL_INPUT: from, ODAHU_MODEL_OUTPUT: to } = process.env;
for (const folder of fs.readdirSync(from)) {
  fs.mkdirSync(to + '/' + folder);
  for (const file of fs.readdirSync(from + '/' + folder)) {
    const { id, inputs: [{ data }] } = JSON.parse(fs.readFileSync(from + '/' + folder + '/' + file, 'utf8'));
    const output = { name: 'y', datatype: 'FP64', shape: [1], data: [data[0] * 10] };
    fs.writeFileSync(to + '/' + folder + '/' + file, JSON.stringify({ model_name: 'm', id, outputs: [output] }));
  }
}`;

const root = mkdtempSync(join(tmpdir(), 'millrace-many-objects-'));
let store: BackgroundProgram | undefined;
afterAll(() => {
  store?.stop();
  rmSync(root, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  // 600,000 names.
}, 600_000);

it('100,000 requests become 100,000 published responses, each of them in the manifest', async () => {
  for (let index = 0; index < count; index += 1) {
    const file = join(root, 'store/bucket/in', pathOf(index));
    if (index % perFolder === 0) mkdirSync(join(file, '..'), { recursive: true });
    // One request for each folder: what comes from a store is told by its bytes.
    const original = join(root, 'store/bucket/in', pathOf(index - (index % perFolder)));
    if (file === original) writeFileSync(file, request(String(index / perFolder), [index / perFolder]));
    else linkSync(original, file);
  }
  const address = `127.0.0.1:${String(await freePort())}`;
  store = startProgram(['rclone', 'serve', 's3', join(root, 'store'), '--addr', address, '--auth-key', 'key,secret']);
  await eventually(store, 'rclone serve s3', () => fetch(`http://${address}`));

  const { results, log } = await runLocally({
    objects: objectsOfService({
      backend: { type: 's3', bucket: 'bucket', region: 'us-east-1', endpoint: `http://${address}`, pathStyle: true },
      keys: ['access_key_id', 'secret_access_key'],
      predictor,
      changes: { include: ['**'] },
    }),
    namespace: namespaceModel.namespace,
    service: serviceModel.name,
    name: 'many',
    credentials: { [storeConnection]: { access_key_id: 'key', secret_access_key: 'secret' } },
    workFolder: join(root, 'work'),
  });
  const story = log.split('\n').filter((line) => !/"msg":"(?:Copied|Made directory)/.test(line));
  expect(
    results.map(({ reason, exitCode }) => [reason, exitCode]),
    story.slice(-50).join('\n'),
  ).toEqual(Array.from({ length: 9 }, () => ['Completed', 0]));

  const published = join(root, 'store/bucket/out/many');
  expect(
    readdirSync(published)
      .filter((name) => name.startsWith('_'))
      .sort(),
  ).toEqual(['_MANIFEST.json', '_SUCCESS', '_feedback']);
  const { value: manifest, problem } = parseManifest(readFileSync(join(published, '_MANIFEST.json'), 'utf8'));
  expect(problem).toBeUndefined();
  const { input, output, counts, feedback } = manifest as Manifest;
  expect(counts).toMatchObject({ listed: count, valid: count, invalid: 0, ignored: 0, outputs: count, invalidOutputs: 0 });
  expect(feedback).toMatchObject({ input: { delivered: count, undelivered: 0 }, output: { delivered: count, undelivered: 0 } });
  // Both are sorted by path; compared as texts: a difference of 100,000 is nothing to print.
  const expected = Array.from({ length: count }, (_, index) => pathOf(index)).sort();
  const listed = expected.join('\n');
  expect(input.files.map(({ path }) => path).join('\n') === listed).toBe(true);
  expect(output.files.map(({ path }) => path).join('\n') === listed).toBe(true);
  const found = readdirSync(published, { recursive: true, encoding: 'utf8' }).filter((path) => /^part-.*\.json$/.test(path));
  expect(found.sort().join('\n') === listed).toBe(true);
  const last = JSON.parse(readFileSync(join(published, pathOf(count - 1)), 'utf8')) as unknown;
  expect(last).toEqual({ model_name: 'm', id: '99', outputs: [{ name: 'y', datatype: 'FP64', shape: [1], data: [990] }] });
}, 900_000);
