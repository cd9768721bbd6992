import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { encode } from '@msgpack/msgpack';
import { describe, expect, it } from 'vitest';
import { chunksOf, fluentdRecord, tags } from '../../runtime/sinks/fluentd/fluentd-record.js';
import { fluentdSink } from '../../runtime/sinks/fluentd/fluentd-sink.js';
import type { SinkTimes } from '../../runtime/sinks/patience.js';
import type { Sent } from '../../runtime/sinks/sink.js';
import { freePort } from '../support/free-port.js';
import { doesNotRead, fluentdAt, startFluentd, type FluentdServer } from './support/fluentd-server.js';
import { recordOf, someRecords, times } from './support/records.js';
import { standingClock } from './support/standing-clock.js';

const send = (port: number, count: number, changes: Partial<SinkTimes> = {}): Promise<Sent> =>
  fluentdSink(fluentdAt(port), { secret: undefined, ca: undefined }, { ...times, ...changes }).send('request', someRecords(count));
const idsOf = ({ chunks }: FluentdServer): readonly unknown[] => chunks.flatMap(({ records }) => records.map(({ record_id }) => record_id));
const allIds = (count: number): readonly string[] => Array.from({ length: count }, (_, index) => recordOf(index).id);

describe('a sink of fluentd', () => {
  it("gets ODAHU's tags and fields, and ours beside them", async () => {
    const server = await startFluentd();
    const sink = fluentdSink(fluentdAt(server.port), { secret: undefined, ca: undefined }, times);
    expect(
      await sink.send(
        'request',
        someRecords(1, () => ({ content: '{"id":"1"}' })),
      ),
    ).toEqual({ delivered: 1 });
    const response = { ...recordOf(1, { contentOmitted: 'too-large' }), kind: 'response' as const, requestId: null };
    expect(await sink.send('response', [response])).toEqual({ delivered: 1 });
    expect(server.chunks.map(({ tag, size }) => [tag, size])).toEqual([
      ['request_response', 1],
      ['response_body', 1],
    ]);
    expect(server.chunks[0]?.records).toEqual([
      {
        request_id: 'nightly',
        model_name: 'fraud',
        model_version: '1.4',
        request_content: '{"id":"1"}',
        record_id: recordOf(0).id,
        job_id: 'fraud-scorer--abc',
        service: 'fraud-scorer',
        service_id: 'fraud-scorer-v2',
        team: 'risk',
        namespace: 'risk',
        file: 'sub/0.json',
        content_uri: 's3://raw-bucket/fraud/in/sub/0.json',
        content_size: 3,
        content_sha256: recordOf(0).payload.sha256,
      },
    ]);
    expect(server.chunks[1]?.records[0]).toMatchObject({ request_id: 'fraud-scorer--abc', content_omitted: 'too-large' });
    expect(server.chunks[1]?.records[0]).not.toHaveProperty('response_content');
  });

  it('gets many records in chunks of a bounded size, in order and on one connection', async () => {
    const server = await startFluentd();
    expect(await send(server.port, 1234)).toEqual({ delivered: 1234 });
    expect(idsOf(server)).toEqual(allIds(1234));
    expect(server.chunks.map(({ size }) => size)).toEqual([500, 500, 234]);
    expect(server.connections()).toBe(1);
  });

  it('gets a record of a megabyte as a chunk of its own', () => {
    const chunks: number[] = [];
    const content = 'x'.repeat(1 << 20);
    for (const { count, bytes } of chunksOf(
      'request',
      someRecords(4, (index) => (index === 2 ? { content } : {})),
    )) {
      chunks.push(count);
      expect(bytes.length).toBeLessThan((1 << 20) + 4096);
    }
    expect(chunks).toEqual([2, 1, 1]);
  });

  it('has no more than four chunks on their way', async () => {
    const held: (() => void)[] = [];
    let most = 0;
    const server = await startFluentd((_, __, confirm) => {
      if (most > 0) return confirm();
      held.push(confirm);
      if (held.length < 4) return;
      // Time enough for a fifth.
      setTimeout(() => {
        most = held.length;
        for (const one of held.splice(0)) one();
      }, 200);
    });
    expect(await send(server.port, 6000)).toEqual({ delivered: 6000 });
    expect(most).toBe(4);
  });

  it('keeps the ids of chunks and records when everything is sent again', async () => {
    const server = await startFluentd();
    await send(server.port, 700);
    await send(server.port, 700);
    const [first, second, third, fourth] = server.chunks;
    expect([third?.chunk, fourth?.chunk]).toEqual([first?.chunk, second?.chunk]);
    expect(third?.records).toEqual(first?.records);
    expect(Buffer.from(first?.chunk ?? '', 'base64')).toHaveLength(16);
  });

  it('knows the time of a record to the millisecond', () => {
    const [chunk] = [...chunksOf('request', someRecords(1))];
    const expected = Buffer.from([0xd7, 0x00, ...timeBytes('2026-11-22T12:30:00Z', 250_000_000)]);
    expect(Buffer.from(chunk?.bytes ?? []).includes(expected)).toBe(true);
  });
});

function timeBytes(time: string, nanoseconds: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt32BE(Date.parse(time) / 1000, 0);
  bytes.writeUInt32BE(nanoseconds, 4);
  return bytes;
}

describe('without loss, though', () => {
  it('the connection is cut before a chunk is confirmed', async () => {
    const server = await startFluentd(({ connection }, socket, confirm) => {
      if (connection < 3) socket.destroy();
      else confirm();
    });
    expect(await send(server.port, 1200)).toEqual({ delivered: 1200 });
    expect(new Set(idsOf(server))).toEqual(new Set(allIds(1200)));
    expect(server.connections()).toBe(3);
  });

  it('the connection is cut in the middle of a chunk, and of its confirmation', async () => {
    let connections = 0;
    const server = await startFluentd(
      ({ connection, chunk }, socket, confirm) => {
        if (connection > 2) return confirm();
        const ack = encode({ ack: chunk });
        socket.end(ack.subarray(0, ack.length - 5));
      },
      (socket) => {
        connections += 1;
        if (connections === 1) socket.once('data', () => socket.destroy());
      },
    );
    expect(await send(server.port, 1200)).toEqual({ delivered: 1200 });
    expect(new Set(idsOf(server))).toEqual(new Set(allIds(1200)));
    // What was confirmed is not sent again.
    const last = server.chunks.filter(({ connection }) => connection === 3);
    expect(last.map(({ size }) => size)).toEqual([500, 500, 200]);
  });

  it('a confirmation never comes', async () => {
    const server = await startFluentd(({ connection }, _, confirm) => {
      if (connection > 1) confirm();
    });
    expect(await send(server.port, 3, { answer: 100 })).toEqual({ delivered: 3 });
    expect(server.connections()).toBe(2);
    expect(server.chunks.map(({ chunk }) => chunk)).toEqual(Array(2).fill(server.chunks[0]?.chunk));
  });

  it('another chunk is confirmed', async () => {
    const server = await startFluentd(({ connection }, socket, confirm) => {
      if (connection > 1) confirm();
      else socket.write(encode({ ack: 'AAAAAAAAAAAAAAAAAAAAAA==' }));
    });
    expect(await send(server.port, 3)).toEqual({ delivered: 3 });
    expect(server.connections()).toBe(2);
  });

  it('chunks are confirmed out of order', async () => {
    const held: (() => void)[] = [];
    const server = await startFluentd((_, __, confirm) => {
      held.push(confirm);
      if (held.length === 3) for (const one of held.reverse()) one();
    });
    expect(await send(server.port, 1300)).toEqual({ delivered: 1300 });
    expect(server.connections()).toBe(1);
  });

  it('the sink comes up late', async () => {
    const port = await freePort();
    const sending = send(port, 3, { idle: 10_000 });
    await new Promise((resolve) => setTimeout(resolve, 200));
    const server = await startFluentd(undefined, undefined, port);
    expect(await sending).toEqual({ delivered: 3 });
    expect(idsOf(server)).toEqual(allIds(3));
  });
});

describe('is given up, with what was seen last and how much has arrived, where the sink', () => {
  const cases: readonly [string, Parameters<typeof startFluentd>, string][] = [
    ['closes every connection', [(_, socket) => socket.end()], 'has closed the connection'],
    [
      'answers with something else',
      [(_, socket) => socket.write(encode({ error: 'no' }))],
      'answers with something else than the confirmation of a chunk',
    ],
    [
      'says that it has nothing',
      [(_, socket) => socket.write(encode({ ack: null }))],
      'answers with something else than the confirmation of a chunk',
    ],
    [
      'sends an HTTP answer',
      [(_, socket) => socket.write('HTTP/1.1 400 Bad Request\r\n\r\n')],
      'answers with something else than the confirmation of a chunk',
    ],
    ['sends no msgpack', [(_, socket) => socket.write(Buffer.from([0xc1, 0xc1]))], 'does not speak the forward protocol of fluentd'],
    [
      'sends a text without end',
      [(_, socket) => socket.write(Buffer.concat([Buffer.from([0xdb, 0x7f, 0xff, 0xff, 0xff]), Buffer.alloc(100_000)]))],
      'sends an answer that has no end',
    ],
    ['sends lists without end', [(_, socket) => socket.write(Buffer.alloc(100_000, 0x91))], 'does not speak the forward protocol of fluentd'],
  ];
  it.each(cases)('%s', async (_, behaviour, problem) => {
    const pass = standingClock();
    const [onChunk, onConnect] = behaviour;
    // The first connection shows what the sink does, and the second one that it does not get better.
    const server = await startFluentd((received, socket, confirm) => {
      onChunk?.(received, socket, confirm);
      if (received.connection > 1) pass(times.idle);
    }, onConnect);
    const sent = await send(server.port, 700);
    expect(sent).toMatchObject({ delivered: 0, problem: { kind: 'unavailable', problem } });
  });

  it('confirms nothing', async () => {
    const pass = standingClock();
    const server = await startFluentd(({ size }) => {
      if (size === 200) pass(times.answer);
    });
    const sent = await send(server.port, 700);
    expect(sent).toMatchObject({ delivered: 0, problem: { kind: 'unavailable', problem: 'takes records and has confirmed none for 4 s' } });
    expect(server.connections()).toBe(2);
  });

  it('is not there', async () => {
    const sent = await send(await freePort(), 700, { idle: 3000 });
    expect(sent).toMatchObject({ delivered: 0, problem: { kind: 'unavailable', problem: 'cannot be reached (ECONNREFUSED)' } });
  });

  it('takes a part of the records', async () => {
    const pass = standingClock();
    let received = 0;
    const server = await startFluentd((_, __, confirm) => {
      received += 1;
      if (received <= 2) confirm();
      // Sent only when both confirmations have arrived: four are on their way at most.
      if (received === 6) pass(times.idle);
    });
    expect(await send(server.port, 2700)).toMatchObject({ delivered: 1000, problem: { kind: 'unavailable' } });
  });

  it('is too slow for the time of the step, though it gets on', async () => {
    const server = await startFluentd((_, __, confirm) => setTimeout(confirm, 100));
    // All of them would take four times as long: a quarter is confirmed in each tenth of a second.
    const sent = await send(server.port, 500 * 320, { total: 2000 });
    expect(sent.problem?.kind).toBe('unavailable');
    expect(sent.delivered).toBeGreaterThan(0);
    expect(sent.delivered).toBeLessThan(500 * 320);
  });

  it('reads nothing', async () => {
    const server = await startFluentd(undefined, () => doesNotRead);
    const content = 'x'.repeat(500_000);
    const sink = fluentdSink(fluentdAt(server.port), { secret: undefined, ca: undefined }, { ...times, idle: 700 });
    const sent = await sink.send(
      'request',
      someRecords(100, () => ({ content })),
    );
    expect(sent).toMatchObject({ delivered: 0, problem: { kind: 'unavailable' } });
  });

  it('asks for a shared key that nobody gave', async () => {
    const server = await startFluentd(
      () => undefined,
      (socket) => socket.write(encode(['HELO', { nonce: Buffer.alloc(16), auth: '', keepalive: true }])),
    );
    const sent = await send(server.port, 3);
    expect(sent).toMatchObject({ delivered: 0, problem: { kind: 'refused' } });
    expect(sent.problem?.problem).toContain('asks for a shared key');
    expect(server.connections()).toBe(1);
  });
});

describe('an error of our own', () => {
  it('is not taken for one of the sink', async () => {
    const server = await startFluentd();
    const broken = function* (): Generator<never> {
      yield* [];
      throw Object.assign(new Error('EIO'), { code: 'EIO', syscall: 'read' });
    };
    const sink = fluentdSink(fluentdAt(server.port), { secret: undefined, ca: undefined }, times);
    await expect(sink.send('request', broken())).rejects.toMatchObject({ code: 'EIO' });
  });
});

it('every field of a record stands in docs/feedback.md', () => {
  const docs = readFileSync(fileURLToPath(new URL('../../docs/feedback.md', import.meta.url)), 'utf8');
  const payloads = [{ content: '' }, { contentOmitted: 'not-text' as const }];
  const records = payloads.flatMap((payload) => [recordOf(0, payload), { ...recordOf(0, payload), kind: 'response' as const }]);
  const names = records.flatMap((record) => [...Object.keys(record), ...Object.keys(record.payload), ...Object.keys(fluentdRecord(record))]);
  for (const name of [...names, ...Object.values(tags)]) expect(docs).toContain(`\`${name}\``);
});
