import { describe, expect, it } from 'vitest';
import type { ServiceModel } from '../../../src/model/model.js';
import { renderTask } from '../../../src/manifests/job/task.js';
import { renderTriggerTemplate } from '../../../src/manifests/triggers/trigger-template.js';
import { stepConfig } from '../../../src/manifests/job/step-config.js';
import { gpuPool, namespaceModel, serviceModel, withParams } from '../../support/models.js';

interface Mount {
  name: string;
  mountPath: string;
  subPath?: string;
  readOnly?: boolean;
}
interface Step {
  name: string;
  command: string[];
  args?: string[];
  env?: { name: string; value: string }[];
  volumeMounts: Mount[];
  timeout: string;
  script?: string;
  when?: unknown;
  onError?: string;
  computeResources: { requests?: Record<string, string>; limits?: Record<string, string> };
}
interface Spec {
  steps: Step[];
  volumes: { name: string; emptyDir?: { sizeLimit: string; medium?: string }; projected?: { sources: unknown[] } }[];
  params: { name: string; default: string }[];
  stepTemplate: { securityContext: Record<string, unknown>; computeResources: unknown };
}
const specOf = (service: ServiceModel): Spec => renderTask(service, 'millrace-runtime-0123456789')['spec'] as Spec;
const envOf = (step: Step | undefined): Record<string, string> => Object.fromEntries((step?.env ?? []).map(({ name, value }) => [name, value]));

/** The table of DESIGN section 4 and ADR 12, without each step's own tmp and the runtime. */
const table: Record<string, string[]> = {
  'configure-rclone': ['credentials ro', 'rclone-config rw', 'control rw'],
  'sync-data': ['rclone-config ro', 'data rw'],
  'sync-model': ['rclone-config ro', 'model rw', 'model-raw rw'],
  'validate-input': ['data rw', 'model rw', 'model-raw rw', 'report rw', 'control rw'],
  'log-input': ['data ro', 'control rw', 'report rw'],
  'user-container': ['model ro', 'data/valid ro', 'output rw'],
  'validate-output': ['output ro', 'publish rw', 'report rw', 'control rw'],
  'log-output': ['publish ro', 'control rw', 'report rw'],
  'sync-output': ['rclone-config ro', 'publish ro', 'report ro', 'data/quarantine ro', 'control ro'],
};

describe('the nine steps', () => {
  const { steps, volumes } = specOf(serviceModel);

  it('stand in their order and see the volumes of the table', () => {
    const seen = steps.map(({ name, volumeMounts }) => [
      name,
      volumeMounts
        .filter((mount) => !['tmp', 'helper-tmp', 'runtime', 'shm'].includes(mount.name))
        .map(({ name: volume, subPath, readOnly }) => `${volume}${subPath === undefined ? '' : `/${subPath}`} ${readOnly ? 'ro' : 'rw'}`)
        .sort(),
    ]);
    expect(seen).toEqual(Object.entries(table).map(([name, mounts]) => [name, [...mounts].sort()]));
  });

  it('mount only volumes that there are, and leave none unmounted', () => {
    const declared = volumes.map(({ name }) => name).sort();
    expect([...new Set(steps.flatMap(({ volumeMounts }) => volumeMounts.map(({ name }) => name)))].sort()).toEqual(declared);
  });

  it('have a tmp each that no other step sees', () => {
    const tmps = steps.map(({ volumeMounts }) => volumeMounts.find(({ mountPath }) => mountPath === '/tmp'));
    expect(new Set(tmps.map((mount) => `${String(mount?.name)}/${String(mount?.subPath)}`)).size).toBe(9);
  });

  it('always give a command, never a script', () => {
    for (const step of steps) {
      expect(step.command.length).toBeGreaterThan(0);
      expect(step.script).toBeUndefined();
    }
  });

  it('hold references only as whole values', () => {
    for (const step of steps) {
      for (const text of [...step.command, ...(step.args ?? []), ...(step.env ?? []).map(({ value }) => value)]) {
        if (text.includes('$(')) expect(text).toMatch(/^\$\([A-Za-z.-]+\)$/);
        expect(text).not.toContain('${');
      }
    }
  });

  it('request compute for the predictor; all volumes on disk count as its ephemeral storage', () => {
    const user = steps.find(({ name }) => name === 'user-container');
    // data, model, output, publish, report, tmp in Gi; then model-raw, control, helper-tmp in Mi
    const sum = (20 + 5 + 20 + 20 + 1 + 1) * 1024 + 1 + 16 + 256;
    expect(user?.computeResources.requests?.['ephemeral-storage']).toBe(`${String(sum)}Mi`);
    expect(user?.computeResources.limits?.['ephemeral-storage']).toBe(`${String(sum)}Mi`);
    for (const step of steps) if (step !== user) expect(step.computeResources).toEqual({});
    expect(specOf(serviceModel).stepTemplate.computeResources).toEqual({ limits: { memory: '2Gi' }, requests: { cpu: '10m', memory: '64Mi' } });
  });

  it('see no credentials outside configure-rclone', () => {
    const secretive = steps.filter(({ volumeMounts }) => volumeMounts.some(({ name }) => name === 'credentials'));
    expect(secretive.map(({ name }) => name)).toEqual(['configure-rclone']);
    expect(JSON.stringify(steps)).not.toContain('secretKeyRef');
  });

  it('run restricted', () => {
    expect(specOf(serviceModel).stepTemplate.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
      readOnlyRootFilesystem: true,
      runAsGroup: 65532,
      runAsNonRoot: true,
      runAsUser: 65532,
      seccompProfile: { type: 'RuntimeDefault' },
    });
  });
});

it('leaves user and group to OpenShift', () => {
  const service: ServiceModel = {
    ...serviceModel,
    namespace: { ...namespaceModel, target: { ...namespaceModel.target, distribution: 'openshift' } },
  };
  const text = JSON.stringify([renderTask(service, 'x'), renderTriggerTemplate(service)]);
  expect(text).not.toMatch(/runAsUser|runAsGroup|fsGroup/);
  expect(text).toContain('"runAsNonRoot":true');
});

it('tells the predictor where everything is, by both sets of names', () => {
  const embedded: ServiceModel = { ...serviceModel, model: { kind: 'embedded', imagePath: '/opt/model', name: 'm', version: '1' } };
  const env = envOf(specOf(embedded).steps[5]);
  expect(env).toMatchObject({
    ODAHU_MODEL: '/opt/model',
    ODAHU_MODEL_PATH: '/opt/model',
    ODAHU_INPUT_PATH: '/mnt/job/input',
    ODAHU_MODEL_OUTPUT: '/mnt/job/output',
  });
});

it('gives GPU, pool, tolerations and runtime class to the run', () => {
  const service: ServiceModel = {
    ...serviceModel,
    nodePool: gpuPool,
    localQueue: 'batch',
    resources: { ...serviceModel.resources, limits: { ...serviceModel.resources.limits, gpu: 2 } },
  };
  expect(specOf(service).steps[5]?.computeResources).toMatchObject({ limits: { 'nvidia.com/gpu': '2' }, requests: { 'nvidia.com/gpu': '2' } });
  const template = JSON.stringify(renderTriggerTemplate(service));
  expect(template).toContain('"nodeSelector":{"pool":"a100"}');
  expect(template).toContain('"runtimeClassName":"nvidia"');
  expect(template).toContain('"kueue.x-k8s.io/queue-name":"batch"');
});

describe('StepConfig', () => {
  it('holds no dollar that anything could expand', () => {
    const service: ServiceModel = { ...serviceModel, owner: 'a$(params.x)$b' };
    const text = envOf(specOf(service).steps[0])['MILLRACE_CONFIG'] ?? '';
    expect(text).not.toContain('$');
    expect(JSON.parse(text)).toEqual(stepConfig(service));
  });

  it('allows the own source and the declared prefixes', () => {
    const webhook = serviceModel.webhook && { ...serviceModel.webhook, dataSource: [{ connection: 'raw', prefix: 'other/' }] };
    expect(stepConfig(serviceModel).data.allowed).toEqual([{ connection: 'raw', prefix: 'fraud/in/' }]);
    expect(stepConfig({ ...serviceModel, webhook }).data.allowed).toEqual([
      { connection: 'raw', prefix: 'fraud/in/' },
      { connection: 'raw', prefix: 'other/' },
    ]);
  });

  it('says once what several fields allow, and nothing that lies below something else', () => {
    const allowedOf = (prefixes: readonly string[]): readonly string[] => {
      const dataSource = prefixes.map((prefix) => ({ connection: 'raw', prefix }));
      const webhook = serviceModel.webhook && { ...serviceModel.webhook, dataSource };
      return stepConfig({ ...serviceModel, webhook }).data.allowed.map(({ prefix }) => prefix);
    };
    expect(allowedOf(['fraud/'])).toEqual(['fraud/']);
    expect(allowedOf(['a/', 'a/b/', 'a/c.json', 'ab/'])).toEqual(['fraud/in/', 'a/', 'ab/']);
    expect(allowedOf(['/', 'a/'])).toEqual(['/']);
    expect(allowedOf(['a/', 'a/', 'fraud/in/'])).toEqual(['fraud/in/', 'a/']);
    // The same folder of another connection is another folder.
    const other = { connection: 'other', prefix: 'fraud/in/' };
    const webhook = serviceModel.webhook && { ...serviceModel.webhook, dataSource: [other] };
    expect(stepConfig({ ...serviceModel, webhook }).data.allowed).toContainEqual(other);
  });
});

it('gives the params of a service to the predictor, and to the step that checks them', () => {
  const service = withParams(serviceModel, { threshold: ['0.5', '^0\\.[0-9]+$'], mode: ['', '^(low|)$'] });
  const { spec } = renderTask(service, 'millrace-runtime-0123456789') as unknown as {
    spec: { params: object[]; steps: { name: string; env: { name: string; value: string }[] }[] };
  };
  expect(spec.params.slice(-2)).toEqual([
    { name: 'param_mode', type: 'string', default: '' },
    { name: 'param_threshold', type: 'string', default: '0.5' },
  ]);
  const holders = spec.steps.filter(({ env }) => JSON.stringify(env).includes('$(params.param_'));
  expect(holders.map(({ name }) => name)).toEqual(['configure-rclone', 'user-container']);
  for (const { env } of holders) {
    expect(env.slice(-2)).toEqual([
      { name: 'MILLRACE_PARAM_MODE', value: '$(params.param_mode)' },
      { name: 'MILLRACE_PARAM_THRESHOLD', value: '$(params.param_threshold)' },
    ]);
  }
  expect(stepConfig(service).params).toEqual({ mode: '^(low|)$', threshold: '^0\\.[0-9]+$' });
});

it('gives every param a default', () => {
  for (const { default: value } of specOf({ ...serviceModel, dataSource: undefined, outputDestination: undefined }).params)
    expect(value).not.toBe('');
});
