/** Carries out a Task on this machine, step by step, as Tekton does in a pod. Knows nothing of what the steps do. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { assertInvariant } from '../../base/assert.js';
import { attempt, isDiskError, reasonOf } from '../../emit/disk.js';
import type { ProcessEnd } from './process.js';
import type { StepHost } from './step-host.js';
import type { EnvVar, Step, Task } from './task.js';
import {
  containerName,
  exitCodePath,
  expandEnv,
  fixedStages,
  type Lookup,
  pathStage,
  refuseLeftOver,
  replaceVariables,
  resultPath,
  resultStage,
  stepFolder,
} from './variables.js';
import type { WorkFolder } from './work-folder.js';

export interface RunTaskOptions {
  readonly task: Task;
  /** Name of the TaskRun. */
  readonly name: string;
  /** The TaskRun's params; the Task's defaults fill the rest. */
  readonly params: ReadonlyMap<string, string>;
  readonly work: WorkFolder;
  /** What runs a step on this machine. */
  readonly host: (step: Step) => StepHost;
  readonly signal: AbortSignal;
  readonly events: TaskEvents;
}

export interface TaskEvents {
  readonly stepStarts: (step: Step) => void;
  readonly line: (step: Step, line: string) => void;
  readonly stepEnds: (step: Step, result: StepResult) => void;
}

/** Tekton's own words for how a step ended. */
export type TerminationReason = 'Completed' | 'Continued' | 'Skipped' | 'Error' | 'TimeoutExceeded' | 'Cancelled';

export interface StepResult {
  readonly name: string;
  readonly reason: TerminationReason;
  readonly exitCode: number;
  readonly seconds: number;
  /** Why the step could not run, or the signal that ended it. */
  readonly detail: string | undefined;
}

/** Results of all steps in order; the run has failed if the last of them that was carried out has. */
export async function runTask(options: RunTaskOptions): Promise<readonly StepResult[]> {
  const { task, events } = options;
  const results: StepResult[] = [];
  const stages = fixedStages({ params: allParams(options), taskRun: options.name, namespace: task.namespace, task: task.name });
  let stopped = false;
  for (const step of task.steps) {
    if (stopped) {
      // As Tekton reports a step whose predecessor failed.
      results.push({ name: step.name, reason: 'Skipped', exitCode: 1, seconds: 0, detail: undefined });
      continue;
    }
    events.stepStarts(step);
    const started = performance.now();
    const end = await runStep(step, options, [
      ...stages,
      pathStage(step.name),
      resultStage((name, result) => readResult(options.work, name, result)),
    ]);
    const result: StepResult = { name: step.name, seconds: (performance.now() - started) / 1000, ...outcome(step, end, options.work) };
    results.push(result);
    events.stepEnds(step, result);
    stopped = result.reason === 'Error' || result.reason === 'TimeoutExceeded' || result.reason === 'Cancelled';
  }
  return results;
}

/** The step that decided a failed run. */
export const failedStep = (results: readonly StepResult[]): StepResult | undefined =>
  results.find(({ reason }) => reason === 'Error' || reason === 'TimeoutExceeded' || reason === 'Cancelled');

function allParams({ task, params }: RunTaskOptions): ReadonlyMap<string, string> {
  for (const name of params.keys())
    assertInvariant(
      task.params.some((param) => param.name === name),
      `the Task has no param ${name}`,
    );
  return new Map(
    task.params.map((param) => {
      const value = params.get(param.name) ?? param.default;
      assertInvariant(value !== undefined, `the run gives no value for param ${param.name}`);
      return [param.name, value];
    }),
  );
}

type Outcome = Pick<StepResult, 'reason' | 'exitCode' | 'detail'>;

type StepEnd = ProcessEnd | { readonly kind: 'skipped' };

/** The exit code and reason of a step, with the files that later steps read of it. A skipped step counts as one that exited with 0. */
function outcome(step: Step, end: StepEnd, work: WorkFolder): Outcome {
  switch (end.kind) {
    case 'skipped':
      return unlessUnwritten(step, 0, work, { reason: 'Skipped', exitCode: 0, detail: undefined });
    case 'exited': {
      const detail = end.signal === undefined ? undefined : `ended by ${end.signal}`;
      if (end.code !== 0 && !step.continueOnError) return { reason: 'Error', exitCode: end.code, detail };
      return unlessUnwritten(step, end.code, work, { reason: end.code === 0 ? 'Completed' : 'Continued', exitCode: end.code, detail });
    }
    // Neither is softened by onError: Tekton continues after an exit code only.
    case 'timed-out':
      return { reason: 'TimeoutExceeded', exitCode: 1, detail: undefined };
    case 'not-started':
      return { reason: 'Error', exitCode: 1, detail: end.message };
    case 'aborted':
      return { reason: 'Cancelled', exitCode: 1, detail: undefined };
  }
}

const hostPath = (work: WorkFolder, path: string): string => join(work.steps, path.slice(stepFolder.length));

/** Later steps read the exit code. A step may have filled the disk, or removed more than its own. */
function unlessUnwritten(step: Step, code: number, work: WorkFolder, outcome: Outcome): Outcome {
  const problem = attempt(() => {
    writeFileSync(hostPath(work, exitCodePath(containerName(step.name))), String(code));
  });
  return problem ? { reason: 'Error', exitCode: 1, detail: `its exit code cannot be written down: ${reasonOf(problem)}` } : outcome;
}

class MissingResult extends Error {}

function readResult(work: WorkFolder, step: string, result: string): string {
  try {
    return readFileSync(hostPath(work, resultPath(containerName(step), result)), 'utf8');
  } catch {
    throw new MissingResult(`step ${step} wrote no result ${result}`);
  }
}

async function runStep(step: Step, options: RunTaskOptions, stages: readonly Lookup[]): Promise<StepEnd> {
  const { work, events } = options;
  const resolve = (text: string): string => {
    const replaced = replaceVariables(text, stages);
    refuseLeftOver(replaced, `step ${step.name}`);
    return replaced;
  };
  try {
    mkdirSync(dirname(hostPath(work, resultPath(containerName(step.name), '-'))), { recursive: true });
    if (!step.when.every(({ input, operator, values }) => values.includes(resolve(input)) === (operator === 'in'))) return { kind: 'skipped' };
    const env = expandAll(step.env, resolve);
    const [program, ...args] = [...step.command, ...step.args].map((text) => expandEnv(resolve(text), env));
    assertInvariant(program !== undefined, `step ${step.name} has no command`);
    return await options.host(step).run({
      step,
      command: [program, ...args],
      env,
      mounts: step.mounts.map((mount) => ({ ...mount, host: work.volume(mount.volume, mount.subPath) })),
      work,
      signal: options.signal,
      onLine: (line) => events.line(step, line),
    });
  } catch (error) {
    if (error instanceof MissingResult) return { kind: 'not-started', message: error.message };
    // Of a folder of the run, which an earlier step may have filled or closed.
    if (isDiskError(error)) return { kind: 'not-started', message: reasonOf(error) };
    throw error;
  }
}

/** Each value may use the variables before it. */
function expandAll(variables: readonly EnvVar[], resolve: (text: string) => string): ReadonlyMap<string, string> {
  const env = new Map<string, string>();
  for (const { name, value } of variables) env.set(name, expandEnv(resolve(value), env));
  return env;
}
