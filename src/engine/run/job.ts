/** A job of a service, from the emitted objects: which Task, with which limits and params, and what it left behind. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { assertInvariant } from '../../base/assert.js';
import type { Decoded } from '../../contract/decode.js';
import type { Failure, JobRecord, Manifest as JobManifest } from '../../contract/job-record.js';
import { files, mountPaths, notGiven, type TaskParam } from '../../contract/paths.js';
import { parseFailure, parseJobRecord, parseManifest } from '../../contract/records.js';
import type { Manifest } from '../../manifests/manifest.js';
import { asClosed, asFields, asList, asText, findObject } from '../objects.js';
import { fillTemplate, templateDefaults } from '../triggers/template.js';
import { readLimits } from './task-container.js';
import { readTask, type Task } from './task.js';
import type { WorkFolder } from './work-folder.js';

/** The Task that a service compiles to; that there is none is a bug. */
export function findTask(objects: readonly Manifest[], namespace: string, service: string): Task {
  const task = findObject(objects, 'Task', namespace, service);
  assertInvariant(task, `there is no Task ${service} in ${namespace}`);
  return readTask(task);
}

/** The files of a ConfigMap, by name. */
export function configMapFiles(objects: readonly Manifest[], namespace: string, name: string): Readonly<Record<string, string>> {
  const configMap = findObject(objects, 'ConfigMap', namespace, name);
  assertInvariant(configMap, `there is no ConfigMap ${name} in ${namespace}`);
  const data = asFields(configMap['data'], `ConfigMap ${name}`);
  return Object.fromEntries(Object.entries(data).map(([file, text]) => [file, asText(text, `ConfigMap ${name}, ${file}`)]));
}

/** The TaskRun that nobody asked for with a request: what the TriggerTemplate makes of its defaults. */
export function defaultRun(objects: readonly Manifest[], namespace: string, service: string): Manifest {
  const template = findObject(objects, 'TriggerTemplate', namespace, service);
  assertInvariant(template, `there is no TriggerTemplate ${service} in ${namespace}`);
  return fillTemplate(template, templateDefaults(template));
}

/** The Task as a run has it: the limits of its `stepSpecs` over those of the steps, resource by resource, as Tekton merges them. */
export function withStepSpecs(task: Task, taskRun: Manifest): Task {
  const where = `stepSpecs of a run of ${task.name}`;
  const specs = asList(asFields(taskRun['spec'], where)['stepSpecs'], where).map((item) => asClosed(item, where, ['name', 'computeResources']));
  const limitsOf = new Map(specs.map((spec) => [asText(spec['name'], where), readLimits(spec, where)]));
  for (const name of limitsOf.keys()) {
    assertInvariant(
      task.steps.some((step) => step.name === name),
      `${where}: there is no step ${name}`,
    );
  }
  const steps = task.steps.map((step) => {
    const { container } = step;
    return { ...step, container: { ...container, limits: new Map([...container.limits, ...(limitsOf.get(step.name) ?? [])]) } };
  });
  return { ...task, steps };
}

/** The fields that a service leaves to its requests and that these params do not give, as a request calls them. */
export function missingFields(params: ReadonlyMap<string, string>): readonly string[] {
  const isOpen = (name: TaskParam): boolean => (params.get(name) ?? notGiven) === notGiven;
  return [
    ...(isOpen('dataConnection') || isOpen('dataPath') ? ['dataSource'] : []),
    ...(isOpen('outputConnection') || isOpen('outputPath') ? ['outputDestination'] : []),
    ...(params.get('outputPath')?.includes('{requestId}') && isOpen('requestId') ? ['requestId'] : []),
  ];
}

/** What a run left in its volumes; each part is undefined where the run did not get that far. */
export interface JobReport {
  readonly job: JobRecord | undefined;
  /** The first failure that a step recorded. */
  readonly failure: Failure | undefined;
  /** Only of a run that succeeded. */
  readonly manifest: JobManifest | undefined;
}

/** What the job has written about itself, as far as it came. */
export function readReport(task: Task, work: WorkFolder): JobReport {
  const read = <T>(mountPath: string, name: string, parse: (json: string) => Decoded<T>): T | undefined => {
    const mount = task.steps.flatMap(({ mounts }) => mounts).find((each) => each.mountPath === mountPath);
    return mount && readRecord(join(work.volume(mount.volume, mount.subPath), name), parse);
  };
  return {
    job: read(mountPaths.control, files.job, parseJobRecord),
    failure: read(mountPaths.control, files.failure, parseFailure),
    manifest: read(mountPaths.report, `${files.final}/${files.manifest}`, parseManifest),
  };
}

function readRecord<T>(path: string, parse: (json: string) => Decoded<T>): T | undefined {
  let json: string;
  try {
    json = readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
  const { value, problem } = parse(json);
  assertInvariant(value !== undefined, `${path}: ${problem ?? ''}`);
  return value;
}
