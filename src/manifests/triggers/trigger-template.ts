import { constant } from '../../base/constant.js';
import { goDuration } from '../../base/duration.js';
import { noCaller, taskParams } from '../../contract/paths.js';
import type { ServiceModel } from '../../model/model.js';
import { runTimeoutSeconds } from '../../resolve/step-timeouts.js';
import type { Manifest } from '../manifest.js';
import { labels, neverPrunedByArgo, runNameSeparator, runServiceAccount } from '../names.js';
import { podSecurity } from '../job/security.js';
import { templateParams } from './rules.js';

const callerParam = constant({ name: 'caller', default: noCaller });
const runParams = constant(taskParams.map((name) => ({ name, value: `$(tt.params.${name})` })));

/** The TriggerTemplate of a service: the TaskRun that a request or a schedule makes. */
export function renderTriggerTemplate(service: ServiceModel): Manifest {
  const params = templateParams(service).map(({ name, default: value }) => ({ name, default: value }));
  return {
    apiVersion: 'triggers.tekton.dev/v1beta1',
    kind: 'TriggerTemplate',
    metadata: { name: service.name, namespace: service.namespace.namespace },
    spec: { params: [...params, callerParam], resourcetemplates: [renderTaskRun(service)] },
  };
}

function renderTaskRun(service: ServiceModel): Manifest {
  const { namespace, team } = service.namespace;
  return {
    apiVersion: 'tekton.dev/v1',
    kind: 'TaskRun',
    metadata: {
      // An empty runName leaves the name to generateName; a requestId makes it fixed, so a repeated request creates nothing.
      generateName: service.name + runNameSeparator,
      name: '$(tt.params.runName)',
      namespace,
      labels: {
        ...service.labels,
        // Its own value, so that a GitOps engine that tracks by this label does not take the run for a part of the Task.
        'app.kubernetes.io/instance': `${service.name}-run`,
        [labels.service]: service.name,
        [labels.team]: team,
        [labels.caller]: '$(tt.params.caller)',
        ...(service.localQueue === undefined ? {} : { 'kueue.x-k8s.io/queue-name': service.localQueue }),
      },
      annotations: neverPrunedByArgo,
    },
    spec: {
      serviceAccountName: runServiceAccount,
      timeout: goDuration(runTimeoutSeconds(service.timeouts)),
      ...(service.retries > 0 ? { retries: service.retries } : {}),
      taskRef: { kind: 'Task', name: service.name },
      params: runParams,
      podTemplate: podTemplate(service),
    },
  };
}

function podTemplate(service: ServiceModel): Record<string, unknown> {
  const { nodePool } = service;
  const { imagePullSecrets, target } = service.namespace;
  return {
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    securityContext: podSecurity[target.distribution],
    ...(imagePullSecrets.length > 0 ? { imagePullSecrets: imagePullSecrets.map((name) => ({ name })) } : {}),
    ...(nodePool ? { nodeSelector: nodePool.nodeSelector } : {}),
    ...(nodePool && nodePool.tolerations.length > 0 ? { tolerations: nodePool.tolerations } : {}),
    ...(nodePool?.runtimeClass === undefined ? {} : { runtimeClassName: nodePool.runtimeClass }),
  };
}
