import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseDuration } from '../base/duration.js';
import { requestIdPattern } from '../contract/request-id.js';
import { isDiskError, reasonOf } from '../emit/disk.js';
import { parseArguments } from './arguments.js';
import { type CliIo, UsageError } from './command.js';
import { isJson, jobOptions } from './job-target.js';
import { findRoot } from './root.js';

const options = {
  ...jobOptions,
  body: { type: 'string' },
  data: { type: 'string' },
  output: { type: 'string' },
  'request-id': { type: 'string' },
  param: { type: 'string', multiple: true },
  'node-pool': { type: 'string' },
  caller: { type: 'string' },
  'key-file': { type: 'string' },
  url: { type: 'string' },
  'ca-file': { type: 'string' },
  direct: { type: 'boolean' },
  'send-only': { type: 'boolean' },
  wait: { type: 'boolean' },
  logs: { type: 'boolean' },
  timeout: { type: 'string' },
  rerun: { type: 'boolean' },
  'each-prefix': { type: 'string', multiple: true },
  'each-prefix-file': { type: 'string' },
  parallel: { type: 'string' },
} as const;

/** A place in a request: `CONNECTION:PATH`, or a path of the service's own connection. */
export interface PlaceOption {
  readonly connection: string | undefined;
  readonly path: string;
}

/** What a command line of `job submit` asks for. */
export interface SubmitSettings {
  readonly team: string;
  readonly service: string;
  readonly root: string;
  readonly json: boolean;
  readonly color: boolean;
  readonly kubeconfig: string | undefined;
  readonly context: string | undefined;
  /** As it was given. */
  readonly body: string | undefined;
  readonly data: PlaceOption | undefined;
  readonly output: PlaceOption | undefined;
  readonly requestId: string | undefined;
  readonly params: Readonly<Record<string, string>>;
  readonly nodePool: string | undefined;
  readonly caller: string | undefined;
  readonly keyFile: string | undefined;
  readonly url: string | undefined;
  /** PEM. */
  readonly ca: string | undefined;
  /** `look`: post and look for the run; `send-only`: post; `direct`: create the run. */
  readonly way: 'look' | 'send-only' | 'direct';
  readonly follow: 'nothing' | 'wait' | 'logs';
  /** Milliseconds. */
  readonly timeout: number | undefined;
  readonly rerun: boolean;
  /** One job each; undefined: one job. */
  readonly prefixes: readonly string[] | undefined;
  readonly parallel: number;
}

/** Also what keeps a mistyped list from starting a thousand jobs at once: the rest waits. */
const usualParallel = 4;
const mostParallel = 64;

/**
 * What the arguments of `job submit` ask for.
 *
 * @throws UsageError where they contradict one another, or one of them is no service, requestId, duration, place, param or URL
 */
export function readSubmitSettings(
  args: readonly string[],
  io: CliIo,
): SubmitSettings & { readonly values: { readonly format?: string; readonly 'no-color'?: boolean } } {
  const { values, positionals } = parseArguments(args, options, { least: 1, most: 1, name: 'TEAM/NAME' });
  const [team = '', service = '', ...others] = (positionals[0] ?? '').split('/');
  if (team === '' || service === '' || others.length > 0)
    throw new UsageError(`"${positionals[0] ?? ''}" is no TEAM/NAME`, 'for example risk/fraud-scorer');
  refuseContradictions(values);
  const requestId = values['request-id'];
  if (requestId !== undefined && !new RegExp(requestIdPattern).test(requestId)) {
    throw new UsageError(`--request-id ${requestId} is no requestId`, 'at most 36 lower-case letters, digits and -, with - only between others');
  }
  const seconds = values.timeout === undefined ? undefined : parseDuration(values.timeout);
  if (values.timeout !== undefined && !seconds) throw new UsageError(`--timeout ${values.timeout} is no duration`, 'for example 90m or 4h');
  return {
    team,
    service,
    root: findRoot(io, values.root),
    json: isJson(values),
    color: io.color && !values['no-color'],
    kubeconfig: values.kubeconfig,
    context: values.context,
    body: values.body,
    data: values.data === undefined ? undefined : readPlace('--data', values.data),
    output: values.output === undefined ? undefined : readPlace('--output', values.output),
    requestId,
    params: Object.fromEntries((values.param ?? []).map(readParam)),
    nodePool: values['node-pool'],
    caller: values.caller,
    keyFile: values['key-file'],
    url: values.url === undefined ? undefined : readUrl(values.url),
    ca: values['ca-file'] === undefined ? undefined : readText('--ca-file', values['ca-file'], io),
    way: values.direct ? 'direct' : values['send-only'] ? 'send-only' : 'look',
    follow: values.logs ? 'logs' : values.wait ? 'wait' : 'nothing',
    timeout: seconds === undefined ? undefined : seconds * 1000,
    rerun: values.rerun ?? false,
    prefixes: readPrefixes(values, io),
    parallel: readParallel(values.parallel),
    values,
  };
}

type Values = Readonly<Partial<Record<keyof typeof options, unknown>>>;

/** An option that would do nothing is a mistake. */
function refuseContradictions(values: Values): void {
  const both = (first: keyof typeof options, ...others: readonly (keyof typeof options)[]): void => {
    const second = others.find((name) => values[name] !== undefined);
    if (values[first] !== undefined && second !== undefined) throw new UsageError(`--${first} does not go with --${second}`);
  };
  both('namespace', 'body', 'data', 'direct', 'url', 'wait', 'logs');
  if (values.namespace !== undefined) throw new UsageError('--namespace does not go with submit', 'the namespace is that of the team');
  both('direct', 'url', 'key-file', 'ca-file', 'send-only');
  both('send-only', 'wait', 'logs', 'rerun', 'kubeconfig', 'context');
  both('each-prefix', 'each-prefix-file', 'logs');
  both('each-prefix-file', 'logs');
  const isMany = values['each-prefix'] !== undefined || values['each-prefix-file'] !== undefined;
  if (values.parallel !== undefined && !isMany) throw new UsageError('--parallel needs --each-prefix');
  if (values.timeout !== undefined && values.wait === undefined && values.logs === undefined)
    throw new UsageError('--timeout needs --wait or --logs');
}

function readPlace(option: string, text: string): PlaceOption {
  const [, connection, path = ''] = /^(?:([a-z0-9][-a-z0-9.]*):)?(.+)$/s.exec(text) ?? [];
  if (path.includes(':')) throw new UsageError(`${option} ${text} is no [CONNECTION:]PATH`, 'for example raw:fraud/in/2026-11-22/');
  return { connection, path };
}

function readParam(text: string): readonly [string, string] {
  const [, name, value] = /^([a-z][a-z0-9_]*)=(.*)$/s.exec(text) ?? [];
  if (name === undefined || value === undefined) throw new UsageError(`--param ${text} is no NAME=VALUE`, 'for example --param threshold=0.7');
  return [name, value];
}

function readUrl(text: string): string {
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol))
    throw new UsageError(`--url ${text} is no address`, 'for example https://jobs.example.com/risk/api/v1/batch/job');
  return text;
}

function readText(option: string, file: string, io: CliIo): string {
  try {
    // Descriptor 0, as `-` is called elsewhere, may be a pipe.
    return readFileSync(file === '-' ? 0 : resolve(io.cwd, file), 'utf8');
  } catch (error) {
    if (!isDiskError(error)) throw error;
    throw new UsageError(`${option} ${file} cannot be read: ${reasonOf(error)}`);
  }
}

function readPrefixes(
  values: { readonly 'each-prefix'?: readonly string[]; readonly 'each-prefix-file'?: string },
  io: CliIo,
): readonly string[] | undefined {
  const file = values['each-prefix-file'];
  if (file === undefined) return values['each-prefix'];
  const lines = readText('--each-prefix-file', file, io)
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
  if (lines.length === 0) throw new UsageError(`--each-prefix-file ${file} names no prefix`, 'one prefix a line');
  return lines;
}

function readParallel(text: string | undefined): number {
  if (text === undefined) return usualParallel;
  const count = /^[0-9]{1,3}$/.test(text) ? Number(text) : 0;
  if (count < 1 || count > mostParallel) throw new UsageError(`--parallel ${text} is no number from 1 to ${String(mostParallel)}`);
  return count;
}
