import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { App, Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { describe, expect, it } from 'vitest';
import {
  DiagnosticsError,
  InferenceService,
  PlatformNamespace,
  type InferenceServiceProps,
  type PlatformNamespaceProps,
} from '../../../src/index.js';
import { platform as platformDefinition, service } from '../../support/definitions.js';

const { spec: platform } = platformDefinition({
  webhook: {
    host: 'jobs.example.com',
    route: { kind: 'none', maxBody: '64Ki' },
    callers: [{ name: 'airflow', auth: 'hmac', secretRef: { name: 'webhook-airflow' }, services: ['*'] }],
  },
});
const runtime = readFileSync(createRequire(import.meta.url).resolve('millrace/runtime.mjs'), 'utf8');
const connections = {
  store: {
    type: 's3',
    bucket: 'store',
    region: 'eu-central-1',
    credentials: { anonymous: true },
    access: [{ teams: ['risk'], modes: ['read', 'write'] }],
  },
};
const { spec } = service();
const newChart = (): Chart => new Chart(new App(), 'chart');

const makeNamespace = (props: unknown, scope: Construct = newChart()): PlatformNamespace =>
  new PlatformNamespace(scope, 'risk', props as PlatformNamespaceProps);
const right = { platform, team: 'risk', runtime };
const makeService = (propsFor: (namespace: PlatformNamespace) => unknown): InferenceService => {
  const chart = newChart();
  return new InferenceService(chart, 'scorer', propsFor(makeNamespace(right, chart)) as InferenceServiceProps);
};

/** Path and code of every problem. */
function problems(action: () => unknown): readonly string[] {
  try {
    action();
  } catch (error) {
    if (!(error instanceof DiagnosticsError)) throw error;
    expect(error.message).not.toContain('undefined');
    return error.diagnostics.map(({ where, code }) => `${where && 'path' in where ? where.path.join('.') : '?'} ${code}`);
  }
  return [];
}

it('the right props make objects', () => {
  expect(problems(() => makeService((namespace) => ({ platform: namespace, spec, connections })))).toEqual([]);
});

describe('the props of a PlatformNamespace', () => {
  it.each([
    ['none', undefined, [' input/wrong-type']],
    ['null', null, [' input/wrong-type']],
    ['a list', [], [' input/wrong-type']],
    ['nothing in them', {}, [' input/missing-field', ' input/missing-field', ' input/missing-field']],
    ['no runtime', { platform, team: 'risk' }, [' input/missing-field']],
    ['an undefined team', { ...right, team: undefined }, [' input/missing-field']],
    ['a team that is a number', { ...right, team: 7 }, ['team input/wrong-type']],
    ['a runtime that is a Buffer', { ...right, runtime: Buffer.from(runtime) }, ['runtime input/wrong-type']],
    ['a field that is none', { ...right, teams: ['risk'] }, ['teams input/unknown-field']],
    ['a platform that is null', { ...right, platform: null }, [' input/wrong-type']],
    ['defaults that are null', { ...right, defaults: null }, ['defaults input/wrong-type']],
    ['an undefined field of the platform', { ...right, platform: { ...platform, webhook: undefined } }, []],
    ['the path of the runtime', { ...right, runtime: 'millrace/runtime.mjs' }, ['runtime construct/not-the-runtime']],
    ['no text as the runtime', { ...right, runtime: '' }, ['runtime construct/not-the-runtime']],
  ])('%s', (_, props, expected) => {
    expect(problems(() => makeNamespace(props))).toEqual(expected);
  });

  it('a platform that holds itself', () => {
    const loop: Record<string, unknown> = { ...platform };
    loop['network'] = loop;
    expect(problems(() => makeNamespace({ ...right, platform: loop })).length).toBeGreaterThan(0);
  });
});

describe('the props of an InferenceService', () => {
  it.each<readonly [string, (platform: PlatformNamespace) => unknown, readonly string[]]>([
    ['none', () => undefined, [' input/wrong-type']],
    ['text', () => 'x', [' input/wrong-type']],
    ['nothing in them', () => ({}), [' input/missing-field', ' input/missing-field']],
    ['the spec of a Platform instead of a PlatformNamespace', () => ({ platform, spec }), ['platform input/wrong-type']],
    ['a Chart instead of a PlatformNamespace', () => ({ platform: newChart(), spec }), ['platform input/wrong-type']],
    ['no spec', (namespace) => ({ platform: namespace, connections }), [' input/missing-field']],
    ['a spec that is null', (namespace) => ({ platform: namespace, spec: null, connections }), ['spec input/wrong-type']],
    ['a name that is a number', (namespace) => ({ platform: namespace, spec, connections, name: 7 }), ['name input/wrong-type']],
    ['connections that are null', (namespace) => ({ platform: namespace, spec, connections: null }), ['connections input/wrong-type']],
    ['connections that are a list', (namespace) => ({ platform: namespace, spec, connections: [] }), ['connections input/wrong-type']],
    [
      'a connection that is undefined',
      (namespace) => ({ platform: namespace, spec, connections: { store: undefined } }),
      ['connections.store input/wrong-type'],
    ],
    ['an undefined field of the spec', (namespace) => ({ platform: namespace, spec: { ...spec, timeout: undefined }, connections }), []],
    [
      'an undefined item of a list',
      (namespace) => ({ platform: namespace, spec: { ...spec, args: ['a', undefined] }, connections }),
      ['spec.args.1 input/wrong-type'],
    ],
  ])('%s', (_, propsFor, expected) => {
    expect(problems(() => makeService(propsFor))).toEqual(expected);
  });
});

describe('a second PlatformNamespace of a namespace', () => {
  it('is refused in the same chart, wherever it stands', () => {
    const chart = newChart();
    makeNamespace(right, chart);
    expect(problems(() => makeNamespace(right, new Construct(chart, 'group')))).toEqual(['team construct/second-namespace']);
  });

  it('is another cluster in another chart', () => {
    const app = new App();
    for (const id of ['dev', 'prod']) expect(problems(() => makeNamespace(right, new Chart(app, id)))).toEqual([]);
  });

  it('may follow one that could not be made', () => {
    const chart = newChart();
    expect(problems(() => makeNamespace({ ...right, runtime: '' }, chart))).toHaveLength(1);
    expect(problems(() => makeNamespace(right, new Construct(chart, 'again')))).toEqual([]);
  });
});
