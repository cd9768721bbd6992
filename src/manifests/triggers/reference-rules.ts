/** Where a request may say that data come from and results go to. */
import { isFolder, objectPathMaxLength, objectPathPattern } from '../../base/object-path.js';
import { knownPattern } from '../../base/pattern.js';
import * as cel from '../../cel/cel.js';
import { jobFolderMaxLength } from '../../contract/filled-path.js';
import { notGiven } from '../../contract/paths.js';
import { wholeBucket, type AllowedPrefix } from '../../contract/step-config.js';
import type { DataReference, ServiceModel } from '../../model/model.js';
import { job, type TemplateParam } from './request-fields.js';

const objectPath = knownPattern(objectPathPattern);

/** A reference in a request, with what is asked of it whatever the service. */
export interface ReferenceField {
  readonly connection: cel.Cel<'dyn'>;
  readonly path: cel.Cel<'dyn'>;
  readonly isGiven: cel.Cel<'bool'>;
  readonly isValid: cel.Cel<'bool'>;
  /** A folder may be given without its `/`, which the run gets all the same. */
  readonly isLenient: boolean;
}

interface ReferenceForm {
  readonly longest: number;
  readonly mustBeFolder: boolean;
  readonly isLenient: boolean;
}

/** What the layout adds must fit, or the run would fail in its first step. */
const longestOutput = { exact: objectPathMaxLength, perJob: objectPathMaxLength - jobFolderMaxLength } as const;

const strict = {
  dataSource: referenceField('dataSource', { longest: objectPathMaxLength, mustBeFolder: false, isLenient: false }),
  exact: referenceField('outputDestination', { longest: longestOutput.exact, mustBeFolder: true, isLenient: false }),
  perJob: referenceField('outputDestination', { longest: longestOutput.perJob, mustBeFolder: true, isLenient: false }),
};
const lenient = {
  dataSource: referenceField('dataSource', { longest: objectPathMaxLength, mustBeFolder: true, isLenient: true }),
  exact: referenceField('outputDestination', { longest: longestOutput.exact, mustBeFolder: true, isLenient: true }),
  perJob: referenceField('outputDestination', { longest: longestOutput.perJob, mustBeFolder: true, isLenient: true }),
};

/** Where a request to the service may say that its data come from. To ODAHU every path was a folder, with or without its `/`. */
export function dataSourceOf({ validation, dataSource, webhook }: ServiceModel): ReferenceField {
  const paths = [...(dataSource ? [dataSource.path] : []), ...(webhook?.dataSource ?? []).map(({ prefix }) => prefix)];
  return (validation.profile === 'odahu' && paths.every(isFolder) ? lenient : strict).dataSource;
}

/** Likewise where its results go. */
export const outputDestinationOf = ({ validation, layout }: ServiceModel): ReferenceField =>
  (validation.profile === 'odahu' ? lenient : strict)[layout];

function referenceField(name: 'dataSource' | 'outputDestination', { longest, mustBeFolder, isLenient }: ReferenceForm): ReferenceField {
  const reference = job(name);
  const path = job(name, 'path');
  const isValid = cel.and(
    cel.isMap(reference),
    cel.keysWithin(reference, ['connection', 'path']),
    cel.has(path),
    cel.isString(path),
    // One for the `/` that may be missing.
    cel.sizeAtMost(path, isLenient ? longest - 1 : longest),
    cel.matches(path, objectPath),
    cel.not(cel.contains(path, '..')),
    ...(mustBeFolder && !isLenient ? [cel.endsWith(path, '/')] : []),
  );
  return { connection: job(name, 'connection'), path, isGiven: cel.has(reference), isValid, isLenient };
}

/**
 * That a request's reference is the service's own or lies in an allowed folder.
 *
 * @param own undefined: the request has to give the reference
 */
export function referenceRule(field: ReferenceField, own: DataReference | undefined, allowed: readonly AllowedPrefix[]): cel.Cel<'bool'> {
  const { isGiven, isValid } = field;
  const choices = [
    ...(own && mayBeRepeated(own, allowed) ? [{ connection: own.connection.name, test: isPath(field, own.path) }] : []),
    ...allowed.map(({ connection, prefix }) => ({ connection, test: withinPrefix(field, prefix) })),
  ].map(({ connection, test }) => cel.and(connectionIs(field, connection, own), test));
  if (choices.length === 0) return cel.not(isGiven);
  const valid = cel.and(isValid, cel.or(...choices));
  return own ? cel.or(cel.not(isGiven), valid) : cel.and(isGiven, valid);
}

/** A request may repeat what is the default anyway, if no prefix covers it. Placeholders are no part of a request. */
const mayBeRepeated = (own: DataReference, allowed: readonly AllowedPrefix[]): boolean =>
  !own.path.includes('{') &&
  !allowed.some(({ connection, prefix }) => connection === own.connection.name && (prefix === own.path || prefix === wholeBucket));

/** `/` alone stands for the whole bucket; otherwise a prefix ends in `/` or is one object. */
function withinPrefix({ path, isLenient }: ReferenceField, prefix: string): cel.Cel<'bool'> {
  if (prefix === wholeBucket) return cel.not(cel.startsWith(path, '/'));
  if (!isFolder(prefix)) return cel.equals(path, cel.text(prefix));
  const isBelow = cel.startsWith(path, prefix);
  return isLenient ? cel.or(isBelow, cel.equals(path, cel.text(withoutSlash(prefix)))) : isBelow;
}

function isPath({ path, isLenient }: ReferenceField, expected: string): cel.Cel<'bool'> {
  const isSame = cel.equals(path, cel.text(expected));
  return isLenient && isFolder(expected) ? cel.or(isSame, cel.equals(path, cel.text(withoutSlash(expected)))) : isSame;
}

const withoutSlash = (folder: string): string => folder.slice(0, -1);

/** The path that a run gets. */
const pathOf = ({ path, isLenient }: ReferenceField): cel.Cel<'dyn' | 'string'> =>
  isLenient ? cel.choose(cel.endsWith(path, '/'), path, cel.concat(path, cel.text('/'))) : path;

/** Without a connection, a request means the service's own. */
function connectionIs({ connection: given }: ReferenceField, connection: string, own: DataReference | undefined): cel.Cel<'bool'> {
  const same = cel.equals(given, cel.text(connection));
  return own?.connection.name === connection ? cel.or(cel.not(cel.has(given)), same) : cel.and(cel.has(given), same);
}

/**
 * The connection and the path that a run gets: those of the request where it gives them, otherwise the service's own. Only behind
 * {@link referenceRule}.
 */
export function referenceParams(prefix: 'data' | 'output', field: ReferenceField, own: DataReference | undefined): readonly TemplateParam[] {
  const { connection, isGiven } = field;
  const path = pathOf(field);
  if (!own) {
    // The filter has made sure that both are there.
    return [
      { name: `${prefix}Connection`, expression: connection, default: notGiven },
      { name: `${prefix}Path`, expression: path, default: notGiven },
    ];
  }
  const named = cel.and(isGiven, cel.has(connection));
  return [
    { name: `${prefix}Connection`, expression: cel.choose(named, connection, cel.text(own.connection.name)), default: own.connection.name },
    { name: `${prefix}Path`, expression: cel.choose(isGiven, path, cel.text(own.path)), default: own.path },
  ];
}
