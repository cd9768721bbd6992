/** Where a request may say that data come from and results go to. */
import { objectPathMaxLength, objectPathPattern } from '../../base/object-path.js';
import { knownPattern } from '../../base/pattern.js';
import * as cel from '../../cel/cel.js';
import { jobFolderMaxLength } from '../../contract/filled-path.js';
import { notGiven } from '../../contract/paths.js';
import { wholeBucket, type AllowedPrefix } from '../../contract/step-config.js';
import type { DataReference } from '../../model/model.js';
import { job, type TemplateParam } from './request-fields.js';

const objectPath = knownPattern(objectPathPattern);

/** A reference in a request, with what is asked of it whatever the service. */
export interface ReferenceField {
  readonly connection: cel.Cel<'dyn'>;
  readonly path: cel.Cel<'dyn'>;
  readonly isGiven: cel.Cel<'bool'>;
  readonly isValid: cel.Cel<'bool'>;
}

export const dataSource = referenceField('dataSource', { longest: objectPathMaxLength, mustBeFolder: false });
/** By layout. What the layout adds must fit, or the run would fail in its first step. */
export const outputDestination = {
  exact: referenceField('outputDestination', { longest: objectPathMaxLength, mustBeFolder: true }),
  perJob: referenceField('outputDestination', { longest: objectPathMaxLength - jobFolderMaxLength, mustBeFolder: true }),
};

function referenceField(
  name: 'dataSource' | 'outputDestination',
  { longest, mustBeFolder }: { readonly longest: number; readonly mustBeFolder: boolean },
): ReferenceField {
  const reference = job(name);
  const path = job(name, 'path');
  const isValid = cel.and(
    cel.isMap(reference),
    cel.keysWithin(reference, ['connection', 'path']),
    cel.has(path),
    cel.isString(path),
    cel.sizeAtMost(path, longest),
    cel.matches(path, objectPath),
    cel.not(cel.contains(path, '..')),
    ...(mustBeFolder ? [cel.endsWith(path, '/')] : []),
  );
  return { connection: job(name, 'connection'), path, isGiven: cel.has(reference), isValid };
}

export function referenceRule(field: ReferenceField, own: DataReference | undefined, allowed: readonly AllowedPrefix[]): cel.Cel<'bool'> {
  const { path, isGiven, isValid } = field;
  const choices = [
    ...(own && mayBeRepeated(own, allowed) ? [{ connection: own.connection.name, test: cel.equals(path, cel.text(own.path)) }] : []),
    ...allowed.map(({ connection, prefix }) => ({ connection, test: withinPrefix(path, prefix) })),
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
function withinPrefix(path: cel.Cel<'dyn'>, prefix: string): cel.Cel<'bool'> {
  if (prefix === wholeBucket) return cel.not(cel.startsWith(path, '/'));
  return prefix.endsWith('/') ? cel.startsWith(path, prefix) : cel.equals(path, cel.text(prefix));
}

/** Without a connection, a request means the service's own. */
function connectionIs({ connection: given }: ReferenceField, connection: string, own: DataReference | undefined): cel.Cel<'bool'> {
  const same = cel.equals(given, cel.text(connection));
  return own?.connection.name === connection ? cel.or(cel.not(cel.has(given)), same) : cel.and(cel.has(given), same);
}

export function referenceParams(prefix: 'data' | 'output', field: ReferenceField, own: DataReference | undefined): readonly TemplateParam[] {
  const { connection, path, isGiven } = field;
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
