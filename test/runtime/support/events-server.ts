/** A server that takes CloudEvents by HTTP, or answers what a test wants. */
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import type { Certificate } from '../../support/certificate.js';

export interface Event {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly path: string;
  /** How often an event of this id has come, with this one. */
  readonly attempt: number;
}

export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Milliseconds. */
  readonly after?: number;
  readonly body?: string;
  /** The body begins and does not end. */
  readonly unending?: true;
}

export interface EventsServer {
  readonly url: string;
  readonly events: readonly Event[];
  /** Most requests at one time. */
  most(): number;
}

/** `cut`: the connection is closed without an answer; `nothing`: it stays open without one. */
export async function startEvents(
  reply: (event: Event) => Reply | 'cut' | 'nothing' = () => ({ status: 202 }),
  certificate?: Certificate,
): Promise<EventsServer> {
  const events: Event[] = [];
  const attempts = new Map<string, number>();
  let busy = 0;
  let most = 0;
  const listener: Parameters<typeof createServer>[1] = (request, response) => {
    busy += 1;
    most = Math.max(most, busy);
    response.on('close', () => (busy -= 1));
    let body = '';
    request.setEncoding('utf8');
    request.on('data', (text: string) => (body += text));
    request.on('end', () => {
      const id = idOf(request.headers, body);
      const attempt = (attempts.get(id) ?? 0) + 1;
      attempts.set(id, attempt);
      const event = { headers: request.headers, body, path: request.url ?? '', attempt };
      events.push(event);
      const answer = reply(event);
      if (answer === 'cut') request.socket.destroy();
      else if (answer !== 'nothing') {
        setTimeout(() => {
          response.writeHead(answer.status, answer.headers);
          if (answer.unending) response.write('x');
          else response.end(answer.body);
        }, answer.after ?? 0);
      }
    });
  };
  const server = certificate ? createSecureServer(certificate, listener) : createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `${certificate ? 'https' : 'http'}://127.0.0.1:${String(port)}/feedback`, events, most: () => most };
}

export const idOf = (headers: IncomingHttpHeaders, body: string): string =>
  String(headers['ce-id'] ?? (JSON.parse(body) as { readonly id: unknown }).id);
