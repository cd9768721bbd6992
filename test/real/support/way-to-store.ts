/** What can stand between a job and its store: a server that writes down each request, and an HTTP proxy. Each until the test ends. */
import { createServer, request as send, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { connect, type AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { onTestFinished } from 'vitest';
import type { Certificate } from '../../support/certificate.js';

export interface Recorded {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingHttpHeaders;
  /** What of its body has come so far. */
  body(): string;
}

export interface Server {
  readonly port: number;
  /** `host:port` */
  readonly address: string;
}

type Listening = ReturnType<typeof createServer> | ReturnType<typeof createTlsServer>;

async function listen(server: Listening): Promise<Server> {
  const sockets = new Set<Duplex>();
  server.on('connection', (socket: Duplex) => {
    sockets.add(socket.on('close', () => sockets.delete(socket)));
  });
  onTestFinished(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, '0.0.0.0', resolve));
  const { port } = server.address() as AddressInfo;
  return { port, address: `127.0.0.1:${String(port)}` };
}

/** As it came, the name of the host with it: signatures hold it. */
function passOn(incoming: IncomingMessage, outgoing: ServerResponse, port: number, path: string): void {
  const { method, headers } = incoming;
  const onward = send({ host: '127.0.0.1', port, method, path, headers }, (answer) => {
    outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
    answer.pipe(outgoing);
  });
  onward.on('error', () => outgoing.destroy());
  incoming.pipe(onward);
}

/** Writes down each request and passes it on to the server at `target`; with a certificate it speaks TLS itself. */
export async function recordRequests(target: number, certificate?: Certificate): Promise<Server & { readonly recorded: readonly Recorded[] }> {
  const recorded: Recorded[] = [];
  const server = certificate ? createTlsServer(certificate) : createServer();
  server.on('request', (incoming: IncomingMessage, outgoing: ServerResponse) => {
    const { method = '', url = '', headers } = incoming;
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    recorded.push({ method, url: new URL(url, 'http://store'), headers, body: () => Buffer.concat(chunks).toString('latin1') });
    passOn(incoming, outgoing, target, url);
  });
  return { ...(await listen(server)), recorded };
}

/** Leads every host to one port of this machine, and writes down for whom it was asked. */
export async function startProxy(target: number): Promise<Server & { readonly hosts: readonly string[] }> {
  const hosts: string[] = [];
  const server = createServer((incoming, outgoing) => {
    const { host, pathname, search } = new URL(incoming.url ?? '');
    hosts.push(host);
    passOn(incoming, outgoing, target, `${pathname}${search}`);
  });
  server.on('connect', ({ url = '' }: IncomingMessage, client: Duplex) => {
    hosts.push(`CONNECT ${url}`);
    const onward = connect(target, '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      onward.pipe(client).pipe(onward);
    });
    onward.on('error', () => client.destroy());
    client.on('error', () => onward.destroy());
  });
  return { ...(await listen(server)), hosts };
}
