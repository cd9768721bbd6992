/** `millrace run`: a job of a service with a folder in place of the stores, in processes or containers of this machine. */
import { diagnose } from '../../diagnostics/diagnose.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { stepEnv, type StepName } from '../../contract/paths.js';
import { containerHost } from './containers/container-host.js';
import type { ContainerEngine } from './containers/engine.js';
import { invoker } from './containers/user.js';
import { type JobReport, readReport } from './job.js';
import { isContainer, type Machine, predictorStep, programsOf } from './machine.js';
import { processHost } from './process-host.js';
import { runTask, type StepResult, type TaskEvents } from './run-task.js';
import type { StepHost } from './step-host.js';
import type { Step, Task } from './task.js';
import { tooLarge } from './volume-sizes.js';
import { makeVolumes, type WorkFolder } from './work-folder.js';

const configure: StepName = 'configure-rclone';

/** How the containers of a job are made. */
export interface ContainerSettings {
  readonly engine: ContainerEngine;
  /** In place of the service's own. */
  readonly predictorImage: string | undefined;
  readonly network: string | undefined;
  readonly gpu: boolean;
}

export interface JobEvents extends TaskEvents {
  /** Something that its user should know, and that does not end the run. */
  readonly notice: (diagnostic: Diagnostic) => void;
}

export interface JobOptions {
  readonly task: Task;
  readonly jobId: string;
  readonly params: ReadonlyMap<string, string>;
  readonly configMap: (name: string) => Readonly<Record<string, string>>;
  readonly machine: Machine;
  /** Undefined: no step is a container. */
  readonly containers: ContainerSettings | undefined;
  readonly work: WorkFolder;
  readonly signal: AbortSignal;
  readonly events: JobEvents;
}

export interface JobEnd {
  readonly steps: readonly StepResult[];
  readonly report: JobReport;
}

/** Carries out all steps of a Task in a work folder. */
export async function runJob(options: JobOptions): Promise<JobEnd> {
  const { task, work } = options;
  makeVolumes(work, task.volumes, options.configMap);
  const steps = await runTask({
    task,
    name: options.jobId,
    params: options.params,
    work,
    host: (step) => stepHost(step, options),
    signal: options.signal,
    events: withSizes(options),
  });
  return { steps, report: readReport(task, work) };
}

/** Tells of each volume that is too large, once. */
function withSizes({ task, work, events }: JobOptions): TaskEvents {
  const told = new Set<string>();
  return {
    ...events,
    stepEnds(step, result) {
      events.stepEnds(step, result);
      for (const { volume, diagnostic } of tooLarge(step, task, work)) {
        if (!told.has(volume)) events.notice(diagnostic);
        told.add(volume);
      }
    },
  };
}

/** The image of a step here. */
export const imageOf = (step: Step, predictorImage: string | undefined): string =>
  step.name === predictorStep ? (predictorImage ?? step.container.image) : step.container.image;

function stepHost(step: Step, { machine, containers, task, jobId, events: { notice } }: JobOptions): StepHost {
  if (containers && isContainer(machine.containers, step)) {
    const { engine, network, gpu, predictorImage } = containers;
    return containerHost({
      engine,
      task,
      jobId,
      image: imageOf(step, predictorImage),
      network,
      gpu,
      store: machine.store,
      invoker: invoker(),
      notice,
    });
  }
  return processHost({
    ...programsOf(step, machine),
    // A clean environment: nothing of the caller's but PATH.
    baseEnv: { PATH: machine.searchPath, LANG: 'C.UTF-8' },
    env: step.name === configure ? { [stepEnv.store]: machine.store } : {},
    ...(step.name === predictorStep ? { changedReadOnly: (paths) => notice(changedReadOnly(step, paths)) } : {}),
  });
}

const changedReadOnly = ({ name }: Step, paths: readonly string[]): Diagnostic =>
  diagnose('run/read-only-changed', undefined, { step: name, paths: paths.slice(0, 3), more: Math.max(paths.length - 3, 0) });
