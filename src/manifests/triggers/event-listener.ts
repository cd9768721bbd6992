import * as cel from '../../cel/cel.js';
import type { CallerModel, NamespaceModel, ServiceModel } from '../../model/model.js';
import { listenerRequests } from '../../resolve/pod-requests.js';
import type { Manifest } from '../manifest.js';
import { labels, listenerServiceAccount, shared } from '../names.js';
import { hasToken, isArrivalOf } from './arrival-rules.js';
import { isJobRequest } from './rules.js';
import { webhookPathOf } from './webhook-path.js';

/** The header of callers that send a token; callers with HMAC send `X-Hub-Signature-256` over the raw body. */
export const tokenHeader = 'X-Millrace-Token';

/** The team's listener, one group per caller: a request is authenticated once, then sees only that caller's Triggers. */
export function renderEventListener(model: NamespaceModel): Manifest {
  const callers = model.callers.filter(({ name }) => model.sharedCallers.includes(name));
  return eventListener(
    model,
    shared,
    callers.map((caller) => triggerGroup(model.webhookPath, caller, { [labels.mayCall(caller.name)]: 'true' })),
  );
}

/** A listener for the requests to one service. The labels of its Trigger keep the team's listener from starting it, too. */
export function renderDedicatedListener(service: ServiceModel, webhook: NonNullable<ServiceModel['webhook']>): Manifest {
  const { name, namespace: model } = service;
  const callers = model.callers.filter((caller) => webhook.callers.includes(caller.name));
  return eventListener(
    model,
    name,
    callers.map((caller) => triggerGroup(webhookPathOf(service), caller, { [labels.mayCall(caller.name)]: dedicated, [labels.service]: name })),
  );
}

/** Which Triggers the listener of a service's requests finds. */
export const triggerLabels = (
  { name }: ServiceModel,
  { callers, listener }: NonNullable<ServiceModel['webhook']>,
): Readonly<Record<string, string>> =>
  Object.fromEntries([
    ...callers.map((caller) => [labels.mayCall(caller), listener === 'dedicated' ? dedicated : 'true'] as const),
    ...(listener === 'dedicated' ? [[labels.service, name] as const] : []),
  ]);
const dedicated = 'dedicated';

function eventListener(model: NamespaceModel, name: string, triggerGroups: readonly object[]): Manifest {
  return {
    apiVersion: 'triggers.tekton.dev/v1beta1',
    kind: 'EventListener',
    metadata: { name, namespace: model.namespace },
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
      triggerGroups,
    },
  };
}

function triggerGroup(path: string, caller: CallerModel, matchLabels: Readonly<Record<string, string>>): Record<string, unknown> {
  const isExpected = caller.sends === 'job' ? isJobRequest(path) : isArrivalOf(caller.sends, path);
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
    triggerSelector: { namespaceSelector: {}, labelSelector: { matchLabels } },
  };
}

/** With nothing but a secretRef, the `github` interceptor checks the HMAC of any POST; without one it lets everything pass. */
const hmacInterceptor = ({ secretName, secretKey }: CallerModel): Record<string, unknown> => ({
  ref: { kind: 'ClusterInterceptor', name: 'github' },
  params: [{ name: 'secretRef', value: { secretName, secretKey } }],
});
