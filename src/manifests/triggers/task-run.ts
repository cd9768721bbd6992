import { goDuration } from '../../base/duration.js';
import { taskParamName } from '../../contract/params.js';
import { taskParams } from '../../contract/paths.js';
import type { ServiceModel } from '../../model/model.js';
import { runTimeoutSeconds } from '../../resolve/step-timeouts.js';
import { podSecurity } from '../job/security.js';
import { serviceAccountOf } from '../job/store-access.js';
import type { Manifest } from '../manifest.js';
import { labels, neverPrunedByArgo, queueLabel, runNameSeparator } from '../names.js';
import { runNodeSelector } from './node-pool-rules.js';
import { runStepSpecs, variableResources } from './resource-rules.js';

/**
 * The value of each param of the service's TriggerTemplate (`templateParams` of rules.ts, and `caller`), by its name:
 * the variable `$(tt.params.x)` inside the TriggerTemplate, a value elsewhere. It is a whole value or a whole key.
 */
export type RunValue = (param: string) => string;

/** The TaskRun that starts a job of a service. With `runName` empty, the API server makes a name from `generateName`. */
export function renderTaskRun(service: ServiceModel, value: RunValue, variable = variableResources(service.webhook?.resources)): Manifest {
  const { namespace, team } = service.namespace;
  const stepSpecs = runStepSpecs(service, value, variable);
  return {
    apiVersion: 'tekton.dev/v1',
    kind: 'TaskRun',
    metadata: {
      // An empty runName leaves the name to generateName; a requestId makes it fixed, so a repeated request creates nothing.
      generateName: service.name + runNameSeparator,
      name: value('runName'),
      namespace,
      labels: {
        ...service.labels,
        // Its own value, so that a GitOps engine that tracks by this label does not take the run for a part of the Task.
        'app.kubernetes.io/instance': `${service.name}-run`,
        [labels.service]: service.name,
        [labels.team]: team,
        [labels.caller]: value('caller'),
        ...(service.localQueue === undefined ? {} : { [queueLabel]: service.localQueue }),
      },
      annotations: neverPrunedByArgo,
    },
    spec: {
      serviceAccountName: serviceAccountOf(service),
      timeout: goDuration(runTimeoutSeconds(service.timeouts)),
      ...(service.retries > 0 ? { retries: service.retries } : {}),
      taskRef: { kind: 'Task', name: service.name },
      params: [...taskParams, ...service.params.map(({ name }) => taskParamName(name))].map((name) => ({ name, value: value(name) })),
      podTemplate: podTemplate(service, value),
      ...(stepSpecs.length > 0 ? { stepSpecs } : {}),
    },
  };
}

function podTemplate(service: ServiceModel, value: RunValue): Record<string, unknown> {
  const { nodePool } = service;
  const { imagePullSecrets, target } = service.namespace;
  return {
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    securityContext: podSecurity[target.distribution],
    ...(imagePullSecrets.length > 0 ? { imagePullSecrets: imagePullSecrets.map((name) => ({ name })) } : {}),
    ...(nodePool ? { nodeSelector: runNodeSelector(service, value) } : {}),
    ...(nodePool && nodePool.tolerations.length > 0 ? { tolerations: nodePool.tolerations } : {}),
    ...(nodePool?.runtimeClass === undefined ? {} : { runtimeClassName: nodePool.runtimeClass }),
  };
}
