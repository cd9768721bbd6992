import { readFileSync } from 'node:fs';
import { ApiObject, App, Chart, Testing } from 'cdk8s';
import { Secret } from 'cdk8s-plus-27';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import {
  compile,
  DiagnosticsError,
  InferenceService,
  ManifestObject,
  memoryFileSystem,
  PlatformNamespace,
  type ConnectionSpec,
  type InferenceServiceSpec,
  type PlatformSpec,
} from '../../../src/index.js';

const runtime = '// The runtime of millrace (test)\n';
const definitions = [
  'services/platform.yaml',
  ...['raw', 'models', 'results'].map((name) => `services/connections/${name}.yaml`),
  'services/risk/fraud-scorer.yaml',
];
const texts = Object.fromEntries(definitions.map((path) => [path, readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8')]));
const specOf = (path: string): unknown => (parse(texts[path] ?? '') as { spec: unknown }).spec;

/** The platform of this repository, with only what concerns the one team and service. */
const platform = ((): PlatformSpec => {
  const all = specOf('services/platform.yaml') as PlatformSpec;
  return {
    ...all,
    teams: all.teams.filter(({ name }) => name === 'risk'),
    webhook: {
      host: 'jobs.example.com',
      route: { kind: 'none', maxBody: '64Ki' },
      callers: [{ name: 'airflow', auth: 'hmac', secretRef: { name: 'webhook-airflow' }, services: ['*'] }],
    },
  };
})();
const connections = Object.fromEntries(
  ['raw', 'models', 'results'].map((name) => {
    const spec = specOf(`services/connections/${name}.yaml`) as ConnectionSpec;
    return [
      name,
      {
        ...spec,
        access: (spec.access ?? [])
          .map((rule) => ({ ...rule, teams: rule.teams.filter((team) => team === 'risk') }))
          .filter(({ teams }) => teams.length > 0),
      },
    ];
  }),
);
const spec = specOf('services/risk/fraud-scorer.yaml') as InferenceServiceSpec;

const build = (given: { spec?: unknown; connections?: unknown; platform?: unknown; team?: string; name?: string } = {}): Chart => {
  const chart = new Chart(new App(), 'chart');
  const namespace = new PlatformNamespace(chart, 'risk', {
    platform: (given.platform ?? platform) as PlatformSpec,
    team: given.team ?? 'risk',
    connections,
    runtime,
  });
  new InferenceService(chart, 'fraud-scorer', {
    platform: namespace,
    spec: (given.spec ?? spec) as InferenceServiceSpec,
    connections: (given.connections ?? connections) as Record<string, ConnectionSpec>,
    ...(given.name === undefined ? {} : { name: given.name }),
  });
  return chart;
};
const objects = (chart: Chart): ManifestObject[] => chart.node.findAll().filter((each): each is ManifestObject => each instanceof ManifestObject);

function thrown(action: () => unknown): DiagnosticsError {
  try {
    action();
  } catch (error) {
    if (error instanceof DiagnosticsError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('constructs', () => {
  const scheduled = { ...spec, triggers: { schedules: ['nightly', 'weekly'].map((name) => ({ name, cron: '0 2 * * 1' })) } };

  it.each([
    ['of this repository', spec],
    ['with schedules', scheduled],
  ])('emit what the compiler emits for the same definitions, %s', (_, spec) => {
    const yaml = (kind: string, name: string, value: unknown): string =>
      JSON.stringify({ apiVersion: 'millrace.dev/v1', kind, metadata: { name }, spec: value });
    const { files, diagnostics } = compile({
      fileSystem: memoryFileSystem({
        'services/platform.yaml': yaml('Platform', 'platform', platform),
        ...Object.fromEntries(
          Object.entries(connections).map(([name, each]) => [`services/connections/${name}.yaml`, yaml('Connection', name, each)]),
        ),
        'services/risk/fraud-scorer.yaml': yaml('InferenceService', 'fraud-scorer', spec),
      }),
      runtime: { text: runtime },
    });
    expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
    const emitted = files
      .filter(({ path }) => path.startsWith('risk/'))
      .flatMap(({ text }) => text.split(/^---$/m).map((document) => parse(document) as unknown))
      .filter((document) => document !== null);
    const built = objects(build({ spec })).map(({ manifest }) => JSON.parse(JSON.stringify(manifest)) as unknown);
    expect(built).toHaveLength(emitted.length);
    expect(built).toEqual(expect.arrayContaining(emitted));
  });

  it('give cdk8s the same objects', () => {
    for (const object of objects(build())) expect(object.toJson()).toEqual(JSON.parse(JSON.stringify(object.manifest)));
  });

  it('synthesize beside objects of others, whose labels of the chart they then carry too', () => {
    const chart = new Chart(new App(), 'mixed', { labels: { app: 'ours' } });
    new ApiObject(chart, 'config', { apiVersion: 'v1', kind: 'ConfigMap' });
    new PlatformNamespace(chart, 'risk', { platform, team: 'risk', runtime });
    const kinds = (Testing.synth(chart) as { kind: string; metadata: { labels: unknown } }[]).map(({ kind }) => kind);
    expect(kinds).toEqual(expect.arrayContaining(['ConfigMap', 'Namespace', 'EventListener']));
  });

  it('freeze their manifests', () => {
    expect(() => Object.assign(objects(build())[0]?.manifest.metadata ?? {}, { name: 'x' })).toThrow(TypeError);
  });

  it('take a Secret of cdk8s-plus where a definition has a name', () => {
    const app = new App();
    const keys = new Secret(new Chart(app, 'secrets'), 'keys', { metadata: { name: 'raw-s3' } });
    const raw = connections['raw'];
    const given = { ...connections, raw: { ...raw, credentials: { secretRef: keys } } };
    const manifests = (chart: Chart): unknown => objects(chart).map(({ manifest }) => manifest);
    expect(manifests(build({ connections: given }))).toEqual(manifests(build()));
  });
});

it('refuses what a cluster would not take', () => {
  const large = { ...spec, retries: 10, args: Array.from({ length: 40 }, () => 'x'.repeat(4000)) };
  expect(thrown(() => build({ spec: large })).diagnostics.map(({ code }) => code)).toEqual(['manifests/run-too-large']);
});

describe('two services of one namespace', () => {
  const twice = (first: object, second: object): DiagnosticsError =>
    thrown(() => {
      const chart = new Chart(new App(), 'chart');
      const namespace = new PlatformNamespace(chart, 'risk', { platform, team: 'risk', runtime });
      for (const [index, more] of [first, second].entries()) {
        new InferenceService(chart, `service-${String(index)}`, { platform: namespace, connections, spec: { ...spec, ...more } });
      }
    });

  it('cannot have one serviceId', () => {
    expect(twice({ serviceId: 'fraud' }, { serviceId: 'fraud' }).diagnostics.map(({ code }) => code)).toContain('resolve/duplicate-service-id');
  });

  it('cannot have one name', () => {
    const error = thrown(() => {
      const chart = new Chart(new App(), 'chart');
      const namespace = new PlatformNamespace(chart, 'risk', { platform, team: 'risk', runtime });
      for (const id of ['a', 'b'])
        new InferenceService(chart, id, { name: 'fraud', platform: namespace, connections, spec: { ...spec, serviceId: id } });
    });
    expect(error.diagnostics.map(({ code }) => code)).toEqual(['resolve/duplicate-name']);
  });
});

it("fills what a service leaves out from its team's defaults", () => {
  const chart = new Chart(new App(), 'chart');
  const namespace = new PlatformNamespace(chart, 'risk', {
    platform,
    team: 'risk',
    runtime,
    defaults: { timeout: '7h', labels: { 'cost-center': 'ml' } },
  });
  new InferenceService(chart, 'fraud-scorer', { platform: namespace, connections, spec });
  const text = JSON.stringify(objects(chart).map(({ manifest }) => manifest));
  expect(text).toContain('"timeout":"7h0m0s"');
  expect(text).toContain('"cost-center":"ml"');
  expect(
    thrown(() => new PlatformNamespace(new Chart(new App(), 'again'), 'risk', { platform, team: 'risk', runtime, defaults: { timeout: '420m' } }))
      .message,
  ).toContain('defaults.timeout');
});

describe('a construct whose props are wrong', () => {
  it('throws one error with every problem', () => {
    const error = thrown(() => build({ spec: { ...spec, imagee: 'x', dataSource: { connection: 'rwa', path: '../x' } } }));
    expect(error.diagnostics.length).toBeGreaterThan(0);
    expect(error.message).toContain('imagee');
  });

  it('names the path within the props, and the code', () => {
    const error = thrown(() => build({ spec: { ...spec, dataSource: { connection: 'rwa', path: 'fraud/in/' } } }));
    expect(error.message).toContain('spec.dataSource.connection: connection "rwa" is not declared [resolve/unknown-connection]');
  });

  it.each([
    ['a team that the platform does not have', { team: 'rsk' }],
    ['a name that is too long', { name: 'a'.repeat(26) }],
    ['a reserved name', { name: 'millrace-x' }],
    ['a spec that is no object', { spec: 'x' }],
    ['a platform that is no object', { platform: 7 }],
    ['a connection that is no object', { connections: { raw: null } }],
    ['a function in a spec', { spec: { ...spec, owner: () => 'x' } }],
  ])('refuses %s', (_, given) => {
    expect(thrown(() => build(given)).diagnostics.some(({ severity }) => severity === 'error')).toBe(true);
  });
});
