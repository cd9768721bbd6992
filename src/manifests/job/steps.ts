/** The nine steps: which program each runs, what it may see, how long it may take. The table is DESIGN section 4. */
import { goDuration } from '../../base/duration.js';
import { paramVariable, taskParamName } from '../../contract/params.js';
import { stepEnv, type StepName } from '../../contract/paths.js';
import { rcloneEnv } from '../../contract/rclone-env.js';
import type { ServiceModel } from '../../model/model.js';
import { predictorPaths } from '../../resolve/predictor-paths.js';
import { stepTimeouts } from '../../resolve/step-timeouts.js';
import { encodeStepConfig, stepConfig } from './step-config.js';
import { env, helperSteps, predictorStep, type EnvVar } from './step-parts.js';
import { storeAccess, type StoreAccess } from './store-access.js';
import { ephemeralStorage, hasSinkFiles } from './volumes.js';

type Step = Readonly<Record<string, unknown>> & { readonly name: StepName };

/** The nine steps of the Task, in their order. */
export function renderSteps(service: ServiceModel): readonly Step[] {
  const { images } = service.namespace;
  const seconds = stepTimeouts(service.timeouts);
  const flags = env(rcloneEnv(service.transfers));
  const sink = hasSinkFiles(service) ? 'withSinkFiles' : 'open';
  const runtimeStep = (name: StepName, own: HelperStep): Step => ({ name, image: images.node, timeout: goDuration(seconds[name]), ...own });
  const access = storeAccess(service);
  const rcloneStep = (name: StepName, own: HelperStep): Step => ({
    name,
    image: images.rclone,
    timeout: goDuration(seconds[name]),
    ...own,
    env: [...flags, ...own.env],
    volumeMounts: withMounts(own.volumeMounts, access.rclone.mounts),
  });
  return [
    runtimeStep('configure-rclone', configureRclone(service, access)),
    rcloneStep('sync-data', helperSteps.syncData),
    rcloneStep('sync-model', syncModel(service)),
    runtimeStep('validate-input', helperSteps.validateInput),
    runtimeStep('log-input', helperSteps.logInput[sink]),
    userStep(service, goDuration(seconds['user-container'])),
    runtimeStep('validate-output', helperSteps.validateOutput),
    runtimeStep('log-output', helperSteps.logOutput[sink]),
    rcloneStep('sync-output', helperSteps.syncOutput),
  ];
}

interface HelperStep extends Readonly<Record<string, unknown>> {
  readonly env: readonly EnvVar[];
  readonly volumeMounts: readonly unknown[];
}

/** The same list where nothing is added: it is one for all services. */
const withMounts = (own: readonly unknown[], more: readonly unknown[]): readonly unknown[] => (more.length > 0 ? [...own, ...more] : own);

function syncModel({ model }: ServiceModel): HelperStep {
  if (model.kind === 'embedded') return helperSteps.syncModel.embedded;
  return model.form === 'directory' ? helperSteps.syncModel.directory : helperSteps.syncModel.archive;
}

function configureRclone(service: ServiceModel, access: StoreAccess): HelperStep {
  const hasCredentials = service.connections.some(({ credentials }) => credentials.kind === 'secret');
  const own = hasCredentials ? helperSteps.configureRclone.withCredentials : helperSteps.configureRclone.anonymous;
  return {
    ...own,
    env: [
      { name: stepEnv.config, value: encodeStepConfig(stepConfig(service)) },
      ...own.env,
      ...env(access.configureRclone.env),
      ...paramEnv(service),
    ],
    volumeMounts: withMounts(own.volumeMounts, access.configureRclone.mounts),
  };
}

/** The values of a run's params: configure-rclone checks them, the predictor gets them. */
const paramEnv = ({ params }: ServiceModel): readonly EnvVar[] =>
  params.map(({ name }) => ({ name: paramVariable(name), value: `$(params.${taskParamName(name)})` }));

function userStep(service: ServiceModel, timeout: string): Step {
  const { model, storage, resources, nodePool } = service;
  const disk = { 'ephemeral-storage': ephemeralStorage(service) };
  const gpu = nodePool && resources.limits.gpu > 0 ? { [nodePool.gpuResource]: String(resources.limits.gpu) } : {};
  return {
    name: 'user-container',
    image: service.image,
    command: service.command,
    ...(service.args.length > 0 ? { args: service.args } : {}),
    env: [...(model.kind === 'embedded' ? env(predictorPaths(model.imagePath)) : predictorStep.paths), ...env(service.env), ...paramEnv(service)],
    computeResources: {
      limits: { ...(resources.limits.cpu === undefined ? {} : { cpu: resources.limits.cpu }), memory: resources.limits.memory, ...disk, ...gpu },
      requests: { ...resources.requests, ...disk, ...gpu },
    },
    timeout,
    when: predictorStep.when,
    // The steps after it upload the evidence and end the run with the predictor's own exit code.
    onError: 'continue',
    volumeMounts: [...predictorStep.mounts, ...(storage.shm === undefined ? [] : predictorStep.shm)],
  };
}
