/** What the steps are and see that is the same in every service: which program each runs, its environment, its volumes. */
import { constant } from '../../base/constant.js';
import { files, mountPaths, runResult, runtimeFile, stepEnv, type StepName } from '../../contract/paths.js';
import { programFiles } from '../../contract/programs.js';
import { predictorPaths } from '../../resolve/predictor-paths.js';

export interface EnvVar {
  readonly name: string;
  readonly value: string;
}
interface VolumeMount {
  readonly name: string;
  readonly mountPath: string;
  readonly subPath?: string;
  readonly readOnly?: true;
}

const volumes = constant({
  runtime: { name: 'runtime', mountPath: mountPaths.runtime },
  credentials: { name: 'credentials', mountPath: mountPaths.credentials },
  rclone: { name: 'rclone-config', mountPath: mountPaths.rclone },
  data: { name: 'data', mountPath: mountPaths.data },
  model: { name: 'model', mountPath: mountPaths.model },
  modelRaw: { name: 'model-raw', mountPath: mountPaths.modelRaw },
  output: { name: 'output', mountPath: mountPaths.output },
  publish: { name: 'publish', mountPath: mountPaths.publish },
  report: { name: 'report', mountPath: mountPaths.report },
  /** Hard links to invalid files: of the data, sync-output sees these and nothing else. */
  quarantine: { name: 'data', mountPath: mountPaths.quarantine, subPath: files.quarantine },
  control: { name: 'control', mountPath: mountPaths.control },
  sink: { name: 'sink', mountPath: mountPaths.sink },
});

const readOnly = (mount: VolumeMount): VolumeMount => ({ ...mount, readOnly: true });
const privateTmp = (step: StepName): VolumeMount => ({ name: 'helper-tmp', mountPath: mountPaths.tmp, subPath: step });
/** Variables of a container, in the order of the map. */
export const env = (variables: Readonly<Record<string, string>>): readonly EnvVar[] =>
  Object.entries(variables).map(([name, value]) => ({ name, value }));

interface HelperParts {
  readonly env: Readonly<Record<string, string>>;
  readonly mounts: readonly VolumeMount[];
}

/** What every service's step of this name has: plain Node, and our own runtime, one bundled file from the ConfigMap. */
const runtimeParts = (step: StepName, { env: variables, mounts }: HelperParts) =>
  constant({
    command: ['node'],
    args: [`${mountPaths.runtime}/${runtimeFile}`, step],
    // The stepTemplate's, see task.ts.
    computeResources: {},
    env: env(variables),
    volumeMounts: [readOnly(volumes.runtime), ...mounts, privateTmp(step)],
  });

/** Likewise for a step of rclone: a constant program from the same ConfigMap, without any text of a user, which reads its paths from the environment. */
const rcloneParts = (step: StepName, programFile: string, { env: variables, mounts }: HelperParts) =>
  constant({
    command: ['sh', '-e'],
    args: [`${mountPaths.runtime}/${programFile}`],
    computeResources: {},
    env: env(variables),
    volumeMounts: [readOnly(volumes.runtime), ...mounts, privateTmp(step)],
  });

const configureRclone = {
  env: {
    [stepEnv.jobId]: '$(context.taskRun.name)',
    [stepEnv.dataConnection]: '$(params.dataConnection)',
    [stepEnv.dataPath]: '$(params.dataPath)',
    [stepEnv.outputConnection]: '$(params.outputConnection)',
    [stepEnv.outputPath]: '$(params.outputPath)',
    [stepEnv.requestId]: '$(params.requestId)',
    [stepEnv.caller]: '$(params.caller)',
    [stepEnv.rclone]: mountPaths.rclone,
    [stepEnv.control]: mountPaths.control,
  },
  mounts: [volumes.rclone, volumes.control],
};

const syncModelParts = (programFile: string) =>
  rcloneParts('sync-model', programFile, {
    env: { [stepEnv.rclone]: mountPaths.rclone, [stepEnv.model]: mountPaths.model, [stepEnv.modelRaw]: mountPaths.modelRaw },
    mounts: [readOnly(volumes.rclone), volumes.model, volumes.modelRaw],
  });

/** A step that sends feedback records, to a sink that needs a Secret or certificates or to one that needs none. */
const loggingParts = (step: StepName, { env: variables, mounts }: HelperParts) => ({
  open: runtimeParts(step, { env: variables, mounts }),
  withSinkFiles: runtimeParts(step, { env: { ...variables, [stepEnv.sink]: mountPaths.sink }, mounts: [...mounts, readOnly(volumes.sink)] }),
});

/** Likewise of log-input, which says whether the predictor shall run. */
function decidingParts(own: HelperParts) {
  const { open, withSinkFiles } = loggingParts('log-input', own);
  const results = constant([{ name: runResult, type: 'string' }]);
  return { open: { ...open, results }, withSinkFiles: { ...withSinkFiles, results } };
}

/** Our own steps without image, timeout and what the service says. */
export const helperSteps = {
  configureRclone: {
    anonymous: runtimeParts('configure-rclone', configureRclone),
    withCredentials: runtimeParts('configure-rclone', {
      env: { ...configureRclone.env, [stepEnv.credentials]: mountPaths.credentials },
      mounts: [readOnly(volumes.credentials), ...configureRclone.mounts],
    }),
  },
  syncData: rcloneParts('sync-data', programFiles.syncData, {
    env: { [stepEnv.rclone]: mountPaths.rclone, [stepEnv.data]: mountPaths.data },
    mounts: [readOnly(volumes.rclone), volumes.data],
  }),
  syncModel: {
    embedded: syncModelParts(programFiles.syncModelEmbedded),
    directory: syncModelParts(programFiles.syncModelDirectory),
    archive: syncModelParts(programFiles.syncModelArchive),
  },
  validateInput: {
    ...runtimeParts('validate-input', {
      env: {
        [stepEnv.data]: mountPaths.data,
        [stepEnv.model]: mountPaths.model,
        [stepEnv.modelRaw]: mountPaths.modelRaw,
        [stepEnv.report]: mountPaths.report,
        [stepEnv.control]: mountPaths.control,
        [stepEnv.resultRun]: `$(step.results.${runResult}.path)`,
      },
      mounts: [volumes.data, volumes.model, volumes.modelRaw, volumes.report, volumes.control],
    }),
    results: constant([{ name: runResult, type: 'string' }]),
  },
  logInput: decidingParts({
    env: {
      [stepEnv.data]: mountPaths.data,
      [stepEnv.report]: mountPaths.report,
      [stepEnv.control]: mountPaths.control,
      [stepEnv.resultRun]: `$(step.results.${runResult}.path)`,
    },
    mounts: [readOnly(volumes.data), volumes.report, volumes.control],
  }),
  validateOutput: runtimeParts('validate-output', {
    env: {
      [stepEnv.output]: mountPaths.output,
      [stepEnv.publish]: mountPaths.publish,
      [stepEnv.report]: mountPaths.report,
      [stepEnv.control]: mountPaths.control,
      [stepEnv.exitCodeFile]: '$(steps.step-user-container.exitCode.path)',
    },
    mounts: [readOnly(volumes.output), volumes.publish, volumes.report, volumes.control],
  }),
  logOutput: loggingParts('log-output', {
    env: { [stepEnv.publish]: mountPaths.publish, [stepEnv.report]: mountPaths.report, [stepEnv.control]: mountPaths.control },
    mounts: [readOnly(volumes.publish), volumes.control, volumes.report],
  }),
  syncOutput: rcloneParts('sync-output', programFiles.syncOutput, {
    env: {
      [stepEnv.rclone]: mountPaths.rclone,
      [stepEnv.publish]: mountPaths.publish,
      [stepEnv.report]: mountPaths.report,
      [stepEnv.quarantine]: `${mountPaths.quarantine}/${files.upload}`,
      [stepEnv.control]: mountPaths.control,
    },
    mounts: [volumes.rclone, volumes.publish, volumes.report, volumes.quarantine, volumes.control].map(readOnly),
  }),
};

/** Likewise of the predictor. It sees the model, the valid input and its output folder, and nothing of the stores. */
export const predictorStep = constant({
  /** Where the model is not in the image. */
  paths: env(predictorPaths(mountPaths.model)),
  when: [{ input: `$(steps.log-input.results.${runResult})`, operator: 'in', values: ['yes'] }],
  mounts: [
    readOnly(volumes.model),
    { name: 'data', mountPath: mountPaths.input, subPath: files.valid, readOnly: true },
    volumes.output,
    { name: 'tmp', mountPath: mountPaths.tmp },
  ],
  shm: [{ name: 'shm', mountPath: mountPaths.shm }],
});
