/** The variables of a step's strings: first Tekton's, stage by stage as Tekton does, then the kubelet's `$(ENV)`. */
import { InvariantError } from '../../base/assert.js';

/** Looks up what stands between `$(` and `)`; undefined: not one of this stage. */
export type Lookup = (name: string) => string | undefined;

const reference = /\$\(([^()]+)\)/g;

/** Tekton replaces stage after stage, so a param's value that holds `$(context.taskRun.name)` is replaced, too. */
export const replaceVariables = (text: string, stages: readonly Lookup[]): string =>
  stages.reduce((current, lookup) => current.replace(reference, (whole, name: string) => lookup(name) ?? whole), text);

const tektonName = /^(params|context|step|steps|tasks|workspaces|results|inputs|outputs|credentials|artifacts)[.[]/;

/** What still looks like a variable of Tekton after all stages would reach the program as it is: our bug. */
export function refuseLeftOver(text: string, where: string): void {
  for (const [whole, name = ''] of text.matchAll(reference)) {
    if (tektonName.test(name)) throw new InvariantError(`${where}: ${whole} is not understood here`);
  }
}

export interface StageInput {
  readonly params: ReadonlyMap<string, string>;
  readonly taskRun: string;
  readonly namespace: string;
  readonly task: string;
}

const byName = (prefix: string, values: ReadonlyMap<string, string>): Lookup => {
  const pattern = new RegExp(`^${prefix}(?:\\.([A-Za-z0-9_-]+)|\\["([^"]+)"\\]|\\['([^']+)'\\])$`);
  return (name) => {
    const match = pattern.exec(name);
    return match ? values.get(match[1] ?? match[2] ?? match[3] ?? '') : undefined;
  };
};

/** Stages whose values are known before the first step. */
export const fixedStages = (input: StageInput): readonly Lookup[] => [
  byName('params', input.params),
  (name) =>
    new Map([
      ['context.taskRun.name', input.taskRun],
      ['context.taskRun.namespace', input.namespace],
      ['context.task.name', input.task],
    ]).get(name),
];

/** Folder of a step's own files in a pod, by the name of its container. */
export const stepFolder = '/tekton/steps';
/** The file in which Tekton keeps the exit code of a step. */
export const exitCodePath = (container: string): string => `${stepFolder}/${container}/exitCode`;
/** The file into which a step writes a result. */
export const resultPath = (container: string, result: string): string => `${stepFolder}/${container}/results/${result}`;
/** Tekton's name of the container of a step. */
export const containerName = (step: string): string => `step-${step}`;

/** `$(step.results.x.path)` of one step, and `$(steps.step-y.exitCode.path)` of any. */
export const pathStage =
  (step: string): Lookup =>
  (name) => {
    const result = /^step\.results\.([A-Za-z0-9_-]+)\.path$/.exec(name)?.[1];
    if (result !== undefined) return resultPath(containerName(step), result);
    const container = /^steps\.([A-Za-z0-9_-]+)\.exitCode\.path$/.exec(name)?.[1];
    return container === undefined ? undefined : exitCodePath(container);
  };

/** `$(steps.y.results.x)`, read when a step starts; `read` throws where an earlier step did not write it. */
export const resultStage =
  (read: (step: string, result: string) => string): Lookup =>
  (name) => {
    const [, step, result] = /^steps\.([A-Za-z0-9_-]+)\.results\.([A-Za-z0-9_-]+)$/.exec(name) ?? [];
    return step === undefined || result === undefined ? undefined : read(step, result);
  };

/**
 * As the kubelet expands command, args and env: `$(NAME)` by the variables before it, `$$` is one `$`,
 * and a name that is not there stays as it is.
 * @see https://kubernetes.io/docs/tasks/inject-data-application/define-interdependent-environment-variables/
 */
export const expandEnv = (text: string, env: ReadonlyMap<string, string>): string =>
  text.replace(/\$(\$|\(([^)]*)\))/g, (whole, what: string, name: string | undefined) => (what === '$' ? '$' : (env.get(name ?? '') ?? whole)));
