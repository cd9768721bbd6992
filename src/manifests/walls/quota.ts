/** What the pods of a namespace may request together. */
import { constant } from '../../base/constant.js';
import type { NamespaceModel } from '../../model/model.js';
import { helperRequests } from '../../resolve/pod-requests.js';
import type { Manifest } from '../manifest.js';
import { shared } from '../names.js';

/**
 * ResourceQuota and LimitRange, always together. Tekton waits with a run that the quota has no room for; but it gives up a
 * run whose pod the quota refuses because a container requests nothing, and its own init containers (`prepare`,
 * `place-scripts`) do not. The LimitRange requests for them. It has no default limit: a predictor without a limit of CPU
 * would get that one.
 *
 * What is counted are requests and pods, never TaskRuns: a run beyond a count of those is refused, and so lost.
 */
export function renderQuota({ namespace, quota, gpuResources }: NamespaceModel): readonly Manifest[] {
  if (!quota) return [];
  const { cpu, memory, gpu, pods } = quota;
  const hard = {
    ...(cpu === undefined ? {} : { 'requests.cpu': cpu }),
    ...(memory === undefined ? {} : { 'requests.memory': memory }),
    ...(gpu === undefined ? {} : Object.fromEntries(gpuResources.map((name) => [`requests.${name}`, String(gpu)]))),
    ...(pods === undefined ? {} : { pods: String(pods) }),
  };
  return [
    { apiVersion: 'v1', kind: 'ResourceQuota', metadata: { name: shared, namespace }, spec: { hard } },
    { apiVersion: 'v1', kind: 'LimitRange', metadata: { name: shared, namespace }, spec: limits },
  ];
}

const limits = constant({ limits: [{ type: 'Container', defaultRequest: helperRequests }] });
