import { describe, expect, it } from 'vitest';
import { cloudeventsSink } from '../../runtime/sinks/cloudevents/cloudevents-sink.js';
import type { SinkTimes } from '../../runtime/sinks/patience.js';
import type { Sent } from '../../runtime/sinks/sink.js';
import type { SinkSecrets } from '../../runtime/sinks/sink-files.js';
import type { CloudeventsSettings } from '../../src/contract/feedback.js';
import { createCertificate } from '../support/certificate.js';
import { freePort } from '../support/free-port.js';
import { idOf, startEvents, type EventsServer } from './support/events-server.js';
import { recordOf, someRecords, times } from './support/records.js';

interface Sending extends Partial<SinkSecrets> {
  readonly mode?: CloudeventsSettings['mode'];
  readonly times?: Partial<SinkTimes>;
}

function send(url: string, count: number, { mode = 'binary', secret, ca, times: changes }: Sending = {}): Promise<Sent> {
  const settings: CloudeventsSettings = { sink: 'cloudevents', delivery: 'required', giveUpSeconds: 60, url, mode };
  return cloudeventsSink(settings, { secret, ca }, { ...times, ...changes }).send('request', someRecords(count));
}
const idsOf = ({ events }: EventsServer): readonly string[] => events.map(({ headers, body }) => idOf(headers, body));
const allIds = (count: number): readonly string[] => Array.from({ length: count }, (_, index) => recordOf(index).id);

const { id, kind, time, ...data } = recordOf(0);

describe('a sink of CloudEvents', () => {
  it('gets the attributes in headers and the record as the body, in binary mode', async () => {
    const server = await startEvents();
    expect(await send(server.url, 1)).toEqual({ delivered: 1 });
    const [event] = server.events;
    expect(event?.path).toBe('/feedback');
    expect(event?.headers).toMatchObject({
      'ce-specversion': '1.0',
      'ce-id': id,
      'ce-source': '/millrace/risk/fraud-scorer',
      'ce-type': 'dev.millrace.inference.request',
      'ce-subject': 'sub/0.json',
      'ce-time': time,
      'ce-jobid': 'fraud-scorer--abc',
      'ce-requestid': 'nightly',
      'content-type': 'application/json',
    });
    expect(event?.headers).not.toHaveProperty('ce-datacontenttype');
    expect(event?.headers).not.toHaveProperty('authorization');
    expect(JSON.parse(event?.body ?? '')).toEqual(data);
    expect(kind).toBe('request');
  });

  it('gets everything in the body, in structured mode', async () => {
    const server = await startEvents();
    expect(await send(server.url, 1, { mode: 'structured' })).toEqual({ delivered: 1 });
    const [event] = server.events;
    expect(event?.headers['content-type']).toBe('application/cloudevents+json; charset=utf-8');
    expect(JSON.parse(event?.body ?? '')).toEqual({
      specversion: '1.0',
      id,
      source: '/millrace/risk/fraud-scorer',
      type: 'dev.millrace.inference.request',
      subject: 'sub/0.json',
      time,
      datacontenttype: 'application/json',
      jobid: 'fraud-scorer--abc',
      requestid: 'nightly',
      data,
    });
  });

  it('gets names in any script percent-encoded, as the binding says', async () => {
    const server = await startEvents();
    const settings: CloudeventsSettings = { sink: 'cloudevents', delivery: 'required', giveUpSeconds: 60, url: server.url, mode: 'binary' };
    const record = { ...recordOf(0), file: 'a "b" 100%/€😀.json', requestId: null };
    await cloudeventsSink(settings, { secret: undefined, ca: undefined }, times).send('request', [record]);
    expect(server.events[0]?.headers['ce-subject']).toBe('a%20%22b%22%20100%25/%E2%82%AC%F0%9F%98%80.json');
    expect(server.events[0]?.headers).not.toHaveProperty('ce-requestid');
  });

  it('gets the token with every event', async () => {
    const server = await startEvents();
    await send(server.url, 2, { secret: 'top-secret' });
    expect(server.events.map(({ headers }) => headers.authorization)).toEqual(['Bearer top-secret', 'Bearer top-secret']);
  });

  it('gets many events, eight at a time', async () => {
    const server = await startEvents(() => ({ status: 204, after: 2 }));
    expect(await send(server.url, 500)).toEqual({ delivered: 500 });
    expect([...idsOf(server)].sort()).toEqual(allIds(500));
    expect(server.most()).toBe(8);
  });

  it('is spoken to by TLS, and its certificate is checked', async () => {
    const certificate = createCertificate('127.0.0.1');
    const server = await startEvents(undefined, certificate);
    expect(await send(server.url, 2, { ca: certificate.cert })).toEqual({ delivered: 2 });
    const refused = { delivered: 0, problem: { kind: 'refused', problem: expect.stringContaining('a certificate that is not trusted') as unknown } };
    expect(await send(server.url, 2)).toMatchObject(refused);
    for (const wrong of [createCertificate('127.0.0.2'), createCertificate('127.0.0.1', { expired: true })]) {
      expect(await send((await startEvents(undefined, wrong)).url, 2, { ca: wrong.cert })).toMatchObject(refused);
    }
  });
});

describe('an event is sent again with the same id, though', () => {
  it.each([500, 502, 503, 504, 408, 425, 429])('the sink answers %s at first', async (status) => {
    const server = await startEvents(({ attempt }) => ({ status: attempt < 3 ? status : 200 }));
    expect(await send(server.url, 3)).toEqual({ delivered: 3 });
    expect([...idsOf(server)].sort()).toEqual(allIds(3).flatMap((each) => [each, each, each]));
  });

  it('the connection is cut, or no answer comes', async () => {
    const server = await startEvents(({ attempt }) => (attempt === 1 ? 'cut' : attempt === 2 ? 'nothing' : { status: 200 }));
    expect(await send(server.url, 3, { times: { answer: 100 } })).toEqual({ delivered: 3 });
  });

  it.each([
    ['for a while', () => '50'],
    ['until a time', () => new Date(Date.now() + 3_600_000).toUTCString()],
    ['for ages', () => '9'.repeat(400)],
  ])('the sink asks to wait %s', async (_, retryAfter) => {
    const server = await startEvents(({ attempt }) => (attempt === 1 ? { status: 503, headers: { 'retry-after': retryAfter() } } : { status: 200 }));
    const started = performance.now();
    expect(await send(server.url, 1, { times: { idle: 60_000, total: 60_000, lastPause: 300 } })).toEqual({ delivered: 1 });
    // As long as it asks, but no longer than we ever wait.
    expect(performance.now() - started).toBeGreaterThan(290);
    expect(performance.now() - started).toBeLessThan(30_000);
  });

  it.each(['Mon, 06 Nov 2023 08:49:37 GMT', 'May 2099', '-5', ''])(
    'the sink says that it may come at once, or nothing of a time: %j',
    async (retryAfter) => {
      const server = await startEvents(({ attempt }) => (attempt === 1 ? { status: 503, headers: { 'retry-after': retryAfter } } : { status: 200 }));
      const started = performance.now();
      expect(await send(server.url, 1, { times: { idle: 60_000, total: 60_000, lastPause: 50_000 } })).toEqual({ delivered: 1 });
      expect(performance.now() - started).toBeLessThan(30_000);
    },
  );
});

describe('is given up where the sink', () => {
  it('is down', async () => {
    const sent = await send(`http://127.0.0.1:${String(await freePort())}/`, 20, { times: { idle: 300 } });
    expect(sent).toMatchObject({ delivered: 0, problem: { kind: 'unavailable', problem: 'cannot be reached (ECONNREFUSED)' } });
  });

  it('accepts connections and never answers', async () => {
    const server = await startEvents(() => 'nothing');
    const sent = await send(server.url, 20, { times: { answer: 200, idle: 500 } });
    expect(sent).toMatchObject({ delivered: 0, problem: { kind: 'unavailable', problem: 'has not answered within 1 s' } });
    // Eight at a time until they are given up: no other is begun.
    expect(new Set(idsOf(server)).size).toBeLessThanOrEqual(8);
  });

  it.each([301, 302, 307, 308])('redirects with %s: the other place gets nothing', async (status) => {
    const other = await startEvents();
    const server = await startEvents(() => ({ status, headers: { location: other.url } }));
    const sent = await send(server.url, 20, { secret: 'top-secret' });
    expect(sent).toMatchObject({
      delivered: 0,
      problem: { kind: 'refused', problem: `answers with status ${String(status)}, and redirects are not followed` },
    });
    expect(other.events).toEqual([]);
  });

  it.each([401, 403, 404, 405, 410])('answers %s: no other event would pass', async (status) => {
    const server = await startEvents(() => ({ status }));
    const sent = await send(server.url, 1000);
    expect(sent).toMatchObject({ delivered: 0, problem: { kind: 'refused', problem: `answers with status ${String(status)}` } });
    expect(server.events.length).toBeLessThanOrEqual(8);
  });

  it('refuses a hundred events, each for itself', async () => {
    const server = await startEvents(() => ({ status: 400 }));
    expect(await send(server.url, 1000)).toMatchObject({ delivered: 0, problem: { kind: 'refused' } });
    expect(server.events.length).toBeLessThan(120);
  });

  it('is too slow for the time of the step, though it gets on', async () => {
    const server = await startEvents(() => ({ status: 200, after: 100 }));
    // All of them would take six times as long: eight arrive in each tenth of a second.
    const sent = await send(server.url, 1000, { times: { total: 2000 } });
    expect(sent.problem?.kind).toBe('unavailable');
    expect(sent.delivered).toBeGreaterThan(7);
    expect(sent.delivered).toBeLessThan(1000);
  });
});

describe('only the status counts, also where the answer', () => {
  it('is long', async () => {
    const server = await startEvents(() => ({ status: 200, body: 'x'.repeat(1 << 20) }));
    expect(await send(server.url, 20)).toEqual({ delivered: 20 });
  });

  it('never comes to an end', async () => {
    const server = await startEvents(() => ({ status: 200, unending: true }));
    expect(await send(server.url, 3, { times: { answer: 100 } })).toEqual({ delivered: 3 });
    expect(server.events).toHaveLength(3);
  });
});

it('one event that is too large for the sink does not keep the others from it', async () => {
  const server = await startEvents(({ headers }) => ({ status: headers['ce-id'] === recordOf(7).id ? 413 : 200 }));
  expect(await send(server.url, 50)).toMatchObject({ delivered: 49, problem: { kind: 'refused', problem: 'answers with status 413' } });
});
