/** What an EventListener would do with a request: the TaskRun it would create, or the rule that refuses it. */
import { assertInvariant } from '../../base/assert.js';
import { dnsLabelMaxLength } from '../../base/names.js';
import type { Manifest } from '../../manifests/manifest.js';
import { asClosed, asFields, asList, asText, findObject } from '../objects.js';
import { evaluateCel, type CelVariables } from './cel.js';
import { explainRefusal } from './explain.js';
import { readBody, type JsonObject, type ListenerRequest } from './request.js';
import { bindParams, fillTemplate } from './template.js';

export interface Refusal {
  /** Who refuses: the listener itself (status 400), a rule of it, the service's Trigger, or the API server for the name of the run. */
  readonly by: 'body' | 'listener' | 'trigger' | 'name';
  /** The clause of the CEL filter or the overlay that was not fulfilled. */
  readonly rule: string | undefined;
  /** Without a full stop. */
  readonly sentence: string;
}

export type TriggerOutcome =
  /** Without a name, the API server makes one from `generateName`. */
  { readonly kind: 'accepted'; readonly caller: string; readonly taskRun: Manifest } | { readonly kind: 'refused'; readonly refusal: Refusal };

export interface TriggerQuery {
  readonly namespace: string;
  readonly trigger: string;
  /** Who calls; it counts as authenticated. One of {@link callersOf}. */
  readonly caller: string;
}

interface TriggerGroup {
  readonly name: string;
  readonly interceptors: readonly unknown[];
  readonly labels: ReadonlyMap<string, string>;
}

/** The callers whose requests reach a Trigger, in the listener's order; undefined where there is no such Trigger. */
export function callersOf(objects: readonly Manifest[], namespace: string, trigger: string): readonly string[] | undefined {
  const found = findObject(objects, 'Trigger', namespace, trigger);
  return found && groupsOf(objects, found).map(({ name }) => name);
}

/** Signatures and tokens are not checked: there are no Secrets here. */
export function sendRequest(objects: readonly Manifest[], { namespace, trigger, caller }: TriggerQuery, request: ListenerRequest): TriggerOutcome {
  const refused = (refusal: Refusal): TriggerOutcome => ({ kind: 'refused', refusal });
  const body = readBody(request.body);
  if (typeof body === 'string') return refused({ by: 'body', rule: undefined, sentence: `its body ${body}` });

  const found = findObject(objects, 'Trigger', namespace, trigger);
  assertInvariant(found, `there is no Trigger ${trigger} in ${namespace}`);
  const group = groupsOf(objects, found).find(({ name }) => name === caller);
  assertInvariant(group, `requests of ${caller} do not reach Trigger ${trigger}`);

  const atListener = intercept(group.interceptors, `group ${caller}`, request, body, {});
  if ('refusal' in atListener) return refused({ by: 'listener', ...atListener.refusal });
  const spec = asClosed(found['spec'], `Trigger ${trigger}`, ['interceptors', 'bindings', 'template']);
  const interceptors = asList(spec['interceptors'], `Trigger ${trigger}`);
  const atTrigger = intercept(interceptors, `Trigger ${trigger}`, request, body, atListener.extensions);
  if ('refusal' in atTrigger) return refused({ by: 'trigger', ...atTrigger.refusal });

  const template = required(objects, 'TriggerTemplate', namespace, asText(asFields(spec['template'], 'template')['ref'], 'template.ref'));
  const bindings = asList(spec['bindings'], 'bindings').map((item) => {
    const binding = asClosed(item, 'bindings', ['kind', 'ref']);
    return required(objects, 'TriggerBinding', namespace, asText(binding['ref'], 'bindings.ref'));
  });
  const bound = bindParams(bindings, template, atTrigger.extensions);
  if ('error' in bound) return refused({ by: 'trigger', rule: undefined, sentence: `nothing gives the run its ${bound.error}` });
  const taskRun = fillTemplate(template, bound.params);
  const badName = checkRunName(taskRun.metadata.name);
  return badName === undefined ? { kind: 'accepted', caller, taskRun } : refused({ by: 'name', rule: undefined, sentence: badName });
}

function required(objects: readonly Manifest[], kind: string, namespace: string, name: string): Manifest {
  const found = findObject(objects, kind, namespace, name);
  assertInvariant(found, `there is no ${kind} ${name} in ${namespace}`);
  return found;
}

const groupsOf = (objects: readonly Manifest[], trigger: Manifest): readonly TriggerGroup[] =>
  objects
    .filter(({ kind, metadata }) => kind === 'EventListener' && metadata.namespace === trigger.metadata.namespace)
    .flatMap((listener) => asList(asFields(listener['spec'], 'EventListener')['triggerGroups'], 'triggerGroups').map(readGroup))
    .filter(({ labels }) => [...labels].every(([key, value]) => trigger.metadata.labels?.[key] === value));

function readGroup(value: unknown): TriggerGroup {
  const group = asClosed(value, 'triggerGroups', ['name', 'interceptors', 'triggerSelector']);
  const selector = asClosed(group['triggerSelector'], 'triggerSelector', ['namespaceSelector', 'labelSelector']);
  asClosed(selector['namespaceSelector'], 'namespaceSelector', []);
  const labels = asFields(asClosed(selector['labelSelector'], 'labelSelector', ['matchLabels'])['matchLabels'], 'matchLabels');
  return {
    name: asText(group['name'], 'triggerGroups.name'),
    interceptors: asList(group['interceptors'], 'triggerGroups.interceptors'),
    labels: new Map(Object.entries(labels).map(([key, label]) => [key, asText(label, key)])),
  };
}

type Intercepted = { readonly extensions: Readonly<Record<string, unknown>> } | { readonly refusal: Omit<Refusal, 'by'> };

/** Runs a chain of interceptors; each sees the extensions of those before it. */
function intercept(
  interceptors: readonly unknown[],
  where: string,
  request: ListenerRequest,
  body: JsonObject,
  before: Readonly<Record<string, unknown>>,
): Intercepted {
  let extensions = before;
  for (const item of interceptors) {
    const interceptor = asClosed(item, where, ['ref', 'params']);
    const name = asText(asFields(interceptor['ref'], where)['name'], where);
    // Authentication is what whoever asks has decided already.
    if (name === 'github') continue;
    assertInvariant(name === 'cel', `${where}: interceptor ${name} is not understood here`);
    const params = new Map(asList(interceptor['params'], where).map((param) => readInterceptorParam(param, where)));
    const variables: CelVariables = { body, header: headerLists(request.headers), extensions, requestURL: request.path };

    const filter = params.get('filter');
    const refusal = filter === undefined ? undefined : explainRefusal(asText(filter, where), variables);
    if (refusal) return { refusal };
    const added: Record<string, unknown> = {};
    for (const overlay of asList(params.get('overlays'), where)) {
      const { key, expression } = readOverlay(overlay, where);
      const result = evaluateCel(expression, variables);
      if ('error' in result) return { refusal: { rule: expression, sentence: `the value of ${key} cannot be computed: ${result.error}` } };
      added[key] = result.value;
    }
    extensions = { ...extensions, ...added };
  }
  return { extensions };
}

function readInterceptorParam(value: unknown, where: string): readonly [string, unknown] {
  const param = asClosed(value, where, ['name', 'value']);
  const name = asText(param['name'], where);
  assertInvariant(name === 'filter' || name === 'overlays', `${where}: param ${name} of an interceptor is not understood here`);
  return [name, param['value']];
}

function readOverlay(value: unknown, where: string): { readonly key: string; readonly expression: string } {
  const overlay = asClosed(value, where, ['key', 'expression']);
  return { key: asText(overlay['key'], where), expression: asText(overlay['expression'], where) };
}

const headerLists = (headers: Readonly<Record<string, string>>): Readonly<Record<string, readonly string[]>> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]]));

const subdomain = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

/** What the API server and Tekton's admission ask of the name of a run; an empty one is made up. */
function checkRunName(name: string | undefined): string | undefined {
  if (!name) return undefined;
  if (name.length > dnsLabelMaxLength) return `the run's name ${name} would have more than ${String(dnsLabelMaxLength)} characters`;
  return subdomain.test(name) ? undefined : `the run's name ${name} would be no name of Kubernetes`;
}
