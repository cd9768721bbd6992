import { once } from 'node:events';
import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { FluentdSettings } from '../../../src/contract/feedback.js';
import { seconds, within, type SinkTimes } from '../patience.js';
import type { SinkSecrets } from '../sink-files.js';
import { connectionProblem, SinkProblem } from '../sink-problem.js';
import { isHelo, shakeHands, type Messages } from './handshake.js';
import { decode, MalformedMessage, type Decoded } from './msgpack.js';

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
  const ack: unknown = message instanceof Map ? message.get('ack') : undefined;
  if (typeof ack !== 'string') throw new SinkProblem('unavailable', 'answers with something else than the confirmation of a chunk');
  return ack;
}

/** No answer of the protocol is nearly as long. */
const longestAnswer = 8 * 1024;

function messagesOf(socket: Socket): Messages {
  const pieces: AsyncIterator<unknown> = socket[Symbol.asyncIterator]();
  let received: Uint8Array = new Uint8Array();
  return {
    write: (message) =>
      new Promise((resolve, reject) => {
        socket.write(message, (error) => {
          if (error) reject(error);
          else resolve();
        });
      }),
    next: async () => {
      for (;;) {
        const answer = firstOf(received);
        if (answer) {
          received = received.subarray(answer.length);
          return answer.value;
        }
        if (received.length > longestAnswer) throw new SinkProblem('unavailable', 'sends an answer that has no end');
        const piece = await pieces.next();
        if (piece.done === true) throw new SinkProblem('unavailable', 'has closed the connection');
        if (piece.value instanceof Uint8Array) received = Buffer.concat([received, piece.value]);
      }
    },
  };
}

function firstOf(bytes: Uint8Array): Decoded | undefined {
  try {
    return decode(bytes);
  } catch (error) {
    if (!(error instanceof MalformedMessage)) throw error;
    throw new SinkProblem('unavailable', 'does not speak the forward protocol of fluentd', { cause: error });
  }
}
