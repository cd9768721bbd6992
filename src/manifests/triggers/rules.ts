/** What a request may say, as CEL: the closed filter of a Trigger and the overlays that fill every default. */
import { jobFolderMaxLength } from '../../base/filled-path.js';
import { objectPathMaxLength, objectPathPattern } from '../../base/object-path.js';
import * as cel from '../../cel/cel.js';
import { notGiven } from '../../contract/paths.js';
import { wholeBucket, type AllowedPrefix } from '../../contract/step-config.js';
import type { DataReference, ServiceModel } from '../../model/model.js';
import { runNameSeparator } from '../names.js';

type Webhook = NonNullable<ServiceModel['webhook']>;

/** DNS-1123, at most 36 characters: `<service>--<requestId>` then fits a label. */
export const requestIdPattern: cel.CelPattern = { pattern: '^[a-z0-9]([-a-z0-9]{0,34}[a-z0-9])?$' };
/** Ids of scheduled runs; a request may not pretend to be one. */
export const scheduledPrefix = 'sched-';

const objectPath: cel.CelPattern = { pattern: objectPathPattern };
const kind = 'InferenceJob';
const job = (...fields: readonly string[]): cel.Cel<'dyn'> => cel.body('spec', ...fields);
const specKeys = ['inferenceServiceId', 'dataSource', 'outputDestination', 'requestId'] as const;

/** What every Trigger of a namespace asks of a request; the listener asks it once per caller, before any Trigger. */
export const isJobRequest = (webhookPath: string): cel.Cel<'bool'> =>
  cel.and(cel.equals(cel.requestPath, cel.text(webhookPath)), cel.equals(cel.body('kind'), cel.text(kind)));

/** Everything that a request to this service must be. Any key, type or value that is not named here refuses it. */
export function requestFilter(service: ServiceModel, webhook: Webhook): cel.Cel<'bool'> {
  return cel.and(
    isJobRequest(service.namespace.webhookPath),
    cel.keysWithin(cel.body(), ['kind', 'spec']),
    cel.isMap(job()),
    cel.equals(job('inferenceServiceId'), cel.text(service.serviceId)),
    cel.keysWithin(job(), specKeys),
    requestIdRule(webhook.requireRequestId),
    referenceRule('dataSource', service.dataSource, webhook.dataSource, { longest: objectPathMaxLength, mustBeFolder: false }),
    referenceRule('outputDestination', service.outputDestination, webhook.outputDestination, {
      longest: longestOutputPath(service),
      mustBeFolder: true,
    }),
  );
}

/** What the layout adds must fit, or the run would fail in its first step. */
const longestOutputPath = ({ layout }: ServiceModel): number => objectPathMaxLength - (layout === 'perJob' ? jobFolderMaxLength : 0);

function requestIdRule(required: boolean): cel.Cel<'bool'> {
  const id = job('requestId');
  const valid = cel.and(cel.isString(id), cel.matches(id, requestIdPattern), cel.not(cel.startsWith(id, scheduledPrefix)));
  return required ? cel.and(cel.has(id), valid) : cel.or(cel.not(cel.has(id)), valid);
}

function referenceRule(
  field: 'dataSource' | 'outputDestination',
  own: DataReference | undefined,
  allowed: readonly AllowedPrefix[],
  { longest, mustBeFolder }: { readonly longest: number; readonly mustBeFolder: boolean },
): cel.Cel<'bool'> {
  const reference = job(field);
  const path = job(field, 'path');
  const choices = [
    ...(own && mayBeRepeated(own, allowed) ? [{ connection: own.connection.name, test: cel.equals(path, cel.text(own.path)) }] : []),
    ...allowed.map(({ connection, prefix }) => ({ connection, test: withinPrefix(path, prefix) })),
  ].map(({ connection, test }) => cel.and(connectionIs(field, connection, own), test));
  if (choices.length === 0) return cel.not(cel.has(reference));

  const valid = cel.and(
    cel.isMap(reference),
    cel.keysWithin(reference, ['connection', 'path']),
    cel.has(path),
    cel.isString(path),
    cel.sizeAtMost(path, longest),
    cel.matches(path, objectPath),
    cel.not(cel.contains(path, '..')),
    ...(mustBeFolder ? [cel.endsWith(path, '/')] : []),
    cel.or(...choices),
  );
  return own ? cel.or(cel.not(cel.has(reference)), valid) : cel.and(cel.has(reference), valid);
}

/** A request may repeat what is the default anyway, if no prefix covers it. Placeholders are no part of a request. */
const mayBeRepeated = (own: DataReference, allowed: readonly AllowedPrefix[]): boolean =>
  !own.path.includes('{') &&
  !allowed.some(({ connection, prefix }) => connection === own.connection.name && (prefix === own.path || prefix === wholeBucket));

/** `/` alone stands for the whole bucket; otherwise a prefix ends in `/` or is one object. */
function withinPrefix(path: cel.Cel<'dyn'>, prefix: string): cel.Cel<'bool'> {
  if (prefix === wholeBucket) return cel.not(cel.startsWith(path, '/'));
  return prefix.endsWith('/') ? cel.startsWith(path, prefix) : cel.equals(path, cel.text(prefix));
}

/** Without a connection, a request means the service's own. */
function connectionIs(field: string, connection: string, own: DataReference | undefined): cel.Cel<'bool'> {
  const given = job(field, 'connection');
  const same = cel.equals(given, cel.text(connection));
  return own?.connection.name === connection ? cel.or(cel.not(cel.has(given)), same) : cel.and(cel.has(given), same);
}

/** The values a run gets, one per param of the TriggerBinding; a default is repeated in the TriggerTemplate. */
export interface TemplateParam {
  readonly name: string;
  readonly expression: cel.Cel<'string' | 'dyn'>;
  readonly default: string;
}

export function templateParams(service: ServiceModel): readonly TemplateParam[] {
  const requestId = job('requestId');
  return [
    ...referenceParams('data', 'dataSource', service.dataSource),
    ...referenceParams('output', 'outputDestination', service.outputDestination),
    { name: 'requestId', expression: cel.choose(cel.has(requestId), requestId, cel.text(notGiven)), default: notGiven },
    {
      name: 'runName',
      expression: cel.choose(cel.has(requestId), cel.concat(cel.text(service.name + runNameSeparator), requestId), cel.text('')),
      default: '',
    },
  ];
}

function referenceParams(prefix: 'data' | 'output', field: string, own: DataReference | undefined): readonly TemplateParam[] {
  const reference = job(field);
  const connection = job(field, 'connection');
  const path = job(field, 'path');
  if (!own) {
    // The filter has made sure that both are there.
    return [
      { name: `${prefix}Connection`, expression: connection, default: notGiven },
      { name: `${prefix}Path`, expression: path, default: notGiven },
    ];
  }
  const named = cel.and(cel.has(reference), cel.has(connection));
  return [
    { name: `${prefix}Connection`, expression: cel.choose(named, connection, cel.text(own.connection.name)), default: own.connection.name },
    { name: `${prefix}Path`, expression: cel.choose(cel.has(reference), path, cel.text(own.path)), default: own.path },
  ];
}
