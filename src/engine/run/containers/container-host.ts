/** A step as a container of this machine, with what the Task says of it: image, user, rights, limits, mounts, environment. */
import { createHash } from 'node:crypto';
import { bytesOf, parseQuantity } from '../../../base/quantity.js';
import { mountPaths, stepEnv, type StepName } from '../../../contract/paths.js';
import { diagnose } from '../../../diagnostics/diagnose.js';
import type { Diagnostic } from '../../../diagnostics/diagnostic.js';
import type { Invocation, MountedFolder, StepHost } from '../step-host.js';
import type { Step, Task } from '../task.js';
import { stepFolder } from '../variables.js';
import type { ContainerMount, ContainerSpec } from './create-args.js';
import type { ContainerEngine } from './engine.js';
import { gpusOf } from './gpu.js';
import { imageName } from './images.js';
import { giveTo } from './ownership.js';
import { runContainer } from './run-container.js';
import { containerUser, type UserIds, userOf } from './user.js';

export interface ContainerHostOptions {
  readonly engine: ContainerEngine;
  readonly task: Task;
  readonly jobId: string;
  readonly image: string;
  /** A network of the engine; undefined: its usual one. */
  readonly network: string | undefined;
  /** Whether it gets the GPUs that the Task asks for. */
  readonly gpu: boolean;
  /** The folder that stands for the stores; only steps that see rclone.conf are given it. */
  readonly store: string;
  /** Who runs this; undefined where the system has no such ids. */
  readonly invoker: UserIds | undefined;
  readonly notice: (diagnostic: Diagnostic) => void;
}

/** Where the store is in the steps that read and write it. */
export const storeMount = '/mnt/store';
const readsStore: readonly StepName[] = ['sync-data', 'sync-model'];
const configure: StepName = 'configure-rclone';

/** Carries out a step in a container of its own. */
export const containerHost = (options: ContainerHostOptions): StepHost => ({
  async run(invocation) {
    const { engine, notice } = options;
    const { step, work, signal, onLine } = invocation;
    const spec = containerSpec(options, invocation);
    if (spec.user.owner) giveTo(spec.user.owner, foldersOf(spec));
    const { end, outOfMemory, left } = await runContainer({
      engine,
      spec,
      timeoutSeconds: step.timeoutSeconds,
      cwd: work.home(step.name),
      signal,
      onLine,
    });
    if (outOfMemory) notice(diagnose('run/out-of-memory', undefined, { step: step.name, limit: step.container.limits.get('memory') }));
    if (left !== undefined) notice(diagnose('run/container-left', undefined, { engine: engine.kind, name: spec.name, problem: left }));
    return end;
  },
});

/** Of one step of one work folder, which belongs to one run at a time: the next run finds by it what a killed one left. */
const containerName = (workFolder: string, step: string): string =>
  `millrace-${createHash('sha256').update(workFolder).digest('hex').slice(0, 12)}-${step}`;

/** What a step's container is made of. Knows nothing of the engine but how it maps users. */
export function containerSpec(options: ContainerHostOptions, { step, command, env, mounts, work }: Invocation): ContainerSpec {
  const { limits, readOnlyRoot, dropCapabilities, noNewPrivileges } = step.container;
  const usesStore = mounts.some(({ mountPath }) => mountPath === mountPaths.rclone);
  const store: ContainerMount = {
    kind: 'folder',
    source: options.store,
    target: storeMount,
    readOnly: readsStore.some((name) => name === step.name),
  };
  const cpu = parseQuantity(limits.get('cpu') ?? '')?.nano;
  return {
    name: containerName(work.path, step.name),
    job: options.jobId,
    image: imageName(options.image),
    command,
    env: step.name === configure ? new Map([...env, [stepEnv.store, storeMount]]) : env,
    mounts: [
      ...mounts.map((mount) => mountOf(mount, options.task)),
      ...stepFiles(step, [...command, ...env.values()], work.steps),
      ...(usesStore ? [store] : []),
    ],
    user: containerUser(options.engine, userOf(step), options.invoker),
    readOnlyRoot,
    dropCapabilities,
    noNewPrivileges,
    memory: bytesOf(limits.get('memory') ?? ''),
    cpus: cpu === undefined ? undefined : Number(cpu) / 1e9,
    gpus: options.gpu ? gpusOf(step).count : 0,
    network: options.network,
  };
}

/** A volume in memory that no other step sees is one here, too, so that its size is held; a shared one is a folder as any other. */
function mountOf({ volume: name, mountPath, host, readOnly }: MountedFolder, task: Task): ContainerMount {
  const volume = task.volumes.find((each) => each.name === name);
  const mountedBy = task.steps.filter(({ mounts }) => mounts.some((mount) => mount.volume === name)).length;
  if (volume?.kind === 'memory' && mountedBy === 1) return { kind: 'memory', target: mountPath, size: bytesOf(volume.size ?? '') };
  return { kind: 'folder', source: host, target: mountPath, readOnly };
}

/** Results and exit codes of steps; in a pod every step sees them, here only one that is told of them. */
function stepFiles(step: Step, values: readonly string[], folder: string): readonly ContainerMount[] {
  const isTold = values.some((value) => value.startsWith(`${stepFolder}/`));
  return isTold ? [{ kind: 'folder', source: folder, target: stepFolder, readOnly: step.results.length === 0 }] : [];
}

/** The work folder's; the store is its user's own and stays so. */
const foldersOf = ({ mounts }: ContainerSpec): readonly string[] =>
  mounts.flatMap((mount) => (mount.kind === 'folder' && mount.target !== storeMount ? [mount.source] : []));
