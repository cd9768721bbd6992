/**
 * What a request may do, written down plainly and without anything of the compiler: no CEL, no regular expression, no model.
 * It reads the declaration as its author wrote it, and the body as the caller sent it.
 */

/** As in an InferenceService, with what Platform adds. */
export interface Declaration {
  readonly name: string;
  readonly serviceId?: string;
  readonly team: string;
  readonly dataSource?: Place;
  readonly outputDestination?: Place & { readonly layout?: 'exact' | 'perJob' };
  readonly overrides?: { readonly dataSource?: readonly Prefix[]; readonly outputDestination?: readonly Prefix[] };
  readonly callers: readonly string[];
  readonly requireRequestId?: boolean;
  /** With the pattern as a predicate, which the author's regular expression stands for. */
  readonly params?: Readonly<Record<string, { readonly default: string; readonly pattern: string; readonly fits: (text: string) => boolean }>>;
}
interface Place {
  readonly connection: string;
  readonly path: string;
}
interface Prefix {
  readonly connection: string;
  readonly prefix: string;
}

/** What the run of an allowed request is called and gets; undefined: it may start nothing. */
export interface AllowedRun {
  /** Undefined: the API server makes one. */
  readonly name: string | undefined;
  readonly params: Readonly<Record<string, string>>;
}

export function allowedRun(service: Declaration, caller: string, urlPath: string, body: unknown): AllowedRun | undefined {
  if (!service.callers.includes(caller)) return undefined;
  if (urlPath.split('?')[0] !== `/${service.team}/api/v1/batch/job`) return undefined;
  if (!isObject(body) || !hasOnly(body, ['kind', 'spec']) || body['kind'] !== 'InferenceJob') return undefined;
  const { spec } = body;
  const own = service.params ? ['params'] : [];
  if (!isObject(spec) || !hasOnly(spec, ['inferenceServiceId', 'dataSource', 'outputDestination', 'requestId', ...own])) return undefined;
  if (spec['inferenceServiceId'] !== (service.serviceId ?? service.name)) return undefined;

  const requestId = spec['requestId'];
  if ('requestId' in spec ? !isRequestId(requestId) : service.requireRequestId === true) return undefined;

  const params = chooseParams(spec['params'], 'params' in spec, service.params ?? {});
  if (!params) return undefined;

  const data = choosePlace(spec, 'dataSource', service.dataSource, service.overrides?.dataSource ?? belowOwn(service.dataSource), 512);
  // The folder that perJob adds is the job's name, at most 63 characters, and its "/".
  const longest = service.outputDestination?.layout === 'perJob' ? 512 - 64 : 512;
  const output = choosePlace(spec, 'outputDestination', service.outputDestination, service.overrides?.outputDestination ?? [], longest);
  if (!data || !output || (spec['outputDestination'] !== undefined && !output.path.endsWith('/'))) return undefined;
  return {
    name: typeof requestId === 'string' ? `${service.name}--${requestId}` : undefined,
    params: {
      dataConnection: data.connection,
      dataPath: data.path,
      outputConnection: output.connection,
      outputPath: output.path,
      requestId: typeof requestId === 'string' ? requestId : '-',
      caller,
      ...params,
    },
  };
}

type JsonObject = Readonly<Record<string, unknown>>;
const isObject = (value: unknown): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);
const hasOnly = (value: JsonObject, keys: readonly string[]): boolean => Object.keys(value).every((key) => keys.includes(key));

/** Unless it is said otherwise: what lies below the service's own folder. */
const belowOwn = (own: Place | undefined): readonly Prefix[] => (own?.path.endsWith('/') ? [{ connection: own.connection, prefix: own.path }] : []);

/** Where a run reads or writes: the service's own place, or one that the request names and the service allows. */
function choosePlace(spec: JsonObject, field: string, own: Place | undefined, allowed: readonly Prefix[], longest: number): Place | undefined {
  if (!(field in spec)) return own;
  const given = spec[field];
  if (!isObject(given) || !hasOnly(given, ['connection', 'path']) || !isPath(given['path'], longest)) return undefined;
  const path = given['path'];
  // Without a connection, the service's own is meant.
  const connection = 'connection' in given ? given['connection'] : own?.connection;
  if (typeof connection !== 'string') return undefined;
  const isOwn = connection === own?.connection && path === own.path;
  const isBelow = allowed.some((each) => each.connection === connection && (each.prefix === '/' || path.startsWith(each.prefix)));
  return isOwn || isBelow ? { connection, path } : undefined;
}

/** A request sets some of the declared params, each a text that its pattern takes; the others have their default. */
function chooseParams(given: unknown, isGiven: boolean, declared: NonNullable<Declaration['params']>): Readonly<Record<string, string>> | undefined {
  if (isGiven && (!isObject(given) || !hasOnly(given, Object.keys(declared)))) return undefined;
  const chosen: Record<string, string> = {};
  for (const [name, param] of Object.entries(declared)) {
    const value = isGiven && isObject(given) && name in given ? given[name] : param.default;
    if (typeof value !== 'string' || !param.fits(value)) return undefined;
    chosen[`param_${name}`] = value;
  }
  return chosen;
}

export const lower = 'abcdefghijklmnopqrstuvwxyz';
export const digits = '0123456789';
const letters = lower + lower.toUpperCase();
export const consistsOf = (text: string, characters: string): boolean => [...text].every((character) => characters.includes(character));

/** Lower-case letters, digits and `-` between them; at most 36. Those of schedules are not for requests. */
function isRequestId(value: unknown): value is string {
  if (typeof value !== 'string' || value.length === 0 || value.length > 36) return false;
  return consistsOf(value, `${lower}${digits}-`) && !value.startsWith('-') && !value.endsWith('-') && !value.startsWith('sched-');
}

/** Parts between `/`, each beginning with a letter, digit or `_`; nowhere `..`; a folder ends in `/`. */
function isPath(value: unknown, longest: number): value is string {
  if (typeof value !== 'string' || value === '' || value.length > longest || value.includes('..')) return false;
  const parts = (value.endsWith('/') ? value.slice(0, -1) : value).split('/');
  return parts.every((part) => part !== '' && consistsOf(part, `${letters}${digits}._=+@~-`) && consistsOf(part.slice(0, 1), `${letters}${digits}_`));
}
