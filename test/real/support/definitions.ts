/** A repository whose services use the stores of a test, and what the built command compiles it to. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import type { Manifest } from '../../../src/manifests/manifest.js';
import { packageRoot } from '../../cli/command.js';
import { execute } from './programs.js';
import { put, type Store, type StoreKind, storeKinds } from './stores.js';

export const team = 'lab';
export const caller = 'tests';

/** How a model lies in the store (or, embedded, in the image), and where: all of them hold the same files. */
export const models = {
  directory: { path: 'models/scale/' },
  zip: { path: 'models/scale.zip' },
  'tar.gz': { path: 'models/scale.tar.gz' },
  embedded: { imagePath: '/opt/app/model' },
} as const;
export type ModelKind = keyof typeof models;

export interface ServiceDefinition {
  readonly name: string;
  readonly store: StoreKind;
  /** Default: one of {@link models}' folders. */
  readonly model: { readonly path: string } | { readonly imagePath: string };
  readonly shm?: string;
  readonly validation?: unknown;
}

export interface Definitions {
  readonly namespace: string;
  readonly images: { readonly node: string; readonly rclone: string };
  readonly stores: Readonly<Record<StoreKind, Store>>;
  readonly services: readonly ServiceDefinition[];
  /** Of Platform; default: objectStorage. */
  readonly feedback?: unknown;
}

/** The connections of a store, each with a Secret of the same name. */
export const connectionNames = (kind: StoreKind): readonly string[] => ['data', 'models', 'results'].map((use) => `${kind}-${use}`);

/** Writes `services/` below `root` and compiles it to `dist/` beside it; returns the objects. */
export async function compile(root: string, definitions: Definitions): Promise<readonly Manifest[]> {
  const write = (path: string, kind: string, name: string, spec: unknown): void =>
    // JSON is YAML.
    put(root, `services/${path}.yaml`, JSON.stringify({ apiVersion: 'millrace.dev/v1', kind, metadata: { name }, spec }, undefined, 2));
  write('platform', 'Platform', 'platform', platform(definitions));
  for (const kind of storeKinds) {
    for (const name of connectionNames(kind)) write(`connections/${name}`, 'Connection', name, connection(name, definitions.stores[kind]));
  }
  for (const service of definitions.services)
    write(`${team}/${service.name}`, 'InferenceService', service.name, inferenceService(service, definitions));
  const { code, stderr } = await execute([process.execPath, join(packageRoot, 'bin/millrace.mjs'), 'synth', '--root', root]);
  // Images without a digest are warned of, many times.
  if (code !== 0)
    throw new Error(
      `the definitions do not compile:\n${stderr
        .split('\n')
        .filter((line) => line.includes(': error: '))
        .join('\n')}`,
    );
  const files = readdirSync(join(root, 'dist'), { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.yaml'));
  return files
    .sort()
    .flatMap((name) =>
      parseAllDocuments(onThisMachine(readFileSync(join(root, 'dist', name), 'utf8'))).map((document) => document.toJS() as Manifest),
    );
}

/** No definition may name the loopback address, where a pod has no store; a process on this machine has. */
const standIn = '//stores.example.com:';
const loopback = '//127.0.0.1:';
const onThisMachine = (text: string): string => text.replaceAll(standIn, loopback);

const platform = ({ images, namespace, feedback = { sink: 'objectStorage' } }: Definitions): unknown => ({
  target: { kubernetes: '1.34', pipelines: '1.15', triggers: '0.37' },
  images,
  requireDigests: false,
  teams: [{ name: team, namespace, registries: [images.node.slice(0, images.node.lastIndexOf('/') + 1)] }],
  webhook: {
    host: 'jobs.example.com',
    route: { kind: 'none', maxBody: '64Ki' },
    callers: [{ name: caller, auth: 'token', secretRef: { name: 'webhook-tests' }, services: ['*'] }],
  },
  feedback,
});

function connection(name: string, { backend, credentials }: Store): unknown {
  const keys = Object.fromEntries(Object.keys(credentials).map((key) => [key, key]));
  return {
    ...backend,
    ...(backend.endpoint === undefined ? {} : { endpoint: backend.endpoint.replace(loopback, standIn) }),
    credentials: { secretRef: { name, keys } },
    access: [{ teams: [team], modes: [name.endsWith('-results') ? 'write' : 'read'], prefixes: [folderOf(name)] }],
  };
}

const folderOf = (name: string): string => (name.endsWith('-results') ? 'out/' : name.endsWith('-models') ? 'models/' : 'in/');

function inferenceService({ store, model, shm, validation }: ServiceDefinition, { images }: Definitions): unknown {
  const [data, modelStore, results] = connectionNames(store);
  return {
    image: images.node,
    command: ['node'],
    // The model brings its program along, so that any image with Node serves.
    args: ['$(ODAHU_MODEL)'],
    modelSource: { ...('path' in model ? { connection: modelStore } : {}), ...model, name: 'm', version: '1' },
    dataSource: { connection: data, path: 'in/' },
    outputDestination: { connection: results, path: 'out/', layout: 'perJob' },
    triggers: { webhook: { overrides: { dataSource: [{ connection: data, prefix: 'in/' }] } } },
    ...(validation === undefined ? {} : { validation }),
    resources: { requests: { cpu: '100m', memory: '128Mi' }, limits: { memory: '512Mi' } },
    storage: { data: '64Mi', model: '64Mi', output: '64Mi', tmp: '16Mi', ...(shm === undefined ? {} : { shm }) },
  };
}
