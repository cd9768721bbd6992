/** A real API server, and what a GitOps engine does with our output there. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { startApiServer, type ApiServer } from '../../support/api-server.js';

/** An object as it is sent and as it is stored. */
export interface ServerObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly resourceVersion?: string;
    readonly generation?: number;
  };
  readonly spec?: unknown;
}

export interface ObjectServer extends ApiServer {
  /** Applies on the server and strictly, and gives the warnings; throws with what the API server says when it refuses. */
  apply(objects: readonly unknown[], ...options: readonly string[]): string;
  /** Makes new ones, strictly; throws with everything that the API server says of those that it refuses. */
  create(objects: readonly unknown[], ...options: readonly string[]): string;
  /** These objects as they are stored, in the same order. */
  stored(objects: readonly ServerObject[]): readonly ServerObject[];
  /** What changes whenever one of them is written. */
  versions(objects: readonly ServerObject[]): readonly (string | number | undefined)[];
}

export const objectsIn = (texts: readonly string[]): readonly ServerObject[] =>
  texts.flatMap((text) => parseAllDocuments(text).map((document) => document.toJS() as ServerObject));

/**
 * Flux's schemas have a default for a status, which the API server takes away from what is new and stores with the next write: what
 * its controllers do at once. The generation counts changes of what was asked for alone.
 */
const versionOf = ({ apiVersion, metadata }: ServerObject): string | number | undefined =>
  apiVersion.includes('.toolkit.fluxcd.io/') ? metadata.generation : metadata.resourceVersion;

/** Stop it with `stop`. */
export async function startObjectServer(): Promise<ObjectServer> {
  const server = await startApiServer();
  // kubectl leaves the judgement of a field to the API server, but not within a List.
  const documents = (items: readonly unknown[]): string => items.map((item) => JSON.stringify(item)).join('\n---\n');
  const list = (items: readonly unknown[]): string => JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
  const stored: ObjectServer['stored'] = (objects) =>
    (JSON.parse(server.kubectl(['get', '-o', 'json', '-f', '-'], list(objects)).stdout) as { readonly items: readonly ServerObject[] }).items;
  return {
    ...server,
    apply: (objects, ...options) =>
      server.kubectl(['apply', '--server-side', '--validate=strict', '--field-manager=argocd', ...options, '-f', '-'], documents(objects)).stderr,
    create: (objects, ...options) => server.kubectl(['create', '--validate=strict', ...options, '-f', '-'], documents(objects)).stdout,
    stored,
    versions: (objects) => stored(objects).map(versionOf),
  };
}

/** One for all tests of a file, started before the first of them; with what `prepare` puts there. */
export function objectServer(prepare: (server: ObjectServer) => void = () => undefined): () => ObjectServer {
  let started: ObjectServer | undefined;
  beforeAll(async () => {
    started = await startObjectServer();
    prepare(started);
  });
  afterAll(() => started?.stop());
  return () => {
    if (!started) throw new Error('the API server was not started');
    return started;
  };
}

/** A definition of a kind of another project, one of test/crds. */
export interface ForeignKind {
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly group: string;
    readonly names: { readonly kind: string };
    readonly versions: readonly { readonly name: string; readonly schema: { readonly openAPIV3Schema: unknown } }[];
  };
}

const folder = fileURLToPath(new URL('../../crds/', import.meta.url));

/** Our own minimal schemas of the kinds of other projects that we write. */
export const foreignKinds: readonly ForeignKind[] = readdirSync(folder)
  .filter((name) => name.endsWith('.yaml'))
  .sort()
  .map((name) => parse(readFileSync(`${folder}${name}`, 'utf8')) as ForeignKind);

/** Those kinds, where the cluster does not have them; one that has the published definitions is tested with these. */
export function installForeignKinds(server: ObjectServer): void {
  const known = new Set(
    server
      .kubectl(['get', 'crd', '-o', 'name'])
      .stdout.split('\n')
      .map((line) => line.replace(/^.*\//, '')),
  );
  const missing = foreignKinds.filter(({ metadata }) => !known.has(metadata.name));
  if (missing.length === 0) return;
  server.apply(missing);
  server.kubectl(['wait', '--for=condition=Established', 'crd', ...missing.map(({ metadata }) => metadata.name), '--timeout=60s']);
}
