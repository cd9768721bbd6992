import { quote, show } from '../base/quote.js';
import { exitCodes, type ExitCode } from './exit-codes.js';

/** Why a run failed: the exit code it ends with, and one or two plain sentences, what was found and what to do. */
export interface Reason<A> {
  readonly exit: ExitCode;
  readonly sentence: (args: A) => string;
}

const reason = <A = Record<never, never>>(exit: ExitCode, sentence: (args: A) => string): Reason<A> => ({ exit, sentence });
const { invalid, limit, io, bug } = exitCodes;

/** `dataSource` or `outputDestination`, as in a request. */
type Reference = 'dataSource' | 'outputDestination';
interface InvalidFiles {
  readonly invalid: number;
  readonly total: number;
  /** The first invalid file and its first problem. */
  readonly file: string;
  readonly pointer: string;
  /** From 1, and in bytes from 0. */
  readonly line: number;
  readonly offset: number;
  readonly message: string;
  /** Where the full list will be. */
  readonly report: string;
}

const found = ({ invalid: count, total }: InvalidFiles, what: string): string =>
  `${String(count)} of ${String(total)} ${what} files are not valid ${what === 'input' ? 'requests' : 'responses'} of the Open Inference Protocol`;

/** What is copied, and what it means where that fails. */
const transfers = {
  data: 'The data was not copied from its source.',
  model: 'The model was not copied from its store.',
  results: 'Not all that the run leaves was published, so no marker says that it is complete.',
} as const;
export type Transfer = keyof typeof transfers;

interface UndeliveredRecords {
  /** `fluentd` or `cloudevents`, and where it is. */
  readonly sink: string;
  readonly address: string;
  /** Completes "The feedback sink …". */
  readonly problem: string;
  readonly delivered: number;
  readonly total: number;
}

const undelivered = ({ sink, address, problem, delivered, total }: UndeliveredRecords): string =>
  `The feedback sink ${sink} at ${show(address)} ${problem}: ${String(delivered)} of ${String(total)} records were delivered.`;

const firstProblem = ({ file, pointer, line, offset, message }: InvalidFiles): string =>
  `The first is ${quote(file)}${pointer === '' ? '' : ` at ${show(pointer)}`} (line ${String(line)}, byte ${String(offset)}): ${message}.`;

/**
 * Every way in which a run fails in our own steps. The code is what `millrace explain` shows the page of
 * (`docs/diagnostics/<code>.md`); a code is never reused for another meaning. Sentences never hold a value of a
 * Secret or of a document.
 */
export const reasons = {
  // configure-rclone
  'runtime/bad-config': reason<{ problem: string }>(
    invalid,
    ({ problem }) =>
      `The Task's step configuration is not what this runtime reads: ${show(problem)}. Compile the service again and apply what is in dist/ unchanged.`,
  ),
  'runtime/bad-environment': reason<{ variable: string; problem: string }>(
    invalid,
    ({ variable, problem }) =>
      `The step's environment variable ${variable} ${problem}. Compile the service again and apply what is in dist/ unchanged.`,
  ),
  'runtime/reference-not-given': reason<{ reference: Reference }>(
    invalid,
    ({ reference }) =>
      `The request gives no complete ${reference}, and the service has none of its own. Give spec.${reference} with connection and path.`,
  ),
  'runtime/bad-path': reason<{ reference: Reference; path: string; problem: string }>(
    invalid,
    ({ reference, path, problem }) => `The path ${quote(path)} of ${reference} ${problem}.`,
  ),
  'runtime/unknown-connection': reason<{ reference: Reference; connection: string; known: readonly string[] }>(
    invalid,
    ({ reference, connection, known }) =>
      `The ${reference} names the connection ${quote(connection)}, which this service does not use; it uses ${known.length > 0 ? known.join(', ') : 'none'}.`,
  ),
  'runtime/path-not-allowed': reason<{ reference: Reference; connection: string; path: string; allowed: readonly string[] }>(
    invalid,
    ({ reference, connection, path, allowed }) =>
      `The service may not use ${quote(path)} of the connection ${quote(connection)} as its ${reference}; it may use ${
        allowed.length > 0 ? allowed.map(quote).join(', ') : 'no path of it'
      }.`,
  ),
  'runtime/bad-request-id': reason<{ requestId: string }>(
    invalid,
    ({ requestId }) =>
      `The requestId ${quote(requestId)} is not a DNS label of at most 36 characters: lower-case letters, digits and "-", beginning and ending with a letter or digit.`,
  ),
  'runtime/request-id-not-given': reason<{ path: string }>(
    invalid,
    ({ path }) => `The output path ${quote(path)} holds {requestId}, and the request gives none. Give spec.requestId.`,
  ),
  'runtime/bad-param': reason<{ param: string; problem: string }>(
    invalid,
    ({ param, problem }) => `The param ${quote(param)} of the run ${problem}. Give another value in spec.params of the request, or none.`,
  ),
  'runtime/missing-secret': reason<{ connection: string; name: string; keys: readonly string[]; hint?: string }>(
    invalid,
    ({ connection, name, keys, hint }) =>
      `The run's namespace has no Secret ${quote(name)} with the key ${keys.map(quote).join(' or ')}, which the connection ${quote(connection)} needs. Create it there, with that key.${hint === undefined ? '' : ` ${hint}`}`,
  ),
  'runtime/two-credentials': reason<{ connection: string; name: string; keys: readonly string[] }>(
    invalid,
    ({ connection, name, keys }) =>
      `The Secret ${quote(name)} of the connection ${quote(connection)} has ${keys.map(quote).join(' and ')}; only one of them may be there.`,
  ),
  'runtime/bad-secret': reason<{ connection: string; name: string; key: string; problem: string }>(
    invalid,
    ({ connection, name, key, problem }) => `The key ${quote(key)} of the Secret ${quote(name)} (connection ${quote(connection)}) ${problem}.`,
  ),
  'runtime/missing-ca-bundle': reason<{ connection: string; name: string; key: string }>(
    invalid,
    ({ connection, name, key }) =>
      `The run's namespace has no ConfigMap ${quote(name)} with the key ${quote(key)}, in which the connection ${quote(connection)} has its certificates. Create it there, with that key.`,
  ),
  'runtime/bad-ca-bundle': reason<{ connection: string; name: string; key: string; problem: string }>(
    invalid,
    ({ connection, name, key, problem }) => `The key ${quote(key)} of the ConfigMap ${quote(name)} (connection ${quote(connection)}) ${problem}.`,
  ),
  'runtime/missing-store-folder': reason<{ connection: string; folder: string }>(
    invalid,
    ({ connection, folder }) =>
      `The connection ${quote(connection)} has no folder in the local store: ${quote(folder)} is missing. Create it and put the files there.`,
  ),

  // validate-input
  'runtime/missing-model': reason<{ uri: string }>(
    invalid,
    ({ uri }) => `There is no model at ${quote(uri)}. Check the path of modelSource, and whether the model was uploaded.`,
  ),
  'runtime/bad-archive': reason<{ archive: string; problem: string }>(
    invalid,
    ({ archive, problem }) => `The model archive ${quote(archive)} ${problem}. Pack it again and upload it.`,
  ),
  'runtime/unsafe-archive': reason<{ archive: string; entry: string; problem: string }>(
    invalid,
    ({ archive, entry, problem }) =>
      `The model archive ${quote(archive)} holds ${quote(entry)}, which ${problem}. Pack plain files and folders only.`,
  ),
  'runtime/archive-limit': reason<{ archive: string; problem: string }>(
    limit,
    ({ archive, problem }) => `The model archive ${quote(archive)} ${problem}.`,
  ),
  'runtime/model-digest': reason<{ uri: string; expected: string; actual: string }>(
    invalid,
    ({ uri, expected, actual }) =>
      `The model at ${quote(uri)} is not the one that modelSource.sha256 names: expected ${expected}, found ${actual}. Upload the right model or correct the digest.`,
  ),
  'runtime/model-not-named': reason<{ uri: string; missing: readonly string[]; file: string }>(
    invalid,
    ({ uri, missing, file }) =>
      `Neither the service nor the model at ${quote(uri)} says the model's ${missing.join(' and ')}. Give ${missing
        .map((field) => `modelSource.${field}`)
        .join(' and ')}, or add ${file} with ${missing.map((field) => `model.${field}`).join(' and ')} to the root of the model.`,
  ),
  'runtime/bad-model-description': reason<{ file: string; problem: string }>(
    invalid,
    ({ file, problem }) =>
      `The model's ${file} ${show(problem)}. Write it as plain keys, one a line ("model:", below it "  name: …" and "  version: …"), or give modelSource.name and modelSource.version.`,
  ),
  'runtime/no-input': reason<{ uri: string }>(invalid, ({ uri }) =>
    uri.endsWith('/')
      ? `Nothing was found at ${quote(uri)} that dataSource.include matches. Check the path, or set dataSource.allowEmpty if a run without input is right.`
      : `No object ${quote(uri)} was found that dataSource.include matches. The path of a folder ends with "/": check the path, or set dataSource.allowEmpty if a run without input is right.`,
  ),
  'runtime/no-json-input': reason<{ uri: string; ignored: number }>(
    invalid,
    ({ uri, ignored }) =>
      `None of the ${String(ignored)} files at ${quote(uri)} ends in .json, so there is nothing to predict. Requests of the Open Inference Protocol are .json files.`,
  ),
  'runtime/bad-file-name': reason<{ place: 'data source' | 'model'; file: string; problem: string }>(
    invalid,
    ({ place, file, problem }) => `The ${place} holds ${quote(file)}, whose name ${problem}. Give it another name.`,
  ),
  'runtime/incomplete-input': reason<{ missing: number; surplus: number; file: string }>(
    io,
    ({ missing, surplus, file }) =>
      `What was copied is not what was listed: ${String(missing)} files are missing and ${String(surplus)} were not listed, the first is ${quote(
        file,
      )}. The source changed while it was copied, or it holds a name that cannot be a file; try again, or rename it.`,
  ),
  'runtime/invalid-input': reason<InvalidFiles>(invalid, (args) => `${found(args, 'input')}. ${firstProblem(args)} All are in ${args.report}.`),
  'runtime/too-many-invalid': reason<InvalidFiles & { limit: string; tolerated: string }>(
    invalid,
    (args) =>
      `${found(args, 'input')}, and validation.${args.limit} tolerates ${args.tolerated}. ${firstProblem(args)} All are in ${args.report}. Correct them, or raise the limit.`,
  ),
  'runtime/no-valid-input': reason<InvalidFiles>(
    invalid,
    (args) =>
      `${found(args, 'input')}, so there is nothing to predict. ${firstProblem(args)} All are in ${args.report}. Correct them, or set dataSource.allowEmpty if a run without input is right.`,
  ),

  // validate-output
  'runtime/predictor-failed': reason<{ how: string }>(
    bug,
    ({ how }) => `The predictor ${how}. Its log is that of the step user-container; nothing of its output is published.`,
  ),
  'runtime/predictor-not-run': reason(
    io,
    () => 'The predictor left no exit code although it had input: the step user-container did not run to its end. Try again.',
  ),
  'runtime/no-output': reason(
    invalid,
    () =>
      'The predictor ended well and wrote no file. It must write its results to the folder that $ODAHU_MODEL_OUTPUT (and $ODAHU_OUTPUT_PATH) names.',
  ),
  'runtime/unsafe-output': reason<{ file: string; kind: string }>(
    invalid,
    ({ file, kind }) =>
      `${file === '' ? "The predictor's output folder" : `The predictor's output holds ${quote(file)}, which`} is ${kind}. Only plain files and folders are published.`,
  ),
  'runtime/bad-output-name': reason<{ file: string; problem: string }>(
    invalid,
    ({ file, problem }) => `The predictor's output holds ${quote(file)}, whose name ${problem}. Give it another name.`,
  ),
  'runtime/reserved-output-name': reason<{ file: string }>(
    invalid,
    ({ file }) =>
      `The predictor's output holds ${quote(file)}; names that begin with "_" at the top are reserved for markers and reports. Give it another name.`,
  ),
  'runtime/invalid-output': reason<InvalidFiles>(invalid, (args) => `${found(args, 'output')}. ${firstProblem(args)} All are in ${args.report}.`),
  'runtime/no-valid-output': reason<InvalidFiles>(
    invalid,
    (args) => `${found(args, 'output')}, so the run has no result. ${firstProblem(args)} All are in ${args.report}.`,
  ),
  'runtime/output-changed': reason<{ file: string }>(
    invalid,
    ({ file }) => `The predictor's file ${quote(file)} changed while it was copied. The predictor must have written everything before it exits.`,
  ),

  // log-input, log-output
  'runtime/sink-unavailable': reason<UndeliveredRecords>(
    io,
    (args) =>
      `${undelivered(args)} See that it runs and that jobs can reach it, and start the job again: a record that is sent twice has the same id.`,
  ),
  'runtime/sink-refused': reason<UndeliveredRecords>(
    invalid,
    (args) => `${undelivered(args)} Correct spec.feedback of the Platform, or the sink's own settings.`,
  ),
  'runtime/sink-secret': reason<UndeliveredRecords>(
    invalid,
    (args) => `${undelivered(args)} Create it there, with that key, or correct spec.feedback of the Platform.`,
  ),

  // the pods of schedules and of the janitor
  'runtime/api-unavailable': reason<{ address: string; problem: string; tried: string }>(
    io,
    ({ address, problem, tried }) =>
      `The Kubernetes API server at ${show(address)} ${show(problem)} (tried for ${tried}). The Job tries again; if it stays, see that the pod can reach the API server.`,
  ),
  'runtime/api-refused': reason<{ request: string; status: number; message: string }>(
    invalid,
    ({ request, status, message }) => `The Kubernetes API server does not ${show(request)} (${String(status)}): ${show(message, 2048)}`,
  ),

  // sync-data, sync-model, sync-output: raised by their programs, which print the sentence and exit with rclone's own code
  'runtime/transfer-failed': reason<{ transfer: Transfer }>(
    io,
    ({ transfer }) =>
      `${transfers[transfer]} The lines above say why. If the store is busy or cannot be reached, start the job again; otherwise check the path, the address and the credentials of the connection, and whether they may ${transfer === 'results' ? 'write, list and delete' : 'list and read'} there.`,
  ),

  // every step
  'runtime/disk-full': reason<{ code: string }>(
    limit,
    ({ code }) => `A volume of the job is full (${code}). Raise spec.storage of the service: data, model, output or tmp.`,
  ),
  'runtime/io-error': reason<{ code: string; operation: string }>(
    io,
    ({ code, operation }) =>
      `A file of the job could not be read or written (${code} at ${operation}). Try again; if it stays, look at the node's disk.`,
  ),
  'runtime/stopped': reason<{ step: string; signal: string }>(
    io,
    ({ step, signal }) =>
      `The step ${step} was stopped by ${signal} before it had ended: the run was cancelled, or its pod was deleted. Nothing is marked as complete; start the job again unless that was meant.`,
  ),
  'runtime/internal-error': reason<{ step: string }>(
    bug,
    ({ step }) => `The step ${step} ended with an error that is a bug in millrace. Its log holds the details; please report them.`,
  ),
} as const;

export type ReasonCode = keyof typeof reasons;
export type ReasonArguments<C extends ReasonCode> = (typeof reasons)[C] extends Reason<infer A> ? A : never;
