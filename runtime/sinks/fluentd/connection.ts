import { once } from 'node:events';
import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { decodeMultiStream } from '@msgpack/msgpack';
import type { FluentdSettings } from '../../../src/contract/feedback.js';
import { seconds, within, type SinkTimes } from '../patience.js';
import type { SinkSecrets } from '../sink-files.js';
import { connectionProblem, SinkProblem } from '../sink-problem.js';
import { isHelo, shakeHands, type Messages } from './handshake.js';

/** A sink that is ready for chunks. */
export interface FluentdConnection {
  send(chunk: Uint8Array, milliseconds: number): Promise<void>;
  /** The id of the next chunk that the sink says it has. */
  acknowledged(milliseconds: number): Promise<string>;
  close(): void;
}

export interface ConnectOptions {
  readonly settings: FluentdSettings;
  readonly secrets: SinkSecrets;
  readonly times: SinkTimes;
  /** Our name towards the sink. */
  readonly hostname: string;
  /** Milliseconds until it is given up altogether. */
  readonly left: number;
}

/** Connects and, with a shared key, shakes hands. Every problem is a {@link SinkProblem}. */
export async function connectFluentd({ settings, secrets, times, hostname, left }: ConnectOptions): Promise<FluentdConnection> {
  const { host, port } = settings;
  const socket = settings.tls
    ? connectTls({
        host,
        port,
        rejectUnauthorized: true,
        ...(isIP(host) === 0 ? { servername: host } : {}),
        ...(secrets.ca === undefined ? {} : { ca: secrets.ca }),
      })
    : connectTcp({ host, port });
  // Told by the calls that wait for the socket; an error between two of them must not end the process.
  socket.on('error', () => undefined);
  const messages = messagesOf(socket);
  try {
    const ready = once(socket, settings.tls ? 'secureConnect' : 'connect').then(() => secrets.secret);
    const open = ready.then(async (key) => (key === undefined ? undefined : shakeHands(messages, key, hostname)));
    await bounded(Math.min(times.connect, left), open, (time) => `has not answered within ${time}`);
  } catch (error) {
    socket.destroy();
    throw connectionProblem(error);
  }
  return {
    send: (chunk, milliseconds) => bounded(milliseconds, messages.write(chunk), (time) => `has taken no record for ${time}`),
    acknowledged: async (milliseconds) =>
      readAck(await bounded(milliseconds, messages.next(), (time) => `takes records and has confirmed none for ${time}`)),
    close: () => {
      socket.destroy();
    },
  };
}

async function bounded<T>(milliseconds: number, promise: Promise<T>, late: (time: string) => string): Promise<T> {
  // Lost races are told by the winner.
  promise.catch(() => undefined);
  try {
    return await within(milliseconds, promise, () => new SinkProblem('unavailable', late(seconds(milliseconds)), {}, true));
  } catch (error) {
    throw connectionProblem(error);
  }
}

function readAck(message: unknown): string {
  if (isHelo(message)) throw new SinkProblem('refused', 'asks for a shared key: spec.feedback.fluentd of the Platform gives none');
  const ack: unknown = typeof message === 'object' && message !== null && 'ack' in message ? message.ack : undefined;
  if (typeof ack !== 'string') throw new SinkProblem('unavailable', 'answers with something else than the confirmation of a chunk');
  return ack;
}

/** No answer of the protocol is nearly as long. */
const longestAnswer = 64 * 1024;
const limits = { maxStrLength: 8192, maxBinLength: 8192, maxExtLength: 8192, maxArrayLength: 16, maxMapLength: 64 };

function messagesOf(socket: Socket): Messages {
  let received = 0;
  const bytes = async function* (): AsyncGenerator<Uint8Array> {
    for await (const piece of socket) {
      if (!(piece instanceof Uint8Array)) continue;
      received += piece.length;
      if (received > longestAnswer) throw new SinkProblem('unavailable', 'sends an answer that has no end');
      yield piece;
    }
  };
  const answers = decodeMultiStream<undefined>(bytes(), limits);
  return {
    write: (message) =>
      new Promise((resolve, reject) => {
        socket.write(message, (error) => {
          if (error) reject(error);
          else resolve();
        });
      }),
    next: async () => {
      received = 0;
      let answer: IteratorResult<unknown>;
      try {
        answer = await answers.next();
      } catch (error) {
        if (error instanceof SinkProblem || (error instanceof Error && 'code' in error)) throw error;
        // Not even msgpack.
        throw new SinkProblem('unavailable', 'does not speak the forward protocol of fluentd', { cause: error });
      }
      if (answer.done === true) throw new SinkProblem('unavailable', 'has closed the connection');
      return answer.value;
    },
  };
}
