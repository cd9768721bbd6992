/**
 * The Pod of a TaskRun as one without Tekton can run it: the steps are init containers, one after the other. Of a step
 * nothing is changed but what Tekton changes, too: its variables are replaced, the stepTemplate is merged into it, it gets
 * `/tekton`, and the step with `when` and `onError` is started through an entrypoint.
 */
import { assertInvariant } from '../../../src/base/assert.js';
import { asClosed, asFields, asList, asText, asTexts, type Fields } from '../../../src/engine/objects.js';
import {
  containerName,
  exitCodePath,
  fixedStages,
  pathStage,
  refuseLeftOver,
  replaceVariables,
  resultPath,
} from '../../../src/engine/run/variables.js';
import { taskRunParams } from '../../../src/engine/triggers/template.js';
import type { Manifest } from '../../../src/manifests/manifest.js';

export interface PodOptions {
  readonly task: Manifest;
  /** With its name. */
  readonly taskRun: Manifest;
  /** For the containers that are not the Task's. */
  readonly helperImage: string;
  /** A program of the predictor's image that goes on running beside the steps after the predictor, with the predictor's mounts. */
  readonly lingering?: { readonly command: readonly string[] };
}

/** What a container's status says of the step with `when` and `onError`, in Tekton's words. */
export type Played = 'Completed' | 'Continued' | 'Skipped';

const tekton = { name: 'tekton-internal', mountPath: '/tekton' };

export function podOf({ task, taskRun, helperImage, lingering }: PodOptions): Manifest {
  const { name } = taskRun.metadata;
  const { stepTemplate, steps, volumes } = asFields(task['spec'], 'Task');
  const { podTemplate, serviceAccountName } = asFields(taskRun['spec'], 'TaskRun');
  const template = asFields(stepTemplate, 'stepTemplate');
  const rendered = asList(steps, 'steps').map((step) => containerOf(asFields(step, 'step'), template, task, taskRun));
  const predictor = rendered.find((container) => container['name'] === containerName('user-container'));
  assertInvariant(predictor, 'the Task has no predictor');
  const after = rendered.indexOf(predictor) + 1;
  const sidecar = lingering ? [{ ...predictor, name: 'lingering', command: lingering.command, args: [], restartPolicy: 'Always' }] : [];
  const helper = (container: string, program: string): Fields => ({
    name: container,
    image: helperImage,
    command: ['sh', '-ec', program],
    securityContext: template['securityContext'],
    volumeMounts: [tekton],
  });
  const folders = rendered.map((container) => `/tekton/steps/${asText(container['name'], 'name')}/results`);
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: `${name}-pod`, namespace: taskRun.metadata.namespace ?? '', labels: taskRun.metadata.labels ?? {} },
    spec: {
      ...asFields(podTemplate, 'podTemplate'),
      serviceAccountName,
      restartPolicy: 'Never',
      activeDeadlineSeconds: 240,
      // For what lingers: nobody waits for it.
      terminationGracePeriodSeconds: 1,
      initContainers: [helper('prepare', `mkdir -p ${folders.join(' ')}`), ...rendered.slice(0, after), ...sidecar, ...rendered.slice(after)],
      // A Pod must have a container that is none of them.
      containers: [helper('end', 'true')],
      volumes: [...asList(volumes, 'volumes'), { name: tekton.name, emptyDir: {} }],
    },
  };
}

const stepFields = [
  ...['name', 'image', 'command', 'args', 'env', 'computeResources', 'securityContext', 'volumeMounts'],
  // What only Tekton acts on.
  ...['results', 'timeout', 'when', 'onError'],
];

function containerOf(step: Fields, template: Fields, task: Manifest, taskRun: Manifest): Fields {
  const name = asText(step['name'], 'step');
  asClosed(step, `step ${name}`, stepFields);
  asClosed(template, 'stepTemplate', ['computeResources', 'env', 'securityContext']);
  const stages = [
    ...fixedStages({
      params: taskRunParams(taskRun),
      taskRun: taskRun.metadata.name,
      namespace: taskRun.metadata.namespace ?? '',
      task: task.metadata.name,
    }),
    pathStage(name),
  ];
  const replaced = (value: unknown): unknown => {
    if (typeof value === 'string') {
      const text = replaceVariables(value, stages);
      refuseLeftOver(text, `step ${name}`);
      return text;
    }
    if (Array.isArray(value)) return value.map(replaced);
    return typeof value === 'object' && value !== null
      ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, replaced(item)]))
      : value;
  };
  const own = asList(step['env'], 'env').map((item) => asFields(item, 'env'));
  const shared = asList(template['env'], 'env').filter((item) => !own.some((variable) => variable['name'] === asFields(item, 'env')['name']));
  return {
    name: containerName(name),
    image: step['image'],
    ...startOf(name, step, (value) => asTexts(replaced(value), `step ${name}`)),
    env: [...shared, ...own].map(replaced),
    resources: merged(template['computeResources'], step['computeResources']),
    securityContext: merged(template['securityContext'], step['securityContext']),
    volumeMounts: [...asList(step['volumeMounts'], 'volumeMounts'), tekton],
    terminationMessagePath: '/tekton/termination',
  };
}

/** One program, constant, which gets everything as arguments: the value to wait for, the files, then the step's own command. */
const entrypoint = `
result= && read -r result < "$1" || :
if [ "$result" != "$2" ]; then printf 0 > "$3"; printf Skipped > /tekton/termination; exit 0; fi
exit_code_file=$3
shift 3
"$@"
code=$?
printf '%s' "$code" > "$exit_code_file"
if [ "$code" = 0 ]; then printf Completed > /tekton/termination; else printf Continued > /tekton/termination; fi`;

/** Command and args: the step's own, or, for a step that may be skipped and may fail, through the entrypoint. */
function startOf(name: string, { command, args, when, onError }: Fields, texts: (value: unknown) => readonly string[]): Fields {
  if (when === undefined && onError === undefined) return { command: texts(command), args: texts(args) };
  assertInvariant(onError === 'continue', `step ${name}: onError is not played`);
  const [condition, ...others] = asList(when, `step ${name}`);
  assertInvariant(others.length === 0, `step ${name} has more than one condition`);
  const { input, operator, values } = asClosed(condition, 'when', ['input', 'operator', 'values']);
  const [, step, result] = /^\$\(steps\.([a-z-]+)\.results\.([a-z-]+)\)$/.exec(asText(input, 'when')) ?? [];
  const [value, ...more] = asTexts(values, 'when');
  assertInvariant(
    step !== undefined && result !== undefined && operator === 'in' && value !== undefined && more.length === 0,
    `step ${name}: when is not played`,
  );
  return {
    command: ['sh', '-c', entrypoint, 'entrypoint', resultPath(containerName(step), result), value, exitCodePath(containerName(name))],
    args: [...texts(command), ...texts(args)],
  };
}

/** As Tekton merges a stepTemplate: the step's own value wins, field by field. */
function merged(template: unknown, own: unknown): unknown {
  if (own === undefined) return template;
  if (typeof template !== 'object' || template === null || Array.isArray(template) || typeof own !== 'object' || own === null || Array.isArray(own))
    return own;
  const fields = [...new Set([...Object.keys(template), ...Object.keys(own)])];
  return Object.fromEntries(fields.map((key) => [key, merged((template as Fields)[key], (own as Fields)[key])]));
}
