import { constant } from '../../base/constant.js';
import { noCaller } from '../../contract/paths.js';
import type { ServiceModel } from '../../model/model.js';
import type { Manifest } from '../manifest.js';
import { templateParams } from './rules.js';
import { renderTaskRun } from './task-run.js';

const callerParam = constant({ name: 'caller', default: noCaller });

/** The TriggerTemplate of a service: the TaskRun that a request makes. */
export function renderTriggerTemplate(service: ServiceModel): Manifest {
  return {
    apiVersion: 'triggers.tekton.dev/v1beta1',
    kind: 'TriggerTemplate',
    metadata: { name: service.name, namespace: service.namespace.namespace },
    spec: { params: runParams(service), resourcetemplates: [renderTaskRun(service, (param) => `$(tt.params.${param})`)] },
  };
}

/** What a run is given, and what it gets where nothing is. Each is a param of the TriggerTemplate, and a value that {@link renderTaskRun} asks for. */
export const runParams = (service: ServiceModel): readonly { readonly name: string; readonly default: string }[] => [
  ...templateParams(service).map(({ name, default: value }) => ({ name, default: value })),
  callerParam,
];
