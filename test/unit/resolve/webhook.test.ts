import { describe, expect, it } from 'vitest';
import type { InferenceServiceSpec } from '../../../src/input/generated/types.js';
import { resolveService } from '../../../src/resolve/service.js';
import { connection, context, platform, service } from '../../support/definitions.js';

const secretRef = { name: 'webhook' };
const callers = [
  { name: 'airflow', auth: 'hmac', secretRef, services: ['*'] },
  { name: 'ci', auth: 'token', secretRef, services: ['risk/*'] },
  { name: 'cron', auth: 'token', secretRef, services: ['risk/scorer', 'growth/*'] },
  { name: 'other', auth: 'token', secretRef, services: ['risk/scorer-2', 'risky/*'] },
] as const;
const here = context({
  platform: platform({ webhook: { host: 'jobs.example.com', callers } }),
  connections: [connection('store', {}, 'risk'), connection('raw', { access: [{ teams: ['risk'], modes: ['read'], prefixes: ['in/'] }] })],
});
const resolved = (more: Partial<InferenceServiceSpec>, where = here): ReturnType<typeof resolveService> =>
  resolveService(service({ triggers: {}, ...more }), where);
const codes = (more: Partial<InferenceServiceSpec>, where = here): readonly string[] => resolved(more, where)[1].map(({ code }) => code);

describe('callers', () => {
  it('are all that the platform lets call the service', () => {
    expect(resolved({})[0].webhook?.callers).toEqual(['airflow', 'ci', 'cron']);
  });

  it('are those that the service names, sorted and once', () => {
    expect(resolved({ triggers: { webhook: { callers: ['cron', 'airflow', 'cron'] } } })[0].webhook?.callers).toEqual(['airflow', 'cron']);
  });

  it('must be declared, allowed, and at least one', () => {
    expect(codes({ triggers: { webhook: { callers: ['nobody', 'other'] } } })).toEqual(['resolve/unknown-caller', 'resolve/caller-not-allowed']);
    expect(codes({ triggers: { webhook: { callers: [] } } })).toEqual(['resolve/webhook-without-caller']);
    expect(codes({}, context({ platform: platform({ webhook: { host: 'jobs.example.com' } }) }))).toEqual(['resolve/webhook-without-caller']);
  });

  it('of a platform without webhook are none', () => {
    expect(codes({}, context())).toEqual(['resolve/webhook-not-configured']);
    expect(codes({ triggers: { webhook: { enabled: false } } }, context())).toEqual([]);
  });
});

describe('what a request may choose', () => {
  const overrides = {
    dataSource: [
      { connection: 'store', prefix: 'b/' },
      { connection: 'raw', prefix: 'in/' },
      { connection: 'store', prefix: 'b/' },
    ],
    outputDestination: [{ connection: 'store', prefix: '/' }],
  };

  it("is the service's own folder by default", () => {
    const { webhook } = resolved({})[0];
    expect(webhook?.dataSource).toEqual([{ connection: 'store', prefix: 'in/' }]);
    expect(webhook?.outputDestination).toEqual([]);
  });

  it("is nothing by default where the service's own source is one object", () => {
    expect(resolved({ dataSource: { connection: 'store', path: 'in/a.json' } })[0].webhook?.dataSource).toEqual([]);
  });

  it('is what is listed instead, sorted and once', () => {
    const [{ webhook, connections }, problems] = resolved({ triggers: { webhook: { overrides } } });
    expect(problems).toEqual([]);
    expect(webhook?.dataSource).toEqual([
      { connection: 'raw', prefix: 'in/' },
      { connection: 'store', prefix: 'b/' },
    ]);
    expect(webhook?.outputDestination).toEqual([{ connection: 'store', prefix: '/' }]);
    expect(connections.map(({ model }) => model.name)).toEqual(['raw', 'store']);
  });

  it('is nothing where nothing is listed', () => {
    expect(resolved({ triggers: { webhook: { overrides: { dataSource: [] } } } })[0].webhook?.dataSource).toEqual([]);
  });

  it('must be said for what the service leaves open', () => {
    const { image, command, modelSource } = service().spec;
    const open = { image, command, modelSource };
    const missing = resolveService({ ...service(), spec: open }, here)[1].map(({ code }) => code);
    expect(missing).toEqual(['resolve/missing-override', 'resolve/missing-override']);
    const given = resolveService({ ...service(), spec: { ...open, triggers: { webhook: { overrides } } } }, here);
    expect(given[1]).toEqual([]);
    expect(given[0].dataSource).toBeUndefined();
    const off = resolveService({ ...service(), spec: { ...open, triggers: { webhook: { enabled: false } } } }, here)[1].map(({ code }) => code);
    expect(off).toEqual(['resolve/request-without-webhook', 'resolve/request-without-webhook']);
  });

  it('lies within what the team was given', () => {
    const outside = { dataSource: [{ connection: 'raw', prefix: 'out/' }], outputDestination: [{ connection: 'raw', prefix: 'in/' }] };
    expect(codes({ triggers: { webhook: { overrides: outside } } })).toEqual(['resolve/access-denied', 'resolve/access-denied']);
  });
});

it.each([
  [{}, false, false],
  [{ outputDestination: { connection: 'store', path: 'out/{requestId}/' } }, false, true],
  [{ outputDestination: { connection: 'store', path: 'out/{jobId}/' } }, false, false],
  [{}, true, true],
])('a requestId is required for %j on a platform that says %s: %s', (more, requireRequestId, expected) => {
  const where = context({ platform: platform({ webhook: { host: 'jobs.example.com', callers, requireRequestId } }) });
  expect(resolved(more, where)[0].webhook?.requireRequestId).toBe(expected);
});
