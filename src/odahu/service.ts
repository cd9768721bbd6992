/** Inference services of ODAHU's API, its jobs, and the custom resource that is both. */
import { diagnose } from '../diagnostics/diagnose.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { Item, Resource } from './documents.js';
import type { FieldReader } from './fields.js';
import { serviceNameOf } from './names.js';

/** A place in a store: the id of a connection, and the path as it was given; '' is the connection's own. */
export interface Reference {
  readonly item: Item;
  readonly connection: string;
  readonly path: string;
}

export type OdahuModel =
  | { readonly kind: 'remote'; readonly reference: Reference }
  | { readonly kind: 'local'; readonly path: string; readonly name: string; readonly version: string };

export type ResourceName = 'cpu' | 'memory' | 'gpu';
type Amounts = Readonly<Partial<Record<ResourceName, string>>>;
export interface OdahuResources {
  readonly item: Item;
  readonly requests: Amounts;
  readonly limits: Amounts;
}

/** What a job may say and a service may give as its default. */
export interface RunSettings {
  readonly dataSource: Reference | undefined;
  readonly outputDestination: Reference | undefined;
  readonly nodeSelector: Readonly<Record<string, string>> | undefined;
  readonly resources: OdahuResources | undefined;
}

export interface OdahuService extends RunSettings {
  readonly resource: Resource;
  readonly spec: Item;
  readonly id: string;
  readonly name: string;
  readonly image: string;
  readonly command: readonly string[];
  readonly args: readonly string[];
  readonly model: OdahuModel;
  readonly webhook: boolean;
}

export interface OdahuJob extends RunSettings {
  readonly resource: Resource;
  readonly spec: Item;
  readonly serviceId: string;
  readonly requestId: string | undefined;
}

export interface ResourceReader {
  readonly read: FieldReader;
  readonly diagnostics: Diagnostic[];
}

const specOf = (resource: Resource, { read, diagnostics }: ResourceReader): Item | undefined => {
  const spec = read.object(resource, 'spec');
  if (!spec) diagnostics.push(diagnose('odahu/missing-field', resource.document.spanOf(resource.path), { kind: resource.kind, field: 'spec' }));
  return spec;
};

const runFields = ['dataSource', 'outputDestination', 'nodeSelector', 'resources'];

/** The InferenceService of ODAHU's API; undefined, with the diagnostics, where it has no spec, image, command or model. */
export function readService(resource: Resource, reader: ResourceReader): OdahuService | undefined {
  const { read } = reader;
  const spec = specOf(resource, reader);
  if (!spec) return undefined;
  read.nothingBut(spec, ['image', 'command', 'args', 'modelRegistry', 'triggers', ...runFields]);
  const triggers = read.object(spec, 'triggers');
  const webhook = read.object(triggers, 'webhook');
  const program = readProgram(spec, reader);
  const model = readModel('modelRegistry', spec, reader);
  const settings = readSettings(spec, reader);
  return program && model && { resource, spec, ...named(resource), ...program, model, ...settings, webhook: read.flag(webhook, 'enabled') ?? true };
}

const named = ({ id = '' }: Resource): { readonly id: string; readonly name: string } => ({ id, name: serviceNameOf(id) });

function readProgram(spec: Item, { read, diagnostics }: ResourceReader): Pick<OdahuService, 'image' | 'command' | 'args'> | undefined {
  const image = read.requiredText(spec, 'image');
  const command = read.texts(spec, 'command');
  const args = read.texts(spec, 'args');
  if (command.length === 0)
    diagnostics.push(diagnose('odahu/missing-field', spec.document.spanOf(spec.path), { kind: 'this resource', field: 'spec.command' }));
  return image !== undefined && command.length > 0 ? { image, command, args } : undefined;
}

/** @param field in which a service, or a job of the operator, says where its model is */
function readModel(field: 'modelRegistry' | 'modelSource', spec: Item, { read, diagnostics }: ResourceReader): OdahuModel | undefined {
  const registry = read.object(spec, field);
  const local = read.object(registry, 'local');
  const remote = read.object(registry, 'remote');
  if (remote) {
    const connection = read.requiredText(remote, 'modelConnection');
    return connection === undefined
      ? undefined
      : { kind: 'remote', reference: { item: remote, connection, path: read.text(remote, 'modelPath') ?? '' } };
  }
  if (!local) {
    diagnostics.push(diagnose('odahu/missing-field', spec.document.spanOf(spec.path), { kind: 'this resource', field: `spec.${field}.remote` }));
    return undefined;
  }
  const meta = read.object(local, 'meta') ?? { ...local, path: [...local.path, 'meta'], fields: {} };
  const [path, name, version] = [read.requiredText(local, 'modelPath'), read.requiredText(meta, 'name'), read.requiredText(meta, 'version')];
  return path !== undefined && name !== undefined && version !== undefined ? { kind: 'local', path, name, version } : undefined;
}

function readSettings(spec: Item, { read }: ResourceReader): RunSettings {
  const reference = (key: string): Reference | undefined => {
    const item = read.object(spec, key);
    const connection = item && read.requiredText(item, 'connection');
    read.nothingBut(item, ['connection', 'path']);
    return item && connection !== undefined ? { item, connection, path: read.text(item, 'path') ?? '' } : undefined;
  };
  return {
    dataSource: reference('dataSource'),
    outputDestination: reference('outputDestination'),
    nodeSelector: notEmpty(read.map(spec, 'nodeSelector')),
    resources: readResources(read.object(spec, 'resources'), read),
  };
}

const notEmpty = <T extends object>(value: T | undefined): T | undefined => (value && Object.keys(value).length > 0 ? value : undefined);

function readResources(item: Item | undefined, read: FieldReader): OdahuResources | undefined {
  if (!item) return undefined;
  read.nothingBut(item, ['requests', 'limits']);
  const amounts = (key: string): Amounts => {
    const list = read.object(item, key);
    read.nothingBut(list, ['cpu', 'memory', 'gpu']);
    const entries = (['cpu', 'memory', 'gpu'] as const).flatMap((name) => {
      const amount = read.text(list, name);
      return amount === undefined || amount === '' ? [] : [[name, amount] as const];
    });
    return Object.fromEntries(entries);
  };
  return { item, requests: amounts('requests'), limits: amounts('limits') };
}

/** The InferenceJob of ODAHU's API; undefined, with the diagnostics, where it has no spec or names no service. */
export function readJob(resource: Resource, reader: ResourceReader): OdahuJob | undefined {
  const { read } = reader;
  const spec = specOf(resource, reader);
  if (!spec) return undefined;
  read.nothingBut(spec, ['inferenceServiceId', 'requestId', ...runFields]);
  const serviceId = read.requiredText(spec, 'inferenceServiceId');
  const settings = readSettings(spec, reader);
  return serviceId === undefined ? undefined : { resource, spec, serviceId, requestId: read.text(spec, 'requestId') || undefined, ...settings };
}

/** The custom resource that ODAHU's operator made of a job and its service: it names no service, and holds all that one says. */
export function readBatchJob(resource: Resource, reader: ResourceReader): { readonly service: OdahuService; readonly job: OdahuJob } | undefined {
  const { read } = reader;
  const spec = specOf(resource, reader);
  if (!spec) return undefined;
  const own = [
    'image',
    'command',
    'args',
    'inputConnection',
    'inputPath',
    'outputConnection',
    'outputPath',
    'modelSource',
    'nodeSelector',
    'resources',
    'requestId',
  ];
  read.nothingBut(spec, own);
  const program = readProgram(spec, reader);
  const model = readModel('modelSource', spec, reader);
  const reference = (key: 'input' | 'output'): Reference | undefined => {
    const connection = read.requiredText(spec, `${key}Connection`);
    return connection === undefined ? undefined : { item: spec, connection, path: read.text(spec, `${key}Path`) ?? '' };
  };
  const settings: RunSettings = {
    dataSource: reference('input'),
    outputDestination: reference('output'),
    nodeSelector: notEmpty(read.map(spec, 'nodeSelector')),
    resources: readResources(read.object(spec, 'resources'), read),
  };
  if (!program || !model) return undefined;
  const serviceId = serviceIdOfJob(resource.id ?? '');
  const service: OdahuService = { resource, spec, id: serviceId, name: serviceNameOf(serviceId), ...program, model, ...settings, webhook: true };
  return { service, job: { resource, spec, serviceId, requestId: read.text(spec, 'requestId') || undefined, ...settings } };
}

/** ODAHU calls a job `job-<service>-<5 characters>`. */
const serviceIdOfJob = (id: string): string => /^job-(.+)-[0-9a-f-]{5}$/.exec(id)?.[1] ?? id;
