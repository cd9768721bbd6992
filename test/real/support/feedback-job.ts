/** A nine-step job against `rclone serve s3`, with any feedback sink: also one on this machine, which no Platform may name. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Feedback } from '../../../src/contract/feedback.js';
import { freePort } from '../../support/free-port.js';
import { namespaceModel, serviceModel } from '../../support/models.js';
import { request } from './inputs.js';
import { runLocally } from './local-job.js';
import { eventually, startProgram } from './programs.js';
import { objectsOfService, storeConnection } from './store-job.js';
import { put } from './stores.js';

/** Answers each request with ten times its data. */
const predictor = `
const fs = require('node:fs');
const { ODAHU_MODEL_INPUT, ODAHU_MODEL_OUTPUT } = process.env;
for (const file of fs.readdirSync(ODAHU_MODEL_INPUT)) {
  const { id, inputs: [{ data }] } = JSON.parse(fs.readFileSync(ODAHU_MODEL_INPUT + '/' + file, 'utf8'));
  const output = { name: 'y', datatype: 'FP64', shape: [data.length], data: data.map((x) => x * 10) };
  fs.writeFileSync(ODAHU_MODEL_OUTPUT + '/' + file, JSON.stringify({ model_name: 'm', id, outputs: [output] }));
}`;

/** The store of the jobs: its folder on this machine is what is published. */
export interface Results {
  readonly root: string;
  readonly endpoint: string;
  stop(): void;
}

export async function startResults(): Promise<Results> {
  const root = mkdtempSync(join(tmpdir(), 'millrace-feedback-jobs-'));
  put(root, 'store/bucket/in/a.json', request('a', [1, 2]));
  put(root, 'store/bucket/in/b.json', request('b', [3]));
  const port = String(await freePort());
  const program = startProgram(['rclone', 'serve', 's3', join(root, 'store'), '--addr', `127.0.0.1:${port}`, '--auth-key', 'key,secret']);
  const endpoint = `http://127.0.0.1:${port}`;
  await eventually(program, 'rclone serve s3', async () => fetch(endpoint));
  return {
    root,
    endpoint,
    stop: () => {
      program.stop();
      rmSync(root, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    },
  };
}

export interface SinkJob {
  readonly name: string;
  readonly sink: Feedback;
}

export interface SinkJobEnd {
  /** Of each step. */
  readonly reasons: readonly string[];
  readonly log: string;
  /** Of the last step. */
  readonly exitCode: number | undefined;
  published(name: string): unknown;
  exists(name: string): boolean;
}

export async function runWithSink({ root, endpoint }: Results, { name, sink }: SinkJob): Promise<SinkJobEnd> {
  const { input, output, payload, ...feedbackSink } = sink;
  const objects = objectsOfService({
    backend: { type: 's3', bucket: 'bucket', region: 'us-east-1', endpoint, pathStyle: true },
    keys: ['access_key_id', 'secret_access_key'],
    predictor,
    changes: { namespace: { ...namespaceModel, feedbackSink }, feedback: { input, output, payload } },
  });
  const { results, log } = await runLocally({
    objects,
    namespace: namespaceModel.namespace,
    service: serviceModel.name,
    name,
    credentials: { [storeConnection]: { access_key_id: 'key', secret_access_key: 'secret' } },
    workFolder: join(root, 'work', name),
  });
  const published = (file: string): string => join(root, 'store/bucket/out', name, file);
  return {
    reasons: results.map(({ reason }) => reason),
    log,
    exitCode: results.at(-1)?.exitCode,
    published: (file) => JSON.parse(readFileSync(published(file), 'utf8')) as unknown,
    exists: (file) => existsSync(published(file)),
  };
}
