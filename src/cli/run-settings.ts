import { resolve } from 'node:path';
import { isDnsLabel } from '../base/names.js';
import type { Mapping } from '../engine/run/mappings.js';
import { commonOptions, parseArguments } from './arguments.js';
import { type CliIo, UsageError } from './command.js';
import { findRoot } from './root.js';

const options = {
  ...commonOptions,
  store: { type: 'string' },
  exec: { type: 'boolean' },
  'exec-map': { type: 'string', multiple: true },
  request: { type: 'string' },
  caller: { type: 'string' },
  'job-id': { type: 'string' },
  work: { type: 'string' },
  keep: { type: 'boolean' },
} as const;

/** What a command line asks for. */
export interface RunSettings {
  readonly team: string;
  readonly service: string;
  readonly root: string;
  readonly color: boolean;
  /** As it was given. */
  readonly store: string;
  readonly imageFolders: readonly Mapping[];
  readonly request: string | undefined;
  readonly caller: string | undefined;
  readonly jobId: string;
  readonly work: string | undefined;
  readonly keep: boolean;
}

export function readSettings(args: readonly string[], io: CliIo): RunSettings {
  const { values, positionals } = parseArguments(args, options, { least: 1, most: 1, name: 'TEAM/NAME' });
  const [team = '', service = '', ...others] = (positionals[0] ?? '').split('/');
  if (team === '' || service === '' || others.length > 0)
    throw new UsageError(`"${positionals[0] ?? ''}" is no TEAM/NAME`, 'for example risk/fraud-scorer');
  if (values.store === undefined) throw new UsageError('--store DIR is missing', 'it names the folder that stands for the stores');
  if (!values.exec)
    throw new UsageError('--exec is missing', 'running the predictor as a container is not supported yet; --exec runs it as a process');
  if (values.caller !== undefined && values.request === undefined) throw new UsageError('--caller needs --request');
  const jobId = values['job-id'] ?? `${service}--local`;
  if (values['job-id'] !== undefined && !isDnsLabel(jobId)) {
    throw new UsageError(`--job-id ${jobId} is no name of a job`, 'lower-case letters, digits and -, at most 63 characters');
  }
  return {
    team,
    service,
    root: findRoot(io, values.root),
    color: io.color && !values['no-color'],
    store: values.store,
    imageFolders: (values['exec-map'] ?? []).map((text) => readExecMap(text, io)),
    request: values.request,
    caller: values.caller,
    jobId,
    work: values.work,
    keep: values.keep ?? false,
  };
}

function readExecMap(text: string, io: CliIo): Mapping {
  const [, container, host] = /^(\/[^=]*)=(.+)$/s.exec(text) ?? [];
  if (container === undefined || host === undefined) {
    throw new UsageError(
      `--exec-map ${text} is no FOLDER=DIR`,
      'an absolute folder of the image and one of this machine: --exec-map /opt/app=examples/fraud',
    );
  }
  return { container, host: resolve(io.cwd, host) };
}
