/** The Kubernetes API, as far as commands need it: every refusal is a {@link ClusterProblem} with what to do about it. */
import type { RequestOptions } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import { InvariantError } from '../base/assert.js';
import { parseJson } from '../base/fields.js';
import { diagnose } from '../diagnostics/diagnose.js';
import type { KubeAccess } from './kube-access.js';
import { ClusterProblem } from './problem.js';
import type { Proxy } from './proxy.js';
import { isFields, listOf, textOf } from './read.js';
import { nameOf, pathOf, type Place } from './resource.js';
import { TransportError } from './transport-error.js';
import { type Answer, exchange, exchangeLines, usualTimeout } from './transport.js';

/** What is asked for, in the words of the rights that it takes. */
export type Verb = 'get' | 'list' | 'create' | 'patch' | 'delete';

/** One cluster, as one user. Every call may throw a {@link ClusterProblem}, or the reason of the signal that ends them all. */
export interface Api {
  readonly server: string;
  readonly context: string;
  /** Undefined where there is no such object. A type that the cluster does not have is a problem. */
  find(place: Place): Promise<unknown>;
  /**
   * Objects one page after the other, until `page` gives false. Where the place in the list expires meanwhile (410), it goes on
   * where the API server says.
   */
  list(place: Place, query: Readonly<Record<string, string>>, page: (items: readonly unknown[]) => boolean): Promise<void>;
  /** Undefined where an object of that name is there already. */
  create(place: Place, body: unknown): Promise<unknown>;
  /** A merge patch. Undefined where there is no such object. */
  patch(place: Place, body: unknown): Promise<unknown>;
  /** Whether there was one. */
  remove(place: Place): Promise<boolean>;
  /** Follows a log; gives what the API says where there is none to be had (yet). */
  log(place: Place, query: Readonly<Record<string, string>>, line: (text: string) => void, signal: AbortSignal): Promise<string | undefined>;
  /** A path that is no object: `/version`. */
  raw(path: string): Promise<unknown>;
  /** The types of a version of an API, as it tells everybody; undefined where it is not served. */
  served(path: string): Promise<unknown>;
}

/** Objects on a page of a list. */
const pageSize = '100';
/** How often a list goes on after its place has expired. */
const mostExpired = 3;
/** Milliseconds before each further attempt to read. */
const pauses = [500, 1000, 2000] as const;
/** Milliseconds for which what a credential plugin gave is used again. */
const credentialsLast = 60_000;
/** A plugin that waits for an answer that nobody gives it. */
const pluginTimeout = 60_000;

interface Call {
  readonly verb: Verb;
  readonly place: Place;
  readonly path: string;
  readonly body?: unknown;
}

const methods = { get: 'GET', list: 'GET', create: 'POST', patch: 'PATCH', delete: 'DELETE' } as const;

/** Asks nothing yet: credentials are fetched with the first call, and kept for a minute. `proxy` is one that the kubeconfig does not name. */
export function connect(access: KubeAccess, signal: AbortSignal, proxy?: Proxy): Api {
  const { server, context } = access;
  let kept: { readonly options: RequestOptions; readonly until: number } | undefined;

  const credentials = async (): Promise<RequestOptions> => {
    if (kept && kept.until > performance.now()) return kept.options;
    const options = await withLimit(access.credentials()).catch((error: unknown) => {
      throw new ClusterProblem(diagnose('cluster/no-credentials', undefined, { context, problem: firstLine(error) }));
    });
    kept = { options, until: performance.now() + credentialsLast };
    return options;
  };

  const attempt = async ({ verb, path, body }: Call): Promise<Answer> => {
    const type = verb === 'patch' ? 'application/merge-patch+json' : 'application/json';
    return exchange({
      method: methods[verb],
      url: server + path,
      headers: { Accept: 'application/json', ...(body === undefined ? {} : { 'Content-Type': type }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      options: await credentials(),
      proxy,
      signal,
    });
  };

  /** Reading may be tried again; what changes something may have worked. */
  const call = async (request: Call): Promise<Answer> => {
    const isRead = request.verb === 'get' || request.verb === 'list';
    for (const pause of [...(isRead ? pauses : []), undefined]) {
      try {
        const answer = await attempt(request);
        const passes = answer.status === 429 || answer.status >= 500;
        if (!passes || pause === undefined) return answer;
      } catch (error) {
        if (!(error instanceof TransportError)) throw error;
        if (!error.passes || pause === undefined) throw transportProblem(error, server, context);
      }
      await sleep(pause, undefined, { signal });
    }
    throw new InvariantError('the last pause is undefined');
  };

  const expect = async (request: Call, allowed: readonly number[] = []): Promise<{ readonly status: number; readonly value: unknown }> => {
    const answer = await call(request);
    const value = parseJson(answer.body);
    if (answer.status >= 200 && answer.status < 300) return { status: answer.status, value };
    // A path of a type that nobody serves is answered in plain text; a missing object of a type that is served, as a Status.
    if (answer.status === 404 && !isFields(value)) {
      const { group, version, kind } = request.place.type;
      throw new ClusterProblem(
        diagnose('cluster/missing-kind', undefined, { kind, apiVersion: group === '' ? version : `${group}/${version}`, server }),
      );
    }
    if (allowed.includes(answer.status)) return { status: answer.status, value };
    throw statusProblem(answer, request, { server, context });
  };

  return {
    server,
    context,
    async find(place) {
      const { status, value } = await expect({ verb: 'get', place, path: pathOf(place) }, [404]);
      return status === 404 ? undefined : value;
    },
    async list(place, query, page) {
      let next = '';
      let expired = 0;
      do {
        const words = new URLSearchParams({ ...query, limit: pageSize, ...(next === '' ? {} : { continue: next }) });
        const path = `${pathOf(place)}?${words.toString()}`;
        const { status, value } = await expect({ verb: 'list', place, path }, expired < mostExpired ? [410] : []);
        next = textOf(value, 'metadata', 'continue');
        if (status === 410) expired += 1;
        else if (!page(listOf(value, 'items'))) return;
      } while (next !== '');
    },
    async create(place, body) {
      const { status, value } = await expect({ verb: 'create', place, path: pathOf(place), body }, [409]);
      return status === 409 ? undefined : value;
    },
    async patch(place, body) {
      const { status, value } = await expect({ verb: 'patch', place, path: pathOf(place), body }, [404]);
      return status === 404 ? undefined : value;
    },
    async remove(place) {
      // In the foreground: the object stays until its pod is gone, so that its name is free when it is.
      const body = { apiVersion: 'v1', kind: 'DeleteOptions', propagationPolicy: 'Foreground' };
      const { status } = await expect({ verb: 'delete', place, path: pathOf(place), body }, [404]);
      return status !== 404;
    },
    async log(place, query, line, ended) {
      const path = `${pathOf({ ...place, part: 'log' })}?${new URLSearchParams(query).toString()}`;
      const request: Call = { verb: 'get', place: { ...place, part: 'log' }, path };
      try {
        const both = AbortSignal.any([signal, ended]);
        // Only what is still being written may be silent.
        const idle = query['follow'] === 'true' ? {} : { idle: usualTimeout };
        const answer = await exchangeLines({ method: 'GET', url: server + path, options: await credentials(), ...idle, proxy, signal: both }, line);
        if (answer.status === 200) return undefined;
        if (answer.status === 400 || answer.status === 404 || answer.status >= 500) return messageOf(answer) ?? `status ${String(answer.status)}`;
        throw statusProblem(answer, request, { server, context });
      } catch (error) {
        if (error instanceof TransportError) return error.words;
        if (ended.aborted && !signal.aborted) return undefined;
        throw error;
      }
    },
    async raw(path) {
      const place: Place = { type: { group: '', version: '', plural: path, kind: path } };
      return (await expect({ verb: 'get', place, path })).value;
    },
    async served(path) {
      const answer = await call({ verb: 'get', place: { type: { group: '', version: '', plural: path, kind: path } }, path });
      return answer.status === 200 ? parseJson(answer.body) : undefined;
    },
  };
}

function withLimit<T>(promise: Promise<T>): Promise<T> {
  const limit = AbortSignal.timeout(pluginTimeout);
  return Promise.race([
    promise,
    new Promise<never>((_, reject) =>
      limit.addEventListener('abort', () => reject(new Error(`no answer in ${String(pluginTimeout / 1000)} seconds`))),
    ),
  ]);
}

/** What a plugin prints may be long; a path or the name of a program is in the first line. */
const firstLine = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).trim().split('\n')[0]?.slice(0, 300) || 'no reason was given';

function transportProblem({ kind, words }: TransportError, server: string, context: string): ClusterProblem {
  return new ClusterProblem(
    kind === 'untrusted'
      ? diagnose('cluster/untrusted', undefined, { server, problem: words })
      : diagnose('cluster/unreachable', undefined, { server, context, problem: words }),
  );
}

function statusProblem(
  answer: Answer,
  { verb, place }: Call,
  { server, context }: { readonly server: string; readonly context: string },
): ClusterProblem {
  if (answer.status === 401) return new ClusterProblem(diagnose('cluster/unauthorized', undefined, { server, context }));
  if (answer.status === 403) {
    const { group, plural } = place.type;
    const resource = `${plural}${place.part === undefined ? '' : `/${place.part.split('/')[0] ?? ''}`}${group === '' ? '' : `.${group}`}`;
    return new ClusterProblem(
      diagnose('cluster/forbidden', undefined, {
        verb,
        resource,
        name: place.name,
        namespace: place.namespace,
        context,
        problem: policyWords(answer),
      }),
    );
  }
  const problem = messageOf(answer) ?? `status ${String(answer.status)}`;
  return new ClusterProblem(diagnose('cluster/refused', undefined, { verb, what: nameOf(place), problem }));
}

/** The sentence of an admission rule that denies; the usual one of RBAC says no more than we do. */
function policyWords(answer: Answer): string | undefined {
  const message = messageOf(answer);
  return message !== undefined && /denied|quota|admission/.test(message) ? message : undefined;
}

/** What a Status of the API says, else the beginning of what somebody in between said. */
function messageOf({ body }: Answer): string | undefined {
  const message = textOf(parseJson(body), 'message');
  return message || body.trim().split('\n')[0]?.slice(0, 200) || undefined;
}
