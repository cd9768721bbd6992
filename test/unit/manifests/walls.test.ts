import { describe, expect, it } from 'vitest';
import { viewersRole } from '../../../src/manifests/names.js';
import { renderNamespace } from '../../../src/manifests/namespace.js';
import type { Manifest } from '../../../src/manifests/manifest.js';
import type { NamespaceModel } from '../../../src/model/model.js';
import { namespaceModel } from '../../support/models.js';

const objectsOf = (more: Partial<NamespaceModel>): readonly Manifest[] => renderNamespace({ ...namespaceModel, ...more }, 'runtime');
const ofKind = (kind: string, more: Partial<NamespaceModel>): Manifest | undefined => objectsOf(more).find((each) => each.kind === kind);

describe('the quota of a namespace', () => {
  const quota = { cpu: '64', memory: '256Gi', gpu: 4, pods: 40 };

  it('counts requests and pods, and GPUs of each kind that the team may use', () => {
    expect(ofKind('ResourceQuota', { quota, gpuResources: ['amd.com/gpu', 'nvidia.com/gpu'] })).toMatchObject({
      metadata: { name: 'millrace', namespace: 'risk' },
      spec: { hard: { 'requests.cpu': '64', 'requests.memory': '256Gi', 'requests.amd.com/gpu': '4', 'requests.nvidia.com/gpu': '4', pods: '40' } },
    });
  });

  it('never counts TaskRuns, whose creation it would refuse', () => {
    expect(JSON.stringify(ofKind('ResourceQuota', { quota }))).not.toContain('taskruns');
  });

  it("comes with requests for Tekton's own init containers, and without a default limit for anyone", () => {
    expect(ofKind('LimitRange', { quota })).toMatchObject({
      spec: { limits: [{ type: 'Container', defaultRequest: { cpu: '10m', memory: '64Mi' } }] },
    });
    expect(JSON.stringify(ofKind('LimitRange', { quota }))).not.toMatch(/"(default|max)":/);
  });

  it('limits only what it names, and is not there where the platform gives none', () => {
    const onlyPods = { cpu: undefined, memory: undefined, gpu: undefined, pods: 10 };
    expect(ofKind('ResourceQuota', { quota: onlyPods })?.['spec']).toEqual({ hard: { pods: '10' } });
    expect(ofKind('ResourceQuota', {})).toBeUndefined();
    expect(ofKind('LimitRange', {})).toBeUndefined();
  });
});

describe('viewers of a namespace', () => {
  const rules = (ofKind('Role', { callers: [], viewers: ['risk-ml'] })?.['rules'] ?? []) as {
    readonly apiGroups: string[];
    readonly resources: string[];
    readonly verbs: string[];
  }[];

  it('read, and nothing else', () => {
    expect(new Set(rules.flatMap(({ verbs }) => verbs))).toEqual(new Set(['get', 'list', 'watch']));
    expect(new Set(rules.flatMap(({ resources }) => resources))).toEqual(new Set(['taskruns', 'pods', 'pods/log', 'events']));
  });

  it('are groups', () => {
    expect(ofKind('RoleBinding', { callers: [], viewers: ['oidc:/risk ml', 'risk-ml'] })?.['subjects']).toEqual([
      { apiGroup: 'rbac.authorization.k8s.io', kind: 'Group', name: 'oidc:/risk ml' },
      { apiGroup: 'rbac.authorization.k8s.io', kind: 'Group', name: 'risk-ml' },
    ]);
    expect(objectsOf({ callers: [] }).some(({ kind, metadata }) => kind === 'RoleBinding' && metadata.name === viewersRole)).toBe(false);
  });
});
