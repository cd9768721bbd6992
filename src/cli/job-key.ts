/** The key of a caller: from a file, the environment, or its Secret. It is never printed. */
import { resolve } from 'node:path';
import type { Api } from '../cluster/api.js';
import { ClusterProblem } from '../cluster/problem.js';
import { fieldOf, isFields } from '../cluster/read.js';
import { resources } from '../cluster/resource.js';
import { diagnose } from '../diagnostics/diagnose.js';
import type { Secrets } from '../engine/triggers/authenticate.js';
import type { CallerModel } from '../model/model.js';
import type { CliIo } from './command.js';
import type { SubmitSettings } from './job-submit-settings.js';
import { readKeyFile } from './read-request.js';

/** Environment variable with the key. */
export const keyVariable = 'MILLRACE_KEY';

export interface KeyQuery {
  readonly settings: Pick<SubmitSettings, 'keyFile'>;
  readonly caller: CallerModel;
  readonly namespace: string;
  /** Undefined: there is no cluster to ask. */
  readonly api: Api | undefined;
  readonly io: CliIo;
}

/** A key, and what the listener compares it with. */
export interface CallerKey {
  readonly key: Uint8Array;
  /** The caller's Secret; undefined where the key is from there, or whoever asks may not read it. */
  readonly secrets: Secrets | undefined;
}

/**
 * The key of a caller: of `--key-file`, otherwise of the environment, otherwise of its Secret on the cluster.
 *
 * @throws ClusterProblem `job/key-file` where the file cannot be used, `job/no-key` where no key is found; no message holds any of the key
 */
export async function readKey(query: KeyQuery): Promise<CallerKey> {
  const { settings, io } = query;
  const given = settings.keyFile === undefined ? io.env[keyVariable] : fromFile(settings.keyFile, io);
  if (given === undefined || given === '') return { key: await fromSecret(query), secrets: undefined };
  return { key: typeof given === 'string' ? new TextEncoder().encode(given) : given, secrets: await readableSecrets(query) };
}

/** So that a wrong key is told for what it is: the listener answers 202 to it, and starts nothing. */
async function readableSecrets({ caller: { secretName, secretKey }, namespace, api }: KeyQuery): Promise<Secrets | undefined> {
  if (!api) return undefined;
  try {
    const found = await api.find({ type: resources.secrets, namespace, name: secretName });
    const value = valueOf(found, secretKey);
    return (name, key) => (name === secretName && key === secretKey ? value : undefined);
  } catch (error) {
    if (error instanceof ClusterProblem && error.diagnostic.code === 'cluster/forbidden') return undefined;
    throw error;
  }
}

function valueOf(secret: unknown, key: string): Uint8Array | undefined {
  const data = fieldOf(secret, 'data');
  const value = isFields(data) && Object.hasOwn(data, key) ? data[key] : undefined;
  return typeof value === 'string' ? Buffer.from(value, 'base64') : undefined;
}

async function fromSecret({ caller, namespace, api }: KeyQuery): Promise<Uint8Array> {
  const { name, secretName: secret, secretKey: key } = caller;
  const missing = (problem: string): ClusterProblem =>
    new ClusterProblem(diagnose('job/no-key', undefined, { caller: name, secret, key, namespace, problem }));
  if (!api) throw missing('is not asked for with --send-only');
  const found = await api.find({ type: resources.secrets, namespace, name: secret }).catch((error: unknown) => {
    const isForbidden = error instanceof ClusterProblem && error.diagnostic.code === 'cluster/forbidden';
    throw isForbidden ? missing('may not be read by you') : error;
  });
  if (found === undefined) throw missing('does not exist');
  const value = valueOf(found, key);
  if (!value) throw missing('has no key KEY');
  return value;
}

/** As it is in the file; one line feed at its end, which editors and echo leave there, is not part of the key. */
function fromFile(file: string, io: CliIo): Uint8Array {
  const bytes = readKeyFile(resolve(io.cwd, file));
  if (typeof bytes === 'string') throw new ClusterProblem(diagnose('job/key-file', undefined, { file, problem: `cannot be used: ${bytes}` }));
  const end = bytes.at(-1) !== 0x0a ? bytes.length : bytes.at(-2) === 0x0d ? bytes.length - 2 : bytes.length - 1;
  if (end === 0) throw new ClusterProblem(diagnose('job/key-file', undefined, { file, problem: 'is empty' }));
  return bytes.subarray(0, end);
}
