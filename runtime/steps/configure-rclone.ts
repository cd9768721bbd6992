import { join } from 'node:path';
import { files, identityToken, noCaller, notGiven, stepEnv } from '../../src/contract/paths.js';
import type { JobRecord } from '../../src/contract/job-record.js';
import { quote } from '../../src/base/quote.js';
import { paramValueMaxLength, paramValuePattern, paramVariable } from '../../src/contract/params.js';
import { requestIdPattern } from '../../src/contract/request-id.js';
import { parseStepConfig } from '../../src/contract/parse-step-config.js';
import type { StepConfig, StepConnection } from '../../src/contract/step-config.js';
import { forgetFailure, writeJob } from '../base/control.js';
import { failure } from '../base/failure.js';
import { writeAtomically } from '../base/files.js';
import { directStep, type StepContext } from '../base/step.js';
import { backendOptions } from '../rclone/backend.js';
import { checkCertificates } from '../rclone/certificates.js';
import { renderConfig, type Section } from '../rclone/config-file.js';
import { environmentFile, googleIdentityFile } from '../rclone/environment.js';
import { includeFilter, oneFileFilter } from '../rclone/filter.js';
import { bucketOf, splitPath, uriOf } from '../rclone/location.js';
import { resolveData, resolveOutput, type GivenReference, type ResolvedReference } from '../rclone/references.js';
import { openStore, type Store } from '../rclone/store.js';
import { localFeedback } from '../sinks/local-feedback.js';

/**
 * Checks what the compiler and the request say once more, and writes what the rclone steps need: `rclone.conf` with
 * the remotes `data:`, `model:` and `output:`, the filters, and the record of the job for our later steps.
 */
export const configureRclone = directStep('configure-rclone', async (step) => {
  const control = step.env('control');
  const rclone = step.env('rclone');
  await forgetFailure(control);

  const config = readConfig(step);
  const resolved = resolveJob(config, step);
  const store = await openStore(step.optionalEnv('store'), rclone);
  const job = store ? keepFeedbackHere(resolved, step) : resolved;
  const remotes = remotesOf(config, job);

  await writeAtomically(join(rclone, files.rcloneConf), renderConfig(await sections(config, remotes, store, step)), 0o600);
  await writeAtomically(join(rclone, files.dataFilter), dataFilter(config, job));
  if (config.model.kind === 'remote') {
    const { file } = splitPath(config.model.path);
    if (file !== undefined) await writeAtomically(join(rclone, files.modelFilter), oneFileFilter(file));
  }
  if (!store) {
    await writeEnvironment(config, step);
    await writeGoogleIdentity(config, remotes, step);
  }
  await writeJob(control, job);
  step.log.info('the job is configured', { jobId: job.jobId, data: job.data.uri, model: job.model.uri, output: job.output.uri });
});

function readConfig(step: StepContext): StepConfig {
  const { value, problem } = parseStepConfig(step.env('config'));
  if (problem !== undefined) throw failure('runtime/bad-config', { problem });
  return value;
}

function keepFeedbackHere(job: JobRecord, { log }: StepContext): JobRecord {
  const feedback = localFeedback(job.feedback);
  if (feedback !== job.feedback)
    log.info(`the stores are on this machine: feedback records lie beside the results, and none is sent to ${job.feedback.sink}`);
  return { ...job, feedback };
}

/** `context.taskRun.name`, or what `millrace run --job-id` says. */
const jobIdPattern = /^[a-z0-9](?:[-a-z0-9.]{0,251}[a-z0-9])?$/;
const paramValue = new RegExp(paramValuePattern);
const requestIdShape = new RegExp(requestIdPattern);
/** A caller of the webhook, or `schedule.<name>`. */
const callerPattern = /^(?:schedule\.)?[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?$/;

function resolveJob(config: StepConfig, step: StepContext): JobRecord {
  const jobId = step.env('jobId');
  if (!jobIdPattern.test(jobId)) throw failure('runtime/bad-environment', { variable: stepEnv.jobId, problem: 'is not the name of a TaskRun' });
  const requestId = given(step.optionalEnv('requestId'));
  if (requestId !== undefined && !requestIdShape.test(requestId)) throw failure('runtime/bad-request-id', { requestId });
  const caller = given(step.optionalEnv('caller'));
  if (caller !== undefined && !callerPattern.test(caller)) {
    throw failure('runtime/bad-environment', { variable: stepEnv.caller, problem: 'is not the name of a caller' });
  }
  const data = resolveData(givenReference(step, 'data'), config);
  const output = resolveOutput(givenReference(step, 'output'), config, { jobId, requestId });
  const model = config.model.kind === 'embedded' ? `image:${config.model.imagePath}` : uri(config, config.model);
  return {
    version: 1,
    jobId,
    ...(requestId === undefined ? {} : { requestId }),
    ...(caller === undefined || caller === noCaller ? {} : { caller }),
    startedAt: step.io.now().toISOString(),
    service: config.service,
    ...(config.params ? { params: resolveParams(config.params, step) } : {}),
    model: { ...config.model, uri: model },
    data: { ...data, uri: uri(config, data), allowEmpty: config.data.allowEmpty },
    output: { ...output, uri: uri(config, output) },
    validation: config.validation,
    feedback: config.feedback,
  };
}

/** The predictor's params, once more against the service's patterns: whoever makes a TaskRun by hand has passed no listener. */
function resolveParams(declared: NonNullable<StepConfig['params']>, { io }: StepContext): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(declared).map(([param, source]) => {
      const value = io.env[paramVariable(param)];
      if (value === undefined) throw failure('runtime/bad-environment', { variable: paramVariable(param), problem: 'is not set' });
      if (!paramValue.test(value))
        throw failure('runtime/bad-param', {
          param,
          problem: `is not at most ${paramValueMaxLength} printable ASCII characters without $, " and \\`,
        });
      if (!new RegExp(source).test(value))
        throw failure('runtime/bad-param', { param, problem: `is ${quote(value)}, which does not match ${source}` });
      return [param, value];
    }),
  );
}

const given = (value: string | undefined): string | undefined => (value === undefined || value === notGiven ? undefined : value);

const givenReference = (step: StepContext, kind: 'data' | 'output'): GivenReference => ({
  connection: given(step.optionalEnv(`${kind}Connection`)),
  path: given(step.optionalEnv(`${kind}Path`)),
});

function connectionOf(config: StepConfig, name: string): StepConnection {
  const connection = config.connections[name];
  if (connection === undefined) throw new Error(`connection ${name} was checked and is missing`);
  return connection;
}

const uri = (config: StepConfig, { connection, path }: ResolvedReference): string => uriOf(connectionOf(config, connection), path);

const dataFilter = (config: StepConfig, job: JobRecord): string => {
  const { file } = splitPath(job.data.path);
  return file === undefined ? includeFilter(config.data.include) : oneFileFilter(file);
};

interface Remote extends ResolvedReference {
  readonly name: 'data' | 'model' | 'output';
}

const remotesOf = ({ model }: StepConfig, { data, output }: JobRecord): readonly Remote[] => [
  { name: 'data', connection: data.connection, path: data.path },
  ...(model.kind === 'remote' ? [{ name: 'model' as const, connection: model.connection, path: model.path }] : []),
  { name: 'output', connection: output.connection, path: output.path },
];

/** One section for each connection in use, and an alias for each of the three places. */
async function sections(config: StepConfig, remotes: readonly Remote[], store: Store | undefined, step: StepContext): Promise<readonly Section[]> {
  const used = [...new Set(remotes.map(({ connection }) => connection))].sort();
  const result: Section[] = [];
  for (const name of used) {
    const connection = connectionOf(config, name);
    // A connection without Secret needs no folder of Secrets, and a Task without any has none.
    const credentials = connection.credentials.kind === 'secret' && store === undefined ? step.env('credentials') : '';
    if (!store && connection.ca) await checkCertificates(name, connection, step.env('ca'));
    const options = store ? { type: 'alias', remote: store.folderOf(name) } : await backendOptions(name, connection, credentials);
    result.push({ name: sectionOf(name), options });
  }
  for (const { name, connection, path } of remotes) {
    const { folder } = splitPath(path);
    const root = store ? '' : `${bucketOf(connectionOf(config, connection))}/`;
    const elsewhere = await store?.prepare(name, connection, folder);
    result.push({ name, options: { type: 'alias', remote: elsewhere ?? `${sectionOf(connection)}:${root}${folder}` } });
  }
  return result;
}

/** Of all connections: what of it a run does not use is looked at by nobody. */
async function writeEnvironment(config: StepConfig, step: StepContext): Promise<void> {
  const rclone = step.env('rclone');
  const text = environmentFile(config, { rclone, identity: () => step.env('identity'), ca: () => step.env('ca') });
  if (text !== '') await writeAtomically(join(rclone, files.environment), text, 0o600);
}

/** For the connection in use that has one; `parseStepConfig` sees to it that no two differ. */
async function writeGoogleIdentity(config: StepConfig, remotes: readonly Remote[], step: StepContext): Promise<void> {
  for (const { connection: name } of remotes) {
    const { type, credentials } = connectionOf(config, name);
    if (credentials.kind !== 'workloadIdentity' || !('audience' in credentials)) continue;
    const file = googleIdentityFile(credentials, identityToken(step.env('identity'), type));
    await writeAtomically(join(step.env('rclone'), files.googleIdentity), file, 0o600);
    return;
  }
}

const sectionOf = (connection: string): string => `connection-${connection}`;
