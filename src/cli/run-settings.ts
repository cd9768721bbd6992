import { resolve } from 'node:path';
import { isDnsLabel } from '../base/names.js';
import { parseImage } from '../base/image.js';
import { type EngineKind, engineKinds } from '../engine/run/containers/engine.js';
import type { ContainerScope } from '../engine/run/machine.js';
import type { Mapping } from '../engine/run/mappings.js';
import { choice, commonOptions, parseArguments } from './arguments.js';
import { type CliIo, UsageError } from './command.js';
import { findRoot } from './root.js';

const options = {
  ...commonOptions,
  store: { type: 'string' },
  exec: { type: 'boolean' },
  'exec-map': { type: 'string', multiple: true },
  containers: { type: 'string' },
  'container-engine': { type: 'string' },
  image: { type: 'string' },
  network: { type: 'string' },
  'no-gpu': { type: 'boolean' },
  request: { type: 'string' },
  param: { type: 'string', multiple: true },
  caller: { type: 'string' },
  schedule: { type: 'string' },
  at: { type: 'string' },
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
  readonly containers: ContainerScope;
  readonly imageFolders: readonly Mapping[];
  /** Undefined: the first one that is there. */
  readonly engine: EngineKind | undefined;
  /** In place of the service's own. */
  readonly image: string | undefined;
  readonly network: string | undefined;
  readonly gpu: boolean;
  readonly request: string | undefined;
  /** Values of the service's params, by name. */
  readonly params: ReadonlyMap<string, string>;
  readonly caller: string | undefined;
  /** Start what a schedule of the service would start, and for which time. */
  readonly schedule: { readonly name: string; readonly time: Date } | undefined;
  readonly jobId: string;
  readonly work: string | undefined;
  readonly keep: boolean;
}

/** The words of `millrace run`; throws a {@link UsageError} where they do not go together. */
export function readSettings(args: readonly string[], io: CliIo): RunSettings {
  const { values, positionals } = parseArguments(args, options, { least: 1, most: 1, name: 'TEAM/NAME' });
  const [team = '', service = '', ...others] = (positionals[0] ?? '').split('/');
  if (team === '' || service === '' || others.length > 0)
    throw new UsageError(`"${positionals[0] ?? ''}" is no TEAM/NAME`, 'for example risk/fraud-scorer');
  if (values.store === undefined) throw new UsageError('--store DIR is missing', 'it names the folder that stands for the stores');
  refuseUnused(values);
  if (values.caller !== undefined && values.request === undefined) throw new UsageError('--caller needs --request');
  if (values.param !== undefined && values.request !== undefined) {
    throw new UsageError('--param and --request exclude each other', 'a request gives params itself: spec.params');
  }
  const schedule = readSchedule(values);
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
    containers: values.exec ? 'none' : (choice('--containers', values.containers, ['predictor', 'all']) ?? 'predictor'),
    imageFolders: (values['exec-map'] ?? []).map((text) => readExecMap(text, io)),
    engine: choice('--container-engine', values['container-engine'], engineKinds),
    image: readImage(values.image),
    network: readNetwork(values.network),
    gpu: !values['no-gpu'],
    request: values.request,
    params: new Map((values.param ?? []).map(readParam)),
    caller: values.caller,
    schedule,
    jobId,
    work: values.work,
    keep: values.keep ?? false,
  };
}

function readSchedule(values: {
  readonly schedule?: string;
  readonly at?: string;
  readonly request?: string;
  readonly param?: readonly string[];
}): RunSettings['schedule'] {
  const { schedule: name, at } = values;
  if (name === undefined) {
    if (at !== undefined) throw new UsageError('--at needs --schedule', 'it is the time for which the schedule starts a job');
    return undefined;
  }
  const other = (['request', 'param'] as const).find((option) => values[option] !== undefined);
  if (other) throw new UsageError(`--${other} and --schedule exclude each other`, 'a schedule has a request of its own');
  return { name, time: at === undefined ? new Date() : readTime(at) };
}

/** With its offset from UTC: a time of day alone may come twice a year, or not at all. */
function readTime(text: string): Date {
  const [, day] = /^([0-9]{4}-[0-9]{2}-[0-9]{2})T[0-9]{2}:[0-9]{2}(?::[0-9]{2})?(?:Z|[+-][0-9]{2}:[0-9]{2})$/.exec(text) ?? [];
  const [time, midnight] = [new Date(text), new Date(`${day ?? ''}T00:00Z`)];
  // Engines read the 30th of February as a day of March.
  const isTime = !Number.isNaN(time.getTime()) && !Number.isNaN(midnight.getTime()) && midnight.toISOString().slice(0, 10) === day;
  if (!isTime) throw new UsageError(`--at ${text} is no time`, 'with its offset, for example 2026-11-22T01:00Z or 2026-11-22T02:00+01:00');
  const year = time.getUTCFullYear();
  if (year < 1990 || year > 2159) throw new UsageError(`--at ${text} is not between 1990 and 2159`);
  return time;
}

function readParam(text: string): readonly [string, string] {
  const [, name, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
  if (name === undefined || value === undefined) throw new UsageError(`--param ${text} is no NAME=VALUE`, 'for example --param threshold=0.7');
  return [name, value];
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

/** An option that would do nothing is a mistake. */
function refuseUnused({ exec, ...values }: Readonly<Record<string, unknown>>): void {
  const useless = exec ? (['containers', 'container-engine', 'image', 'network', 'no-gpu'] as const) : (['exec-map'] as const);
  const found = useless.find((name) => values[name] !== undefined);
  if (found === undefined) return;
  throw exec
    ? new UsageError(`--${found} is about containers, and with --exec there are none`)
    : new UsageError(`--${found} needs --exec`, 'a container has the folders of its image');
}

function readImage(image: string | undefined): string | undefined {
  if (image !== undefined && parseImage(image) === undefined)
    throw new UsageError(`--image ${image} is no name of an image`, 'for example fraud:dev');
  return image;
}

/** Whatever the engine knows by a name, and nothing that it would read as an option. */
function readNetwork(network: string | undefined): string | undefined {
  if (network !== undefined && !/^[A-Za-z0-9][A-Za-z0-9_.-]*$/.test(network)) {
    throw new UsageError(`--network ${network} is no name of a network`, 'for example none');
  }
  return network;
}
