/** What an EventListener would do with a request: the TaskRuns it would create, and the rules that refuse it. */
import { assertInvariant } from '../../base/assert.js';
import { dnsLabelMaxLength } from '../../base/names.js';
import type { Manifest } from '../../manifests/manifest.js';
import { asClosed, asFields, asList, asText, findObject } from '../objects.js';
import { secretComparison, type Secrets } from './authenticate.js';
import { createEvaluator, trusting } from './cel.js';
import { intercept, type Interception } from './interceptors.js';
import { readBody, type JsonObject, type ListenerRequest } from './request.js';
import { bindParams, fillTemplate } from './template.js';
import { triggerGroups, type TriggerGroup } from './trigger-groups.js';

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
  /** Who calls. One of {@link callersOf}. */
  readonly caller: string;
}

/** What a listener answers, and what becomes of the event afterwards. */
export interface Delivery {
  /** 400 where the body is no JSON object, else 202: nothing else is checked before the answer. */
  readonly status: 202 | 400;
  /** One of each group that stops the event, and one of each Trigger of a group that does not. */
  readonly outcomes: readonly DeliveryOutcome[];
}

export interface DeliveryOutcome {
  readonly group: string;
  /** Undefined: the group itself stopped the event. */
  readonly trigger: string | undefined;
  readonly outcome: TriggerOutcome;
}

export interface DeliveryOptions {
  /** By which signatures and tokens are checked; without them, every caller counts as authenticated. */
  readonly secrets?: Secrets | undefined;
  /** What `$(uid)` in a template becomes: random on a cluster. No template of ours holds one, nor lets a request bring one. */
  readonly uid?: string;
}

/** The callers whose requests reach a Trigger, in the listener's order; undefined where there is no such Trigger. */
export function callersOf(objects: readonly Manifest[], namespace: string, trigger: string): readonly string[] | undefined {
  const found = findObject(objects, 'Trigger', namespace, trigger);
  return found && groupsOf(objects, found).map(({ name }) => name);
}

/** What becomes of a request for one Trigger, in the name of one caller. */
export function sendRequest(
  objects: readonly Manifest[],
  { namespace, trigger, caller }: TriggerQuery,
  request: ListenerRequest,
  options: DeliveryOptions = {},
): TriggerOutcome {
  const body = readBody(request.body);
  if (typeof body === 'string') return badBody(body);
  const found = findObject(objects, 'Trigger', namespace, trigger);
  assertInvariant(found, `there is no Trigger ${trigger} in ${namespace}`);
  const group = groupsOf(objects, found).find(({ name }) => name === caller);
  assertInvariant(group, `requests of ${caller} do not reach Trigger ${trigger}`);
  const event = interception(request, body, options);
  const entered = enterGroup(group, event);
  return 'kind' in entered ? entered : fire(objects, found, group, event, entered.extensions, options);
}

/** What becomes of a request that reaches a listener: every group sees it, and every Trigger of those that let it in. */
export function deliver(
  objects: readonly Manifest[],
  listener: { readonly namespace: string; readonly name: string },
  request: ListenerRequest,
  options: DeliveryOptions = {},
): Delivery {
  const groups = triggerGroups(objects, listener.namespace).filter((group) => group.listener === listener.name);
  assertInvariant(groups.length > 0, `there is no EventListener ${listener.name} with a group in ${listener.namespace}`);
  const body = readBody(request.body);
  if (typeof body === 'string')
    return { status: 400, outcomes: groups.map(({ name }) => ({ group: name, trigger: undefined, outcome: badBody(body) })) };
  const event = interception(request, body, options);
  const outcomes = groups.flatMap((group): readonly DeliveryOutcome[] => {
    const entered = enterGroup(group, event);
    if ('kind' in entered) return [{ group: group.name, trigger: undefined, outcome: entered }];
    return objects.filter(group.selects).map((trigger) => ({
      group: group.name,
      trigger: trigger.metadata.name,
      outcome: fire(objects, trigger, group, event, entered.extensions, options),
    }));
  });
  return { status: 202, outcomes };
}

const groupsOf = (objects: readonly Manifest[], trigger: Manifest): readonly TriggerGroup[] =>
  triggerGroups(objects, trigger.metadata.namespace ?? '').filter(({ selects }) => selects(trigger));

const refused = (refusal: Refusal): Extract<TriggerOutcome, { kind: 'refused' }> => ({ kind: 'refused', refusal });
const badBody = (problem: string): TriggerOutcome => refused({ by: 'body', rule: undefined, sentence: `its body ${problem}` });

const interception = (request: ListenerRequest, body: JsonObject, { secrets }: DeliveryOptions): Interception => ({
  request,
  body,
  cel: secrets ? createEvaluator(secretComparison(secrets)) : trusting,
  secrets,
});

function enterGroup(
  { name, interceptors }: TriggerGroup,
  event: Interception,
): Extract<TriggerOutcome, { kind: 'refused' }> | { readonly extensions: Readonly<Record<string, unknown>> } {
  const entered = intercept(interceptors, `group ${name}`, event, {});
  return 'refusal' in entered ? refused({ by: 'listener', ...entered.refusal }) : entered;
}

/** A Trigger of a group that let the event in. */
function fire(
  objects: readonly Manifest[],
  trigger: Manifest,
  group: TriggerGroup,
  event: Interception,
  extensions: Readonly<Record<string, unknown>>,
  { uid }: DeliveryOptions,
): TriggerOutcome {
  const where = `Trigger ${trigger.metadata.name}`;
  const spec = asClosed(trigger['spec'], where, ['interceptors', 'bindings', 'template']);
  const passed = intercept(asList(spec['interceptors'], where), where, event, extensions);
  if ('refusal' in passed) return refused({ by: 'trigger', ...passed.refusal });

  const find = (kind: string, ref: unknown): Manifest => {
    const name = asText(ref, `${where}: ${kind}`);
    const found = findObject(objects, kind, group.namespace, name);
    assertInvariant(found, `there is no ${kind} ${name} in ${group.namespace}`);
    return found;
  };
  const template = find('TriggerTemplate', asFields(spec['template'], 'template')['ref']);
  const bindings = asList(spec['bindings'], 'bindings').map((item) =>
    Object.hasOwn(asFields(item, 'bindings'), 'name')
      ? inlineBinding(trigger, item)
      : find('TriggerBinding', asClosed(item, 'bindings', ['kind', 'ref'])['ref']),
  );
  const bound = bindParams(bindings, template, passed.extensions);
  if ('error' in bound) return refused({ by: 'trigger', rule: undefined, sentence: `nothing gives the run its ${bound.error}` });
  const taskRun = fillTemplate(template, bound.params, uid);
  const badName = checkRunName(taskRun.metadata.name);
  return badName === undefined ? { kind: 'accepted', caller: group.name, taskRun } : refused({ by: 'name', rule: undefined, sentence: badName });
}

/** A param that a Trigger binds itself, as the TriggerBinding that it stands for. Its kind means nothing: there is no reference. */
function inlineBinding({ apiVersion, metadata }: Manifest, item: unknown): Manifest {
  const { name, value } = asClosed(item, 'bindings', ['kind', 'name', 'value']);
  return { apiVersion, kind: 'TriggerBinding', metadata: { name: metadata.name }, spec: { params: [{ name, value }] } };
}

const subdomain = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

/** What the API server and Tekton's admission ask of the name of a run; an empty one is made up. */
function checkRunName(name: string | undefined): string | undefined {
  if (!name) return undefined;
  if (name.length > dnsLabelMaxLength) return `the run's name ${name} would have more than ${String(dnsLabelMaxLength)} characters`;
  return subdomain.test(name) ? undefined : `the run's name ${name} would be no name of Kubernetes`;
}
