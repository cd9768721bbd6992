import { expect, it } from 'vitest';
import { triggerGroups } from '../../../src/engine/triggers/trigger-groups.js';
import { renderEventListener } from '../../../src/manifests/triggers/event-listener.js';
import { renderTrigger } from '../../../src/manifests/triggers/trigger.js';
import { namespaceModel, serviceModel } from '../../support/models.js';

/** Each interceptor is one request of the listener: every group is asked who calls, and the one that knows the caller asks its Triggers. */
function callsOfEvent(services: number, callers: number, caller: string | undefined): number {
  const names = Array.from({ length: callers }, (_, index) => `caller-${String(index)}`);
  const namespace = {
    ...namespaceModel,
    callers: names.map((name) => ({ name, auth: 'hmac', secretName: name, secretKey: 'token', sends: 'job' }) as const),
    sharedCallers: names,
  };
  const webhook = serviceModel.webhook && { ...serviceModel.webhook, callers: names };
  const triggers = Array.from(
    { length: services },
    (_, index) => renderTrigger({ ...serviceModel, namespace, webhook, name: `service-${String(index)}` }) ?? [],
  ).flat();
  const interceptorsOf = (object: object): number => (object as { readonly interceptors: readonly unknown[] }).interceptors.length;
  return triggerGroups([renderEventListener(namespace)], namespace.namespace).reduce((sum, group) => {
    // Whose signature is wrong is asked nothing more.
    if (group.name !== caller) return sum + 1;
    return (
      sum +
      group.interceptors.length +
      triggers.filter(group.selects).reduce((calls, trigger) => calls + interceptorsOf(trigger['spec'] as object), 0)
    );
  }, 0);
}

it.each([
  [1, 1],
  [10, 1],
  [50, 8],
])('makes a call for each service and each caller, and one more, for an event: %i and %i (docs/webhook.md)', (services, callers) => {
  expect(callsOfEvent(services, callers, 'caller-0')).toBe(services + callers + 1);
  expect(callsOfEvent(services, callers, undefined)).toBe(callers);
});
