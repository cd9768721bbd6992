/** The nine steps: which program each runs, what it may see, how long it may take. The table is DESIGN section 4. */
import { goDuration } from '../../base/duration.js';
import { files, mountPaths, runResult, runtimeFile, stepEnv, type StepName } from '../../contract/paths.js';
import { programs } from '../../contract/programs.js';
import { rcloneEnv } from '../../contract/rclone-env.js';
import type { ServiceModel } from '../../model/model.js';
import { predictorPaths } from '../../resolve/predictor-paths.js';
import { stepTimeouts } from '../../resolve/step-timeouts.js';
import { encodeStepConfig, stepConfig } from './step-config.js';
import { ephemeralStorage } from './volumes.js';

type Step = Readonly<Record<string, unknown>> & { readonly name: StepName };
interface EnvVar {
  readonly name: string;
  readonly value: string;
}
interface VolumeMount {
  readonly name: string;
  readonly mountPath: string;
  readonly subPath?: string;
  readonly readOnly?: true;
}

const volumes = {
  runtime: { name: 'runtime', mountPath: mountPaths.runtime },
  credentials: { name: 'credentials', mountPath: mountPaths.credentials },
  rclone: { name: 'rclone-config', mountPath: mountPaths.rclone },
  data: { name: 'data', mountPath: mountPaths.data },
  model: { name: 'model', mountPath: mountPaths.model },
  modelRaw: { name: 'model-raw', mountPath: mountPaths.modelRaw },
  output: { name: 'output', mountPath: mountPaths.output },
  publish: { name: 'publish', mountPath: mountPaths.publish },
  report: { name: 'report', mountPath: mountPaths.report },
  control: { name: 'control', mountPath: mountPaths.control },
} as const;

const readOnly = (mount: VolumeMount): VolumeMount => ({ ...mount, readOnly: true });
const privateTmp = (step: StepName): VolumeMount => ({ name: 'helper-tmp', mountPath: mountPaths.tmp, subPath: step });
const env = (variables: Readonly<Record<string, string>>): readonly EnvVar[] => Object.entries(variables).map(([name, value]) => ({ name, value }));

export function renderSteps(service: ServiceModel): readonly Step[] {
  const hasCredentials = service.connections.some(({ credentials }) => credentials.kind === 'secret');
  return [
    runtimeStep(service, 'configure-rclone', {
      env: {
        [stepEnv.config]: encodeStepConfig(stepConfig(service)),
        [stepEnv.jobId]: '$(context.taskRun.name)',
        [stepEnv.dataConnection]: '$(params.dataConnection)',
        [stepEnv.dataPath]: '$(params.dataPath)',
        [stepEnv.outputConnection]: '$(params.outputConnection)',
        [stepEnv.outputPath]: '$(params.outputPath)',
        [stepEnv.requestId]: '$(params.requestId)',
        [stepEnv.caller]: '$(params.caller)',
        [stepEnv.rclone]: mountPaths.rclone,
        [stepEnv.control]: mountPaths.control,
        ...(hasCredentials ? { [stepEnv.credentials]: mountPaths.credentials } : {}),
      },
      mounts: [...(hasCredentials ? [readOnly(volumes.credentials)] : []), volumes.rclone, volumes.control],
    }),
    rcloneStep(service, 'sync-data', programs.syncData, {
      env: { [stepEnv.rclone]: mountPaths.rclone, [stepEnv.data]: mountPaths.data },
      mounts: [readOnly(volumes.rclone), volumes.data],
    }),
    rcloneStep(service, 'sync-model', syncModel(service), {
      env: { [stepEnv.rclone]: mountPaths.rclone, [stepEnv.model]: mountPaths.model, [stepEnv.modelRaw]: mountPaths.modelRaw },
      mounts: [readOnly(volumes.rclone), volumes.model, volumes.modelRaw],
    }),
    runtimeStep(service, 'validate-input', {
      env: {
        [stepEnv.data]: mountPaths.data,
        [stepEnv.model]: mountPaths.model,
        [stepEnv.modelRaw]: mountPaths.modelRaw,
        [stepEnv.report]: mountPaths.report,
        [stepEnv.control]: mountPaths.control,
        [stepEnv.resultRun]: `$(step.results.${runResult}.path)`,
      },
      mounts: [volumes.data, volumes.model, volumes.modelRaw, volumes.report, volumes.control],
      more: { results: [{ name: runResult, type: 'string' }] },
    }),
    runtimeStep(service, 'log-input', {
      env: { [stepEnv.data]: mountPaths.data, [stepEnv.report]: mountPaths.report, [stepEnv.control]: mountPaths.control },
      mounts: [readOnly(volumes.data), volumes.report, volumes.control],
    }),
    userStep(service),
    runtimeStep(service, 'validate-output', {
      env: {
        [stepEnv.output]: mountPaths.output,
        [stepEnv.publish]: mountPaths.publish,
        [stepEnv.report]: mountPaths.report,
        [stepEnv.control]: mountPaths.control,
        [stepEnv.exitCodeFile]: '$(steps.step-user-container.exitCode.path)',
      },
      mounts: [readOnly(volumes.output), volumes.publish, volumes.report, volumes.control],
    }),
    runtimeStep(service, 'log-output', {
      env: { [stepEnv.publish]: mountPaths.publish, [stepEnv.report]: mountPaths.report, [stepEnv.control]: mountPaths.control },
      mounts: [readOnly(volumes.publish), volumes.control, volumes.report],
    }),
    rcloneStep(service, 'sync-output', programs.syncOutput, {
      env: {
        [stepEnv.rclone]: mountPaths.rclone,
        [stepEnv.publish]: mountPaths.publish,
        [stepEnv.report]: mountPaths.report,
        [stepEnv.control]: mountPaths.control,
      },
      mounts: [readOnly(volumes.rclone), readOnly(volumes.publish), readOnly(volumes.report), readOnly(volumes.control)],
    }),
  ];
}

interface StepParts {
  readonly env: Readonly<Record<string, string>>;
  readonly mounts: readonly VolumeMount[];
  readonly more?: Readonly<Record<string, unknown>>;
}

/** A step of our own runtime: plain Node, one bundled file from the ConfigMap. */
function runtimeStep(service: ServiceModel, name: StepName, parts: StepParts): Step {
  return {
    name,
    image: service.namespace.images.node,
    command: ['node'],
    args: [`${mountPaths.runtime}/${runtimeFile}`, name],
    ...common(service, name, parts.env, [readOnly(volumes.runtime), ...parts.mounts]),
    ...parts.more,
  };
}

/** A step of rclone: a constant program without any text of a user, which reads its paths from the environment. */
function rcloneStep(service: ServiceModel, name: StepName, program: string, parts: StepParts): Step {
  return {
    name,
    image: service.namespace.images.rclone,
    command: ['sh', '-ec'],
    args: [program],
    ...common(service, name, { ...rcloneEnv(service.transfers), ...parts.env }, parts.mounts),
  };
}

const common = (
  service: ServiceModel,
  name: StepName,
  variables: Readonly<Record<string, string>>,
  mounts: readonly VolumeMount[],
): Record<string, unknown> => ({
  // The stepTemplate's, see task.ts.
  computeResources: {},
  env: env(variables),
  timeout: goDuration(stepTimeouts(service.timeouts)[name]),
  volumeMounts: [...mounts, privateTmp(name)],
});

function syncModel({ model }: ServiceModel): string {
  if (model.kind === 'embedded') return programs.syncModelEmbedded;
  return model.form === 'directory' ? programs.syncModelDirectory : programs.syncModelArchive;
}

/** The predictor. It sees the model, the valid input and its output folder, and nothing of the stores. */
function userStep(service: ServiceModel): Step {
  const { model, storage, resources, nodePool } = service;
  const disk = { 'ephemeral-storage': ephemeralStorage(service) };
  const gpu = nodePool && resources.limits.gpu > 0 ? { [nodePool.gpuResource]: String(resources.limits.gpu) } : {};
  return {
    name: 'user-container',
    image: service.image,
    command: service.command,
    ...(service.args.length > 0 ? { args: service.args } : {}),
    env: env({
      ...predictorPaths(model.kind === 'embedded' ? model.imagePath : mountPaths.model),
      ...service.env,
    }),
    computeResources: {
      limits: { ...(resources.limits.cpu === undefined ? {} : { cpu: resources.limits.cpu }), memory: resources.limits.memory, ...disk, ...gpu },
      requests: { ...resources.requests, ...disk, ...gpu },
    },
    timeout: goDuration(stepTimeouts(service.timeouts)['user-container']),
    when: [{ input: `$(steps.validate-input.results.${runResult})`, operator: 'in', values: ['yes'] }],
    // The steps after it upload the evidence and end the run with the predictor's own exit code.
    onError: 'continue',
    volumeMounts: [
      readOnly(volumes.model),
      { name: 'data', mountPath: mountPaths.input, subPath: files.valid, readOnly: true },
      volumes.output,
      { name: 'tmp', mountPath: mountPaths.tmp },
      ...(storage.shm === undefined ? [] : [{ name: 'shm', mountPath: mountPaths.shm }]),
    ],
  };
}
