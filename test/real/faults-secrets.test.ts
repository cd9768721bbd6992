/**
 * Credentials as canaries, one of each kind, in jobs that succeed and in jobs that fail in every way in which a store or
 * a sink may answer them: no byte that a job leaves behind, prints, or hands to a program holds one.
 */
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { FeedbackSink } from '../../src/contract/feedback.js';
import { findProgram } from '../../src/engine/run/programs.js';
import type { Manifest } from '../../src/manifests/manifest.js';
import type { ConnectionModel } from '../../src/model/model.js';
import { namespaceModel, serviceModel } from '../support/models.js';
import { request } from './support/inputs.js';
import { runLocally } from './support/local-job.js';
import { thisMachine } from './support/site.js';
import { objectsOfService, storeConnection } from './support/store-job.js';
import { bucket, disguises, put, startStores, upload, download, type Store, type Stores } from './support/stores.js';

const root = mkdtempSync(join(tmpdir(), 'millrace-secrets-'));
const path = process.env['PATH'] ?? '';
/** What each rclone was given: its arguments and its environment. */
const record = join(root, 'record');

let stores: Stores;
/** Refuses whoever comes, and says back all that it was told. */
let mirror: Server;
let mirrorUrl = '';

beforeAll(async () => {
  stores = await startStores(thisMachine, join(root, 'stores'));
  put(root, 'files/in/a.json', request('a', [1, 2]));
  for (const store of Object.values(stores.of)) await upload(store, join(root, 'files'));
  mirror = createServer((incoming, outgoing) => {
    let body = '';
    incoming.on('data', (chunk: Buffer) => (body += chunk.toString()));
    incoming.on('end', () => outgoing.writeHead(401).end(`${incoming.url ?? ''} ${JSON.stringify(incoming.headers)} ${body}`));
  });
  await new Promise<void>((resolve) => mirror.listen(0, '127.0.0.1', resolve));
  mirrorUrl = `http://127.0.0.1:${String((mirror.address() as AddressInfo).port)}`;
  // In place of rclone: writes down what it is given, and goes on as rclone.
  put(
    root,
    'bin/rclone',
    `#!/bin/sh\ntr '\\0' '\\n' < /proc/$$/cmdline >> '${record}'\nenv >> '${record}'\nexec '${findProgram('rclone', path) ?? ''}' "$@"\n`,
  );
  chmodSync(join(root, 'bin/rclone'), 0o755);
  process.env['PATH'] = `${join(root, 'bin')}:${path}`;
});
afterAll(() => {
  process.env['PATH'] = path;
  stores.stop();
  mirror.closeAllConnections();
  mirror.close();
  rmSync(root, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
});

/** Answers each request, and prints all that it can see of itself. */
const predictor = `
const fs = require('node:fs');
const { ODAHU_MODEL_INPUT, ODAHU_MODEL_OUTPUT } = process.env;
console.log(JSON.stringify([process.env, process.argv]));
for (const file of fs.readdirSync(ODAHU_MODEL_INPUT)) {
  const { id } = JSON.parse(fs.readFileSync(ODAHU_MODEL_INPUT + '/' + file, 'utf8'));
  fs.writeFileSync(ODAHU_MODEL_OUTPUT + '/' + file, JSON.stringify({ model_name: 'm', id, outputs: [{ name: 'y', datatype: 'FP64', shape: [1], data: [1] }] }));
}
`;

interface Row {
  readonly name: string;
  /** Besides credentials: those of a store that works, unless changed. */
  readonly store: () => Store;
  readonly backend?: () => ConnectionModel['backend'];
  readonly credentials?: () => Readonly<Record<string, string>>;
  readonly sink?: () => FeedbackSink;
  /** The texts that must appear nowhere. */
  readonly canaries: readonly string[];
  /** The step that fails, and what its log says; undefined where the job succeeds. */
  readonly fails?: readonly [step: string, words: RegExp];
}

const [s3, gcs, azure] = [() => stores.of.s3, () => stores.of.gcs, () => stores.of.azureblob];
const at = (store: () => Store, endpoint: () => string) => () => ({ ...store().backend, endpoint: endpoint() }) as ConnectionModel['backend'];
const nowhere = (): string => 'http://127.0.0.1:1';
const canary = 'canary9f3b7c51e0d24a68';
const base64 = Buffer.from(`${canary}${canary}`).toString('base64');
const sas = (host: string): string => `${host}/devstoreaccount1/${bucket}?sv=2022-11-02&sr=c&sp=rwdl&se=2036-01-01T00%3A00%3A00Z&sig=${canary}%3D`;
const azureHost = (): string => (azure().backend.type === 'azureblob' ? ((azure().backend as { readonly endpoint?: string }).endpoint ?? '') : '');
const account = (changes: object) => (): Readonly<Record<string, string>> => ({
  'service_account.json': JSON.stringify({ ...(JSON.parse(gcs().credentials['service_account.json'] ?? '') as object), ...changes }),
});
const secretOf = (key: string) => ({ kind: 'Secret', name: 'sink', key }) as const;
const fluentd = (): FeedbackSink =>
  ({
    ...{ sink: 'fluentd', delivery: 'required', giveUpSeconds: 2, host: '127.0.0.1', port: Number(new URL(mirrorUrl).port), tls: true },
    secret: secretOf('shared_key'),
  }) as const;
const cloudevents = (): FeedbackSink =>
  ({
    ...{ sink: 'cloudevents', delivery: 'required', giveUpSeconds: 2, url: mirrorUrl, mode: 'binary', secret: secretOf('token') },
  }) as const;

const rows: readonly Row[] = [
  { name: 'S3 with its keys', store: s3, canaries: [] },
  { name: 'GCS with a service account', store: gcs, canaries: [] },
  { name: 'Azure with an account key', store: azure, canaries: [] },
  {
    name: 'S3 with wrong keys and a session token',
    store: s3,
    credentials: () => ({ access_key_id: 'key-id', secret_access_key: canary, session_token: `session-${canary}` }),
    canaries: [canary],
    fails: ['sync-data', /SignatureDoesNotMatch|Forbidden|403/],
  },
  {
    name: 'S3 that cannot be reached',
    store: s3,
    backend: at(s3, nowhere),
    credentials: () => ({ access_key_id: 'key-id', secret_access_key: canary, session_token: `session-${canary}` }),
    canaries: [canary],
    fails: ['sync-data', /connection refused/],
  },
  {
    name: 'S3 whose answer holds what it was sent',
    store: s3,
    backend: at(s3, () => mirrorUrl),
    credentials: () => ({ access_key_id: 'key-id', secret_access_key: canary }),
    canaries: [canary],
    fails: ['sync-data', /401/],
  },
  {
    name: 'S3 with a line break in its key',
    store: s3,
    credentials: () => ({ access_key_id: 'key-id', secret_access_key: `${canary}\n` }),
    canaries: [canary],
    fails: ['configure-rclone', /runtime\/bad-secret/],
  },
  {
    name: 'GCS with a document that is no JSON',
    store: gcs,
    credentials: () => ({ 'service_account.json': `{"type": "service_account", "private_key": "${canary}` }),
    canaries: [canary],
    fails: ['configure-rclone', /runtime\/bad-secret/],
  },
  {
    name: 'GCS with a key that is none',
    store: gcs,
    credentials: account({ private_key: `-----BEGIN PRIVATE KEY-----\n${base64}\n-----END PRIVATE KEY-----\n` }),
    canaries: [base64, canary],
    fails: ['sync-data', /./],
  },
  {
    name: 'GCS that gives no token',
    store: gcs,
    credentials: () => account({ token_uri: mirrorUrl })(),
    canaries: [],
    fails: ['sync-data', /401|token/],
  },
  { name: 'GCS that cannot be reached', store: gcs, backend: at(gcs, nowhere), canaries: [], fails: ['sync-data', /connection refused/] },
  {
    name: 'Azure with a wrong key',
    store: azure,
    credentials: () => ({ account_key: base64 }),
    canaries: [base64, canary],
    fails: ['sync-data', /403|AuthorizationFailure|AuthenticationFailed/],
  },
  {
    name: 'Azure with a key that is none',
    store: azure,
    credentials: () => ({ account_key: `${canary}!` }),
    canaries: [canary],
    fails: ['configure-rclone', /runtime\/bad-secret/],
  },
  {
    name: 'Azure with a wrong signature',
    store: azure,
    credentials: () => ({ sas_url: sas(azureHost()) }),
    canaries: [canary],
    fails: ['sync-data', /403|AuthorizationFailure|AuthenticationFailed/],
  },
  {
    name: 'Azure with a signature, which cannot be reached',
    store: azure,
    backend: at(azure, nowhere),
    credentials: () => ({ sas_url: sas(nowhere()) }),
    canaries: [canary],
    fails: ['sync-data', /connection refused/],
  },
  {
    name: 'Azure with a signature, whose answer holds what it was sent',
    store: azure,
    backend: at(azure, () => mirrorUrl),
    credentials: () => ({ sas_url: sas(mirrorUrl) }),
    canaries: [canary],
    fails: ['sync-data', /401/],
  },
  { name: 'a fluentd that is none', store: s3, sink: fluentd, canaries: [canary], fails: ['log-input', /runtime\/sink-/] },
  { name: 'a collector that refuses the token', store: s3, sink: cloudevents, canaries: [canary], fails: ['log-input', /runtime\/sink-/] },
];

it.each(rows)('$name: the credentials are nowhere', async ({ name, store, backend, credentials, sink, canaries, fails }) => {
  rmSync(record, { force: true });
  const secrets = credentials?.() ?? store().credentials;
  const job = `job-${String(rows.findIndex((row) => row.name === name))}`;
  const work = join(root, 'work', job);
  const objects = renderJob(backend?.() ?? store().backend, Object.keys(secrets), sink?.());
  const { results, log } = await runLocally({
    objects,
    namespace: namespaceModel.namespace,
    service: serviceModel.name,
    name: job,
    credentials: { [storeConnection]: secrets },
    ...(sink ? { sinkFiles: { secret: `shared-${canary}` } } : {}),
    workFolder: work,
  });

  const ofStep = log.split('\n').filter((line) => line.startsWith(fails?.[0] ?? ''));
  expect(ofStep.join('\n'), log).toMatch(fails?.[1] ?? /the run has succeeded/);
  expect(results.at(-1)?.reason === 'Completed', log).toBe(fails === undefined);

  const published = join(root, 'published', job);
  await download(store(), `out/${job}`, published).catch(() => undefined);
  expect(existsSync(join(published, '_SUCCESS'))).toBe(fails === undefined);
  const places = new Map([
    ['the log', log],
    ['the Task', JSON.stringify(objects.filter(({ kind }) => kind !== 'ConfigMap'))],
    ['the arguments and environment of rclone', existsSync(record) ? readFileSync(record, 'utf8') : ''],
    ...filesOf(work).filter(([file]) => !/^volumes\/(?:credentials|rclone-config|sink)\//.test(file)),
    ...filesOf(published),
  ]);
  if (fails?.[0] !== 'configure-rclone') expect(places.get('the arguments and environment of rclone')).toContain('lsf\ndata:');
  // What only one end of the wire knows; ids of keys are told, and must be.
  const texts = [...store().canaries, ...canaries].flatMap(disguises);
  // They were there to be found.
  const given = filesOf(join(work, 'volumes')).filter(([file]) => /^(?:credentials|sink)\//.test(file));
  for (const secret of [...(credentials ? [] : store().canaries), ...canaries.slice(0, credentials ? 1 : undefined)])
    expect(
      given.some(([, text]) => disguises(secret).some((form) => text.includes(form) || text.includes(Buffer.from(form).toString('base64')))),
      secret,
    ).toBe(true);
  for (const [place, text] of places)
    for (const secret of texts) expect(text.includes(secret), `${place} holds a credential of ${name}:\n${around(text, secret)}`).toBe(false);
});

const around = (text: string, part: string): string => text.slice(Math.max(0, text.indexOf(part) - 300), text.indexOf(part) + part.length);

function filesOf(folder: string): readonly (readonly [string, string])[] {
  mkdirSync(folder, { recursive: true });
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((file) => [file.slice(folder.length + 1), readFileSync(file, 'latin1')]);
}

/** The objects of a job; with less patience than it has. */
function renderJob(backend: ConnectionModel['backend'], keys: readonly string[], feedbackSink: FeedbackSink | undefined): readonly Manifest[] {
  const changes = feedbackSink ? { namespace: { ...namespaceModel, feedbackSink } } : {};
  return objectsOfService({ backend, keys, predictor, changes }).map((object) => {
    if (object.kind !== 'Task') return object;
    const impatient = JSON.stringify(object).replace('--retries=3', '--retries=1').replaceAll('--low-level-retries=5', '--low-level-retries=1');
    return JSON.parse(impatient) as Manifest;
  });
}
