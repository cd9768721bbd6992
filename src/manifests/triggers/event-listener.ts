import * as cel from '../../cel/cel.js';
import type { CallerModel, NamespaceModel } from '../../model/model.js';
import { listenerRequests } from '../../resolve/pod-requests.js';
import type { Manifest } from '../manifest.js';
import { labels, listenerServiceAccount, shared } from '../names.js';
import { hasToken, isArrivalOf } from './arrival-rules.js';
import { isJobRequest } from './rules.js';

/** The header of callers that send a token; callers with HMAC send `X-Hub-Signature-256` over the raw body. */
export const tokenHeader = 'X-Millrace-Token';

/** One listener per namespace, one group per caller: a request is authenticated once, then sees only that caller's Triggers. */
export function renderEventListener(model: NamespaceModel): Manifest {
  return {
    apiVersion: 'triggers.tekton.dev/v1beta1',
    kind: 'EventListener',
    metadata: { name: shared, namespace: model.namespace },
    spec: {
      namespaceSelector: {},
      resources: {
        kubernetesResource: {
          replicas: 1,
          // Without a limit on the way in, the memory limit is what bounds a body; a security context given here would
          // replace Tekton's own, which is the restricted one. The empty fields are what admission adds.
          spec: {
            template: {
              metadata: {},
              spec: { containers: [{ name: '', resources: { limits: { cpu: '1', memory: '512Mi' }, requests: listenerRequests } }] },
            },
          },
        },
      },
      serviceAccountName: listenerServiceAccount,
      triggerGroups: model.callers.map((caller) => triggerGroup(model, caller)),
    },
  };
}

function triggerGroup(model: NamespaceModel, caller: CallerModel): Record<string, unknown> {
  const isExpected = caller.sends === 'job' ? isJobRequest(model.webhookPath) : isArrivalOf(caller.sends, model.webhookPath);
  const filter = caller.auth === 'token' ? cel.and(hasToken(caller, tokenHeader), isExpected) : isExpected;
  return {
    name: caller.name,
    interceptors: [
      ...(caller.auth === 'hmac' ? [hmacInterceptor(caller)] : []),
      {
        ref: { kind: 'ClusterInterceptor', name: 'cel' },
        params: [
          { name: 'filter', value: filter.source },
          { name: 'overlays', value: [{ key: 'caller', expression: cel.text(caller.name).source }] },
        ],
      },
    ],
    triggerSelector: { namespaceSelector: {}, labelSelector: { matchLabels: { [labels.mayCall(caller.name)]: 'true' } } },
  };
}

/** With nothing but a secretRef, the `github` interceptor checks the HMAC of any POST; without one it lets everything pass. */
const hmacInterceptor = ({ secretName, secretKey }: CallerModel): Record<string, unknown> => ({
  ref: { kind: 'ClusterInterceptor', name: 'github' },
  params: [{ name: 'secretRef', value: { secretName, secretKey } }],
});
