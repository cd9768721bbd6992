/**
 * Where the volumes of a job are mounted in its steps, and the environment variables by which a step learns it.
 *
 * A path stands in a Task only as a whole argument, a whole environment value or a field of StepConfig,
 * so that `millrace run` can map every one of them to a folder on this machine.
 */
export const mountPaths = {
  data: '/mnt/job/data',
  model: '/mnt/job/model',
  modelRaw: '/mnt/job/model-raw',
  input: '/mnt/job/input',
  output: '/mnt/job/output',
  publish: '/mnt/job/publish',
  report: '/mnt/job/report',
  quarantine: '/mnt/job/quarantine',
  control: '/mnt/job/control',
  rclone: '/var/run/millrace/rclone',
  credentials: '/var/run/millrace/credentials',
  identity: '/var/run/millrace/identity',
  ca: '/var/run/millrace/ca',
  sink: '/var/run/millrace/sink',
  runtime: '/opt/millrace',
  tmp: '/tmp',
  shm: '/dev/shm',
} as const;

/** The bundled runtime inside its ConfigMap and under {@link mountPaths.runtime}. */
export const runtimeFile = 'runtime.mjs';

/** Environment variables that our own steps read. Each holds one path or one plain value. */
export const stepEnv = {
  /** StepConfig as JSON with every `$` written as `\u0024`; on configure-rclone only. */
  config: 'MILLRACE_CONFIG',
  /** Name of the TaskRun. */
  jobId: 'MILLRACE_JOB_ID',
  dataConnection: 'MILLRACE_DATA_CONNECTION',
  dataPath: 'MILLRACE_DATA_PATH',
  outputConnection: 'MILLRACE_OUTPUT_CONNECTION',
  outputPath: 'MILLRACE_OUTPUT_PATH',
  requestId: 'MILLRACE_REQUEST_ID',
  caller: 'MILLRACE_CALLER',
  data: 'MILLRACE_DATA',
  model: 'MILLRACE_MODEL',
  modelRaw: 'MILLRACE_MODEL_RAW',
  output: 'MILLRACE_OUTPUT',
  publish: 'MILLRACE_PUBLISH',
  report: 'MILLRACE_REPORT',
  /** Folder of the invalid input files, which need not be there; on sync-output. */
  quarantine: 'MILLRACE_QUARANTINE',
  control: 'MILLRACE_CONTROL',
  rclone: 'MILLRACE_RCLONE',
  credentials: 'MILLRACE_CREDENTIALS',
  /** Tokens of the run's service account, one for each kind of store; only for a workload identity. */
  identity: 'MILLRACE_IDENTITY',
  /** Certificates of authorities, `<connection>.crt`; only where a connection brings some. */
  ca: 'MILLRACE_CA',
  /** The feedback sink's Secret and certificates; on log-input and log-output. */
  sink: 'MILLRACE_SINK',
  /** File that takes the step result `run` (`yes` or `no`); on validate-input and log-input. */
  resultRun: 'MILLRACE_RESULT_RUN',
  /** File that holds the predictor's exit code; on validate-output. */
  exitCodeFile: 'MILLRACE_EXIT_CODE_FILE',
  /** Only `millrace run --store` sets it: the folder that stands for the stores. Never part of a Task. */
  store: 'MILLRACE_STORE',
} as const;

/** Files that one step leaves for a later one, relative to the volume named first. */
export const files = {
  /** In `control`: the JobRecord, written by configure-rclone. */
  job: 'job.json',
  /** In `control`: the first Failure, if any. */
  failure: 'failure.json',
  /** In `control`: the first failure's exit code as decimal digits, for the constant `sh` program of sync-output. */
  exitCode: 'exit-code',
  /** In `rclone` */
  rcloneConf: 'rclone.conf',
  /** In `rclone`: variables for the programs of the rclone steps, one `NAME=value` a line; only where a job needs any. */
  environment: 'environment',
  /** In `rclone`: what Google's library is told of a workload identity. */
  googleIdentity: 'google-identity.json',
  /** In `rclone`: rclone filter rules (`--filter-from`) for the data, and for a model that is one archive. */
  dataFilter: 'data.filter',
  modelFilter: 'model.filter',
  /** In `data`: names relative to the data source, one a line, as listed once by sync-data. */
  listing: 'listing.txt',
  /** In `data`: what was copied; what the predictor sees. */
  raw: 'raw',
  valid: 'valid',
  /** In `data`: `upload/` with the invalid input files, as they are published; only where there are any. */
  quarantine: 'quarantine',
  /** In `report`: what steps 4, 5 and 7 found, input of step 8 (see job-record.ts). */
  inputPart: 'input.part.json',
  manifestPart: 'manifest.part.json',
  /** In `report`: what the valid requests ask for, from step 4 for step 7; only where one asks for anything. */
  requests: 'requests.jsonl',
  /** In `report`: what became of the feedback records of the input, for step 8. */
  feedbackPart: 'feedback.part.json',
  /** In `report`: copied to the destination as it is: `_report/`, `_quarantine/`, `_feedback/`. */
  upload: 'upload',
  /** In `report`: the markers, copied last and in this order. */
  final: 'final',
  manifest: '_MANIFEST.json',
  success: '_SUCCESS',
  failed: '_FAILED.json',
  /** At the destination, and in `publish` for files of the predictor. */
  quarantineFolder: '_quarantine',
  /** In the quarantine: the files of the predictor. */
  outputQuarantine: '_output',
  /** At the destination: what is wrong with the input, and with the predictor's files. */
  reportFolder: '_report',
  inputReport: 'validation.jsonl',
  outputReport: 'output-validation.jsonl',
  /** At the destination: records of the sink objectStorage. */
  feedbackFolder: '_feedback',
  /** Beside the files of a quarantine: what is wrong with each, one JSON line each. */
  errors: '_errors.jsonl',
} as const;

/** Where the token of the run's service account for a kind of store lies, in the `identity` volume. */
export const identityToken = (folder: string, type: 's3' | 'gcs' | 'azureblob'): string => `${folder}/${type}`;

/** The nine steps, in order. */
export const stepNames = [
  'configure-rclone',
  'sync-data',
  'sync-model',
  'validate-input',
  'log-input',
  'user-container',
  'validate-output',
  'log-output',
  'sync-output',
] as const;
export type StepName = (typeof stepNames)[number];

/** Step result of validate-input: whether there is input for the predictor; and of log-input: whether it shall run. */
export const runResult = 'run';

/**
 * What the Task's params are called and the value that means "not given".
 * Every param has a default, so that a TriggerTemplate and its Task can be rolled out in either order.
 */
export const taskParams = ['dataConnection', 'dataPath', 'outputConnection', 'outputPath', 'requestId', 'caller'] as const;
export type TaskParam = (typeof taskParams)[number];
/** No connection, path or requestId can have this value: `-` is no DNS label and no valid path. */
export const notGiven = '-';
/** The caller of a run that no listener made. It is a label's value as well, so it cannot be `-`; Platform may not name a caller so. */
export const noCaller = 'none';
/** The caller of a run that a schedule made: a label's value as well, and no caller of Platform, whose names have no dot. */
export const scheduleCaller = (schedule: string): string => `schedule.${schedule}`;
