import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { ServiceModel } from '../../../src/model/model.js';
import { templateParams } from '../../../src/manifests/triggers/rules.js';
import { renderTrigger } from '../../../src/manifests/triggers/trigger.js';
import { renderTriggerTemplate } from '../../../src/manifests/triggers/trigger-template.js';
import { renderNamespace } from '../../../src/manifests/namespace.js';
import { namespaceModel, serviceModel } from '../../support/models.js';
import { evaluateRequest, jobBody as job, passes, runValuesOf, webhookOf } from '../../support/requests.js';

const own = { connection: 'raw', path: 'fraud/in/' };
const ownWebhook = webhookOf(serviceModel);

describe('the filter of a Trigger', () => {
  it.each([
    ['nothing but the id', {}],
    ['a requestId', { requestId: 'nightly-2026-11-22' }],
    ['the longest requestId', { requestId: 'a'.repeat(36) }],
    ['the default repeated', { dataSource: own }],
    ['a folder below the default', { dataSource: { connection: 'raw', path: 'fraud/in/2026-11-22/' } }],
    ['one object below the default', { dataSource: { connection: 'raw', path: 'fraud/in/a.json' } }],
    ["a path without a connection: the service's own", { dataSource: { path: 'fraud/in/x=1/' } }],
    ['the output default repeated', { outputDestination: { connection: 'results', path: 'fraud/out/' } }],
  ])('lets pass %s', (_, spec) => {
    expect(passes(serviceModel, job(spec))).toBe(true);
  });

  it.each([
    ['another service', { inferenceServiceId: 'churn' }],
    ['an id that is no text', { inferenceServiceId: ['fraud-scorer'] }],
    ['an unknown key', { nodeSelector: {} }],
    ['params', { params: { a: 'b' } }],
    ['an upper case requestId', { requestId: 'ABC' }],
    ['a long requestId', { requestId: 'a'.repeat(37) }],
    ['an empty requestId', { requestId: '' }],
    ['a requestId that is null', { requestId: null }],
    ['a requestId that is a number', { requestId: 5 }],
    ['a requestId with a newline', { requestId: 'a\n' }],
    ['a requestId with a dot', { requestId: 'a.b' }],
    ['the requestId of a schedule', { requestId: 'sched-nightly-202611220200' }],
    ['dataSource null', { dataSource: null }],
    ['dataSource as text', { dataSource: 'raw:fraud/in/' }],
    ['dataSource without a path', { dataSource: { connection: 'raw' } }],
    ['an unknown key of dataSource', { dataSource: { ...own, include: ['*'] } }],
    ['another connection', { dataSource: { connection: 'models', path: 'fraud/in/' } }],
    ['a connection that is a list', { dataSource: { connection: ['raw'], path: 'fraud/in/' } }],
    ['another prefix', { dataSource: { connection: 'raw', path: 'fraud/other/' } }],
    ['a prefix of another name', { dataSource: { connection: 'raw', path: 'fraud/in-2/' } }],
    ['a path that climbs', { dataSource: { connection: 'raw', path: 'fraud/in/../../secret/' } }],
    ['a path with a dollar', { dataSource: { connection: 'raw', path: 'fraud/in/$(params.x)/' } }],
    ['a path with a colon', { dataSource: { connection: 'raw', path: 'fraud/in/:sftp,ssh=x:/' } }],
    ['a path with a newline', { dataSource: { connection: 'raw', path: 'fraud/in/a\n' } }],
    ['a part that starts with a dash', { dataSource: { connection: 'raw', path: 'fraud/in/-x/' } }],
    ['a path that is no text', { dataSource: { connection: 'raw', path: { a: 1 } } }],
    ['a path that is too long', { dataSource: { connection: 'raw', path: `fraud/in/${'a'.repeat(504)}` } }],
    ['a path with non-ASCII characters', { dataSource: { connection: 'raw', path: 'fraud/in/\u0430/' } }],
    ['another output', { outputDestination: { connection: 'results', path: 'fraud/out/x/' } }],
    ['an output that is the data source', { outputDestination: own }],
  ])('refuses %s', (_, spec) => {
    expect(passes(serviceModel, job(spec))).toBe(false);
  });

  it.each([
    ['another kind', { kind: 'Job', spec: { inferenceServiceId: 'fraud-scorer' } }],
    ['no kind', { spec: { inferenceServiceId: 'fraud-scorer' } }],
    ['an unknown key beside spec', { kind: 'InferenceJob', spec: { inferenceServiceId: 'fraud-scorer' }, metadata: {} }],
    ['a spec that is a list', { kind: 'InferenceJob', spec: ['fraud-scorer'] }],
    ['no spec', { kind: 'InferenceJob' }],
  ])('refuses a body with %s', (_, body) => {
    expect(passes(serviceModel, body)).toBe(false);
  });

  it.each(['/growth/api/v1/batch/job', '/risk/api/v1/batch/job/', '/api/v1/batch/job', '/'])('refuses the path %s', (path) => {
    expect(passes(serviceModel, job({}), path)).toBe(false);
  });

  it('requires what the service leaves open', () => {
    const webhook = { ...ownWebhook, dataSource: [{ connection: 'raw', prefix: 'fraud/' }] };
    const open: ServiceModel = { ...serviceModel, dataSource: undefined, webhook };
    expect(passes(open, job({}))).toBe(false);
    expect(passes(open, job({ dataSource: { path: 'fraud/x/' } }))).toBe(false);
    expect(passes(open, job({ dataSource: { connection: 'raw', path: 'fraud/x/' } }))).toBe(true);
    expect(passes(open, job({ dataSource: { connection: 'raw', path: 'fraud-2/x/' } }))).toBe(false);
  });

  it('requires a requestId where Platform or the destination does', () => {
    const strict: ServiceModel = { ...serviceModel, webhook: { ...ownWebhook, requireRequestId: true } };
    expect(passes(strict, job({}))).toBe(false);
    expect(passes(strict, job({ requestId: 'a' }))).toBe(true);
  });

  it('takes outputs below a declared prefix, folders only', () => {
    const webhook = { ...ownWebhook, outputDestination: [{ connection: 'results', prefix: 'fraud/' }] };
    const service: ServiceModel = { ...serviceModel, webhook };
    expect(passes(service, job({ outputDestination: { connection: 'results', path: 'fraud/a/' } }))).toBe(true);
    expect(passes(service, job({ outputDestination: { connection: 'results', path: 'fraud/a' } }))).toBe(false);
  });

  it.each([
    ['exact', 512],
    ['perJob', 448],
  ] as const)('leaves room for what layout %s adds to an output', (layout, limit) => {
    const webhook = { ...ownWebhook, outputDestination: [{ connection: 'results', prefix: 'fraud/' }] };
    const service: ServiceModel = { ...serviceModel, layout, webhook };
    const path = (length: number): string => `fraud/${'a'.repeat(length - 'fraud/'.length - 1)}/`;
    expect(passes(service, job({ outputDestination: { connection: 'results', path: path(limit) } }))).toBe(true);
    expect(passes(service, job({ outputDestination: { connection: 'results', path: path(limit + 1) } }))).toBe(false);
    // Data stay where they are.
    expect(passes(service, job({ dataSource: { path: `fraud/in/${'a'.repeat(503)}` } }))).toBe(true);
  });
});

describe('what a request becomes', () => {
  const values = (spec: Record<string, unknown>): unknown => runValuesOf(serviceModel, spec);

  it('fills every default', () => {
    expect(values({})).toEqual({
      dataConnection: 'raw',
      dataPath: 'fraud/in/',
      outputConnection: 'results',
      outputPath: 'fraud/out/',
      requestId: '-',
      runName: '',
    });
  });

  it('takes what the request says, and makes the name of the run from its id', () => {
    expect(values({ requestId: 'r-1', dataSource: { connection: 'raw', path: 'fraud/in/a/' } })).toMatchObject({
      dataPath: 'fraud/in/a/',
      requestId: 'r-1',
      runName: 'fraud-scorer--r-1',
    });
  });

  it('gives every param that the shared TriggerBinding reads and the TriggerTemplate declares', () => {
    const binding = renderNamespace(namespaceModel, 'runtime').find(({ kind }) => kind === 'TriggerBinding');
    const bound = (binding?.['spec'] as { params: { name: string; value: string }[] }).params;
    const overlays = [...templateParams(serviceModel).map(({ name }) => name), 'caller'].sort();
    expect(bound.map(({ name }) => name).sort()).toEqual(overlays);
    expect(bound.every(({ name, value }) => value === `$(extensions.${name})`)).toBe(true);
    const template = renderTriggerTemplate(serviceModel)['spec'] as { params: { name: string }[]; resourcetemplates: unknown[] };
    expect(template.params.map(({ name }) => name).sort()).toEqual(overlays);
    const used = [...JSON.stringify(template.resourcetemplates).matchAll(/\$\(tt\.params\.(\w+)\)/g)].map(([, name]) => name);
    expect([...new Set(used)].sort()).toEqual(overlays);
  });
});

it('selects Triggers by the callers that may start the service', () => {
  expect(renderTrigger(serviceModel)?.metadata.labels).toEqual({ 'millrace.dev/caller-airflow': 'true', 'millrace.dev/caller-ci': 'true' });
  expect(renderTrigger({ ...serviceModel, webhook: undefined })).toBeUndefined();
});

it('agrees with what the real evaluator said of the forms that are used', () => {
  const { cases, request } = JSON.parse(readFileSync(new URL('../../recordings/cel.json', import.meta.url), 'utf8')) as {
    cases: { expression: string; result?: string; error?: string }[];
    request: { url: string; body: string };
  };
  const forms =
    /^(type\(.*\) == |has\(body|body\.spec\.all|body\.spec\.dataSource\.path\.(matches|contains|startsWith|endsWith)|body\.spec\.requestId (\+|\.)|requestURL\.parseURL\(\)\.path$)/;
  const used = cases.filter(({ expression, result }) => forms.test(expression) && result !== undefined);
  expect(used.length).toBeGreaterThan(15);
  for (const { expression, result } of used) {
    expect(String(evaluateRequest(expression, JSON.parse(request.body), request.url)), expression).toBe(result);
  }
});
