/** The way through a proxy, by real sockets: a proxy that tunnels, one that forwards, and one that refuses. */
import { createServer, request as httpRequest } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, connect, type Server } from 'node:net';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { authoritiesWith } from '../../../src/cluster/authorities.js';
import { proxyFor, proxyHeaders } from '../../../src/cluster/proxy.js';
import { exchange, exchangeLines } from '../../../src/cluster/transport.js';
import { createCertificate } from '../../support/certificate.js';
import { serve } from '../../support/fake-api.js';

const { signal } = new AbortController();

describe('which proxy', () => {
  const https = { HTTPS_PROXY: 'http://proxy.example.com:3128' };
  const of = (url: string, env: Readonly<Record<string, string>>): string => {
    const found = proxyFor(new URL(url), env);
    return found === undefined ? 'none' : 'problem' in found ? `${found.variable} ${found.problem}` : found.url.host;
  };

  it.each([
    ['https://jobs.example.com/', https, 'proxy.example.com:3128'],
    ['http://jobs.example.com/', https, 'none'],
    ['http://jobs.example.com/', { http_proxy: 'proxy.example.com:8080' }, 'proxy.example.com:8080'],
    ['https://jobs.example.com/', { ...https, https_proxy: 'http://small.example.com:1' }, 'small.example.com:1'],
    ['https://jobs.example.com/', { ...https, https_proxy: '' }, 'proxy.example.com:3128'],
    ['https://localhost:8443/', https, 'none'],
    ['https://127.0.0.1/', https, 'none'],
    ['https://[::1]/', https, 'none'],
    [
      'https://jobs.example.com/',
      { HTTPS_PROXY: 'socks5://proxy:1' },
      'HTTPS_PROXY names a proxy of socks5://, and only http:// and https:// are understood',
    ],
    ['https://jobs.example.com/', { HTTPS_PROXY: 'http://:1:' }, 'HTTPS_PROXY is no address of a proxy'],
  ])('%s with %j: %s', (url, env, expected) => {
    expect(of(url, env)).toBe(expected);
  });

  it.each([
    ['*', true],
    ['example.com', true],
    ['.example.com', true],
    ['*.example.com', true],
    ['JOBS.example.com', true],
    ['jobs.example.com:443', true],
    ['jobs.example.com:8443', false],
    ['ample.com', false],
    ['other.example.com, jobs.example.com', true],
    ['10.0.0.0/8', false],
    ['', false],
  ])('no_proxy %j lets jobs.example.com be reached straight: %s', (no_proxy, isStraight) => {
    expect(of('https://jobs.example.com/', { ...https, no_proxy }) === 'none').toBe(isStraight);
  });

  it.each([
    ['https://10.1.2.3/', '10.0.0.0/8', 'none'],
    ['https://10.1.2.3/', '10.1.2.3', 'none'],
    ['https://11.1.2.3/', '10.0.0.0/8', 'proxy.example.com:3128'],
    ['https://[fd00::1]:8443/', 'fd00::/8', 'none'],
  ])('%s with NO_PROXY %s: %s', (url, NO_PROXY, expected) => {
    expect(of(url, { ...https, NO_PROXY })).toBe(expected);
  });
});

it.each<[string, string | Uint8Array]>([
  ['us%40er:p%3Ass', 'us@er:p:ss'],
  ['user:100%', 'user:100%'],
  ['user:50%sure', 'user:50%sure'],
  ['usér:%ff%C3%BF', Buffer.from('75 73 c3 a9 72 3a ff c3 bf'.replaceAll(' ', ''), 'hex')],
  ['user', 'user:'],
])('tells the proxy of %s who asks, byte for byte', (login, expected) => {
  const proxy = proxyFor(new URL('https://jobs.example.com/'), { HTTPS_PROXY: `http://${login}@proxy.example.com:3128` });
  if (!proxy || 'problem' in proxy) throw new Error('the proxy was not understood');
  expect(proxyHeaders(proxy)).toEqual({ 'Proxy-Authorization': `Basic ${Buffer.from(expected).toString('base64')}` });
});

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

/** A proxy in the variables of a caller, whatever NO_PROXY says of this machine. */
const through = (port: number) => ({ url: new URL(`http://us%40er:pass@127.0.0.1:${String(port)}`), variable: 'HTTPS_PROXY' });
const login = `Basic ${Buffer.from('us@er:pass').toString('base64')}`;

it('goes through a tunnel to what is encrypted, and checks whose certificate it is', async () => {
  const certificate = createCertificate('127.0.0.1');
  const target = await listen(createTlsServer(certificate, (request, response) => request.pipe(response.writeHead(202))));
  const asked: (string | undefined)[] = [];
  const proxy = createServer().on('connect', ({ url = '', headers }, socket) => {
    asked.push(url, headers['proxy-authorization']);
    const upstream = connect(target, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      socket.pipe(upstream).pipe(socket);
    });
  });
  const url = `https://127.0.0.1:${String(target)}/risk`;
  const send = { method: 'POST', url, body: 'the body', proxy: through(await listen(proxy)), signal } as const;
  await expect(exchange(send)).rejects.toMatchObject({ kind: 'untrusted' });
  const ca = [...authoritiesWith(certificate.cert, {})];
  expect(await exchange({ ...send, options: { ca } })).toEqual({ status: 202, body: 'the body' });
  expect(asked.slice(-2)).toEqual([`127.0.0.1:${String(target)}`, login]);
});

it.each(['https://jobs.example.com/', 'http://jobs.example.com/'])(
  'asks a proxy with encryption for the certificate of its own name: %s',
  async (url) => {
    // Its authority cannot be told to a process that runs; which name is asked for decides what is checked.
    vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
    onTestFinished(() => void vi.unstubAllEnvs());
    const names: unknown[] = [];
    const proxy = createTlsServer(createCertificate('localhost'), (_, response) => response.writeHead(502).end());
    proxy.on('connect', (_, socket) => void socket.end('HTTP/1.1 502 No\r\n\r\n'));
    proxy.on('secureConnection', ({ servername }) => names.push(servername));
    const port = await listen(proxy);
    const by = { url: new URL(`https://localhost:${String(port)}`), variable: 'HTTPS_PROXY' };
    await exchange({ method: 'GET', url, proxy: by, signal }).catch(() => undefined);
    expect(names).toEqual(['localhost']);
  },
);

it('tells the proxy the whole address of what is not encrypted', async () => {
  const target = await serve(({ method, url }) => ({ status: 202, body: `${method} ${url}` }));
  const forwarded: string[] = [];
  const proxy = createServer(({ url = '', method, headers }, response) => {
    forwarded.push(`${url} ${String(headers.host)} ${String(headers['proxy-authorization'])}`);
    httpRequest(url, { method }, (answer) => answer.pipe(response.writeHead(answer.statusCode ?? 0))).end();
  });
  const sent = await exchange({ method: 'POST', url: `${target.url}/risk`, proxy: through(await listen(proxy)), signal });
  expect(sent).toEqual({ status: 202, body: 'POST /risk' });
  expect(forwarded).toEqual([`${target.url}/risk ${new URL(target.url).host} ${login}`]);
});

it.each([
  [407, 'of HTTPS_PROXY answered 407, so it wants a user and a password'],
  [502, 'of HTTPS_PROXY answered 502'],
])('says that the proxy answered %i, and not who asked', async (status, words) => {
  const proxy = createServer().on('connect', (_, socket) => void socket.end(`HTTP/1.1 ${String(status)} No\r\n\r\n`));
  const sent = exchange({ method: 'GET', url: 'https://jobs.example.com/', proxy: through(await listen(proxy)), signal });
  const error: unknown = await sent.catch((reason: unknown) => reason);
  expect(error).toMatchObject({ kind: 'unreachable', words: expect.stringContaining(words) as string });
  expect(String(error)).not.toContain('pass@');
});

it('says that the proxy cannot be reached, and gives up on one that does not answer', async () => {
  const get = { method: 'GET', url: 'https://jobs.example.com/', signal } as const;
  await expect(exchange({ ...get, proxy: through(1) })).rejects.toMatchObject({ words: expect.stringContaining('cannot be reached') as string });
  const silent = createServer().on('connect', () => undefined);
  const words = 'there was no answer in 0.05 seconds';
  await expect(exchange({ ...get, timeout: 50, proxy: through(await listen(silent)) })).rejects.toMatchObject({ words });
  silent.closeAllConnections();
});

it('ends an answer by which nothing more comes, where it may not be silent', async () => {
  const { url } = await serve(() => (response) => void response.writeHead(200).write('one\n'));
  const lines: string[] = [];
  const sent = exchangeLines({ method: 'GET', url, idle: 2000, signal }, (line) => lines.push(line));
  await expect(sent).rejects.toMatchObject({ words: 'nothing more came for 2 seconds' });
  expect(lines).toEqual(['one']);
});

it('adds an authority to those that are known, and to those that Node was told of', () => {
  const known = authoritiesWith('own', {});
  expect(known.length).toBeGreaterThan(50);
  expect(known.at(-1)).toBe('own');
  expect(authoritiesWith('own', { NODE_EXTRA_CA_CERTS: '/nowhere' })).toEqual(known);
});
