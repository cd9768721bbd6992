/** What the listener of a service would do with a request, for each caller that may be meant. */
import type { Manifest } from '../../manifests/manifest.js';
import { asFields } from '../objects.js';
import { sendRequest, type DeliveryOptions, type Refusal, type TriggerOutcome } from './listener.js';
import type { ListenerRequest } from './request.js';
import { triggerGroups } from './trigger-groups.js';

export interface ServiceQuery {
  readonly namespace: string;
  /** Name of its TriggerTemplate. */
  readonly service: string;
  /** The path at which each listener, by its name, is posted to. Default: that of the request. */
  readonly pathOf?: ((listener: string) => string) | undefined;
}

/** What a request would become if this caller sent it. */
export interface CallerAnswer {
  readonly caller: string;
  /** One for each Trigger of the service that the caller's group selects; none: the caller may not start the service. */
  readonly outcomes: readonly { readonly trigger: string; readonly outcome: TriggerOutcome }[];
}

/** The TaskRun that a request of this caller would create. */
export const acceptedRun = ({ outcomes }: CallerAnswer): Manifest | undefined =>
  outcomes.flatMap(({ outcome }) => (outcome.kind === 'accepted' ? [outcome.taskRun] : []))[0];

/** Why a request of this caller would create nothing. */
export const refusals = ({ outcomes }: CallerAnswer): readonly (Refusal & { readonly trigger: string })[] =>
  outcomes.flatMap(({ trigger, outcome }) => (outcome.kind === 'refused' ? [{ ...outcome.refusal, trigger }] : []));

/** All callers of the namespace's listeners, in their order; those that may not start the service have no outcomes. */
export function simulate(
  objects: readonly Manifest[],
  { namespace, service, pathOf = () => request.path }: ServiceQuery,
  request: ListenerRequest,
  options: DeliveryOptions = {},
): readonly CallerAnswer[] {
  const triggers = objects.filter((object) => isTriggerOf(object, namespace, service));
  const answers = new Map<string, CallerAnswer>();
  for (const group of triggerGroups(objects, namespace)) {
    const caller = group.name;
    const outcomes = triggers.filter(group.selects).map(({ metadata: { name: trigger } }) => ({
      trigger,
      outcome: sendRequest(objects, { namespace, trigger, caller }, { ...request, path: pathOf(group.listener) }, options),
    }));
    answers.set(caller, { caller, outcomes: [...(answers.get(caller)?.outcomes ?? []), ...outcomes] });
  }
  return [...answers.values()];
}

const isTriggerOf = ({ kind, metadata, spec }: Manifest, namespace: string, service: string): boolean =>
  kind === 'Trigger' && metadata.namespace === namespace && asFields(asFields(spec, 'Trigger')['template'], 'template')['ref'] === service;
