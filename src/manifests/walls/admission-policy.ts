/** What the API server itself refuses in a namespace, whoever asks: runs that no service of ours describes. */
import { assertInvariant } from '../../base/assert.js';
import { goDuration } from '../../base/duration.js';
import { text } from '../../cel/cel.js';
import type { NamespaceModel, ServiceModel } from '../../model/model.js';
import { runTimeoutSeconds } from '../../resolve/step-timeouts.js';
import { podSecurity } from '../job/security.js';
import { serviceAccountOf } from '../job/store-access.js';
import { ephemeralStorage } from '../job/volumes.js';
import type { Manifest } from '../manifest.js';
import { largestAmounts } from '../schedules/scheduled-service.js';
import { labels, queueLabel, shared } from '../names.js';
import { managedByListener, namespaceLabel } from './selectors.js';

/**
 * A ValidatingAdmissionPolicy and its binding, called `millrace-<namespace>`, because both belong to the cluster. It sees a
 * TaskRun after Tekton's webhooks have filled their defaults.
 */
export function renderAdmissionPolicy(model: NamespaceModel, services: readonly ServiceModel[]): readonly Manifest[] {
  if (model.enforcement === undefined) return [];
  const name = `${shared}-${model.namespace}`;
  const api = 'admissionregistration.k8s.io/v1';
  return [
    {
      apiVersion: api,
      kind: 'ValidatingAdmissionPolicy',
      metadata: { name },
      spec: {
        failurePolicy: 'Fail',
        matchConstraints: {
          matchPolicy: 'Equivalent',
          namespaceSelector: { matchLabels: { [namespaceLabel]: model.namespace } },
          objectSelector: {},
          resourceRules: [
            rule('v1', ['CREATE', 'UPDATE'], 'taskruns'),
            rule('v1', ['CREATE'], 'pipelineruns'),
            rule('v1beta1', ['CREATE'], 'customruns'),
          ],
        },
        variables: variables(services),
        validations: validations(model, services),
      },
    },
    {
      apiVersion: api,
      kind: 'ValidatingAdmissionPolicyBinding',
      metadata: { name },
      spec: { policyName: name, validationActions: model.enforcement === 'enforce' ? ['Deny'] : ['Audit', 'Warn'] },
    },
  ];
}

/** Every expression of it, those of variables with their names. Two grow: `services`, and the rule that knows the node pools of all. */
export const policyExpressions = (
  model: NamespaceModel,
  services: readonly ServiceModel[],
): readonly (readonly [name: string | undefined, expression: string])[] => [
  ...variables(services).map(({ name, expression }) => [name, expression] as const),
  ...validations(model, services).map(({ expression }) => [undefined, expression] as const),
];

const variables = (services: readonly ServiceModel[]): readonly { readonly name: string; readonly expression: string }[] => [
  { name: 'spec', expression: 'has(object.spec) ? dyn(object.spec) : dyn({})' },
  { name: 'creates', expression: "request.resource.resource == 'taskruns' && request.operation == 'CREATE'" },
  { name: 'services', expression: record(services.map((service) => [service.name, serviceFacts(service)])) },
  { name: 'task', expression: "has(variables.spec.taskRef) && has(variables.spec.taskRef.name) ? string(variables.spec.taskRef.name) : ''" },
  { name: 'known', expression: 'variables.creates && variables.task in variables.services' },
  { name: 'pod', expression: 'has(variables.spec.podTemplate) ? variables.spec.podTemplate : dyn({})' },
];

const rule = (version: string, operations: readonly string[], resource: string): object => ({
  apiGroups: ['tekton.dev'],
  apiVersions: [version],
  operations,
  resources: [resource],
  scope: '*',
});

/** Of a service: all texts, because the API server wants the values of one map to be of one type. `max <resource>` is what a run may set. */
function serviceFacts(service: ServiceModel): string {
  const bounds = largestAmounts(service);
  const { nodePool } = service;
  return texts([
    ['account', serviceAccountOf(service)],
    ['timeout', goDuration(runTimeoutSeconds(service.timeouts))],
    ['retries', String(service.retries)],
    ...(service.localQueue === undefined ? [] : [['queue', service.localQueue] as const]),
    // What a run's limit of CPU repeats where the service has none: see resource-rules.ts.
    ...(bounds?.cpu === undefined ? [] : [['max cpu', bounds.cpu] as const, ['max ephemeral-storage', ephemeralStorage(service)] as const]),
    ...(bounds?.memory === undefined ? [] : [['max memory', bounds.memory] as const]),
    ...(bounds?.gpu === undefined || !nodePool ? [] : [[`max ${nodePool.gpuResource}`, String(bounds.gpu)] as const]),
  ]);
}

interface Validation {
  readonly expression: string;
  readonly message: string;
  readonly reason: 'Forbidden';
}

function validations({ target, imagePullSecrets }: NamespaceModel, services: readonly ServiceModel[]): readonly Validation[] {
  const pools = services.flatMap(({ nodePool, webhook, schedules }) => [
    ...(nodePool ? [nodePool] : []),
    ...(webhook?.nodePools ?? []),
    ...schedules.flatMap((schedule) => schedule.nodePool ?? []),
  ]);
  const optional = (field: string, values: readonly unknown[]): string =>
    `(!has(variables.pod.${field}) || variables.pod.${field} in ${literal([...new Map(values.map((value) => [literal(value), value])).values()])})`;
  const created = (expression: string, message: string): Validation => ({
    expression: `!variables.creates || ${expression}`,
    message,
    reason: 'Forbidden',
  });
  const known = (expression: string, message: string): Validation => ({
    expression: `!variables.known || ${expression}`,
    message,
    reason: 'Forbidden',
  });
  return [
    {
      expression: "request.resource.resource == 'taskruns'",
      message: 'only TaskRuns of services run in this namespace, no PipelineRuns or CustomRuns',
      reason: 'Forbidden',
    },
    created(keysIn('variables.spec', runKeys), `a run has no other fields than ${runKeys.join(', ')}`),
    created(
      `(variables.task in variables.services && ${keysIn('variables.spec.taskRef', taskRefKeys)} && (!has(variables.spec.taskRef.kind) || variables.spec.taskRef.kind == 'Task') && (!has(variables.spec.taskRef.apiVersion) || variables.spec.taskRef.apiVersion in ['tekton.dev/v1', 'tekton.dev/v1beta1']))`,
      'taskRef must name the Task of a service of this namespace',
    ),
    known(
      "(has(variables.spec.serviceAccountName) && variables.spec.serviceAccountName == variables.services[variables.task]['account'])",
      'serviceAccountName must be that of the service',
    ),
    known(
      "(has(variables.spec.timeout) && duration(variables.spec.timeout) > duration('0s') && duration(variables.spec.timeout) <= duration(variables.services[variables.task]['timeout']))",
      'timeout must be set, and not longer than that of the service',
    ),
    known(
      "(!has(variables.spec.retries) || int(variables.spec.retries) <= int(variables.services[variables.task]['retries']))",
      'retries must not be more than those of the service',
    ),
    known(
      `(!('queue' in variables.services[variables.task]) || ${queueOf('object')} == variables.services[variables.task]['queue'])`,
      `label ${queueLabel} must be that of the service`,
    ),
    {
      // Each attempt of a run is a pod with the labels that the run has by then. A run keeps the queue that it began with, whatever
      // queue its service has since been given: else Tekton could change nothing of it any more.
      expression: `request.operation != 'UPDATE' || ${hasEnded} || ${queueOf('object')} == ${queueOf('oldObject')}`,
      message: `of a run that has not ended, the label ${queueLabel} does not change`,
      reason: 'Forbidden',
    },
    known(stepSpecs, 'stepSpecs may set resources of user-container only, up to what a request to the service may ask for'),
    created(keysIn('variables.pod', podKeys), `podTemplate has no other fields than ${podKeys.join(', ')}`),
    created(
      `(has(variables.pod.automountServiceAccountToken) && variables.pod.automountServiceAccountToken == false && (!has(variables.pod.enableServiceLinks) || variables.pod.enableServiceLinks == false) && has(variables.pod.securityContext) && variables.pod.securityContext == ${literal(podSecurity[target.distribution])})`,
      'podTemplate must have automountServiceAccountToken: false, no service links and the securityContext of services',
    ),
    created(
      `(${[
        optional(
          'nodeSelector',
          pools.map(({ nodeSelector }) => nodeSelector),
        ),
        optional(
          'tolerations',
          pools.map(({ tolerations }) => tolerations),
        ),
        optional(
          'runtimeClassName',
          pools.flatMap(({ runtimeClass }) => runtimeClass ?? []),
        ),
        optional('imagePullSecrets', [imagePullSecrets.map((name) => ({ name }))]),
      ].join(' && ')})`,
      'nodeSelector, tolerations, runtimeClassName and imagePullSecrets must be those of services of this namespace',
    ),
    {
      // Tekton gives its pod every label of a run. So a run could make its pod one of those that policies of the network
      // and the Service of a listener select.
      expression: `!has(object.metadata.labels) || object.metadata.labels.all(k, k != ${text(labels.component).source} && (k != ${text(managedByListener.key).source} || object.metadata.labels[k] != ${text(managedByListener.value).source}))`,
      message: 'labels must not be those of listeners, schedules and the janitor',
      reason: 'Forbidden',
    },
    {
      // What cancels a run changes no more than these two. Of one that has ended Tekton itself lets nothing change but what its
      // own defaults add, and they do when its configuration has changed: refused, its finalizers could never be taken away.
      expression: `request.operation != 'UPDATE' || ${hasEnded} || (variables.spec.all(k, k in ${changeable} || (k in oldObject.spec && dyn(oldObject.spec)[k] == variables.spec[k])) && dyn(oldObject.spec).all(k, k in ${changeable} || k in variables.spec))`,
      message: 'of a run that has not ended, only status and statusMessage change',
      reason: 'Forbidden',
    },
  ];
}

const hasEnded = '(has(oldObject.status) && has(oldObject.status.completionTime))';
const queueOf = (run: 'object' | 'oldObject'): string => {
  const [map, key] = [`${run}.metadata.labels`, text(queueLabel).source];
  return `(has(${map}) && ${key} in ${map} ? ${map}[${key}] : '')`;
};
const changeable = "['status', 'statusMessage']";
const runKeys = ['params', 'podTemplate', 'retries', 'serviceAccountName', 'stepSpecs', 'taskRef', 'timeout'];
const taskRefKeys = ['apiVersion', 'kind', 'name'];
const podKeys = [
  'automountServiceAccountToken',
  'enableServiceLinks',
  'imagePullSecrets',
  'nodeSelector',
  'runtimeClassName',
  'securityContext',
  'tolerations',
];
const keysIn = (map: string, keys: readonly string[]): string => `${map}.all(k, k in ${literal(keys)})`;

const side = (name: string): string =>
  `(!has(s.computeResources.${name}) || s.computeResources.${name}.all(r, ('max ' + r) in variables.services[variables.task] && quantity(string(s.computeResources.${name}[r])).compareTo(quantity(variables.services[variables.task]['max ' + r])) <= 0))`;
const stepSpecs = `(!has(variables.spec.stepSpecs) || variables.spec.stepSpecs.all(s, s.all(k, k in ['name', 'computeResources']) && s.name == 'user-container' && (!has(s.computeResources) || s.computeResources.all(k, k in ['limits', 'requests']) && ${side('limits')} && ${side('requests')})))`;

const record = (entries: readonly (readonly [string, string])[]): string =>
  entries.length === 0 ? "{'': {'': ''}}" : `{${entries.map(([key, value]) => `${text(key).source}: ${value}`).join(', ')}}`;
const texts = (entries: readonly (readonly [string, string])[]): string => record(entries.map(([key, value]) => [key, text(value).source]));

/** Plain data as a literal of CEL. `dyn` around each value, because the API server wants those of one map or list to be of one type. */
function literal(value: unknown): string {
  if (typeof value === 'string') return text(value).source;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (Array.isArray(value)) return `[${value.map((item: unknown) => `dyn(${literal(item)})`).join(', ')}]`;
  assertInvariant(typeof value === 'object' && value !== null, 'a literal of CEL is plain data');
  return `{${Object.entries(value)
    .map(([key, item]) => `${text(key).source}: dyn(${literal(item)})`)
    .join(', ')}}`;
}
