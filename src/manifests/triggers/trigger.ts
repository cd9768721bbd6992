import { shared } from '../names.js';
import type { Manifest } from '../manifest.js';
import type { ServiceModel } from '../../model/model.js';
import { triggerLabels } from './event-listener.js';
import { ownParams, requestFilter, templateParams } from './rules.js';

/** The Trigger of a service: which requests start it, and with which values. Undefined where the webhook is off. */
export function renderTrigger(service: ServiceModel): Manifest | undefined {
  const { webhook } = service;
  if (!webhook) return undefined;
  return {
    apiVersion: 'triggers.tekton.dev/v1beta1',
    kind: 'Trigger',
    metadata: {
      name: service.name,
      namespace: service.namespace.namespace,
      // The listener's groups select Triggers by caller: one that is not named here cannot start the service.
      labels: triggerLabels(service, webhook),
    },
    spec: {
      interceptors: [
        {
          ref: { kind: 'ClusterInterceptor', name: 'cel' },
          params: [
            { name: 'filter', value: requestFilter(service, webhook).source },
            { name: 'overlays', value: templateParams(service).map(({ name, expression }) => ({ key: name, expression: expression.source })) },
          ],
        },
      ],
      // Triggers gives a param that is bound here the kind of a reference, too.
      bindings: [
        { kind: 'TriggerBinding', ref: shared },
        ...ownParams(service).map(({ name }) => ({ kind: 'TriggerBinding', name, value: `$(extensions.${name})` })),
      ],
      template: { ref: service.name },
    },
  };
}
