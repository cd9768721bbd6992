import { createHash } from 'node:crypto';
import type { Socket } from 'node:net';
import { decode, encode } from '@msgpack/msgpack';
import { describe, expect, it } from 'vitest';
import { fluentdSink } from '../../runtime/sinks/fluentd/fluentd-sink.js';
import type { Sent } from '../../runtime/sinks/sink.js';
import { doesNotRead, startFluentd } from './support/fluentd-server.js';
import { someRecords, times } from './support/records.js';
import { standingClock } from './support/standing-clock.js';

const key = 'shared-key-of-the-sink';
const nonce = Buffer.from('00ff10e280', 'hex');
const sha512 = (...parts: readonly (string | Uint8Array)[]): string => {
  const hash = createHash('sha512');
  for (const part of parts) hash.update(part);
  return hash.digest('hex');
};
const helo = encode(['HELO', { nonce, auth: '', keepalive: true }]);

/** A server that says `greeting` and answers a PING with what `pong` makes of it; `connected` is told the number of each connection. */
async function shake(
  greeting: Uint8Array,
  pong: (ping: readonly string[], socket: Socket) => unknown,
  connected: (connection: number) => void = () => undefined,
): Promise<{ sent: Sent; pings: (readonly string[])[] }> {
  const pings: (readonly string[])[] = [];
  const server = await startFluentd(undefined, (socket) => {
    socket.on('data', (bytes) => {
      const ping = decode(bytes) as readonly string[];
      pings.push(ping);
      const answer = pong(ping, socket);
      if (answer !== undefined) socket.write(encode(answer));
    });
    socket.write(greeting);
    connected(server.connections());
    return doesNotRead;
  });
  const settings = { sink: 'fluentd', delivery: 'required', giveUpSeconds: 60, host: '127.0.0.1', port: server.port, tls: false } as const;
  const sink = fluentdSink(settings, { secret: key, ca: undefined }, times);
  return { sent: await sink.send('request', someRecords(3)), pings };
}

describe('a handshake', () => {
  it('proves the shared key and never sends it', async () => {
    const { pings } = await shake(helo, () => ['PONG', false, 'no', '', '']);
    const [[type, hostname = '', salt = '', digest, user, password] = []] = pings;
    expect([type, user, password]).toEqual(['PING', '', '']);
    expect(digest).toBe(sha512(salt, hostname, nonce, key));
    expect(JSON.stringify(pings)).not.toContain(key);
  });

  it.each<[string, (ping: readonly string[]) => unknown, string]>([
    ['refuses the key', () => ['PONG', false, `not ${key}`, '', ''], 'refuses the shared key'],
    ['accepts any key', () => ['PONG', true, '', 'server', 'f'.repeat(128)], 'does not know the shared key itself'],
    ['accepts any key, with a digest of another length', () => ['PONG', true, '', 'server', ''], 'does not know the shared key itself'],
    [
      'accepts any key, with a digest as long in characters',
      () => ['PONG', true, '', 'server', 'é'.repeat(128)],
      'does not know the shared key itself',
    ],
    ['gives back our own proof', ([, hostname, , digest]) => ['PONG', true, '', hostname, digest], 'does not know the shared key itself'],
  ])('fails at once where the sink %s', async (_, pong, problem) => {
    const { sent, pings } = await shake(helo, pong);
    expect(sent).toMatchObject({ delivered: 0, problem: { kind: 'refused', problem } });
    expect(JSON.stringify(sent)).not.toContain(key);
    // Another attempt would not help.
    expect(pings).toHaveLength(1);
  });

  it('fails where the sink wants a user as well', async () => {
    const { sent } = await shake(encode(['HELO', { nonce, auth: Buffer.alloc(16, 1), keepalive: true }]), () => undefined);
    expect(sent.problem).toMatchObject({ kind: 'refused' });
    expect(sent.problem?.problem).toContain('a user and a password');
  });

  it.each<[string, Uint8Array, () => unknown, string]>([
    ['begins otherwise', encode(['HELLO', {}]), () => undefined, 'does not begin as a sink of fluentd with a shared key does'],
    ['gives no nonce', encode(['HELO', {}]), () => undefined, 'does not begin as a sink of fluentd with a shared key does'],
    ['answers otherwise', helo, () => ({ ack: 'x' }), 'does not answer as a sink of fluentd with a shared key does'],
  ])('is tried for a while where the sink %s', async (_, greeting, pong, problem) => {
    const pass = standingClock();
    const { sent } = await shake(greeting, pong, (connection) => {
      if (connection > 1) pass(times.idle);
    });
    expect(sent).toMatchObject({ delivered: 0, problem: { kind: 'unavailable', problem } });
  });

  it.each([
    ['says nothing', new Uint8Array()],
    ['answers no PING', helo],
  ])('is tried for a while where the sink %s', async (_, greeting) => {
    const pass = standingClock();
    const { sent } = await shake(
      greeting,
      () => undefined,
      () => pass(times.connect),
    );
    expect(sent).toMatchObject({ delivered: 0, problem: { kind: 'unavailable', problem: 'has not answered within 4 s' } });
  });
});
