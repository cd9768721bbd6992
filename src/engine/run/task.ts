/** A Tekton Task as far as `run` carries it out. Anything else in a Task is refused as a bug: nothing is passed over. */
import { assertInvariant, InvariantError } from '../../base/assert.js';
import type { Manifest } from '../../manifests/manifest.js';
import { asClosed, asFields, asList, asText, asTexts, type Fields } from '../objects.js';
import { parseGoDuration } from './go-duration.js';
import { containerFields, readContainer, type StepContainer } from './task-container.js';

export interface Task {
  readonly name: string;
  readonly namespace: string;
  readonly params: readonly Param[];
  readonly steps: readonly Step[];
  readonly volumes: readonly Volume[];
}

export interface Param {
  readonly name: string;
  /** Undefined: a run must give it. */
  readonly default: string | undefined;
}

export interface Step {
  readonly name: string;
  readonly command: readonly string[];
  readonly args: readonly string[];
  /** In the order in which the kubelet expands them. */
  readonly env: readonly EnvVar[];
  readonly mounts: readonly Mount[];
  readonly timeoutSeconds: number | undefined;
  readonly when: readonly WhenExpression[];
  readonly continueOnError: boolean;
  readonly results: readonly string[];
  readonly container: StepContainer;
}

export interface EnvVar {
  readonly name: string;
  readonly value: string;
}

export interface Mount {
  readonly volume: string;
  readonly mountPath: string;
  /** '' is the whole volume. */
  readonly subPath: string;
  readonly readOnly: boolean;
}

export interface WhenExpression {
  readonly input: string;
  readonly operator: 'in' | 'notin';
  readonly values: readonly string[];
}

export type Volume =
  /** On disk or in memory, of the size, as Kubernetes writes quantities; undefined: of any. */
  | { readonly name: string; readonly kind: 'empty' | 'memory'; readonly size: string | undefined }
  /** Whatever holds credentials. With a local store none are needed, so the folder stays empty. */
  | { readonly name: string; readonly kind: 'secret' }
  | { readonly name: string; readonly kind: 'configMap'; readonly configMap: string };

/** An emitted Task as a run needs it. Every field has to be understood: what is passed over would run otherwise than on a cluster. */
export function readTask(manifest: Manifest): Task {
  assertInvariant(manifest.kind === 'Task' && manifest.apiVersion === 'tekton.dev/v1', 'a Task of tekton.dev/v1 was expected');
  const where = `Task ${manifest.metadata.name}`;
  const spec = asClosed(manifest['spec'], where, ['description', 'displayName', 'params', 'stepTemplate', 'steps', 'volumes']);
  const template = asClosed(spec['stepTemplate'] ?? {}, `${where}.stepTemplate`, [...containerFields, 'env']);
  const task: Task = {
    name: manifest.metadata.name,
    namespace: manifest.metadata.namespace ?? '',
    params: asList(spec['params'], `${where}.params`).map((param, index) => readParam(param, `${where}.params[${index}]`)),
    steps: asList(spec['steps'], `${where}.steps`).map((step, index) => readStep(step, `${where}.steps[${index}]`, template)),
    volumes: asList(spec['volumes'], `${where}.volumes`).map((volume, index) => readVolume(volume, `${where}.volumes[${index}]`)),
  };
  for (const step of task.steps) {
    for (const mount of step.mounts) {
      assertInvariant(
        task.volumes.some(({ name }) => name === mount.volume),
        `step ${step.name} of ${where} mounts ${mount.volume}, which is no volume`,
      );
    }
  }
  return task;
}

function readParam(value: unknown, where: string): Param {
  const param = asClosed(value, where, ['name', 'type', 'default', 'description']);
  assertInvariant((param['type'] ?? 'string') === 'string', `${where} is no string param`);
  return {
    name: asText(param['name'], `${where}.name`),
    default: param['default'] === undefined ? undefined : asText(param['default'], `${where}.default`),
  };
}

function readStep(value: unknown, where: string, template: Fields): Step {
  const known = ['name', 'command', 'args', 'env', 'volumeMounts', 'timeout', 'when', 'onError', 'results'];
  const step = asClosed(value, where, [...containerFields, ...known]);
  const command = asTexts(step['command'], `${where}.command`);
  assertInvariant(command.length > 0, `${where} has no command, and its image's own is not known here`);
  const onError = step['onError'] ?? 'stopAndFail';
  assertInvariant(onError === 'continue' || onError === 'stopAndFail', `${where}.onError is not understood here`);
  return {
    name: asText(step['name'], `${where}.name`),
    command,
    args: asTexts(step['args'], `${where}.args`),
    env: mergeEnv(readEnv(template['env'], `${where}, its stepTemplate.env`), readEnv(step['env'], `${where}.env`)),
    mounts: asList(step['volumeMounts'], `${where}.volumeMounts`).map((mount, index) => readMount(mount, `${where}.volumeMounts[${index}]`)),
    timeoutSeconds: step['timeout'] === undefined ? undefined : parseGoDuration(asText(step['timeout'], `${where}.timeout`)),
    when: asList(step['when'], `${where}.when`).map((when, index) => readWhen(when, `${where}.when[${index}]`)),
    continueOnError: onError === 'continue',
    results: asList(step['results'], `${where}.results`).map((result, index) => readResult(result, `${where}.results[${index}]`)),
    container: readContainer(step, template, where),
  };
}

const readEnv = (value: unknown, where: string): readonly EnvVar[] =>
  asList(value, where).map((item, index) => {
    const variable = asClosed(item, `${where}[${index}]`, ['name', 'value']);
    return { name: asText(variable['name'], `${where}[${index}].name`), value: asText(variable['value'] ?? '', `${where}[${index}].value`) };
  });

/** As Tekton merges a stepTemplate: a step's own variable replaces the template's in its place. */
function mergeEnv(template: readonly EnvVar[], own: readonly EnvVar[]): readonly EnvVar[] {
  const merged = new Map([...template, ...own].map((variable) => [variable.name, variable]));
  return [...merged.values()];
}

function readMount(value: unknown, where: string): Mount {
  const mount = asClosed(value, where, ['name', 'mountPath', 'subPath', 'readOnly']);
  const subPath = asText(mount['subPath'] ?? '', `${where}.subPath`);
  assertInvariant(!subPath.startsWith('/') && !subPath.split('/').includes('..'), `${where}.subPath leaves its volume`);
  return {
    volume: asText(mount['name'], `${where}.name`),
    mountPath: asText(mount['mountPath'], `${where}.mountPath`),
    subPath,
    readOnly: mount['readOnly'] === true,
  };
}

function readWhen(value: unknown, where: string): WhenExpression {
  const when = asClosed(value, where, ['input', 'operator', 'values']);
  const operator = when['operator'];
  assertInvariant(operator === 'in' || operator === 'notin', `${where}.operator is not understood here`);
  return { input: asText(when['input'], `${where}.input`), operator, values: asTexts(when['values'], `${where}.values`) };
}

function readResult(value: unknown, where: string): string {
  const result = asClosed(value, where, ['name', 'type', 'description']);
  assertInvariant((result['type'] ?? 'string') === 'string', `${where} is no string result`);
  return asText(result['name'], `${where}.name`);
}

function readVolume(value: unknown, where: string): Volume {
  const { name: rawName, ...source } = asFields(value, where);
  const name = asText(rawName, `${where}.name`);
  const [kind, ...others] = Object.keys(source);
  assertInvariant(others.length === 0, `${where} has more than one source`);
  switch (kind) {
    case 'emptyDir':
      return readEmptyDir(name, source['emptyDir'], where);
    case 'ephemeral':
      return readEphemeral(name, source['ephemeral'], where);
    case 'secret':
      return { name, kind: 'secret' };
    case 'projected':
      return readProjected(name, source['projected'], where);
    case 'configMap': {
      const configMap = asClosed(source['configMap'], `${where}.configMap`, ['name', 'defaultMode']);
      return { name, kind: 'configMap', configMap: asText(configMap['name'], `${where}.configMap.name`) };
    }
    default:
      throw new InvariantError(`${where}: a volume of kind ${String(kind)} is not understood here`);
  }
}

function readEmptyDir(name: string, value: unknown, where: string): Volume {
  const { medium, sizeLimit } = asClosed(value, `${where}.emptyDir`, ['medium', 'sizeLimit']);
  assertInvariant(medium === undefined || medium === 'Memory', `${where}.medium is not understood here`);
  return {
    name,
    kind: medium === 'Memory' ? 'memory' : 'empty',
    size: sizeLimit === undefined ? undefined : asText(sizeLimit, `${where}.sizeLimit`),
  };
}

function readEphemeral(name: string, value: unknown, where: string): Volume {
  const path = ['volumeClaimTemplate', 'spec', 'resources', 'requests'];
  const requests = path.reduce((fields, key) => asFields(fields[key], `${where}.${key}`), asFields(value, where));
  return { name, kind: 'empty', size: asText(requests['storage'], `${where}.storage`) };
}

function readProjected(name: string, value: unknown, where: string): Volume {
  const projected = asClosed(value, `${where}.projected`, ['sources', 'defaultMode']);
  for (const source of asList(projected['sources'], `${where}.projected.sources`))
    asClosed(source, `${where}.projected.sources`, ['secret', 'configMap', 'serviceAccountToken']);
  return { name, kind: 'secret' };
}
