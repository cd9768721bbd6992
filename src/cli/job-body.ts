/** The body of a job, from a file and from options, and what the listener would do with it. */
import { createHash } from 'node:crypto';
import { requestIdMaxLength, requestIdPattern } from '../contract/request-id.js';
import { ClusterProblem } from '../cluster/problem.js';
import { diagnose } from '../diagnostics/diagnose.js';
import { type JsonObject, readBody } from '../engine/triggers/request.js';
import type { ServiceModel } from '../model/model.js';
import { type CliIo, UsageError } from './command.js';
import type { PlaceOption, SubmitSettings } from './job-submit-settings.js';
import { readRequest, requestName, secretInRequest } from './read-request.js';

export interface JobBody {
  readonly bytes: Uint8Array;
  readonly requestId: string | undefined;
}

/** One of the jobs of a command line; `prefix` is undefined where there is only one. */
export interface PlannedJob extends JobBody {
  readonly prefix: string | undefined;
}

/** The jobs of a command line. None holds a key, wherever it came from. */
export function planJobs(settings: SubmitSettings, service: ServiceModel, io: CliIo): readonly PlannedJob[] {
  const jobs = plan(settings, service, io);
  for (const { bytes } of jobs) {
    const problem = secretInRequest(bytes);
    if (problem !== undefined)
      throw new ClusterProblem(
        diagnose('job/bad-body', undefined, { file: settings.body === undefined ? 'of the options' : requestName(settings.body), problem }),
      );
  }
  return jobs;
}

function plan(settings: SubmitSettings, service: ServiceModel, io: CliIo): readonly PlannedJob[] {
  const base = settings.body === undefined ? undefined : readBodyFile(settings.body, io);
  const { prefixes } = settings;
  if (prefixes === undefined) {
    const changed = base === undefined || hasOptions(settings);
    const body = changed ? withOptions(base?.body, settings, service) : base.body;
    return [{ bytes: changed ? encode(body) : base.bytes, requestId: requestIdOf(body), prefix: undefined }];
  }
  const folders = prefixes.map((prefix) => checkPrefix(prefix, settings));
  const data = dataOf(settings, service, base?.body);
  refuseSharedOutput(settings, service, base?.body);
  return [...new Set(folders)].map((prefix) => {
    const output = settings.output && { ...settings.output, path: settings.output.path.replaceAll('{prefix}', prefix.slice(0, -1)) };
    const requestId = requestIdFor(prefix, settings.requestId ?? 'backfill');
    const body = withOptions(base?.body, { ...settings, output, requestId, data: { ...data, path: data.path + prefix } }, service);
    return { bytes: encode(body), requestId, prefix };
  });
}

const encode = (body: JsonObject): Uint8Array => new TextEncoder().encode(JSON.stringify(body));

function readBodyFile(file: string, io: CliIo): { readonly bytes: Uint8Array; readonly body: JsonObject } {
  const bytes = readRequest(file, io.cwd);
  const body = typeof bytes === 'string' ? bytes : readBody(bytes);
  if (typeof bytes === 'string' || typeof body === 'string')
    throw new ClusterProblem(
      diagnose('job/bad-body', undefined, { file: requestName(file), problem: typeof bytes === 'string' ? bytes : String(body) }),
    );
  return { bytes, body };
}

const hasOptions = ({ data, output, requestId, params, nodePool }: SubmitSettings): boolean =>
  [data, output, requestId, nodePool].some((option) => option !== undefined) || Object.keys(params).length > 0;

/** Options win over the file. */
function withOptions(body: JsonObject | undefined, settings: SubmitSettings, service: ServiceModel): JsonObject {
  const { data, output, requestId, params, nodePool } = settings;
  const spec = asObject(body?.['spec']);
  return {
    kind: 'InferenceJob',
    ...body,
    spec: {
      inferenceServiceId: service.serviceId,
      ...spec,
      ...(data ? { dataSource: reference(data) } : {}),
      ...(output ? { outputDestination: reference(output) } : {}),
      ...(requestId === undefined ? {} : { requestId }),
      ...(Object.keys(params).length === 0 ? {} : { params: { ...asObject(spec['params']), ...params } }),
      ...(nodePool === undefined ? {} : { nodePool }),
    },
  };
}

const asObject = (value: unknown): JsonObject => (typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {});

const reference = ({ connection, path }: PlaceOption): JsonObject => ({ ...(connection === undefined ? {} : { connection }), path });

function requestIdOf(body: JsonObject): string | undefined {
  const id = asObject(body['spec'])['requestId'];
  return typeof id === 'string' ? id : undefined;
}

function checkPrefix(prefix: string, { requestId }: SubmitSettings): string {
  const folder = prefix.endsWith('/') ? prefix : `${prefix}/`;
  const problem = /^\/|\/\//.test(folder)
    ? 'begins with / or has an empty part'
    : folder.split('/').some((part) => part === '.' || part === '..')
      ? 'has a part . or ..'
      : !/^[A-Za-z0-9._=+@~/-]+$/.test(folder)
        ? 'holds a character that no path of a request may have'
        : undefined;
  if (problem !== undefined) throw new ClusterProblem(diagnose('job/bad-prefix', undefined, { prefix, problem }));
  if (requestId !== undefined && requestId.length > requestIdMaxLength - hashLength - 2) {
    throw new UsageError(
      `--request-id ${requestId} is too long to stand before a prefix`,
      `at most ${String(requestIdMaxLength - hashLength - 2)} characters`,
    );
  }
  return folder;
}

/** The folder that the prefixes are below. */
function dataOf({ data }: SubmitSettings, service: ServiceModel, body: JsonObject | undefined): PlaceOption {
  const given = asObject(asObject(body?.['spec'])['dataSource']);
  const inBody =
    typeof given['path'] === 'string'
      ? { connection: typeof given['connection'] === 'string' ? given['connection'] : undefined, path: given['path'] }
      : undefined;
  const found = data ?? inBody ?? (service.dataSource && { connection: undefined, path: service.dataSource.path });
  if (!found)
    throw new UsageError('--each-prefix needs --data', 'the service has no dataSource of its own: name the folder that the prefixes are below');
  if (!found.path.endsWith('/'))
    throw new UsageError(`--each-prefix needs a folder, and ${found.path} is an object`, 'the path of a folder ends with /');
  return found;
}

/** Markers and results of one job would replace those of another. */
function refuseSharedOutput({ output, service: name, team }: SubmitSettings, service: ServiceModel, body: JsonObject | undefined): void {
  const given = asObject(asObject(body?.['spec'])['outputDestination'])['path'];
  const path = output?.path ?? (typeof given === 'string' ? given : service.outputDestination?.path);
  const differs = service.layout === 'perJob' || output?.path.includes('{prefix}') || path === undefined || /\{(jobId|requestId)\}/.test(path);
  if (!differs) throw new ClusterProblem(diagnose('job/shared-output', undefined, { service: `${team}/${name}`, path }));
}

const hashLength = 8;

/** The same prefix always gets the same id, so that a backfill that is started again starts what is missing, and no more. */
export function requestIdFor(prefix: string, before: string): string {
  const folder = prefix.slice(0, -1);
  const plain = `${before}-${folder}`;
  if (plain.length <= requestIdMaxLength && new RegExp(requestIdPattern).test(plain)) return plain;
  const hash = createHash('sha256').update(folder).digest('hex').slice(0, hashLength);
  const room = requestIdMaxLength - before.length - hashLength - 2;
  const words = folder
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '')
    .slice(0, Math.max(room, 0))
    .replace(/-$/, '');
  return [before, ...(words === '' ? [] : [words]), hash].join('-');
}
