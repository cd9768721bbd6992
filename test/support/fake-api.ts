/** An HTTP server that answers as a test says, for faults that no real API server has at hand; real ones are in test/real. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

export interface Received {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

/** Answers with a status and a JSON body or a text; or takes the response into its own hands. */
export type Reply = { readonly status: number; readonly body: unknown } | ((response: ServerResponse) => void);

export interface FakeServer {
  readonly url: string;
  readonly received: readonly Received[];
}

export async function serve(reply: (request: Received, count: number) => Reply): Promise<FakeServer> {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      const taken = { method, url, headers, body: Buffer.concat(chunks) };
      received.push(taken);
      const answer = reply(taken, received.length);
      if (typeof answer === 'function') answer(response);
      else response.writeHead(answer.status).end(typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`, received };
}

/** A kubeconfig in a folder that is gone after the test. */
export function kubeconfig(server: string, user: unknown = { token: 'secret-token' }, cluster: object = {}): string {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-kubeconfig-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'config');
  const config = {
    clusters: [{ name: 'c', cluster: { server, ...cluster } }],
    users: [{ name: 'u', user }],
    contexts: [{ name: 'here', context: { cluster: 'c', user: 'u' } }],
    'current-context': 'here',
  };
  // JSON is YAML.
  writeFileSync(file, JSON.stringify(config), { mode: 0o600 });
  return file;
}

/** A Status of the API. */
export const status = (code: number, message: string, more: object = {}): Reply => ({
  status: code,
  body: { kind: 'Status', apiVersion: 'v1', status: 'Failure', message, code, ...more },
});
