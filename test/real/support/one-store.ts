/**
 * A job whose data and results are in one store: configure-rclone as it is, and then the programs of the rclone steps with
 * the environment that a Task gives them. rclone must be on PATH.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished } from 'vitest';
import { configureRclone } from '../../../runtime/steps/configure-rclone.js';
import { mountPaths, stepEnv } from '../../../src/contract/paths.js';
import { programs } from '../../../src/contract/programs.js';
import { rcloneEnv } from '../../../src/contract/rclone-env.js';
import type { StepConnection } from '../../../src/contract/step-connection.js';
import { storeAccess } from '../../../src/manifests/job/store-access.js';
import type { ConnectionModel, CredentialsModel, ProxyModel } from '../../../src/model/model.js';
import { createJob, stepConfig, type TestJob } from '../../runtime/support/job.js';
import type { Certificate } from '../../support/certificate.js';
import { s3Connection, serviceModel } from '../../support/models.js';
import { execute, type Ended } from './programs.js';

/** What a step's program is run with besides what the Task says. */
export type Variables = Readonly<Record<string, string>>;

export interface GivenFiles {
  /** Our name of a Secret's key -> value. */
  readonly secrets?: Variables;
  /** What the ConfigMap of the connection's authorities holds. */
  readonly ca?: string;
}

/** A job with its first step done. Its data are at `fraud/in/`, its results go to `fraud/out/`. */
export async function configured(connection: StepConnection, { secrets = {}, ca }: GivenFiles = {}): Promise<TestJob> {
  const job = createJob();
  for (const name of ['raw', 'results']) {
    for (const [key, value] of Object.entries(secrets)) job.write(`credentials/${name}/${key}`, value);
    if (ca !== undefined) job.write(`ca/${name}.crt`, ca);
  }
  job.write(`identity/${connection.type}`, 'token of the run');
  const config = { ...stepConfig, connections: { ...stepConfig.connections, raw: connection, results: connection } };
  const env = { [stepEnv.config]: JSON.stringify(config), [stepEnv.identity]: job.path('identity'), [stepEnv.ca]: job.path('ca') };
  expect(await job.run(configureRclone, env), job.stderr()).toBe(0);
  return job;
}

/** As resolve makes it; what only our own manifests need is any. */
function modelOf(connection: StepConnection, proxy: ProxyModel | undefined): ConnectionModel {
  const { credentials, ...backend } = connection;
  return { ...s3Connection('raw'), backend, credentials: credentialsModel(credentials), proxy };
}

function credentialsModel(credentials: StepConnection['credentials']): CredentialsModel {
  switch (credentials.kind) {
    case 'secret':
      return { kind: 'secret', secretName: credentials.name, keys: credentials.keys };
    case 'workloadIdentity':
      return { kind: 'workloadIdentity', name: 'fraud', shared: false, tokenAudience: 'of-the-cloud', identity: credentials };
    default:
      return credentials;
  }
}

export interface StepOptions {
  /** Of the test's own cloud. */
  readonly env?: Variables;
  readonly proxy?: ProxyModel;
}

function runProgram(program: string, job: TestJob, connection: StepConnection, { env = {}, proxy }: StepOptions): Promise<Ended> {
  const { MILLRACE_RCLONE_FLAGS: flags = '', ...own } = rcloneEnv({ parallel: 4 });
  const here = (path: string): string =>
    [mountPaths.identity, mountPaths.rclone, mountPaths.ca].reduce(
      (moved, mount) => moved.replace(mount, job.path(mount.split('/').at(-1) ?? '')),
      path,
    );
  const access = storeAccess({ ...serviceModel, connections: [modelOf(connection, proxy)] });
  return execute(['sh', '-ec', program], {
    env: {
      PATH: process.env['PATH'],
      HOME: job.root,
      ...Object.fromEntries(Object.entries({ ...own, ...access.rclone.env }).map(([name, value]) => [name, here(value)])),
      // A test does not wait for what will not come.
      MILLRACE_RCLONE_FLAGS: `${flags} --retries=1 --low-level-retries=1`,
      [stepEnv.rclone]: job.path('rclone'),
      [stepEnv.data]: job.path('data'),
      [stepEnv.publish]: job.path('publish'),
      [stepEnv.report]: job.path('report'),
      [stepEnv.quarantine]: job.path('data/quarantine/upload'),
      [stepEnv.control]: job.path('control'),
      ...env,
    },
  });
}

/** The step sync-data. */
export const syncData = (job: TestJob, connection: StepConnection, options: StepOptions = {}): Promise<Ended> =>
  runProgram(programs.syncData, job, connection, options);

/** The step sync-output of a job whose predictor wrote `a.json`. */
export function syncOutput(job: TestJob, connection: StepConnection, options: StepOptions = {}): Promise<Ended> {
  job.write('publish/a.json', '{"outputs":[]}');
  job.write('report/final/_MANIFEST.json', '{}');
  job.write('report/final/_SUCCESS', '');
  return runProgram(programs.syncOutput, job, connection, options);
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
