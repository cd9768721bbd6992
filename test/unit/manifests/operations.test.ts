import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { parseCron } from '../../../src/base/cron.js';
import { parseJanitorConfig, runtimeNames } from '../../../src/contract/janitor.js';
import type { Manifest } from '../../../src/manifests/manifest.js';
import { runtimeConfigMap } from '../../../src/manifests/names.js';
import { renderNamespace } from '../../../src/manifests/namespace.js';
import type { NamespaceModel } from '../../../src/model/model.js';
import { namespaceModel } from '../../support/models.js';

const render = (changes: Partial<NamespaceModel>): readonly Manifest[] => renderNamespace({ ...namespaceModel, ...changes }, 'runtime');
const cleanup = (engine: NamespaceModel['cleanup']['engine']): Partial<NamespaceModel> => ({ cleanup: { engine, ttlSeconds: 259_200, keepLast: 7 } });
const find = (objects: readonly Manifest[], kind: string, name: string): Manifest | undefined =>
  objects.find((each) => each.kind === kind && each.metadata.name === name);

interface CronJobSpec {
  readonly schedule: string;
  readonly concurrencyPolicy: string;
  readonly jobTemplate: {
    readonly spec: {
      readonly activeDeadlineSeconds: number;
      readonly backoffLimit: number;
      readonly template: {
        readonly metadata: unknown;
        readonly spec: { readonly containers: readonly { readonly env: readonly { readonly name: string; readonly value: string }[] }[] };
      };
    };
  };
}
const specOf = (objects: readonly Manifest[]): CronJobSpec => find(objects, 'CronJob', 'millrace-janitor')?.['spec'] as CronJobSpec;
const configOf = (objects: readonly Manifest[]): unknown =>
  parseJanitorConfig(specOf(objects).jobTemplate.spec.template.spec.containers[0]?.env.find(({ name }) => name === 'MILLRACE_CONFIG')?.value ?? '')
    .value;

describe('the janitor', () => {
  it('starts often, one at a time, and ends before the next start', () => {
    const spec = specOf(render({}));
    expect(parseCron(spec.schedule)).toHaveProperty('cron');
    const minutes = Array.from({ length: 100 }, (_, index) => specOf(render({ namespace: `team-${String(index)}` })).schedule.split(' ')[0]);
    expect(new Set(minutes).size).toBe(10);
    for (const minute of minutes) expect(minute).toMatch(/^[0-9]-59\/10$/);
    expect(spec.concurrencyPolicy).toBe('Forbid');
    expect(spec.jobTemplate.spec).toMatchObject({ backoffLimit: 0, template: { metadata: { labels: { 'millrace.dev/component': 'janitor' } } } });
    expect(spec.jobTemplate.spec.activeDeadlineSeconds).toBeLessThan(600);
  });

  it('is told what the Platform says', () => {
    expect(configOf(render(cleanup('janitor')))).toEqual({
      version: 1,
      namespace: 'risk',
      finished: { ttlSeconds: 259_200, keepLast: 7 },
      hungSeconds: 300,
      quietSeconds: 3600,
    });
    expect(configOf(render(cleanup('tekton-pruner')))).not.toHaveProperty('finished');
  });

  it('may do what it does, and nothing else', () => {
    expect(find(render({}), 'Role', 'millrace-janitor')?.['rules']).toEqual([
      { apiGroups: ['tekton.dev'], resources: ['taskruns'], verbs: ['list', 'patch', 'delete'] },
      { apiGroups: ['tekton.dev'], resources: ['tasks'], verbs: ['list'] },
      { apiGroups: ['batch'], resources: ['cronjobs', 'jobs'], verbs: ['list'] },
      { apiGroups: [''], resources: ['pods'], verbs: ['list'] },
      { apiGroups: [''], resources: ['configmaps'], verbs: ['list', 'delete'] },
    ]);
  });

  it('knows the runtime by its name', () => {
    const name = runtimeConfigMap('runtime');
    expect(name.match(runtimeNames)).toEqual([name]);
    expect(JSON.stringify(specOf(render({})))).toContain(`"${name}"`);
  });

  it('is not there where nothing is to be cleaned up', () => {
    expect(render(cleanup('none')).filter(({ metadata }) => metadata.name === 'millrace-janitor')).toEqual([]);
  });
});

describe('tekton-pruner', () => {
  it('is told the time in the form it reads', () => {
    const configMap = find(render(cleanup('tekton-pruner')), 'ConfigMap', 'tekton-pruner-namespace-spec');
    expect(configMap?.metadata.labels).toEqual({ 'app.kubernetes.io/part-of': 'tekton-pruner', 'pruner.tekton.dev/config-type': 'namespace' });
    expect(parse((configMap?.['data'] as Record<string, string>)['ns-config'] ?? '')).toEqual({ ttlSecondsAfterFinished: 259_200 });
  });

  it.each(['janitor', 'none'] as const)('is told nothing with engine %s', (engine) => {
    expect(find(render(cleanup(engine)), 'ConfigMap', 'tekton-pruner-namespace-spec')).toBeUndefined();
  });
});

describe('alerts', () => {
  interface Rule {
    readonly alert: string;
    readonly expr: string;
    readonly annotations: { readonly summary: string };
  }
  const rulesOf = (changes: Partial<NamespaceModel>): readonly Rule[] =>
    (find(render(changes), 'PrometheusRule', 'millrace')?.['spec'] as { groups: { rules: Rule[] }[] } | undefined)?.groups.flatMap(
      ({ rules }) => rules,
    ) ?? [];

  it('are there where the Platform asks for them, with its labels', () => {
    expect(find(render({ alerts: { labels: { release: 'prometheus' } } }), 'PrometheusRule', 'millrace')?.metadata.labels).toEqual({
      release: 'prometheus',
    });
    expect(find(render({ alerts: { labels: {} } }), 'PrometheusRule', 'millrace')?.metadata).not.toHaveProperty('labels');
    expect(rulesOf({ alerts: undefined })).toEqual([]);
  });

  it('are about runs, schedules and the janitor', () => {
    const names = ['MillraceRunFailed', 'MillraceRunHangs', 'MillraceScheduleLate', 'MillraceScheduleFailed', 'MillraceJanitorFailed'];
    expect(rulesOf({}).map(({ alert }) => alert)).toEqual(names);
    expect(rulesOf(cleanup('none')).map(({ alert }) => alert)).toEqual(names.slice(0, 4));
  });

  it('look at nothing but their namespace, in expressions whose brackets close', () => {
    for (const { expr, annotations } of rulesOf({ namespace: 'growth' })) {
      const selectors = expr.match(/\{[^}]*\}/g) ?? [];
      expect(selectors.length).toBeGreaterThan(0);
      for (const selector of selectors) expect(selector).toMatch(/^\{(exported_)?namespace="growth"/);
      for (const [open, close] of ['()', '{}', '[]']) expect(expr.split(open ?? '').length).toBe(expr.split(close ?? '').length);
      expect(annotations.summary).toContain('growth');
    }
  });

  it('find the CronJobs and Jobs of schedules, and only those', () => {
    const text = rulesOf({})
      .map(({ expr }) => expr)
      .join(' ');
    const [cronJob, job] = ['cronjob', 'job_name'].map((label) => new RegExp(`^(?:${new RegExp(`${label}=~"([^"]+)"`).exec(text)?.[1] ?? ''})$`));
    expect(cronJob?.test('fraud-scorer--nightly')).toBe(true);
    expect(cronJob?.test('millrace-janitor')).toBe(false);
    expect(job?.test('fraud-scorer--nightly-29384720')).toBe(true);
    expect(job?.test('millrace-janitor-29384720')).toBe(false);
  });
});
