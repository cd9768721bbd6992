/** What the tests of pods share: a cluster, the stores, a namespace that enforces Pod Security, and the compiled services. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findObject } from '../../../src/engine/objects.js';
import { fillTemplate, templateDefaults } from '../../../src/engine/triggers/template.js';
import type { Manifest } from '../../../src/manifests/manifest.js';
import { type Cluster, startCluster } from '../support/cluster.js';
import { caller, compile, connectionNames, models, type ServiceDefinition } from '../support/definitions.js';
import { packModel, putModel, request } from '../support/inputs.js';
import { type PodEnd, runPod } from '../support/run-pod.js';
import { put, startStores, type StoreKind, storeKinds, type Stores, upload } from '../support/stores.js';
import { type PodOptions, podOf } from '../support/tekton-pod.js';

export const mainNamespace = 'millrace-pod-test';

/** Each store has a model in another form. */
export const scale: Readonly<Record<StoreKind, string>> = { s3: 'scale-s3', gcs: 'scale-gcs', azureblob: 'scale-azureblob' };
/** The same with a quarantine. */
export const tolerant: Readonly<Record<StoreKind, string>> = { s3: 'tolerant-s3', gcs: 'tolerant-gcs', azureblob: 'tolerant-azureblob' };
const validation = { onInvalid: 'quarantine', output: { onInvalid: 'quarantine' } };
const services: readonly ServiceDefinition[] = [
  { name: scale.s3, store: 's3', model: models.directory },
  { name: scale.gcs, store: 'gcs', model: models.zip },
  { name: scale.azureblob, store: 'azureblob', model: models['tar.gz'] },
  ...storeKinds.map((store) => ({ name: tolerant[store], store, model: models.directory, validation })),
  { name: 'look-around', store: 's3', model: { path: 'models/look-around/' }, shm: '16Mi' },
  { name: 'lingering', store: 's3', model: { path: 'models/lingering/' } },
];

export interface Job {
  readonly service: string;
  /** Name of the TaskRun. */
  readonly name: string;
  readonly dataPath: string;
}

/** What else a test wants of a Pod. */
type PodChanges = Pick<PodOptions, 'lingering'> & { readonly namespace?: string };

export interface Bed {
  readonly cluster: Cluster;
  readonly stores: Stores;
  /** Scratch. `definitions/` is the repository, `content/` what lies in the stores at the start. */
  readonly root: string;
  /** Runs a job as the listener would start it for {@link caller}. */
  run(job: Job, more?: Pick<PodOptions, 'lingering'>): Promise<PodEnd>;
  stop(): Promise<void>;
}

export async function makeBed(): Promise<Bed> {
  const cluster = await startCluster();
  const root = mkdtempSync(join(tmpdir(), 'millrace-pods-'));
  let stores: Stores | undefined;
  const stop = async (): Promise<void> => {
    await cluster.kubectl(['delete', 'namespace', mainNamespace, '--ignore-not-found', '--timeout=60s']).catch(() => undefined);
    stores?.stop();
    await cluster.stop();
    rmSync(root, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  };
  try {
    stores = await startStores(cluster.site, join(root, 'stores'));
    const content = join(root, 'content');
    await fill(content);
    for (const kind of storeKinds) await upload(stores.of[kind], content);
    const { images } = cluster;
    const objects = await compile(join(root, 'definitions'), { namespace: mainNamespace, images, stores: stores.of, services });
    await deploy(cluster, objects, stores.of, mainNamespace);
    return { cluster, stores, root, stop, run: (job, more) => runPod(cluster, podOfJob(objects, job, images.rclone, more)) };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Requests below `in/`, a folder for each way in which a run may end; models below `models/`. */
async function fill(content: string): Promise<void> {
  put(content, 'in/success/a.json', request('a', [1, 2]));
  put(content, 'in/success/b c.json', request('b', [3]));
  put(content, 'in/success/readme.txt', 'not for the predictor');
  put(content, 'in/invalid/a.json', request('a', [1, 2]));
  put(content, 'in/invalid/z.json', request('z', [1, 2]).replace('"shape":[2]', '"shape":[3]'));
  put(content, 'in/crash/a.json', request('a', [1, 2]));
  put(content, 'in/crash/b.json', request('b', [3], 'crash'));
  put(content, 'in/lie/a.json', request('a', [1, 2]));
  put(content, 'in/lie/b.json', request('b', [3], 'lie'));
  put(content, 'in/quarantine/a.json', request('a', [1, 2]));
  put(content, 'in/quarantine/b.json', request('b', [3], 'lie'));
  put(content, 'in/quarantine/sub/z.json', '{"inputs": [');
  putModel(content, 'models/scale', 'scale');
  await packModel(content, 'models/scale');
  putModel(content, 'models/look-around', 'look-around');
  putModel(content, 'models/lingering', 'write-much', ['linger']);
}

/** As a GitOps engine does, but for what only Tekton understands; the Secrets are the platform team's. */
export async function deploy({ kubectl }: Cluster, objects: readonly Manifest[], stores: Stores['of'], namespace: string): Promise<void> {
  const apply = (items: readonly unknown[]): Promise<string> =>
    kubectl(
      ['apply', '--server-side', '--validate=strict', '--field-manager=argocd', '-f', '-'],
      JSON.stringify({ apiVersion: 'v1', kind: 'List', items }),
    );
  const ours = objects.filter(({ apiVersion }) => !apiVersion.includes('tekton.dev/'));
  await apply(ours.filter(({ kind }) => kind === 'Namespace'));
  await apply(ours);
  await apply(
    storeKinds.flatMap((kind) =>
      connectionNames(kind).map((name) => ({
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name, namespace },
        stringData: stores[kind].credentials,
      })),
    ),
  );
}

/** The Pod of a job that is called like that; of the namespace of {@link mainNamespace} or another. */
export function podOfJob(objects: readonly Manifest[], job: Job, helperImage: string, more: PodChanges = {}): Manifest {
  const { namespace = mainNamespace, ...options } = more;
  const task = findObject(objects, 'Task', namespace, job.service);
  const template = findObject(objects, 'TriggerTemplate', namespace, job.service);
  if (!task || !template) throw new Error(`${job.service} was not compiled`);
  const params = new Map([...templateDefaults(template), ['dataPath', job.dataPath], ['caller', caller], ['runName', job.name]]);
  return podOf({ task, taskRun: fillTemplate(template, params), helperImage, ...options });
}
