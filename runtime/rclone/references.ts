import {
  checkObjectPath,
  fillPlaceholders,
  isFolder,
  objectPathMaxLength,
  placeholderNames,
  type ObjectPathProblemKind,
} from '../../src/base/object-path.js';
import { wholeBucket, type AllowedPrefix, type StepConfig } from '../../src/contract/step-config.js';
import { failure } from '../base/failure.js';

/** What a request or the service's default gives; undefined where it gives nothing. */
export interface GivenReference {
  readonly connection: string | undefined;
  readonly path: string | undefined;
}

export interface ResolvedReference {
  readonly connection: string;
  readonly path: string;
}

type ReferenceName = 'dataSource' | 'outputDestination';

/** The listener's filter has checked a request already; a TaskRun that a person makes has passed nothing. */
export function resolveData(given: GivenReference, config: StepConfig): ResolvedReference {
  const { connection, path } = requireGiven('dataSource', given, config);
  checkPath('dataSource', path, []);
  checkAllowed('dataSource', { connection, path }, config.data.allowed);
  return { connection, path };
}

/** Where this run's output goes: placeholders are filled and the layout is applied. Always a folder. */
export function resolveOutput(
  given: GivenReference,
  config: StepConfig,
  values: { readonly jobId: string; readonly requestId: string | undefined },
): ResolvedReference {
  const { connection, path } = requireGiven('outputDestination', given, config);
  checkPath('outputDestination', path, placeholderNames);
  const folder = isFolder(path) ? path : `${path}/`;
  checkAllowed('outputDestination', { connection, path: folder }, config.output.allowed);
  const filled = fillPlaceholders(folder, values);
  if (filled === undefined) throw failure('runtime/request-id-not-given', { path });
  const laidOut = config.output.layout === 'perJob' ? `${filled}${values.jobId}/` : filled;
  checkPath('outputDestination', laidOut, []);
  return { connection, path: laidOut };
}

function requireGiven(reference: ReferenceName, { connection, path }: GivenReference, config: StepConfig): ResolvedReference {
  if (connection === undefined || path === undefined) throw failure('runtime/reference-not-given', { reference });
  if (!Object.hasOwn(config.connections, connection)) {
    throw failure('runtime/unknown-connection', { reference, connection, known: Object.keys(config.connections).sort() });
  }
  return { connection, path };
}

const words: Readonly<Record<ObjectPathProblemKind, string>> = {
  empty: 'is empty',
  'dot-dot': 'holds ".."',
  colon: 'holds ":"',
  'leading-dash': 'has a part that begins with "-"',
  'leading-slash': 'begins with "/"; paths count from the root of the bucket',
  'empty-part': 'has an empty part ("//")',
  character: 'holds a character that is not allowed; there are letters, digits and . _ = + @ ~ -, and each part begins with a letter, a digit or "_"',
  'too-long': `is longer than ${String(objectPathMaxLength)} characters`,
};

function checkPath(reference: ReferenceName, path: string, placeholders: typeof placeholderNames | readonly []): void {
  const found = checkObjectPath(path, placeholders);
  if (found) throw failure('runtime/bad-path', { reference, path, problem: words[found.problem] });
}

/** `prefix` itself, or what lies below it where it is a folder. */
export const isAllowed = (path: string, prefix: string): boolean =>
  prefix === wholeBucket || path === prefix || (isFolder(prefix) && path.startsWith(prefix));

function checkAllowed(reference: ReferenceName, { connection, path }: ResolvedReference, allowed: readonly AllowedPrefix[]): void {
  const prefixes = allowed.filter((one) => one.connection === connection).map(({ prefix }) => prefix);
  if (!prefixes.some((prefix) => isAllowed(path, prefix))) {
    throw failure('runtime/path-not-allowed', { reference, connection, path, allowed: [...new Set(prefixes)].sort() });
  }
}
