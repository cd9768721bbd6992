import { describe, expect, it } from 'vitest';
import { InvariantError } from '../../../src/base/assert.js';
import { stepNames } from '../../../src/contract/paths.js';
import { readTask } from '../../../src/engine/run/task.js';
import { renderTask } from '../../../src/manifests/job/task.js';
import type { Manifest } from '../../../src/manifests/manifest.js';
import { serviceModel } from '../../support/models.js';

const emitted = renderTask(serviceModel, 'millrace-runtime-0123456789');

/** A Task of one step and one volume, with some fields changed. */
const small = (changes: { spec?: object; step?: object; volume?: object; mount?: object }): Manifest => ({
  apiVersion: 'tekton.dev/v1',
  kind: 'Task',
  metadata: { name: 'small', namespace: 'risk' },
  spec: {
    steps: [
      { name: 'one', image: 'one:1', command: ['true'], volumeMounts: [{ name: 'data', mountPath: '/mnt', ...changes.mount }], ...changes.step },
    ],
    volumes: [{ name: 'data', ...(changes.volume ?? { emptyDir: {} }) }],
    ...changes.spec,
  },
});

it('reads the emitted Task: nine steps, every mount a volume, every timeout a number', () => {
  const task = readTask(emitted);
  expect(task.steps.map(({ name }) => name)).toEqual([...stepNames]);
  expect(task.steps.every(({ timeoutSeconds }) => timeoutSeconds !== undefined && timeoutSeconds > 0)).toBe(true);
  expect(task.volumes.find(({ name }) => name === 'credentials')?.kind).toBe('secret');
  const user = task.steps.find(({ name }) => name === 'user-container');
  expect(user).toMatchObject({ continueOnError: true, when: [{ operator: 'in', values: ['yes'] }] });
  expect(user?.mounts).toContainEqual({ volume: 'data', mountPath: '/mnt/job/input', subPath: 'valid', readOnly: true });
  // The template's variables come first, where a step's own replace them.
  expect(user?.env[0]).toEqual({ name: 'HOME', value: '/tmp' });
});

it('reads ephemeral volumes as folders', () => {
  const task = readTask(renderTask({ ...serviceModel, storage: { ...serviceModel.storage, class: 'fast' } }, 'x'));
  expect(task.volumes.find(({ name }) => name === 'data')).toEqual({ name: 'data', kind: 'empty', size: serviceModel.storage.data });
});

it('reads the container of a step: what its stepTemplate says, and what it says itself', () => {
  const template = {
    computeResources: { limits: { memory: '2Gi', cpu: '1' } },
    securityContext: { runAsUser: 65532, runAsGroup: 65532, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } },
  };
  const read = (step: object): unknown => readTask(small({ spec: { stepTemplate: template }, step })).steps[0]?.container;
  const inherited = { image: 'one:1', user: 65532, group: 65532, readOnlyRoot: true, dropCapabilities: ['ALL'], noNewPrivileges: false };
  expect(read({})).toEqual({
    ...inherited,
    limits: new Map([
      ['memory', '2Gi'],
      ['cpu', '1'],
    ]),
  });
  const own = { computeResources: { limits: { memory: '8Gi' } }, securityContext: { runAsUser: 1000, allowPrivilegeEscalation: false } };
  expect(read(own)).toEqual({
    ...inherited,
    user: 1000,
    noNewPrivileges: true,
    limits: new Map([
      ['memory', '8Gi'],
      ['cpu', '1'],
    ]),
  });
});

describe('what is not understood is a bug of ours', () => {
  const cases: Readonly<Record<string, Manifest>> = {
    'another kind': { ...small({}), kind: 'Pipeline' },
    sidecars: small({ spec: { sidecars: [] } }),
    workspaces: small({ spec: { workspaces: [] } }),
    'a script': small({ step: { script: 'true' } }),
    'no command': small({ step: { command: [] } }),
    'a working directory': small({ step: { workingDir: '/mnt' } }),
    'env from a Secret': small({ step: { env: [{ name: 'A', valueFrom: {} }] } }),
    'a list param': small({ spec: { params: [{ name: 'a', type: 'array' }] } }),
    'a list result': small({ step: { results: [{ name: 'a', type: 'array' }] } }),
    'another operator': small({ step: { when: [{ input: 'a', operator: 'exists', values: [] }] } }),
    'a CEL when': small({ step: { when: [{ cel: 'true' }] } }),
    'another onError': small({ step: { onError: '$(params.onError)' } }),
    'a duration of another form': small({ step: { timeout: '1 hour' } }),
    'mount propagation': small({ mount: { mountPropagation: 'Bidirectional' } }),
    'a mount without its volume': small({ mount: { name: 'other' } }),
    'a subPath that leaves its volume': small({ mount: { subPath: '../other' } }),
    'a folder of the node': small({ volume: { hostPath: { path: '/' } } }),
    'a projected part of the pod': small({ volume: { projected: { sources: [{ downwardAPI: {} }] } } }),
    'a privileged step': small({ step: { securityContext: { privileged: true } } }),
    'a user that is no number': small({ step: { securityContext: { runAsUser: 'root' } } }),
    'capabilities that are added': small({ step: { securityContext: { capabilities: { add: ['SYS_ADMIN'] } } } }),
    'a medium of its own': small({ volume: { emptyDir: { medium: 'HugePages' } } }),
    'items of a ConfigMap': small({ volume: { configMap: { name: 'x', items: [] } } }),
    'a volume of two kinds': small({ volume: { emptyDir: {}, secret: {} } }),
  };
  it.each(Object.entries(cases))('%s', (_, manifest) => {
    expect(() => readTask(manifest)).toThrow(InvariantError);
  });

  it('and the rest is read', () => {
    expect(readTask(small({})).steps).toHaveLength(1);
  });
});
