/** `rclone serve s3` behind a proxy that does what a test wants with each request. rclone must be on PATH. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, request as send, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { configureRclone } from '../../../runtime/steps/configure-rclone.js';
import { files, stepEnv } from '../../../src/contract/paths.js';
import { rcloneEnv } from '../../../src/contract/rclone-env.js';
import type { StepConfig } from '../../../src/contract/step-config.js';
import { createJob, stepConfig, type TestJob } from '../../runtime/support/job.js';
import { freePort } from '../../support/free-port.js';
import { eventually, startProgram } from './programs.js';

/** What the proxy does with a request; false passes it on, and a number does so after so many milliseconds. */
export type Fault = (request: IncomingMessage, response: ServerResponse) => boolean | number;

export interface FaultyStore {
  /** Its folder on this machine holds its buckets. */
  readonly root: string;
  readonly secret: string;
  /** In force until the next one. */
  misbehave(fault: Fault): void;
  /** A job whose three connections are one new bucket, with its first step done. */
  prepare(changes?: Partial<StepConfig>): Promise<Prepared>;
  stop(): void;
}

export interface Prepared {
  readonly job: TestJob;
  /** Folder of the bucket on this machine. */
  readonly bucket: string;
}

const keyId = 'key-of-the-store';

export async function startFaultyStore(): Promise<FaultyStore> {
  const root = mkdtempSync(join(tmpdir(), 'millrace-faulty-store-'));
  const secret = 'canary-4d1f0c';
  const port = await freePort();
  const address = `127.0.0.1:${String(port)}`;
  const store = startProgram(['rclone', 'serve', 's3', root, '--addr', address, '--auth-key', `${keyId},${secret}`, '--dir-cache-time', '10ms']);
  await eventually(store, 'rclone serve s3', () => fetch(`http://${address}`));
  let fault: Fault = () => false;
  const proxy = createServer((incoming, outgoing) => {
    const done = fault(incoming, outgoing);
    if (typeof done === 'number') setTimeout(() => passOn(incoming, outgoing), done);
    else if (!done) passOn(incoming, outgoing);
  });
  const passOn = (incoming: IncomingMessage, outgoing: ServerResponse): void => {
    const { method, url: path, headers } = incoming;
    const onward = send({ host: '127.0.0.1', port, method, path, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(outgoing);
    });
    onward.on('error', () => outgoing.destroy());
    incoming.pipe(onward);
  };
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://127.0.0.1:${String((proxy.address() as AddressInfo).port)}`;
  let buckets = 0;
  return {
    root,
    secret,
    misbehave: (next) => {
      fault = next;
    },
    prepare: async (changes = {}) => {
      const job = createJob();
      buckets += 1;
      const bucket = `bucket-${String(buckets)}`;
      mkdirSync(join(root, bucket, 'fraud/in'), { recursive: true });
      for (const name of ['raw', 'models', 'results']) {
        job.write(`credentials/${name}/access_key_id`, keyId);
        job.write(`credentials/${name}/secret_access_key`, secret);
      }
      const config = { ...stepConfig, connections: connectionsTo(bucket, endpoint), data: { ...stepConfig.data, include: ['**'] }, ...changes };
      expect(await job.run(configureRclone, { [stepEnv.config]: JSON.stringify(config) }), job.stdout()).toBe(0);
      return { job, bucket: join(root, bucket) };
    },
    stop: () => {
      store.stop();
      proxy.closeAllConnections();
      proxy.close();
      rmSync(root, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    },
  };
}

function connectionsTo(bucket: string, endpoint: string): StepConfig['connections'] {
  const keys = { access_key_id: 'access_key_id', secret_access_key: 'secret_access_key' };
  const connection = {
    type: 's3',
    bucket,
    region: 'us-east-1',
    endpoint,
    pathStyle: true,
    credentials: { kind: 'secret', name: 'store', keys },
  } as const;
  return { raw: connection, models: connection, results: connection };
}

/** The environment of an rclone step, with less patience than in a job: `rclone` is added to its flags. */
export const rcloneStepEnv = (job: TestJob, rclone = '--retries=1 --low-level-retries=2 --timeout=2s --contimeout=2s'): NodeJS.ProcessEnv => ({
  PATH: process.env['PATH'],
  HOME: job.root,
  RCLONE_CONFIG: job.path(`rclone/${files.rcloneConf}`),
  MILLRACE_RCLONE_FLAGS: `${rcloneEnv({ parallel: 4 })['MILLRACE_RCLONE_FLAGS'] ?? ''} ${rclone}`,
  [stepEnv.rclone]: job.path('rclone'),
  [stepEnv.data]: job.path('data'),
  [stepEnv.model]: job.path('model'),
  [stepEnv.modelRaw]: job.path('model-raw'),
  [stepEnv.publish]: job.path('publish'),
  [stepEnv.report]: job.path('report'),
  [stepEnv.quarantine]: job.path('data/quarantine/upload'),
  [stepEnv.control]: job.path('control'),
});
