import { describe, expect, it } from 'vitest';
import { serviceDefaults } from '../../../src/input/defaults.js';
import { fillDefaults } from '../../../src/resolve/service-defaults.js';
import { service, team } from '../../support/definitions.js';

describe('a value comes from', () => {
  const shared = team({
    timeout: '8h',
    timeouts: { sync: '2h' },
    storage: { data: '50Gi', class: 'fast' },
    nodePool: 'gpu',
    labels: { a: 'b' },
    owner: 'risk',
  });

  it('the service first', () => {
    const filled = fillDefaults(service({ timeout: '2h', storage: { data: '5Gi' }, nodePool: 'cpu', owner: 'me' }), shared);
    expect(filled.timeouts.predictor).toEqual({
      value: '2h',
      from: 'service',
      place: { file: 'services/risk/scorer.yaml', path: ['spec', 'timeout'] },
    });
    expect([filled.storage.data.value, filled.nodePool?.value, filled.owner]).toEqual(['5Gi', 'cpu', 'me']);
  });

  it('then the team, field by field', () => {
    const filled = fillDefaults(service({ timeouts: { wait: '2h' } }), shared);
    expect(filled.timeouts.sync).toEqual({
      value: '2h',
      from: 'team',
      place: { file: 'services/risk/team.yaml', path: ['spec', 'timeouts', 'sync'] },
    });
    expect(filled.timeouts.wait.from).toBe('service');
    expect(filled.storage.class).toBe('fast');
    expect(filled.labels).toEqual({ a: 'b' });
  });

  it('then us', () => {
    const filled = fillDefaults(service(), undefined);
    expect(filled.timeouts.predictor).toEqual({
      value: serviceDefaults.timeout,
      from: 'default',
      place: { file: 'services/risk/scorer.yaml', path: ['spec'], target: 'key' },
    });
    expect([filled.nodePool, filled.queue, filled.storage.shm, filled.storage.class, filled.owner]).toEqual(Array(5).fill(undefined));
    expect(filled.feedback).toMatchObject({ input: true, output: true, payload: 'reference', inlineLimit: { value: '64Ki', from: 'default' } });
    expect(filled.labels).toEqual({});
  });

  it("the service, also where it takes back the team's storage class", () => {
    expect(fillDefaults(service({ storage: { class: null } }), shared).storage.class).toBeUndefined();
  });

  it('how data is moved, field by field; null takes back the bandwidth of the team', () => {
    const ours = { parallel: 8, bandwidth: undefined, retries: 2, connectTimeout: '15s', idleTimeout: '2m' };
    expect(fillDefaults(service(), undefined).transfers).toEqual(ours);
    const slow = team({ transfers: { parallel: 2, bandwidth: '20Mi', retries: 5, connectTimeout: '1m', idleTimeout: '10m' } });
    const shared = { parallel: 2, bandwidth: '20Mi', retries: 5, connectTimeout: '1m', idleTimeout: '10m' };
    expect(fillDefaults(service(), slow).transfers).toEqual(shared);
    const own = service({ transfers: { bandwidth: null, retries: 0 } });
    expect(fillDefaults(own, slow).transfers).toEqual({ ...shared, bandwidth: undefined, retries: 0 });
  });

  it('how files are read', () => {
    const ours = fillDefaults(service({}), undefined).validation;
    expect([ours.profile, ours.framing, ours.coercion]).toEqual(['spec', 'document', 'refuse']);
    const { validation } = fillDefaults(
      service({ validation: { profile: 'odahu' } }),
      team({ validation: { profile: 'portable', framing: 'jsonl', coercion: 'allow' } }),
    );
    expect([validation.profile, validation.framing, validation.coercion]).toEqual(['odahu', 'jsonl', 'allow']);
  });

  it('the service, also where it tolerates less than its team', () => {
    const { validation } = fillDefaults(
      service({ validation: { maxInvalidFiles: 0 } }),
      team({ validation: { onInvalid: 'quarantine', maxInvalidFiles: 10, maxInvalidRatio: 0.5, output: { onInvalid: 'quarantine' } } }),
    );
    expect([validation.onInvalid.value, validation.maxInvalidFiles?.value, validation.maxInvalidRatio?.value, validation.outputOnInvalid]).toEqual([
      'quarantine',
      0,
      0.5,
      'quarantine',
    ]);
  });

  it('the service, also where it says false', () => {
    expect(fillDefaults(service({ feedback: { input: false } }), team({ feedback: { input: true, output: false } })).feedback).toMatchObject({
      input: false,
      output: false,
    });
  });

  it('the team, for the payload of records', () => {
    const filled = fillDefaults(service({ feedback: { payload: 'inline' } }), team({ feedback: { inlineLimit: '1Ki' } }));
    expect(filled.feedback).toMatchObject({ payload: 'inline', inlineLimit: { value: '1Ki', from: 'team' } });
  });
});

it.each([
  [{}, '2Gi', '2Gi'],
  [{ requests: { memory: '4Gi' } }, '4Gi', '4Gi'],
  [{ limits: { memory: '4Gi' } }, '4Gi', '4Gi'],
  [{ requests: { memory: '2Gi' }, limits: { memory: '4Gi' } }, '2Gi', '4Gi'],
])('memory of %j: request %s, limit %s', (resources, request, limit) => {
  const filled = fillDefaults(service({ resources }), undefined).resources;
  expect([filled.requests.memory.value, filled.limits.memory.value]).toEqual([request, limit]);
});
