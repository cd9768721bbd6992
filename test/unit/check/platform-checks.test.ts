import { expect, it } from 'vitest';
import { checkConnection, checkPlatform, checkTeam } from '../../../src/check/others.js';
import type { PlatformSpec } from '../../../src/input/generated/types.js';
import { connection, digest, platform, team } from '../../support/definitions.js';

const codes = (spec: Partial<PlatformSpec>): readonly string[] => checkPlatform(platform(spec)).map(({ code }) => code.slice('check/'.length));
const risk = { name: 'risk', registries: ['registry.example.com/risk/'] };

it.each([
  ['registry.example.com/risk/', []],
  ['registry.example.com', []],
  ['registry.example.com:5000', []],
  ['registry.example.com/', []],
  ['risk/', []],
  ['risk', ['invalid-registry']],
  ['registry.example.com/risk', ['invalid-registry']],
  ['https://registry.example.com/', ['invalid-registry']],
  ['registry.example.com/Risk/', ['invalid-registry']],
  ['registry.example.com/risk/*', ['invalid-registry']],
  ['/', ['invalid-registry']],
  ['*', ['invalid-registry']],
])('the registry %s: %j', (registry, expected) => {
  expect(codes({ teams: [{ name: 'risk', registries: [registry] }] })).toEqual(expected);
});

it('its own images need a digest where digests are required', () => {
  const images = { rclone: 'rclone/rclone:1.75.2', node: `node@${digest}` };
  expect(codes({ images })).toEqual(['image-without-digest']);
  expect(codes({ images, requireDigests: false })).toEqual(['mutable-image']);
  expect(codes({ images: { ...images, rclone: '-x' }, requireDigests: false })).toEqual(['invalid-image']);
});

it('its ceilings are quantities and a duration', () => {
  expect(codes({ teams: [{ ...risk, ceilings: { cpu: '1000m', memory: '8GB', storage: '0', timeout: '1d' } }] })).toEqual([
    'quantity-not-canonical',
    'invalid-quantity',
    'invalid-quantity',
    'invalid-duration',
  ]);
});

it.each([
  [{ key: 'gpu', operator: 'Exists' }, []],
  [{ operator: 'Exists' }, []],
  [{ key: 'gpu', value: 'true' }, []],
  [{ key: 'gpu' }, []],
  [{ key: 'gpu', value: 'x', effect: 'NoExecute', tolerationSeconds: 5 }, []],
  [{ key: 'gpu', operator: 'Exists', value: 'x' }, ['invalid-toleration']],
  [{ value: 'x' }, ['invalid-toleration']],
  [{}, ['invalid-toleration']],
  [{ key: 'gpu', tolerationSeconds: 5 }, ['invalid-toleration']],
] as const)('the toleration %j: %j', (toleration, expected) => {
  expect(codes({ nodePools: [{ name: 'gpu', teams: ['risk'], tolerations: [toleration] }] })).toEqual(expected);
});

it('a text of it is never expanded', () => {
  expect(codes({ nodePools: [{ name: 'gpu', teams: ['risk'], nodeSelector: { pool: '${x}' } }] })).toEqual(['expansion']);
});

it("a team's defaults are checked in its own file", () => {
  expect(checkTeam(team({ timeout: '60m', timeouts: { sync: '1x' }, storage: { shm: '1GB' }, owner: 'a\u202e' })).map(({ code }) => code)).toEqual([
    'check/unsafe-character',
    'check/invalid-quantity',
    'check/duration-not-canonical',
    'check/invalid-duration',
  ]);
});

it('a connection has paths and an endpoint', () => {
  const access = [{ teams: ['risk'], modes: ['read'], prefixes: ['/', 'a/', 'b', '../'] }] as const;
  expect(checkConnection(connection('raw', { endpoint: 'http://minio:9000', defaultPath: 'a:b', access })).map(({ code }) => code)).toEqual([
    'check/invalid-path',
    'check/prefix-not-a-folder',
    'check/invalid-path',
    'check/plain-http-endpoint',
  ]);
});

it('a password in an endpoint is not repeated', () => {
  const [problem] = checkConnection(connection('raw', { endpoint: 'https://me:hunter2@minio.example.com' }));
  expect(JSON.stringify([problem?.message, problem?.hint])).not.toMatch(/hunter2|me:/);
});

it.each([
  [undefined, []],
  [{}, []],
  [{ sink: 'fluentd', fluentd: { host: 'fluentd.logging' }, delivery: 'required' }, []],
  [{ sink: 'fluentd', fluentd: { host: '198.51.100.7' } }, []],
  [{ sink: 'objectStorage', objectStorage: { compression: 'gzip' } }, []],
  [{ sink: 'objectStorage', delivery: 'required' }, ['feedback-without-effect']],
  [{ delivery: 'required' }, ['feedback-without-effect']],
  [{ giveUpAfter: '1m' }, ['feedback-without-effect']],
  [{ sink: 'fluentd', fluentd: { host: 'fluentd.logging' }, giveUpAfter: '9m' }, []],
  [{ sink: 'fluentd', fluentd: { host: 'fluentd.logging' }, giveUpAfter: '10m' }, ['invalid-duration']],
  [{ sink: 'fluentd', fluentd: { host: 'fluentd.logging' }, giveUpAfter: '60s' }, ['duration-not-canonical']],
  [{ fluentd: { host: 'fluentd.logging' } }, ['feedback-without-effect']],
  [{ sink: 'cloudevents' }, ['sink-without-settings']],
  [{ sink: 'cloudevents', fluentd: { host: 'fluentd.logging' } }, ['sink-without-settings', 'feedback-without-effect']],
] as const)('the feedback %j: %j', (feedback, expected) => {
  expect(codes(feedback === undefined ? {} : { feedback })).toEqual(expected);
});

it.each(['localhost', 'a.localhost', '127.0.0.1', '127.1', '0.0.0.0', '169.254.169.254', 'metadata.google.internal', '2130706433', '0x7f.1'])(
  'the host %s is no sink',
  (host) => {
    expect(codes({ feedback: { sink: 'fluentd', fluentd: { host } } })).toEqual(['not-a-sink']);
    expect(codes({ feedback: { sink: 'cloudevents', cloudevents: { url: `https://${host}/` } } })).toEqual(['not-a-sink']);
  },
);

it.each([
  ['https://events.example.com', []],
  ['https://events.example.com:8443/a/b-c?', ['not-a-sink']],
  ['https://events.example.com/a%20b/', []],
  ['https://events.example.com/a%2', ['not-a-sink']],
  ['https://events.example.com/#a', ['not-a-sink']],
  ['https://Events.example.com', ['not-a-sink']],
  ['https://user@events.example.com', ['not-a-sink']],
  ['https://events.example.com:99999', ['not-a-sink']],
  ['https://[::1]/', ['not-a-sink']],
  ['https://[fe80::1]/', ['not-a-sink']],
  ['https://[2001:db8::1]/', []],
  ['ftp://events.example.com', ['not-a-sink']],
  ['http://events.example.com', ['plain-http-endpoint']],
  ['http://broker.events.svc', []],
  ['http://broker.events.svc.cluster.local/feedback', []],
])('the address %s of a sink: %j', (url, expected) => {
  expect(codes({ feedback: { sink: 'cloudevents', cloudevents: { url } } })).toEqual(expected);
});

it.each([
  ['https://events.example.com/x', []],
  ['http://events.example.com/x', ['token-without-tls']],
  ['http://198.51.100.7/x', ['token-without-tls']],
  ['http://172.32.0.1/x', ['token-without-tls']],
  ['http://10.example.com/x', ['token-without-tls']],
  ['http://[2001:db8::1]/x', ['token-without-tls']],
  ['http://svc/x', []],
  ['http://broker/x', []],
  ['http://broker.events.svc/x', []],
  ['http://broker.events.svc.cluster.local/x', []],
  ['http://events.svc.example.com/x', ['token-without-tls']],
  ['http://10.1.2.3/x', ['plain-http-endpoint']],
  ['http://172.16.0.1/x', ['plain-http-endpoint']],
  ['http://192.168.1.1:8080/x', ['plain-http-endpoint']],
  ['http://[fd12::1]/x', ['plain-http-endpoint']],
])('a token that goes to %s: %j', (url, expected) => {
  expect(codes({ feedback: { sink: 'cloudevents', cloudevents: { url, secretRef: { name: 'events' } } } })).toEqual(expected);
});

it('a plain address says what can be read on the way', () => {
  const say = (cloudevents: object): string | undefined =>
    checkPlatform(platform({ feedback: { sink: 'cloudevents', cloudevents: { url: 'http://10.1.2.3/x', ...cloudevents } } }))[0]?.message;
  expect(say({})).toContain(': records can be read on the way');
  expect(say({ secretRef: { name: 'events' } })).toContain(': records and the token can be read on the way');
});

it('never shows what may be a token', () => {
  const url = 'https://name:hidden@events.example.com/?token=hidden';
  const found = checkPlatform(platform({ feedback: { sink: 'cloudevents', cloudevents: { url } } }));
  expect(found.map(({ code }) => code)).toEqual(['check/not-a-sink']);
  expect(JSON.stringify(found.map(({ message, hint }) => [message, hint]))).not.toContain('hidden');
});

it.each([
  ['64Ki', []],
  ['1Mi', []],
  ['1025Ki', ['invalid-quantity']],
  ['64KB', ['invalid-quantity']],
  ['65536', []],
  ['2048Ki', ['quantity-not-canonical']],
])('the inline limit %s: %j', (inlineLimit, expected) => {
  expect(checkTeam(team({ feedback: { inlineLimit } })).map(({ code }) => code.slice('check/'.length))).toEqual(expected);
});

it.each([
  ['minio.example.com', []],
  ['198.51.100.7', []],
  ['[2001:db8::1]', []],
  ['localhost', ['not-a-store']],
  ['a.localhost', ['not-a-store']],
  ['127.0.0.1', ['not-a-store']],
  ['127.1', ['not-a-store']],
  ['0.0.0.0', ['not-a-store']],
  ['2130706433', ['not-a-store']],
  ['0x7f.1', ['not-a-store']],
  ['256.0.0.1', ['not-a-store']],
  ['169.254.0.1', ['not-a-store']],
  ['169.254.169.254', ['not-a-store']],
  ['100.100.100.200', ['not-a-store']],
  ['metadata.google.internal', ['not-a-store']],
  ['[::1]', ['not-a-store']],
  ['[0:0:0:0:0:0:0:1]', ['not-a-store']],
  ['[::]', ['not-a-store']],
  ['[::ffff:127.0.0.1]', ['not-a-store']],
  ['[::ffff:a9fe:a9fe]', ['not-a-store']],
  ['[fe80::1]', ['not-a-store']],
  ['[fd00:ec2::254]', ['not-a-store']],
  ['[fd00:0ec2:0::0254]', ['not-a-store']],
  ['[::::]', ['not-a-store']],
] as const)('an endpoint at %s: %j', (host, expected) => {
  const endpoint = `https://${host}:9000`;
  expect(codes({ teams: [{ ...risk, endpoints: [endpoint] }] })).toEqual(expected);
  for (const owner of [undefined, 'risk']) {
    expect(checkConnection(connection('store', { endpoint }, owner)).map(({ code }) => code.slice('check/'.length))).toEqual(expected);
  }
});

const callers = [{ name: 'airflow', auth: 'hmac' as const, secretRef: { name: 'webhook-airflow' }, services: ['*'] }];
const parentRefs = [{ name: 'public', namespace: 'gateways' }];

it.each([
  [undefined, ['no-body-limit']],
  [{ kind: 'none' }, ['no-body-limit']],
  [{ kind: 'none', maxBody: '64Ki' }, []],
  [{ kind: 'ingress', controller: 'ingress-nginx' }, []],
  [{ kind: 'gateway', parentRefs }, ['no-body-limit']],
  [{ kind: 'gateway', parentRefs, controller: 'envoy-gateway' }, []],
] as const)('a listener behind the route %j: %j', (route, expected) => {
  const way = route === undefined ? {} : { route };
  expect(codes({ webhook: { host: 'jobs.example.com', callers, ...way } })).toEqual(expected);
  expect(codes({ webhook: { host: 'jobs.example.com', ...way } })).toEqual([]);
});

it.each([
  ['nginx', {}, ['host-namespace']],
  ['nginx', { hostNamespace: 'nginx-ingress' }, []],
  ['ingress-nginx', {}, []],
  ['ingress-nginx', { hostNamespace: 'nginx-ingress' }, ['host-namespace']],
] as const)('an Ingress of %s with %j: %j', (controller, more, expected) => {
  expect(codes({ webhook: { host: 'jobs.example.com', callers, route: { kind: 'ingress', controller, ...more } } })).toEqual(expected);
});
