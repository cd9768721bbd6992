import { join, relative, resolve } from 'node:path';
import type { CompileResult } from '../compile.js';
import { diagnose } from '../diagnostics/diagnose.js';
import { hasErrors, type Diagnostic, type Result } from '../diagnostics/diagnostic.js';
import { checkContainers, checkFolders, checkOutputFolder } from '../engine/run/containers/check-containers.js';
import { findEngine } from '../engine/run/containers/engine.js';
import { ensureImages } from '../engine/run/containers/images.js';
import { containerUser, invoker, userOf } from '../engine/run/containers/user.js';
import { configMapFiles, findTask, withStepSpecs } from '../engine/run/job.js';
import { checkMachine, checkPaths, isContainer, type Machine } from '../engine/run/machine.js';
import { type ContainerSettings, imageOf, type JobOptions } from '../engine/run/run-job.js';
import type { Task } from '../engine/run/task.js';
import { claimWorkFolder } from '../engine/run/work-folder.js';
import type { CliIo } from './command.js';
import { emittedObjects } from './emitted-objects.js';
import { startingRun } from './run-params.js';
import type { RunSettings } from './run-settings.js';

/** All that a run needs; nothing of it has started. */
export interface Start extends Omit<JobOptions, 'signal' | 'events'> {
  /** As its user would call the work folder. */
  readonly workName: string;
  readonly warnings: readonly Diagnostic[];
}

/** Everything that would end a run before its first step is found here, and as much of it at once as can be. */
export async function prepare({ files, services }: CompileResult, settings: RunSettings, io: CliIo, signal: AbortSignal): Promise<Result<Start>> {
  const { team, service: name, root, jobId } = settings;
  const service = services.find((each) => each.name === name && each.namespace.team === team);
  if (!service) {
    const known = services.map((each) => `${each.namespace.team}/${each.name}`).sort();
    return [undefined, [diagnose('run/unknown-service', undefined, { team, name, known })]];
  }
  const { namespace } = service.namespace;
  const objects = emittedObjects(files, [`${namespace}/platform.yaml`, `${namespace}/${name}.yaml`]);
  const { containers, imageFolders } = settings;
  const machine = { store: resolve(io.cwd, settings.store), containers, imageFolders, searchPath: io.env['PATH'] ?? '' };
  const path = settings.work === undefined ? join(root, '.millrace-run', jobId) : resolve(io.cwd, settings.work);
  const workName = settings.work ?? relative(io.cwd, path);

  const [run, refusals] = startingRun(objects, service, settings, io);
  const params = run?.params;
  const emitted = findTask(objects, namespace, name);
  const task = run ? withStepSpecs(emitted, run.taskRun) : emitted;
  const missing = await checkMachine(task, machine, settings.store, signal);
  const [containerSettings, problems] = await prepareContainers(task, machine, { path, workName }, settings, io, signal);
  if (signal.aborted) return [undefined, []];
  const unwritable = containerSettings && params ? checkOutput(task, machine, containerSettings, params) : [];
  const found = [...refusals, ...missing, ...problems, ...unwritable];
  if (!params || hasErrors(found)) return [undefined, found];

  if (containerSettings) {
    const notPulled = await pull(task, machine, containerSettings, io, signal);
    if (notPulled.length > 0 || signal.aborted) return [undefined, notPulled];
  }
  const [work, taken] = claimWorkFolder(path, workName);
  if (!work) return [undefined, taken];
  const warnings = [...checkPaths(task, machine), ...problems];
  const configMap = (each: string): Readonly<Record<string, string>> => configMapFiles(objects, namespace, each);
  return [{ task, jobId, params, configMap, machine, containers: containerSettings, work, workName, warnings }, []];
}

async function prepareContainers(
  task: Task,
  machine: Machine,
  work: { readonly path: string; readonly workName: string },
  settings: RunSettings,
  io: CliIo,
  signal: AbortSignal,
): Promise<Result<ContainerSettings>> {
  if (machine.containers === 'none') return [undefined, []];
  const folders = checkFolders([
    { path: work.path, display: work.workName, option: '--work' },
    ...(machine.containers === 'all' ? [{ path: machine.store, display: settings.store, option: '--store' }] : []),
  ]);
  const env = Object.fromEntries(Object.entries(io.env).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])));
  const [engine, missing] = await findEngine({ wanted: settings.engine, searchPath: machine.searchPath, env, signal });
  if (!engine) return [undefined, [...folders, ...missing]];
  const steps = task.steps.filter((step) => isContainer(machine.containers, step));
  const { image: predictorImage, network, gpu } = settings;
  return [{ engine, predictorImage, network, gpu }, [...folders, ...checkContainers(steps, engine, gpu)]];
}

/** Only the steps that are containers have another user than the store's. */
function checkOutput(task: Task, machine: Machine, { engine }: ContainerSettings, params: ReadonlyMap<string, string>): readonly Diagnostic[] {
  const last = task.steps.at(-1);
  if (!last || !isContainer(machine.containers, last)) return [];
  return checkOutputFolder(
    machine.store,
    join(params.get('outputConnection') ?? '', params.get('outputPath') ?? ''),
    containerUser(engine, userOf(last), invoker()).owner,
  );
}

async function pull(
  task: Task,
  machine: Machine,
  { engine, predictorImage }: ContainerSettings,
  io: CliIo,
  signal: AbortSignal,
): Promise<readonly Diagnostic[]> {
  const steps = task.steps.filter((step) => isContainer(machine.containers, step));
  const images = steps.map((step) => imageOf(step, predictorImage));
  return ensureImages(engine, images, { pullStarts: (image) => io.stdout(`pulling ${image}\n`) }, signal);
}
