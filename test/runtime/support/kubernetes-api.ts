/** A Kubernetes API server as far as our programs use one: it keeps objects, and answers what a test wants. */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { StepIo } from '../../../runtime/base/io.js';
import { createCertificate } from '../../support/certificate.js';

export interface StoredObject {
  readonly metadata: { readonly name: string; readonly uid?: string; readonly resourceVersion?: string; readonly [field: string]: unknown };
  readonly [field: string]: unknown;
}

export interface ApiRequest {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly token: string;
  readonly accept: string;
  readonly contentType: string;
  readonly body: unknown;
}

/** `cut`: the connection is closed without an answer; `nothing`: it stays open without one. */
export type Reply = { readonly status: number; readonly body?: unknown; readonly headers?: Readonly<Record<string, string>> } | 'cut' | 'nothing';

export interface KubernetesApi {
  readonly requests: readonly ApiRequest[];
  /** By path of its collection (`/api/v1/namespaces/risk/pods`), then by name. */
  readonly objects: Map<string, Map<string, StoredObject>>;
  add(collection: string, ...objects: readonly StoredObject[]): void;
  names(collection: string): readonly string[];
  get(collection: string, name: string): StoredObject | undefined;
  /** How a program in a pod finds this server. */
  readonly env: Readonly<Record<string, string>>;
  readonly token: string;
}

const status = (code: number, reason: string, message: string): Reply => ({ status: code, body: { kind: 'Status', reason, message, code } });

/** @param fault what is answered instead; undefined: as an API server does */
export async function startKubernetesApi(fault: (request: ApiRequest, count: number) => Reply | undefined = () => undefined): Promise<KubernetesApi> {
  const certificate = createCertificate('127.0.0.1');
  const token = `token-${randomUUID()}`;
  const requests: ApiRequest[] = [];
  const objects = new Map<string, Map<string, StoredObject>>();
  let version = 100;
  const stamped = (object: StoredObject): StoredObject => {
    version += 1;
    return { ...object, metadata: { uid: randomUUID(), ...object.metadata, resourceVersion: String(version) } };
  };
  const collectionOf = (path: string): Map<string, StoredObject> => {
    const collection = objects.get(path) ?? new Map<string, StoredObject>();
    objects.set(path, collection);
    return collection;
  };

  const answer = (request: ApiRequest): Reply => {
    const { method, path, query } = request;
    if (method === 'GET') return page(collectionOf(path), query);
    if (method === 'POST') {
      const object = request.body as StoredObject;
      const { name } = object.metadata;
      if (collectionOf(path).has(name)) return status(409, 'AlreadyExists', `taskruns.tekton.dev "${name}" already exists`);
      collectionOf(path).set(name, stamped(object));
      return { status: 201, body: collectionOf(path).get(name) };
    }
    const collection = collectionOf(path.slice(0, path.lastIndexOf('/')));
    const name = path.slice(path.lastIndexOf('/') + 1);
    const object = collection.get(name);
    if (!object) return status(404, 'NotFound', `"${name}" not found`);
    const body = request.body as {
      metadata?: { resourceVersion?: string };
      spec?: object;
      preconditions?: { uid?: string; resourceVersion?: string };
    };
    const { uid, resourceVersion = body.metadata?.resourceVersion } = body.preconditions ?? {};
    if (
      (uid !== undefined && uid !== object.metadata.uid) ||
      (resourceVersion !== undefined && resourceVersion !== object.metadata.resourceVersion)
    ) {
      return status(409, 'Conflict', 'the object has been modified');
    }
    if (method === 'DELETE') collection.delete(name);
    else collection.set(name, stamped({ ...object, spec: { ...(object['spec'] as object), ...body.spec } }));
    return { status: 200, body: collection.get(name) ?? { kind: 'Status', status: 'Success' } };
  };

  const server = createServer(certificate, (request, response) => {
    let text = '';
    request.setEncoding('utf8');
    request.on('data', (piece: string) => (text += piece));
    request.on('end', () => {
      const { pathname, searchParams } = new URL(request.url ?? '', 'https://localhost');
      const { authorization = '', accept = '', 'content-type': contentType = '' } = request.headers;
      const seen = {
        method: request.method ?? '',
        path: pathname,
        query: searchParams,
        token: authorization.replace(/^Bearer /, ''),
        accept,
        contentType,
        body: text === '' ? undefined : (JSON.parse(text) as unknown),
      };
      requests.push(seen);
      const reply = seen.token === token ? (fault(seen, requests.length) ?? answer(seen)) : status(401, 'Unauthorized', 'Unauthorized');
      if (reply === 'cut') request.socket.destroy();
      else if (reply !== 'nothing') {
        response.writeHead(reply.status, { 'content-type': 'application/json', ...reply.headers });
        response.end(JSON.stringify(reply.body ?? {}));
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const folder = mkdtempSync(join(tmpdir(), 'millrace-service-account-'));
  writeFileSync(join(folder, 'token'), `${token}\n`);
  writeFileSync(join(folder, 'ca.crt'), certificate.cert);
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const { port } = server.address() as AddressInfo;
  return {
    requests,
    objects,
    token,
    add: (collection, ...added) => {
      for (const object of added) collectionOf(collection).set(object.metadata.name, stamped(object));
    },
    names: (collection) => [...collectionOf(collection).keys()].sort(),
    get: (collection, name) => collectionOf(collection).get(name),
    env: { KUBERNETES_SERVICE_HOST: '127.0.0.1', KUBERNETES_SERVICE_PORT: String(port), MILLRACE_SERVICE_ACCOUNT: folder },
  };
}

/** In pages, as `limit` asks, of the objects that have the label of a selector of one key. */
function page(collection: ReadonlyMap<string, StoredObject>, query: URLSearchParams): Reply {
  const selector = query.get('labelSelector');
  const all = [...collection.values()].filter(({ metadata }) => selector === null || Object.hasOwn((metadata['labels'] ?? {}) as object, selector));
  const start = Number(query.get('continue') ?? 0);
  const end = start + Number(query.get('limit') ?? all.length);
  return { status: 200, body: { kind: 'List', metadata: end < all.length ? { continue: String(end) } : {}, items: all.slice(start, end) } };
}

export interface ProgramIo extends StepIo {
  /** What was logged, a line each. */
  readonly lines: () => readonly Readonly<Record<string, unknown>>[];
  readonly slept: readonly number[];
}

/** The outside of a program, at a fixed time; sleeping takes none. */
export function programIo(env: Readonly<Record<string, string>>, now = '2026-11-22T01:00:03Z'): ProgramIo {
  let output = '';
  const slept: number[] = [];
  return {
    env,
    now: () => new Date(now),
    stdout: (text) => (output += text),
    stderr: (text) => (output += text),
    sleep: (milliseconds) => {
      slept.push(milliseconds);
      return Promise.resolve();
    },
    slept,
    lines: () =>
      output
        .trimEnd()
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as Record<string, unknown>),
  };
}

/** So short that a test does not wait. */
export const quickTimes = { answer: 200, idle: 1000, total: 1000, firstPause: 5, lastPause: 20 };
