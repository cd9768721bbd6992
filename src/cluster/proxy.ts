/** A proxy on the way to a listener or an API server, as the environment names it: by the rules of curl and of Go's programs, kubectl among them. */
import { type ClientRequest, type IncomingMessage, request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP, type Socket } from 'node:net';
import { containsCidr, readCidr, withoutBrackets } from '../base/cidr.js';
import { TransportError } from './transport-error.js';

/** Where a proxy listens. Its user and password are in no text of ours. */
export interface Proxy {
  readonly url: URL;
  /** The variable that names it. */
  readonly variable: string;
}

/** A variable that names no proxy which is understood here. */
export interface ProxyProblem {
  readonly variable: string;
  /** Completes "HTTPS_PROXY …". */
  readonly problem: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The proxy for an address: of `https_proxy` or `HTTPS_PROXY`, `http_proxy` or `HTTP_PROXY`, but for the hosts of `no_proxy` or
 * `NO_PROXY`, and never for this machine itself. Undefined: none.
 */
export function proxyFor(url: URL, env: Environment): Proxy | ProxyProblem | undefined {
  const [variable, text] = variableOf(env, url.protocol === 'https:' ? 'https_proxy' : 'http_proxy');
  if (text === '' || isDirect(url, variableOf(env, 'no_proxy')[1])) return undefined;
  const address = text.includes('://') ? text : `http://${text}`;
  if (!URL.canParse(address)) return { variable, problem: 'is no address of a proxy' };
  const proxy = new URL(address);
  if (proxy.protocol !== 'http:' && proxy.protocol !== 'https:')
    return { variable, problem: `names a proxy of ${proxy.protocol}//, and only http:// and https:// are understood` };
  return { url: proxy, variable };
}

/** In small letters first, as curl reads it. */
function variableOf(env: Environment, name: string): readonly [variable: string, value: string] {
  const variable = [name, name.toUpperCase()].find((each) => (env[each] ?? '').trim() !== '');
  return [variable ?? name, variable === undefined ? '' : (env[variable]?.trim() ?? '')];
}

/** `*`, `.example.com`, `example.com` (and what is below it), `10.0.0.0/8`, each with or without a port. */
function isDirect({ hostname, port, protocol }: URL, noProxy: string): boolean {
  const host = withoutBrackets(hostname).toLowerCase();
  const address = isIP(host) === 0 ? undefined : readCidr(host);
  if (host === 'localhost' || host === '::1' || /^127\./.test(host)) return true;
  const ownPort = port === '' ? (protocol === 'https:' ? '443' : '80') : port;
  return noProxy
    .toLowerCase()
    .split(/[\s,]+/)
    .some((entry) => {
      if (entry === '') return false;
      if (entry === '*') return true;
      const block = readCidr(withoutBrackets(entry));
      if (block) return address !== undefined && containsCidr(block, address);
      const [, name = entry, only] = /^\[?(.*?)\]?:([0-9]+)$/.exec(entry) ?? [];
      if (only !== undefined && only !== ownPort) return false;
      const domain = name.replace(/^\*?\./, '');
      return host === domain || (address === undefined && host.endsWith(`.${domain}`));
    });
}

/** What a request through the proxy says of whoever asks. */
export function proxyHeaders({ url: { username, password } }: Proxy): Readonly<Record<string, string>> {
  if (username === '' && password === '') return {};
  return { 'Proxy-Authorization': `Basic ${Buffer.from(`${decoded(username)}:${decoded(password)}`, 'latin1').toString('base64')}` };
}

/** Bytes, one for each character. A "%" that begins none stands for itself, as curl reads a password that nobody has encoded. */
const decoded = (text: string): string => text.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));

/** Completes "…: ". */
const wordsFor = ({ url: { host }, variable }: Proxy, what: string): string => `the proxy ${host} of ${variable} ${what}`;

/** A request to a proxy itself. Left to Node, its certificate would have to be for the name in Host, which is that of what is asked for. */
export function requestTo({ url }: Proxy) {
  const host = withoutBrackets(url.hostname);
  return {
    send: url.protocol === 'https:' ? httpsRequest : httpRequest,
    address: new URL(url.origin),
    // An address is no name that TLS could ask for.
    options: { agent: false, servername: isIP(host) === 0 ? host : '' },
  } as const;
}

/**
 * A connection to `target` (host and port) through the proxy. Throws a {@link TransportError} where the proxy refuses it or cannot be
 * reached, or the signal's reason.
 */
export function openTunnel(proxy: Proxy, target: string, signal: AbortSignal): Promise<Socket> {
  const { send, address, options } = requestTo(proxy);
  return new Promise((resolve, reject) => {
    const refuse = ({ statusCode = 0 }: IncomingMessage, sent: ClientRequest): void => {
      sent.destroy();
      const hint = statusCode === 407 ? ', so it wants a user and a password' : '';
      reject(new TransportError('unreachable', wordsFor(proxy, `answered ${String(statusCode)}${hint}`), false));
    };
    const sent = send(address, {
      ...options,
      method: 'CONNECT',
      path: target,
      headers: { Host: target, ...proxyHeaders(proxy) },
      signal,
    });
    sent.on('connect', (answer: IncomingMessage, socket: Socket) => {
      if (answer.statusCode !== 200) {
        refuse(answer, sent);
        return;
      }
      // Whoever gave up waiting must not leave a connection behind that keeps the program alive.
      if (signal.aborted) socket.destroy();
      resolve(socket);
    });
    sent.on('response', (answer) => refuse(answer, sent));
    sent.on('error', (error: Error) => {
      const code = 'code' in error ? ` (${String(error.code)})` : '';
      reject(signal.aborted ? error : new TransportError('unreachable', wordsFor(proxy, `cannot be reached${code}`), false, { cause: error }));
    });
    sent.end();
  });
}
