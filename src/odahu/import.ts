/** The way over from ODAHU: its resources as definitions of a team. Reads and writes no files. */
import type { Diagnostic, Result } from '../diagnostics/diagnostic.js';
import { diagnose } from '../diagnostics/diagnose.js';
import { hasErrors } from '../diagnostics/diagnostic.js';
import type { ConnectionSpec, PlatformSpec } from '../input/generated/types.js';
import { connectionFiles } from './connection-files.js';
import { parseForeign } from '../source/foreign.js';
import { hideFound, keysIn } from '../source/hide-found.js';
import type { SourceFile } from '../source/source.js';
import { proseFields, readConnection, type OdahuConnection } from './connection.js';
import { duplicateIds, findResources, idSpan, spanOf, type Resource } from './documents.js';
import { fieldReader } from './fields.js';
import { connectionNameOf, sameNames, serviceNameOf } from './names.js';
import { findPlaces } from './places.js';
import { addToPlatform } from './platform.js';
import { readBatchJob, readJob, readService, type OdahuJob, type OdahuService, type ResourceReader } from './service.js';
import { secretProgram, secretsInResource } from './secrets.js';
import { jobFile } from './write-job.js';
import { serviceFile } from './write-service.js';

/** The repository that takes the definitions. */
export interface Target {
  readonly team: string;
  readonly platform: { readonly text: string; readonly spec: PlatformSpec };
  /** Connections of the platform and of the team that are there, by name. */
  readonly connections: ReadonlyMap<string, { readonly file: string; readonly spec: ConnectionSpec }>;
  /** Whether there is anything at a path below the root. */
  readonly exists: (path: string) => boolean;
}

export interface NewFile {
  /** Relative to the root. */
  readonly path: string;
  readonly text: string;
}

export interface Imported {
  readonly files: readonly NewFile[];
  /** services/platform.yaml, where something is added to it. */
  readonly platform: string | undefined;
  /** What was added or kept, one sentence each. */
  readonly said: readonly string[];
  /** Commands that make the Secrets; they hold names only. */
  readonly commands: readonly string[];
}

/** What the import would write. Any error, and there is nothing; warnings name what is not carried over. */
export function importOdahu(sources: readonly SourceFile[], target: Target): Result<Imported> {
  const [imported, diagnostics] = importResources(sources, target);
  const keys = diagnostics.length > 0 ? sources.flatMap(({ text }) => keysIn(text)) : [];
  return [imported, hideFound(diagnostics, keys)];
}

function importResources(sources: readonly SourceFile[], target: Target): Result<Imported> {
  const diagnostics: Diagnostic[] = [];
  const resources = sources.flatMap((source) => resourcesOf(source, diagnostics));
  const secrets = resources.flatMap(secretsInResource);
  // Names and hints would be made of them.
  if (secrets.length > 0) return [undefined, secrets];
  diagnostics.push(...duplicateIds(resources));
  const read = readAll(resources, diagnostics);
  const services = read.services;
  diagnostics.push(
    ...sameNames(
      services.map(({ resource, id }) => ({ ...resource, id })),
      serviceNameOf,
    ),
    ...sameNames(
      read.connections.map(({ resource }) => resource),
      connectionNameOf,
    ),
  );
  diagnostics.push(...services.flatMap(secretProgram));
  if (hasErrors(diagnostics)) return [undefined, diagnostics];
  const imported = convert({ ...read, services }, target, diagnostics);
  return [hasErrors(diagnostics) ? undefined : imported, diagnostics];
}

function resourcesOf(source: SourceFile, diagnostics: Diagnostic[]): readonly Resource[] {
  const [documents, problems] = parseForeign(source, proseFields);
  diagnostics.push(...problems);
  if (!documents) return [];
  const [resources = [], unknown] = findResources(documents);
  diagnostics.push(...unknown);
  if (resources.length === 0 && unknown.length === 0 && problems.length === 0)
    diagnostics.push(diagnose('odahu/nothing-found', { file: source.path, path: [] }, {}));
  return resources;
}

interface Read {
  readonly connections: readonly OdahuConnection[];
  readonly services: readonly OdahuService[];
  readonly jobs: readonly OdahuJob[];
}

function readAll(resources: readonly Resource[], diagnostics: Diagnostic[]): Read {
  const reader: ResourceReader = { read: fieldReader(diagnostics), diagnostics };
  const of = (kind: Resource['kind']): readonly Resource[] => resources.filter((resource) => resource.kind === kind);
  const services = of('InferenceService').flatMap((resource) => readService(resource, reader) ?? []);
  const known = new Set(services.map(({ id }) => id));
  const batchJobs = of('BatchInferenceJob').flatMap((resource) => readBatchJob(resource, reader) ?? []);
  // The first one stands for its service where no document is the service.
  const made = batchJobs.flatMap(({ service }) => (known.has(service.id) ? [] : (known.add(service.id), [service])));
  return {
    connections: of('Connection').flatMap((resource) => readConnection(resource, reader.read, diagnostics) ?? []),
    services: [...services, ...made],
    jobs: [...of('InferenceJob').flatMap((resource) => readJob(resource, reader) ?? []), ...batchJobs.map(({ job }) => job)],
  };
}

function convert({ connections, services, jobs }: Read, target: Target, diagnostics: Diagnostic[]): Imported {
  const { team, platform } = target;
  const places = findPlaces(new Map(connections.map((connection) => [connection.id, connection])), diagnostics);
  const additions = addToPlatform(platform.text, platform.spec, team, services, jobs);
  const context = { places, poolOf: additions.poolOf, diagnostics };
  const serviceFiles = services.map((service) => ({
    where: idSpan(service.resource),
    path: `services/${team}/${service.name}.yaml`,
    text: serviceFile(
      service,
      jobs.filter(({ serviceId }) => serviceId === service.id),
      context,
    ),
  }));
  const jobFiles = nameJobs(jobs).map(({ job, path }) => ({ where: spanOf(job.spec), path, text: jobFile(job, places, diagnostics) }));
  const known = new Set([...services.map(({ id }) => id)]);
  for (const { serviceId, spec } of jobs) {
    if (known.has(serviceId)) continue;
    const reason = 'no document that was imported defines it: import it together with its jobs, or the request will start nothing';
    diagnostics.push(diagnose('odahu/not-carried-over', spanOf(spec, 'inferenceServiceId'), { what: `the service "${serviceId}" of a job`, reason }));
  }
  const stores = connectionFiles(connections, places, target, diagnostics);
  const files = [...serviceFiles, ...stores.files, ...jobFiles];
  for (const { path, where } of files)
    if (where && target.exists(path)) diagnostics.push(diagnose('odahu/file-exists', where, { path, what: 'it is not overwritten' }));
  return {
    files: files.map(({ path, text }) => ({ path, text })).sort((a, b) => (a.path < b.path ? -1 : 1)),
    platform: additions.text === platform.text ? undefined : additions.text,
    said: [...additions.said, ...stores.said],
    commands: stores.commands,
  };
}

/** `jobs/<file name>.json`; the jobs of a file that holds several are counted. */
function nameJobs(jobs: readonly OdahuJob[]): readonly { readonly job: OdahuJob; readonly path: string }[] {
  const taken = new Set<string>();
  return jobs.map((job) => {
    const base = (job.resource.document.file.split(/[\\/]/).at(-1) ?? '').replace(/\.(ya?ml|json)$/i, '') || 'job';
    let path = `jobs/${base}.json`;
    for (let count = 2; taken.has(path); count += 1) path = `jobs/${base}-${String(count)}.json`;
    taken.add(path);
    return { job, path };
  });
}
