/**
 * A job whose data and results are in one store: configure-rclone as it is, and then the programs of the rclone steps with
 * what that left for them. rclone must be on PATH.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished } from 'vitest';
import { configureRclone } from '../../../runtime/steps/configure-rclone.js';
import { stepEnv } from '../../../src/contract/paths.js';
import { programs } from '../../../src/contract/programs.js';
import type { StepConfig } from '../../../src/contract/step-config.js';
import type { StepConnection } from '../../../src/contract/step-connection.js';
import { createJob, stepConfig, type TestJob } from '../../runtime/support/job.js';
import type { Certificate } from '../../support/certificate.js';
import { rcloneStepEnv } from './faulty-store.js';
import { execute, type Ended } from './programs.js';

/** What a step's program is run with besides what the Task says. */
export type Variables = Readonly<Record<string, string>>;

export interface Given {
  /** Our name of a Secret's key -> value. */
  readonly secrets?: Variables;
  /** What the ConfigMap of the connection's authorities holds. */
  readonly ca?: string;
  readonly proxy?: NonNullable<StepConfig['proxy']>;
}

/** A job with its first step done. Its data are at `fraud/in/`, its results go to `fraud/out/`. */
export async function configured(connection: StepConnection, { secrets = {}, ca, proxy }: Given = {}): Promise<TestJob> {
  const job = createJob();
  for (const name of ['raw', 'results']) {
    for (const [key, value] of Object.entries(secrets)) job.write(`credentials/${name}/${key}`, value);
    if (ca !== undefined) job.write(`ca/${name}.crt`, ca);
  }
  job.write(`identity/${connection.type}`, 'token of the run');
  const config = { ...stepConfig, connections: { ...stepConfig.connections, raw: connection, results: connection }, ...(proxy ? { proxy } : {}) };
  const env = { [stepEnv.config]: JSON.stringify(config), [stepEnv.identity]: job.path('identity'), [stepEnv.ca]: job.path('ca') };
  expect(await job.run(configureRclone, env), job.stderr()).toBe(0);
  return job;
}

/** `env` is of the test's own cloud. */
function runProgram(program: string, job: TestJob, env: Variables): Promise<Ended> {
  // A test does not wait for what will not come.
  return execute(['sh', '-ec', program], { env: { ...rcloneStepEnv(job, '--retries=1 --low-level-retries=1'), ...env } });
}

/** The step sync-data. */
export const syncData = (job: TestJob, env: Variables = {}): Promise<Ended> => runProgram(programs.syncData, job, env);

/** The step sync-output of a job whose predictor wrote `a.json`. */
export function syncOutput(job: TestJob, env: Variables = {}): Promise<Ended> {
  job.write('publish/a.json', '{"outputs":[]}');
  job.write('report/final/_MANIFEST.json', '{}');
  job.write('report/final/_SUCCESS', '');
  return runProgram(programs.syncOutput, job, env);
}

/** That sync-data ended well and brought `a.json`, which holds `{}`. */
export async function expectCopied(job: TestJob, ended: Promise<Ended>): Promise<void> {
  const { code, stdout, stderr } = await ended;
  expect(code, stdout + stderr).toBe(0);
  expect(job.read('data/raw/a.json')).toBe('{}');
}

/** That a transfer failed, in our words. Returns all that was said. */
export async function expectRefused(ended: Promise<Ended>): Promise<string> {
  const { code, stdout, stderr } = await ended;
  expect(code).not.toBe(0);
  expect(stdout).toContain('"reason":"runtime/transfer-failed"');
  return stdout + stderr;
}

export interface CloudServer {
  /** `host:port` */
  readonly address: string;
  /** `METHOD PATH BODY` of each request. */
  readonly asked: readonly string[];
}

/** Text of the answer to a request; what else it is made of the answer sets itself. */
export type Answer = (request: IncomingMessage, body: string, response: ServerResponse) => string;

/** A small server of a cloud's, until the test ends; with a certificate it speaks TLS. */
export async function serve(answer: Answer, certificate?: Certificate): Promise<CloudServer> {
  const asked: string[] = [];
  const server = certificate ? createTlsServer(certificate) : createServer();
  server.on('request', (incoming, response) => {
    void text(incoming).then((body) => {
      asked.push(`${incoming.method ?? ''} ${incoming.url ?? ''} ${body}`);
      response.setHeader('content-type', 'application/json');
      response.setHeader('metadata-flavor', 'Google');
      response.end(answer(incoming, body, response));
    });
  });
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { address: `127.0.0.1:${String((server.address() as AddressInfo).port)}`, asked };
}
