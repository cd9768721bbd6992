/**
 * All nine steps against a real store of each kind, with credentials, and a model of each form: the Task that is
 * compiled, the real rclone, our runtime.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Manifest } from '../../src/manifests/manifest.js';
import { readFiles } from '../cli/command.js';
import { compile, connectionNames, type ModelKind, models } from './support/definitions.js';
import { packModel, putModel, request } from './support/inputs.js';
import { type LocalEnd, runLocally } from './support/local-job.js';
import { thisMachine } from './support/site.js';
import { disguises, download, put, startStores, type Store, type StoreKind, storeKinds, type Stores, upload } from './support/stores.js';

const root = mkdtempSync(join(tmpdir(), 'millrace-stores-'));
const namespace = 'lab';
const forms = ['directory', 'zip', 'tar.gz', 'embedded'] as const satisfies readonly ModelKind[];
const serviceName = (kind: StoreKind, form: ModelKind): string => `${kind}-${form.replace('.', '-')}`;

let stores: Stores | undefined;
let objects: readonly Manifest[] = [];
const storeOf = (kind: StoreKind): Store => {
  if (!stores) throw new Error('the stores were not started');
  return stores.of[kind];
};

beforeAll(async () => {
  const content = join(root, 'content');
  put(content, 'in/a.json', request('a', [1, 2]));
  put(content, 'in/b c.json', request('b', [3]));
  put(content, 'in/readme.txt', 'not for the predictor');
  putModel(content, 'models/scale', 'scale');
  await packModel(content, 'models/scale');
  stores = await startStores(thisMachine, join(root, 'stores'));
  for (const kind of storeKinds) await upload(storeOf(kind), content);
  objects = await compile(join(root, 'definitions'), {
    namespace,
    images: { node: 'registry.example.com/lab/node:1', rclone: 'registry.example.com/lab/rclone:1' },
    stores: stores.of,
    services: storeKinds.flatMap((store) => forms.map((form) => ({ name: serviceName(store, form), store, model: models[form] }))),
  });
});
afterAll(() => {
  stores?.stop();
  rmSync(root, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
});

/** Runs the job of a service with credentials that are the store's own unless a test says otherwise. */
function run(kind: StoreKind, form: ModelKind, name: string, credentials = storeOf(kind).credentials): Promise<LocalEnd> {
  return runLocally({
    objects,
    namespace,
    service: serviceName(kind, form),
    name,
    credentials: Object.fromEntries(connectionNames(kind).map((connection) => [connection, credentials])),
    workFolder: join(root, 'work', name),
    imageFolders: [{ container: '/opt/app/model', host: join(root, 'content/models/scale') }],
  });
}

async function published(kind: StoreKind, name: string): Promise<Readonly<Record<string, string>>> {
  const folder = join(root, 'published', name);
  await download(storeOf(kind), `out/${name}/`, folder);
  return readFiles(folder);
}

describe.each(storeKinds)('%s', (kind) => {
  it.each(forms)('carries out a job with a model as %s: the right output, the manifest and the marker, no key in sight', async (form) => {
    const name = `job-${serviceName(kind, form)}`;
    const { results, log } = await run(kind, form, name);
    expect(
      results.map(({ name: step, reason }) => `${step} ${reason}`),
      log,
    ).toEqual(results.map(({ name: step }) => `${step} Completed`));

    const files = await published(kind, name);
    expect(Object.keys(files)).toEqual(['_MANIFEST.json', '_SUCCESS', '_feedback/requests.jsonl', '_feedback/responses.jsonl', 'a.json', 'b c.json']);
    expect(JSON.parse(files['a.json'] ?? '')).toMatchObject({ id: 'a', outputs: [{ data: [10, 20] }] });
    expect(JSON.parse(files['b c.json'] ?? '')).toMatchObject({ id: 'b', outputs: [{ data: [30] }] });
    expect(JSON.parse(files['_MANIFEST.json'] ?? '')).toMatchObject({
      jobId: name,
      model: { name: 'm', version: '1', sha256: form === 'embedded' ? null : (expect.stringMatching(/^[0-9a-f]{64}$/) as unknown) },
      counts: { listed: 2, valid: 2, outputs: 2, invalid: 0 },
    });
    const everything = [log, ...Object.values(files)].join('\n');
    for (const secret of storeOf(kind).canaries.flatMap(disguises)) expect(everything).not.toContain(secret);
  });

  it('names the Secret and key that are missing', async () => {
    const all = Object.entries(storeOf(kind).credentials);
    const [missing = ''] = all.at(-1) ?? [];
    const { results, log } = await run(kind, 'directory', `missing-${kind}`, Object.fromEntries(all.slice(0, -1)));
    expect(results.find(({ reason }) => reason === 'Error')).toMatchObject({ name: 'configure-rclone', exitCode: 2 });
    expect(log).toContain(missing);
  });
});

it('signs with the key of a GCS service account and gets a token where it says', () => {
  // One for each step of rclone of each of the four jobs.
  expect(stores?.tokensGiven()).toBeGreaterThanOrEqual(4 * 3);
});

describe.each(['s3', 'azureblob'] as const)('%s with wrong credentials', (kind) => {
  it('fails where the data is listed, and prints no key', async () => {
    const value = kind === 'azureblob' ? 'd3Jvbmcga2V5IGZvciB0ZXN0cw==' : 'wrong-value-for-tests';
    const wrong = Object.fromEntries(Object.keys(storeOf(kind).credentials).map((key) => [key, value]));
    const { results, log } = await run(kind, 'directory', `wrong-${kind}`, wrong);
    expect(results.find(({ reason }) => reason === 'Error')?.name).toBe('sync-data');
    expect(log).not.toContain(value);
  });
});
