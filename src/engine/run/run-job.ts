/** `millrace run`: a job of a service with a folder in place of the stores and a process in place of each container. */
import { existsSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname } from 'node:path';
import { diagnose } from '../../diagnostics/diagnose.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { stepEnv, type StepName } from '../../contract/paths.js';
import { type JobReport, readReport } from './job.js';
import { mapPath, type Mapping, mapValue } from './mappings.js';
import { checkRclone, findProgram } from './programs.js';
import { runTask, type StepHost, type StepResult, type TaskEvents } from './run-task.js';
import type { Step, Task } from './task.js';
import { makeVolumes, type WorkFolder } from './work-folder.js';

export const predictorStep: StepName = 'user-container';
const configure: StepName = 'configure-rclone';

/** What of this machine a job uses. */
export interface Machine {
  /** Absolute; `<store>/<connection>/` stands for a connection. */
  readonly store: string;
  /** Folders of the service's image that are on this machine. */
  readonly imageFolders: readonly Mapping[];
  /** PATH. */
  readonly searchPath: string;
}

export interface JobOptions {
  readonly task: Task;
  readonly jobId: string;
  readonly params: ReadonlyMap<string, string>;
  readonly configMap: (name: string) => Readonly<Record<string, string>>;
  readonly machine: Machine;
  readonly work: WorkFolder;
  readonly signal: AbortSignal;
  readonly events: TaskEvents;
}

/** Everything of this machine that would end the run before its first step, all at once. `storeName` is the store as its user calls it. */
export async function checkMachine(task: Task, machine: Machine, storeName: string, signal: AbortSignal): Promise<readonly Diagnostic[]> {
  const temporary = tmpdir();
  return [
    ...(isFolder(machine.store) ? [] : [diagnose('run/store-missing', undefined, { path: storeName })]),
    ...machine.imageFolders.filter(({ host }) => !isFolder(host)).map((mapping) => diagnose('run/exec-map-missing', undefined, mapping)),
    ...(isFolder(temporary)
      ? await checkRclone(machine.searchPath, temporary, signal)
      : [diagnose('run/no-temporary-folder', undefined, { path: temporary })]),
    ...missingCommands(task, machine),
  ];
}

/** Paths of the image that the predictor is given and that nothing on this machine stands for. */
export function checkPaths(task: Task, { imageFolders }: Machine): readonly Diagnostic[] {
  const step = task.steps.find(({ name }) => name === predictorStep);
  if (!step) return [];
  const mappings = [...imageFolders, ...step.mounts.map(({ mountPath }) => ({ container: mountPath, host: mountPath }))];
  const values = [...step.command.slice(1), ...step.args, ...step.env.map(({ value }) => value)];
  const paths = [...new Set(values)].filter((value) => value.startsWith('/') && mapPath(value, mappings) === undefined && !existsSync(value));
  const [first] = paths;
  return first === undefined ? [] : [diagnose('run/path-not-mapped', undefined, { paths, folder: dirname(first) })];
}

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;

function missingCommands(task: Task, machine: Machine): readonly Diagnostic[] {
  const missing = task.steps.filter((step) => {
    const host = stepHost(step, machine);
    return host.program(mapValue(step.command[0] ?? '', host.imageFolders)) === undefined;
  });
  const seen = new Set<string>();
  return missing.flatMap(({ name, command: [command = ''] }) => {
    if (seen.has(command)) return [];
    seen.add(command);
    return [diagnose('run/command-missing', undefined, { step: name, command })];
  });
}

function stepHost({ name }: Step, { imageFolders, searchPath, store }: Machine): StepHost {
  if (name === predictorStep) return { program: (command) => findProgram(command, searchPath), imageFolders, env: {}, protect: true };
  return {
    // Whatever Node runs this is new enough for the runtime.
    program: (command) => (command === 'node' ? process.execPath : findProgram(command, searchPath)),
    imageFolders: [],
    env: name === configure ? { [stepEnv.store]: store } : {},
    protect: false,
  };
}

export interface JobEnd {
  readonly steps: readonly StepResult[];
  readonly report: JobReport;
}

/** The steps get a clean environment: nothing of the caller's but PATH. */
export async function runJob(options: JobOptions): Promise<JobEnd> {
  const { task, work, machine } = options;
  makeVolumes(work, task.volumes, options.configMap);
  const steps = await runTask({
    task,
    name: options.jobId,
    params: options.params,
    work,
    host: (step) => stepHost(step, machine),
    baseEnv: { PATH: machine.searchPath, LANG: 'C.UTF-8' },
    signal: options.signal,
    events: options.events,
  });
  return { steps, report: readReport(task, work) };
}
