/** The few calls to the Kubernetes API that our programs make, with the token of their own ServiceAccount. */
import { readFile } from 'node:fs/promises';
import type { OutgoingHttpHeaders } from 'node:http';
import { Agent, request as requestHttps } from 'node:https';
import { join } from 'node:path';
import { parseJson } from '../../src/base/fields.js';
import { clusterEnv } from '../../src/contract/cluster-programs.js';
import type { StepIo } from '../base/io.js';
import { failure } from '../base/failure.js';
import { createBackoff, createPatience, seconds, type SinkTimes } from '../sinks/patience.js';
import { isFields, textAt, type Fields } from './objects.js';

/** One request to the API server. */
export interface ApiCall {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** With its query. */
  readonly path: string;
  readonly body?: unknown;
  /** Default: JSON as it is. */
  readonly contentType?: string;
  readonly accept?: string;
}

/** Its answer, of any status. */
export interface ApiAnswer {
  readonly status: number;
  /** What the server sent, where it is a JSON object; otherwise empty. */
  readonly body: Fields;
  /** What the server says of a status that is no success. */
  readonly message: string;
}

/** The API server, as the service account of this pod. */
export interface ClusterApi {
  /**
   * The server's answer to one call, whatever its status. What another attempt may change (no connection, 408, 429, 5xx) is
   * tried again until patience ends.
   *
   * @throws StepFailure `runtime/api-unavailable` where there is no such answer in time
   */
  call(call: ApiCall): Promise<ApiAnswer>;
  close(): void;
}

/** Milliseconds. */
export type ApiTimes = Pick<SinkTimes, 'answer' | 'idle' | 'total' | 'firstPause' | 'lastPause'>;

/** Of one call: well within the deadline of a Job, so that what is wrong is said before the pod is killed. */
export const apiTimes: ApiTimes = { answer: 30_000, idle: 240_000, total: 240_000, firstPause: 500, lastPause: 15_000 };

/** A list of runs has some hundred kilobytes a page. */
const longestBody = 64 * 1024 * 1024;

interface Endpoint {
  readonly host: string;
  readonly port: string;
  readonly folder: string;
}

/** Reads where the API server is and who this pod is; what is missing is a failure of the pod's configuration. */
export async function openApi(io: StepIo, times: ApiTimes = apiTimes): Promise<ClusterApi> {
  const endpoint: Endpoint = {
    host: variable(io, 'KUBERNETES_SERVICE_HOST'),
    port: variable(io, 'KUBERNETES_SERVICE_PORT'),
    folder: variable(io, clusterEnv.serviceAccount),
  };
  const agent = new Agent({ keepAlive: true, maxSockets: 1, rejectUnauthorized: true, ca: await readFile(join(endpoint.folder, 'ca.crt'), 'utf8') });
  return {
    call: (call) => withPatience(call, endpoint, agent, times),
    close: () => {
      agent.destroy();
    },
  };
}

/** A variable of the environment that the manifest sets; without it, the program ends. */
export function variable(io: StepIo, name: string): string {
  const value = io.env[name];
  if (value === undefined || value === '') throw failure('runtime/bad-environment', { variable: name, problem: 'is not set' });
  return value;
}

const mayPass = (status: number): boolean => status === 408 || status === 429 || status >= 500;

async function withPatience(call: ApiCall, endpoint: Endpoint, agent: Agent, times: ApiTimes): Promise<ApiAnswer> {
  const patience = createPatience(times);
  const backoff = createBackoff(times);
  let problem = 'was not asked';
  for (let left = patience.left(); left > 0; left = patience.left()) {
    const attempt = await once(call, endpoint, agent, Math.min(times.answer, left));
    if ('status' in attempt) {
      if (!mayPass(attempt.status)) return attempt;
      problem = `answers ${String(attempt.status)}: ${attempt.message}`;
    } else if (!attempt.late || left >= times.answer || problem === 'was not asked') {
      // The last attempt may have had hardly any time: what went wrong before it says more.
      problem = attempt.problem;
    }
    await backoff.pause(patience.left(), 'retryAfter' in attempt ? attempt.retryAfter : 0);
  }
  throw failure('runtime/api-unavailable', { address: `${endpoint.host}:${endpoint.port}`, problem, tried: seconds(times.total) });
}

type Attempt = (ApiAnswer & { readonly retryAfter: number }) | { readonly problem: string; readonly late: boolean };

/** The token is read each time: the kubelet replaces it before it expires. */
async function once(call: ApiCall, { host, port, folder }: Endpoint, agent: Agent, milliseconds: number): Promise<Attempt> {
  const token = (await readFile(join(folder, 'token'), 'utf8')).trim();
  const body = call.body === undefined ? undefined : Buffer.from(JSON.stringify(call.body));
  const headers: OutgoingHttpHeaders = {
    authorization: `Bearer ${token}`,
    accept: call.accept ?? 'application/json',
    'user-agent': 'millrace',
    ...(body ? { 'content-type': call.contentType ?? 'application/json', 'content-length': String(body.length) } : {}),
  };
  return new Promise((resolve) => {
    let late = false;
    const fail = (error: unknown): void => {
      resolve({ problem: late ? `has not answered within ${seconds(milliseconds)}` : problemOf(error), late });
    };
    const request = requestHttps({ host, port, agent, method: call.method, path: call.path, headers }, (response) => {
      const pieces: Buffer[] = [];
      let length = 0;
      response.on('data', (piece: Buffer) => {
        length += piece.length;
        if (length > longestBody) request.destroy(new Error('the answer is too long'));
        else pieces.push(piece);
      });
      response.on('error', fail);
      response.on('end', () => {
        const retryAfter = Number(response.headers['retry-after'] ?? 0) * 1000;
        const status = response.statusCode ?? 0;
        resolve({ ...readBody(Buffer.concat(pieces).toString('utf8')), status, retryAfter: Number.isFinite(retryAfter) ? retryAfter : 0 });
      });
    });
    // Of the whole exchange.
    const timer = setTimeout(() => {
      late = true;
      request.destroy(new Error('late'));
    }, milliseconds);
    request.on('close', () => {
      clearTimeout(timer);
    });
    request.on('error', fail);
    request.end(body);
  });
}

function readBody(text: string): { readonly body: Fields; readonly message: string } {
  const body = parseJson(text);
  if (isFields(body)) return { body, message: textAt(body, 'message') ?? '' };
  // A proxy in between may answer with anything.
  return { body: {}, message: text.slice(0, 256) };
}

function problemOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' && !message.includes(error.code) ? ` (${error.code})` : '';
  return `cannot be asked: ${message}${code}`;
}
