/** A server of the forward protocol that confirms chunks, or does what a test wants of it. */
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { decodeMulti, decodeMultiStream, encode } from '@msgpack/msgpack';
import { onTestFinished } from 'vitest';
import type { FluentdSettings } from '../../../src/contract/feedback.js';

export interface Received {
  readonly tag: string;
  readonly chunk: string;
  readonly size: number;
  /** Of the packed records. */
  readonly bytes: number;
  readonly records: readonly Readonly<Record<string, unknown>>[];
  /** Counted from 1. */
  readonly connection: number;
}

/** Settings of a sink that sends to a server on this machine. */
export const fluentdAt = (port: number): FluentdSettings => ({
  sink: 'fluentd',
  delivery: 'required',
  giveUpSeconds: 60,
  host: '127.0.0.1',
  port,
  tls: false,
});

export interface FluentdServer {
  readonly port: number;
  readonly chunks: readonly Received[];
  connections(): number;
}

/** What the server does with a chunk; without it, confirms it. */
export type OnChunk = (received: Received, socket: Socket, confirm: () => void) => unknown;

/** Returned for a chunk: it is not among `chunks`. For more of them than a test should have in memory. */
export const forgotten = Symbol('forgotten');

/** Returned when a connection is made: nothing is read from it. */
export const doesNotRead = Symbol('does not read');

export async function startFluentd(
  onChunk: OnChunk = (_, __, confirm) => confirm(),
  onConnect: (socket: Socket) => unknown = () => undefined,
  port = 0,
): Promise<FluentdServer> {
  const chunks: Received[] = [];
  const sockets = new Set<Socket>();
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    const connection = connections;
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
    if (onConnect(socket) === doesNotRead) return;
    const receive = async (): Promise<void> => {
      for await (const message of decodeMultiStream<undefined>(socket)) {
        const [tag, packed, option] = message as [string, Uint8Array, { chunk: string; size: number }];
        const records = [...decodeMulti<undefined>(packed)].map((entry) => (entry as [unknown, Record<string, unknown>])[1]);
        const received = { tag, chunk: option.chunk, size: option.size, bytes: packed.length, records, connection };
        chunks.push(received);
        if (onChunk(received, socket, () => socket.write(encode({ ack: option.chunk }))) === forgotten) chunks.splice(chunks.indexOf(received), 1);
      }
    };
    receive().catch(() => undefined);
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { port: (server.address() as AddressInfo).port, chunks, connections: () => connections };
}
