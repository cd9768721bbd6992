import { constant } from '../../base/constant.js';
import { taskParamName } from '../../contract/params.js';
import { mountPaths, noCaller, notGiven, taskParams } from '../../contract/paths.js';
import type { ServiceModel } from '../../model/model.js';
import { helperRequests } from '../../resolve/pod-requests.js';
import type { Manifest } from '../manifest.js';
import { labels } from '../names.js';
import { containerSecurity } from './security.js';
import { renderSteps } from './steps.js';
import { renderVolumes } from './volumes.js';

const stepTemplate = (securityContext: Readonly<Record<string, unknown>>) =>
  constant({
    // A pod requests the sum of its steps, so our own ask for almost nothing; the limit bounds what a hostile input
    // can take. The predictor's step has its own values for all three.
    computeResources: { limits: { memory: '2Gi' }, requests: helperRequests },
    // Every step has a /tmp of its own; nothing of a HOME is shared.
    env: [{ name: 'HOME', value: mountPaths.tmp }],
    securityContext,
  });
const stepTemplates = { kubernetes: stepTemplate(containerSecurity.kubernetes), openshift: stepTemplate(containerSecurity.openshift) };

/** The Task of a service: the whole job, nine steps in one pod. */
export function renderTask(service: ServiceModel, runtimeConfigMap: string): Manifest {
  const { namespace, team, target } = service.namespace;
  const defaults = paramDefaults(service);
  return {
    apiVersion: 'tekton.dev/v1',
    kind: 'Task',
    metadata: {
      name: service.name,
      namespace,
      labels: { [labels.service]: service.name, [labels.team]: team },
      ...(service.owner === undefined ? {} : { annotations: { 'millrace.dev/owner': service.owner } }),
    },
    spec: {
      ...(service.description === undefined ? {} : { description: service.description }),
      params: [
        ...taskParams.map((name) => ({ name, type: 'string', default: defaults[name] })),
        ...service.params.map(({ name, default: value }) => ({ name: taskParamName(name), type: 'string', default: value })),
      ],
      stepTemplate: stepTemplates[target.distribution],
      steps: renderSteps(service),
      volumes: renderVolumes(service, runtimeConfigMap),
    },
  };
}

/** Every param has a default, so that Task and TriggerTemplate can be rolled out in either order. */
function paramDefaults({ dataSource, outputDestination }: ServiceModel): Record<(typeof taskParams)[number], string> {
  return {
    dataConnection: dataSource?.connection.name ?? notGiven,
    dataPath: dataSource?.path ?? notGiven,
    outputConnection: outputDestination?.connection.name ?? notGiven,
    outputPath: outputDestination?.path ?? notGiven,
    requestId: notGiven,
    caller: noCaller,
  };
}
