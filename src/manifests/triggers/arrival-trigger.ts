import type { ArrivalModel, ServiceModel } from '../../model/model.js';
import type { Manifest } from '../manifest.js';
import { labels, runNameSeparator, shared } from '../names.js';
import { arrivalFilter, arrivalParams } from './arrival-rules.js';

/** The Triggers of a service for the arrival of data, one for each event: `<service>--<event>`. */
export const renderArrivalTriggers = (service: ServiceModel): readonly Manifest[] => service.events.map((event) => renderTrigger(service, event));

const renderTrigger = (service: ServiceModel, event: ArrivalModel): Manifest => ({
  apiVersion: 'triggers.tekton.dev/v1beta1',
  kind: 'Trigger',
  metadata: {
    name: service.name + runNameSeparator + event.name,
    namespace: service.namespace.namespace,
    labels: { [labels.mayCall(event.caller)]: 'true' },
  },
  spec: {
    interceptors: [
      {
        ref: { kind: 'ClusterInterceptor', name: 'cel' },
        params: [
          { name: 'filter', value: arrivalFilter(service, event).source },
          { name: 'overlays', value: arrivalParams(service, event).map(({ name, expression }) => ({ key: name, expression: expression.source })) },
        ],
      },
    ],
    bindings: [{ kind: 'TriggerBinding', ref: shared }],
    template: { ref: service.name },
  },
});
