/** One HTTP exchange, with limits on everything that could make it hang, and plain words for what goes wrong on the way. */
import { type ClientRequest, type IncomingMessage, request as httpRequest } from 'node:http';
import { request as httpsRequest, type RequestOptions } from 'node:https';
import { isIP } from 'node:net';
import { connect as connectTls, type ConnectionOptions } from 'node:tls';
import { withoutBrackets } from '../base/cidr.js';
import { openTunnel, type Proxy, proxyHeaders, requestTo } from './proxy.js';
import { TransportError } from './transport-error.js';

/** A request, and how long it may take. */
export interface Exchange {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | string;
  /** Certificates, an agent, headers that authenticate. */
  readonly options?: RequestOptions;
  /** Milliseconds until the whole answer is there. */
  readonly timeout?: number;
  /** Milliseconds without a byte after which an answer that has begun counts as cut. Default: none, since a log may be silent for hours. */
  readonly idle?: number;
  /** On the way to the address. Default: none. */
  readonly proxy?: Proxy | undefined;
  readonly signal: AbortSignal;
}

/** An answer of any status. */
export interface Answer {
  readonly status: number;
  readonly body: string;
}

/** Milliseconds until an answer, where nothing else is said. */
export const usualTimeout = 15_000;
/** Bytes of an answer: a page of 100 large TaskRuns has some 10 MB. */
const largestAnswer = 64 * 1024 * 1024;

/** The whole answer, whatever its status. Throws a {@link TransportError}, or the signal's reason. */
export async function exchange(request: Exchange): Promise<Answer> {
  const limit = AbortSignal.timeout(request.timeout ?? usualTimeout);
  const [message, sent] = await start(request, AbortSignal.any([request.signal, limit]), limit);
  try {
    return { status: message.statusCode ?? 0, body: await readAll(message) };
  } catch (error) {
    throw explain(error, request, limit);
  } finally {
    sent.destroy();
  }
}

/** The body as it comes, for logs; only the beginning of the answer has a time limit. `lines` is not called for other statuses than 200. */
export async function exchangeLines(request: Exchange, line: (text: string) => void): Promise<Answer> {
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(new DOMException('no answer', 'TimeoutError')), request.timeout ?? usualTimeout);
  try {
    const [message, sent] = await start(request, AbortSignal.any([request.signal, limit.signal]), limit.signal);
    clearTimeout(timer);
    try {
      if (message.statusCode !== 200) return { status: message.statusCode ?? 0, body: await readAll(message) };
      const { idle } = request;
      if (idle !== undefined) {
        message.setTimeout(idle, () => {
          message.destroy(new TransportError('unreachable', `nothing more came for ${String(idle / 1000)} seconds`, true));
        });
      }
      await readLines(message, line);
      return { status: 200, body: '' };
    } catch (error) {
      throw explain(error, request, limit.signal);
    } finally {
      sent.destroy();
    }
  } finally {
    clearTimeout(timer);
  }
}

async function start(request: Exchange, signal: AbortSignal, limit: AbortSignal): Promise<readonly [IncomingMessage, ClientRequest]> {
  const { method, url, body, options } = request;
  const length = body === undefined ? {} : { 'Content-Length': String(Buffer.byteLength(body)) };
  try {
    const way = await findWay(request, signal);
    return await new Promise((resolve, reject) => {
      const headers = { ...options?.headers, ...request.headers, ...length, ...way.headers };
      const sent = way.send(way.address ?? new URL(url), { ...options, ...way.options, method, signal, headers });
      // A peer that is gone without a word is noticed; a log may be silent for hours.
      sent.on('socket', (socket) => socket.setKeepAlive(true, 30_000));
      sent.on('error', reject);
      sent.on('response', (message) => resolve([message, sent]));
      sent.end(body);
    });
  } catch (error) {
    throw explain(error, request, limit);
  }
}

interface Way {
  readonly send: typeof httpRequest;
  /** In the place of the address that is asked for. */
  readonly address?: URL;
  readonly options?: RequestOptions;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Straight, or by a proxy: which is told the whole address where nothing is encrypted, else makes a tunnel. */
async function findWay({ url, options, proxy }: Exchange, signal: AbortSignal): Promise<Way> {
  const { protocol, hostname, port, host } = new URL(url);
  if (!proxy) return { send: protocol === 'http:' ? httpRequest : httpsRequest };
  if (protocol === 'http:') {
    const { send, address, options } = requestTo(proxy);
    return { send, address, options: { ...options, path: url }, headers: { Host: host, ...proxyHeaders(proxy) } };
  }
  const socket = await openTunnel(proxy, `${hostname}:${port === '' ? '443' : port}`, signal);
  const name = withoutBrackets(hostname);
  // An address is no name that TLS could ask for.
  const createConnection = () => connectTls({ servername: isIP(name) === 0 ? name : '', ...tlsOptions(options), socket, host: name });
  // An agent would make a connection of its own.
  return { send: httpsRequest, options: { createConnection, agent: undefined } };
}

/** What of a request's options is about TLS: whom to trust, and whom to be. */
function tlsOptions(options: RequestOptions = {}): ConnectionOptions {
  const { ca, cert, key, rejectUnauthorized, servername } = options;
  return {
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    ...(rejectUnauthorized === undefined ? {} : { rejectUnauthorized }),
    ...(servername === undefined ? {} : { servername }),
  };
}

async function readAll(message: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of message as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > largestAnswer) throw new TransportError('unreachable', `its answer is larger than ${String(largestAnswer / 2 ** 20)} MiB`, false);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** A line without an end is given in pieces: a program may write as much as it likes. */
const longestLine = 1024 * 1024;

async function readLines(message: IncomingMessage, line: (text: string) => void): Promise<void> {
  message.setEncoding('utf8');
  let rest = '';
  for await (const chunk of message as AsyncIterable<string>) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const each of lines) line(each);
    if (rest.length > longestLine) {
      line(rest);
      rest = '';
    }
  }
  if (rest !== '') line(rest);
}

const certificateProblems: ReadonlyMap<string, string> = new Map([
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'its certificate is signed by itself'],
  ['SELF_SIGNED_CERT_IN_CHAIN', 'its certificate is signed by an authority that is not known here'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'its certificate is signed by an authority that is not known here'],
  ['UNABLE_TO_GET_ISSUER_CERT', 'its certificate is signed by an authority that is not known here'],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'its certificate is signed by an authority that is not known here'],
  ['CERT_HAS_EXPIRED', 'its certificate has expired'],
  ['CERT_NOT_YET_VALID', 'its certificate is not valid yet'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'its certificate is of another name'],
]);

const networkProblems: ReadonlyMap<string, readonly [words: string, passes: boolean]> = new Map([
  ['ECONNREFUSED', ['nobody listens there', false]],
  ['ENOTFOUND', ['this host name is not known', false]],
  ['EAI_AGAIN', ['the host name could not be looked up', true]],
  ['EHOSTUNREACH', ['there is no route to it', false]],
  ['ENETUNREACH', ['there is no route to it', false]],
  ['ECONNRESET', ['the connection was cut', true]],
  ['EPIPE', ['the connection was cut', true]],
  ['ETIMEDOUT', ['there was no answer', true]],
]);

function explain(error: unknown, { timeout = usualTimeout, signal }: Exchange, limit: AbortSignal): unknown {
  if (error instanceof TransportError || signal.aborted) return error;
  if (limit.aborted) return new TransportError('unreachable', `there was no answer in ${String(timeout / 1000)} seconds`, false, { cause: error });
  const code = codeOf(error);
  const certificate = certificateProblems.get(code);
  if (certificate !== undefined) return new TransportError('untrusted', certificate, false, { cause: error });
  if (code === 'EPROTO' || code.startsWith('ERR_SSL_') || code.startsWith('ERR_TLS_')) {
    return new TransportError('untrusted', 'it does not speak TLS as this program does', false, { cause: error });
  }
  const [words, passes] = networkProblems.get(code) ?? [error instanceof Error ? error.message : String(error), false];
  return new TransportError('unreachable', words, passes, { cause: error });
}

/** Of several addresses of one host, the first that was tried. */
function codeOf(error: unknown): string {
  if (error instanceof AggregateError) return codeOf(error.errors[0]);
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
