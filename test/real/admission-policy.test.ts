/** The admission policy of a namespace, asked by a real API server. Tekton's own webhooks are not there. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runParams } from '../../src/manifests/triggers/trigger-template.js';
import { renderTaskRun } from '../../src/manifests/triggers/task-run.js';
import { renderAdmissionPolicy } from '../../src/manifests/walls/admission-policy.js';
import type { ServiceModel } from '../../src/model/model.js';
import { startApiServer, type ApiServer } from '../support/api-server.js';
import { gpuPool, namespaceModel, noChoices, serviceModel } from '../support/models.js';

interface Run {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly spec: Readonly<Record<string, unknown>> & { readonly podTemplate: Readonly<Record<string, unknown>> };
}

const webhook = serviceModel.webhook && {
  ...serviceModel.webhook,
  ...noChoices,
  nodePools: [gpuPool],
  resources: { cpu: '8', memory: '16Gi', gpu: 2 },
};
const chosen: ServiceModel = { ...serviceModel, name: 'chosen', serviceId: 'chosen', webhook, nodePool: gpuPool, retries: 1 };
const queued: ServiceModel = { ...serviceModel, name: 'queued', serviceId: 'queued', localQueue: 'batch' };
const many = Array.from({ length: 197 }, (_, index): ServiceModel => ({ ...chosen, name: `service-with-a-name-${String(index)}` }));
const services = [serviceModel, chosen, queued, ...many];

let server: ApiServer | undefined;
const kubectl = (args: readonly string[], input: object): string => {
  if (!server) throw new Error('the API server was not started');
  return server.kubectl([...args, '-f', '-'], JSON.stringify(input)).stdout;
};
const create = (object: object): string => kubectl(['create', '--dry-run=server', '-o', 'name'], object);

/** As the TriggerTemplate and the CronJob make it, of the values that nothing was chosen for. */
function runOf(service: ServiceModel, name: string): Run {
  const values: Readonly<Record<string, string>> = Object.fromEntries(runParams(service).map((param) => [param.name, param.default]));
  const { metadata, ...run } = renderTaskRun(service, (param) => (param === 'runName' ? name : (values[param] ?? ''))) as unknown as Run;
  return { ...run, metadata: { ...metadata, name, generateName: undefined } };
}
const good = runOf(serviceModel, 'run-1');
const withSpec = (spec: object, run: Run = good): object => ({ ...run, spec: { ...run.spec, ...spec } });
const withPod = (pod: object): object => withSpec({ podTemplate: { ...good.spec.podTemplate, ...pod } });
const withLabels = (labels: object, run: Run = good): object => ({
  ...run,
  metadata: { ...run.metadata, labels: { ...(run.metadata['labels'] as object), ...labels } },
});
const queue = 'kueue.x-k8s.io/queue-name';
const withResources = (limits: object): object =>
  withSpec({ stepSpecs: [{ name: 'user-container', computeResources: { limits } }] }, runOf(chosen, 'run-2'));

/** Pipelines' own definition is not among those of the test's API server. */
const customRuns = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'customruns.tekton.dev' },
  spec: {
    group: 'tekton.dev',
    names: { kind: 'CustomRun', plural: 'customruns' },
    scope: 'Namespaced',
    versions: [
      { name: 'v1beta1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } } },
    ],
  },
};

beforeAll(async () => {
  server = await startApiServer();
  kubectl(['apply'], customRuns);
  server.kubectl(['wait', '--for=condition=Established', '--timeout=30s', 'crd/customruns.tekton.dev']);
  kubectl(['apply'], { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'risk' } });
  kubectl(['apply'], { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'elsewhere' } });
  const items = renderAdmissionPolicy({ ...namespaceModel, enforcement: 'enforce' }, services);
  const list = { apiVersion: 'v1', kind: 'List', items };
  kubectl(['apply', '--server-side', '--validate=strict'], list);
  const stored = JSON.parse(kubectl(['get', '-o', 'json'], list)) as { items: object[] };
  for (const [index, object] of stored.items.entries()) expect(object).toMatchObject(JSON.parse(JSON.stringify(items[index])) as object);
  // A policy is in force a moment after it is stored.
  for (let attempt = 0; ; attempt += 1) {
    try {
      create(withSpec({ serviceAccountName: 'default' }));
    } catch {
      break;
    }
    if (attempt > 100) throw new Error('the policy is not in force after 20 seconds');
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}, 120_000);
afterAll(() => server?.stop());

describe('with 200 services', () => {
  it.each([serviceModel, chosen, queued, ...many.slice(-1)].map((service) => [service.name, service] as const))(
    'takes the run of %s',
    (_, service) => {
      expect(create(runOf(service, 'run-1'))).toContain('run-1');
    },
  );

  it('takes resources up to what a request may ask for', () => {
    expect(create(withResources({ cpu: '8000m', memory: '16Gi', 'nvidia.com/gpu': '2' }))).toContain('run-2');
  });

  it('leaves other namespaces alone', () => {
    expect(create({ ...good, metadata: { name: 'run-1', namespace: 'elsewhere' }, spec: { taskSpec: { steps: [] } } })).toContain('run-1');
  });

  it.each([
    ['another account', withSpec({ serviceAccountName: 'default' }), /serviceAccountName must be/],
    ['no account', withSpec({ serviceAccountName: undefined }), /serviceAccountName must be/],
    ['another Task', withSpec({ taskRef: { kind: 'Task', name: 'other' } }), /taskRef must name/],
    ['a resolver', withSpec({ taskRef: { resolver: 'git' } }), /taskRef must name/],
    ['a resolver beside a name', withSpec({ taskRef: { kind: 'Task', name: serviceModel.name, resolver: 'git' } }), /taskRef must name/],
    ['a custom kind', withSpec({ taskRef: { kind: 'Other', name: serviceModel.name } }), /taskRef must name/],
    ['steps of its own', withSpec({ taskRef: undefined, taskSpec: { steps: [] } }), /no other fields/],
    ['workspaces', withSpec({ workspaces: [] }), /no other fields/],
    ['a longer timeout', withSpec({ timeout: '1000h0m0s' }), /timeout must be/],
    ['a timeout without end', withSpec({ timeout: '0s' }), /timeout must be/],
    ['no timeout', withSpec({ timeout: undefined }), /timeout must be/],
    ['retries', withSpec({ retries: 5 }), /retries must not/],
    ['the network of the node', withPod({ hostNetwork: true }), /podTemplate has no other/],
    ['volumes', withPod({ volumes: [] }), /podTemplate has no other/],
    ['root', withPod({ securityContext: { runAsUser: 0 } }), /podTemplate must have/],
    ['a token of the cluster', withPod({ automountServiceAccountToken: true }), /podTemplate must have/],
    ['no podTemplate', withSpec({ podTemplate: undefined }), /podTemplate must have/],
    ['other nodes', withPod({ nodeSelector: { pool: 'others' } }), /nodeSelector/],
    ['every taint', withPod({ tolerations: [{ operator: 'Exists' }] }), /tolerations/],
    ['too much memory', withResources({ memory: '17Gi' }), /stepSpecs may/],
    ['too many GPUs', withResources({ 'nvidia.com/gpu': '3' }), /stepSpecs may/],
    ['another resource', withResources({ 'amd.com/gpu': '1' }), /stepSpecs may/],
    [
      'resources of a service that lets nobody choose',
      withSpec({ stepSpecs: [{ name: 'user-container', computeResources: { limits: { cpu: '1' } } }] }),
      /stepSpecs may/,
    ],
    ['resources of another step', withSpec({ stepSpecs: [{ name: 'sync-data', computeResources: {} }] }), /stepSpecs may/],
    ['no queue', withLabels({ [queue]: undefined }, runOf(queued, 'run-3')), /queue-name must be/],
    ['another queue', withLabels({ [queue]: 'other' }, runOf(queued, 'run-3')), /queue-name must be/],
    ['no labels', { ...runOf(queued, 'run-3'), metadata: { name: 'run-3', namespace: 'risk' } }, /queue-name must be/],
    ['the label of pods that talk to the API server', withLabels({ 'millrace.dev/component': 'schedule' }), /labels must not be/],
    ['the labels of a listener', withLabels({ 'app.kubernetes.io/managed-by': 'EventListener', eventlistener: 'millrace' }), /labels must not be/],
    ['a PipelineRun', { apiVersion: 'tekton.dev/v1', kind: 'PipelineRun', metadata: { name: 'p', namespace: 'risk' }, spec: {} }, /only TaskRuns/],
    ['a CustomRun', { apiVersion: 'tekton.dev/v1beta1', kind: 'CustomRun', metadata: { name: 'c', namespace: 'risk' }, spec: {} }, /only TaskRuns/],
  ])('refuses %s', (_, object, message) => {
    expect(() => create(object)).toThrow(message);
  });

  it('lets a run be labelled and cancelled, and nothing else of it be changed', () => {
    kubectl(['create'], good);
    kubectl(['apply', '--server-side', '--force-conflicts'], { ...good, metadata: { ...good.metadata, labels: { seen: 'yes' } } });
    // Tekton's own, which its webhook adds; and later on, while a run waits for a pod, none of these either.
    kubectl(['apply', '--server-side', '--force-conflicts'], withLabels({ 'app.kubernetes.io/managed-by': 'tekton-pipelines' }));
    expect(() => kubectl(['apply', '--server-side', '--force-conflicts'], withLabels({ 'app.kubernetes.io/managed-by': 'EventListener' }))).toThrow(
      /labels must not be/,
    );
    expect(() => kubectl(['apply', '--server-side', '--force-conflicts'], withSpec({ timeout: '1m0s' }))).toThrow(
      /only status and statusMessage change/,
    );
    expect(() => kubectl(['apply', '--server-side', '--force-conflicts'], withSpec({ debug: {} }))).toThrow(/only status and statusMessage change/);
    kubectl(['apply', '--server-side', '--force-conflicts'], withSpec({ status: 'TaskRunCancelled', statusMessage: 'by hand' }));
    expect(kubectl(['get', '-o', 'json'], good)).toContain('"status": "TaskRunCancelled"');
  });

  it('keeps a run in its queue', () => {
    const run = runOf(queued, 'run-4');
    kubectl(['create'], run);
    kubectl(['replace'], withLabels({ seen: 'yes' }, run));
    for (const other of ['other', undefined]) expect(() => kubectl(['replace'], withLabels({ [queue]: other }, run))).toThrow(/does not change/);
  });

  it('leaves a run that has ended to Tekton, whose defaults may add to it', () => {
    const ended = { ...good, metadata: { ...good.metadata, name: 'ended', finalizers: ['example.com/seen'] } };
    kubectl(['create'], ended);
    const status = { podName: 'ended-pod', completionTime: '2026-11-22T01:00:00Z', conditions: [{ type: 'Succeeded', status: 'True' }] };
    const changed = { ...ended, metadata: { ...ended.metadata, finalizers: [] }, spec: { ...ended.spec, timeout: '1m0s' } };
    expect(() => kubectl(['replace'], changed)).toThrow(/only status and statusMessage change/);
    kubectl(['patch', '--subresource=status', '--type=merge', '--patch', JSON.stringify({ status })], ended);
    kubectl(['replace'], changed);
    expect(kubectl(['get', '-o', 'json'], ended)).not.toContain('example.com/seen');
  });
});
