import { compareQuantity, parseQuantity } from '../base/quantity.js';
import { diagnose } from '../diagnostics/diagnose.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { serviceDefaults } from '../input/defaults.js';
import { apiVersion } from '../input/kinds.js';
import { writeYaml, type Comment } from '../source/write-yaml.js';
import { requestable } from './amounts.js';
import { spanOf } from './documents.js';
import { commonFolder } from './paths.js';
import type { Placed, Places } from './places.js';
import type { OdahuJob, OdahuResources, OdahuService, RunSettings } from './service.js';

type Fields = Record<string, unknown>;
const references = ['dataSource', 'outputDestination'] as const;
type ReferenceField = (typeof references)[number];
const modes = { dataSource: 'read', outputDestination: 'write' } as const;

/** What the definitions of services need besides the services. */
export interface ServiceContext {
  readonly places: Places;
  /** The Platform's node pool for a selector. */
  readonly poolOf: (nodeSelector: Readonly<Record<string, string>>) => string;
  readonly diagnostics: Diagnostic[];
}

/** The definition of a service of ODAHU. The jobs that were imported with it say what requests change. */
export function serviceFile(service: OdahuService, jobs: readonly OdahuJob[], context: ServiceContext): string {
  const { id, name, image, command, args } = service;
  const comments: Comment[] = [{ path: [], lines: [`Imported from inference service "${id}" of ODAHU.`] }];
  const spec: Fields = {};
  if (name !== id) {
    spec['serviceId'] = id;
    comments.push({ path: ['spec', 'serviceId'], lines: ['What requests call it; too long, or no name of Kubernetes, for the name above.'] });
  }
  Object.assign(spec, { image, command, ...(args.length > 0 ? { args } : {}) }, modelSource(service, comments, context));
  const own = Object.fromEntries(references.map((field) => [field, ownReference(service, field, context)]));
  for (const field of references) if (own[field]) spec[field] = field === 'dataSource' ? { ...own[field], include: ['/*.json'] } : own[field];
  if (own['dataSource'])
    comments.push({ path: ['spec', 'dataSource', 'include'], lines: ['ODAHU took the .json files of the folder itself, and none below it.'] });
  const triggers = webhookOf(service, jobs, own, comments, context);
  if (triggers) spec['triggers'] = triggers;
  spec['validation'] = { profile: 'odahu', onInvalid: 'skip', output: { onInvalid: 'quarantine' } };
  comments.push({
    path: ['spec', 'validation'],
    lines: ['ODAHU passed over invalid files and said so in its log only: skip does the same, and the report names them. "fail" is safer.'],
  });
  const resources = service.resources && resourcesOf(service.resources, context);
  if (resources) spec['resources'] = resources;
  if (resources && 'limits' in resources && !service.nodeSelector && hasGpu(resources['limits']))
    comments.push({
      path: ['spec', 'resources'],
      lines: ["Fill in: nodePool, the nodes that have GPUs. ODAHU's operator had them in its own settings."],
    });
  const selector = service.nodeSelector ?? jobs.find(({ nodeSelector }) => nodeSelector)?.nodeSelector;
  if (selector) {
    spec['nodePool'] = context.poolOf(selector);
    const words = service.nodeSelector
      ? 'The nodeSelector of ODAHU, as a pool'
      : 'The nodeSelector of the first imported job that has one, as a pool';
    comments.push({ path: ['spec', 'nodePool'], lines: [`${words} of services/platform.yaml.`] });
  }
  spec['timeout'] = '4h';
  comments.push({ path: ['spec', 'timeout'], lines: ["ODAHU's one limit for every job."] });
  return writeYaml({ apiVersion, kind: 'InferenceService', metadata: { name }, spec }, comments);
}

function modelSource({ model }: OdahuService, comments: Comment[], { places }: ServiceContext): Fields {
  if (model.kind === 'local') return { modelSource: { imagePath: model.path, name: model.name, version: model.version } };
  const placed = places.model(model.reference);
  comments.push({ path: ['spec', 'modelSource'], lines: ["Name and version come from the model's own odahuflow.project.yaml, as in ODAHU."] });
  return { modelSource: { connection: placed?.connection ?? model.reference.connection, ...pathOf(placed) } };
}

const pathOf = (placed: Placed | undefined): Fields => (placed?.path === undefined ? {} : { path: placed.path });

function ownReference(settings: RunSettings, field: ReferenceField, { places }: ServiceContext): Fields | undefined {
  const reference = settings[field];
  const placed = reference && places.folder(reference, modes[field]);
  return placed && { connection: placed.connection, ...pathOf(placed) };
}

function webhookOf(
  service: OdahuService,
  jobs: readonly OdahuJob[],
  own: Readonly<Record<string, Fields | undefined>>,
  comments: Comment[],
  context: ServiceContext,
): Fields | undefined {
  if (!service.webhook) return { webhook: { enabled: false } };
  const overrides: Fields = {};
  for (const field of references) {
    const rules = overrideRules(jobs, field, own[field], context);
    if (rules.length > 0) overrides[field] = rules;
  }
  const pools = poolsOf(service, jobs, context);
  if (pools.length > 0) overrides['nodePools'] = pools;
  const bounds = boundsOf(service, jobs, context);
  if (bounds) overrides['resources'] = bounds;
  const open = references.filter((field) => !own[field] && !overrides[field]);
  if (open.length > 0) {
    const lines = [`Fill in: the service has no ${open.join(' and no ')} of its own, and no job was imported that shows what requests give.`];
    comments.push({
      path: ['spec', 'triggers'],
      lines: [...lines, 'Say below webhook.overrides which folders of which connections a request may choose.'],
    });
    return { webhook: Object.keys(overrides).length > 0 ? { overrides } : { enabled: true } };
  }
  if (Object.keys(overrides).length === 0) return undefined;
  comments.push({ path: ['spec', 'triggers'], lines: ['In ODAHU a request could change anything; here, what the imported jobs change.'] });
  return { webhook: { overrides } };
}

/** The pools that jobs ask for: a run's selector has a fixed number of labels, so that only pools with as many can be chosen. */
function poolsOf(service: OdahuService, jobs: readonly OdahuJob[], { poolOf, diagnostics }: ServiceContext): readonly string[] {
  const asked = jobs.flatMap(({ nodeSelector, spec }) => (nodeSelector ? [{ nodeSelector, spec }] : []));
  const own = service.nodeSelector ?? asked[0]?.nodeSelector ?? {};
  const fitting = asked.filter(({ nodeSelector, spec }) => {
    const fits = Object.keys(nodeSelector).length === Object.keys(own).length;
    const reason = 'it has another number of labels than that of the service, and requests choose among pools with as many';
    if (!fits) diagnostics.push(diagnose('odahu/not-carried-over', spanOf(spec, 'nodeSelector'), { what: 'the nodeSelector of a job', reason }));
    return fits;
  });
  return [...new Set(fitting.map(({ nodeSelector }) => poolOf(nodeSelector)))].sort();
}

/** Per connection the folder that holds all that the jobs name; nothing where the jobs only repeat what the service says. */
function overrideRules(jobs: readonly OdahuJob[], field: ReferenceField, own: Fields | undefined, { places }: ServiceContext): readonly Fields[] {
  const asked = new Map<string, string[]>();
  for (const job of jobs) {
    const reference = job[field];
    const placed = reference && places.folder(reference, modes[field]);
    if (placed?.path !== undefined) asked.set(placed.connection, [...(asked.get(placed.connection) ?? []), placed.path]);
  }
  const isOwn = ([connection, folders]: readonly [string, readonly string[]]): boolean =>
    connection === own?.['connection'] && folders.every((folder) => folder === own['path']);
  if (asked.size === 0 || (own && [...asked].every(isOwn))) return [];
  if (typeof own?.['connection'] === 'string' && typeof own['path'] === 'string')
    asked.set(own['connection'], [...(asked.get(own['connection']) ?? []), own['path']]);
  return [...asked].flatMap(([connection, folders]) => {
    const common = commonFolder(folders);
    // Nothing in common but the bucket is no reason to open the bucket.
    const prefixes = common === '/' ? [...new Set(folders)].sort() : [common];
    for (const prefix of prefixes) places.allow(connection, prefix, modes[field]);
    return prefixes.map((prefix) => ({ connection, prefix }));
  });
}

/** GPUs are a count here; ODAHU takes them as text, requested or limited. */
function resourcesOf({ item, requests, limits }: OdahuResources, { diagnostics }: ServiceContext): Fields | undefined {
  const { gpu: requestedGpu, ...requested } = requests;
  const { gpu: limitedGpu, ...limited } = limits;
  const gpu = gpuCount(limitedGpu ?? requestedGpu);
  if (gpu === 'unreadable') {
    const reason = 'it is no whole number of at most 64';
    diagnostics.push(diagnose('odahu/not-carried-over', spanOf(item), { what: 'the number of GPUs', reason }));
  }
  const allLimits = { ...limited, ...(typeof gpu === 'number' && gpu > 0 ? { gpu } : {}) };
  const resources = {
    ...(Object.keys(requested).length > 0 ? { requests: requested } : {}),
    ...(Object.keys(allLimits).length > 0 ? { limits: allLimits } : {}),
  };
  return Object.keys(resources).length > 0 ? resources : undefined;
}

const hasGpu = (limits: unknown): boolean => typeof limits === 'object' && limits !== null && 'gpu' in limits;

function gpuCount(text: string | undefined): number | 'unreadable' | undefined {
  if (text === undefined) return undefined;
  return /^[0-9]{1,2}$/.test(text) && Number(text) <= 64 ? Number(text) : 'unreadable';
}

/** The most that any of the jobs asks for, and never less than the service has itself; nothing where no job asks for anything. */
function boundsOf(service: OdahuService, jobs: readonly OdahuJob[], context: ServiceContext): Fields | undefined {
  const asked = jobs.flatMap(({ resources }) => resources ?? []);
  const bounds: Fields = {};
  for (const name of ['cpu', 'memory'] as const) {
    const amounts = asked
      .flatMap(({ requests, limits }) => [requestable(requests)[name], requestable(limits)[name]])
      .filter((amount) => amount !== undefined);
    if (amounts.length === 0) continue;
    const own = [service.resources?.requests[name] ?? serviceDefaults.resources.requests[name], service.resources?.limits[name]];
    bounds[name] = [...own, ...amounts].filter((amount) => amount !== undefined).reduce((most, amount) => (isMore(amount, most) ? amount : most));
  }
  const gpus = [service.resources, ...asked].map((each) => (each ? gpusOf(each, context) : 0));
  if (gpus.slice(1).some((count) => count > 0)) bounds['gpu'] = Math.max(...gpus);
  return Object.keys(bounds).length > 0 ? bounds : undefined;
}

function gpusOf(resources: OdahuResources, context: ServiceContext): number {
  const { limits } = (resourcesOf(resources, context) ?? {}) as { readonly limits?: { readonly gpu?: number } };
  return limits?.gpu ?? 0;
}

/** An amount that is no quantity is left to the check of the definition. */
function isMore(amount: string, than: string): boolean {
  const [a, b] = [parseQuantity(amount), parseQuantity(than)];
  return !a || !b || compareQuantity(a, b) > 0;
}
