/** What a job uses of this machine, and whether it is there. */
import { existsSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname } from 'node:path';
import type { StepName } from '../../contract/paths.js';
import { diagnose } from '../../diagnostics/diagnose.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { mapPath, type Mapping, mapValue } from './mappings.js';
import { checkRclone, findProgram } from './programs.js';
import type { Step, Task } from './task.js';

export const predictorStep: StepName = 'user-container';

/** Which steps are containers here, as on a cluster all are; the others are processes. */
export type ContainerScope = 'none' | 'predictor' | 'all';

/** Whether a step runs in a container rather than as a process. */
export const isContainer = (scope: ContainerScope, { name }: Step): boolean => scope === 'all' || (scope === 'predictor' && name === predictorStep);

export interface Machine {
  /** Absolute; `<store>/<connection>/` stands for a connection. */
  readonly store: string;
  readonly containers: ContainerScope;
  /** Folders of the service's image that are on this machine; for a predictor that is a process. */
  readonly imageFolders: readonly Mapping[];
  /** PATH. */
  readonly searchPath: string;
}

/** Everything of this machine that would end the run before its first step, all at once. `storeName` is the store as its user calls it. */
export async function checkMachine(task: Task, machine: Machine, storeName: string, signal: AbortSignal): Promise<readonly Diagnostic[]> {
  const temporary = tmpdir();
  const checkPrograms = async (): Promise<readonly Diagnostic[]> => {
    if (machine.containers === 'all') return [];
    if (!isFolder(temporary)) return [diagnose('run/no-temporary-folder', undefined, { path: temporary })];
    return checkRclone(machine.searchPath, temporary, signal);
  };
  return [
    ...(isFolder(machine.store) ? [] : [diagnose('run/store-missing', undefined, { path: storeName })]),
    ...machine.imageFolders.filter(({ host }) => !isFolder(host)).map((mapping) => diagnose('run/exec-map-missing', undefined, mapping)),
    ...(await checkPrograms()),
    ...missingCommands(task, machine),
  ];
}

/** Paths of the image that the predictor is given and that nothing on this machine stands for. */
export function checkPaths(task: Task, { imageFolders, containers }: Machine): readonly Diagnostic[] {
  const step = task.steps.find(({ name }) => name === predictorStep);
  if (!step || isContainer(containers, step)) return [];
  const mappings = [...imageFolders, ...step.mounts.map(({ mountPath }) => ({ container: mountPath, host: mountPath }))];
  const values = [...step.command.slice(1), ...step.args, ...step.env.map(({ value }) => value)];
  const paths = [...new Set(values)].filter((value) => value.startsWith('/') && mapPath(value, mappings) === undefined && !existsSync(value));
  const [first] = paths;
  return first === undefined ? [] : [diagnose('run/path-not-mapped', undefined, { paths, folder: dirname(first) })];
}

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;

function missingCommands(task: Task, machine: Machine): readonly Diagnostic[] {
  const missing = task.steps.filter((step) => {
    if (isContainer(machine.containers, step)) return false;
    const { program, imageFolders } = programsOf(step, machine);
    return program(mapValue(step.command[0] ?? '', imageFolders)) === undefined;
  });
  const seen = new Set<string>();
  return missing.flatMap(({ name, command: [command = ''] }) => {
    if (seen.has(command)) return [];
    seen.add(command);
    return [diagnose('run/command-missing', undefined, { step: name, command })];
  });
}

/** The programs of this machine that stand for those of a step's image. */
export interface Programs {
  readonly program: (command: string) => string | undefined;
  readonly imageFolders: readonly Mapping[];
}

/** Where the programs of a step are found on this machine. */
export function programsOf({ name }: Step, { imageFolders, searchPath }: Machine): Programs {
  if (name === predictorStep) return { program: (command) => findProgram(command, searchPath), imageFolders };
  // Whatever Node runs this is new enough for the runtime.
  return { program: (command) => (command === 'node' ? process.execPath : findProgram(command, searchPath)), imageFolders: [] };
}
