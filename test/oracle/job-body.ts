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
  readonly listener?: 'shared' | 'dedicated';
  /** Its own, and what a request may choose beside it: by name, or by a nodeSelector that is one's own. */
  readonly pools?: { readonly own: string; readonly selectors: Readonly<Record<string, Readonly<Record<string, string>>>> };
  /** Own amounts and bounds: of CPU in thousandths, of memory in Mi. */
  readonly resources?: {
    readonly own: { readonly cpu: string; readonly memory: string; readonly gpu: number };
    readonly bounds: { readonly cpu: string; readonly memory: string; readonly gpu: number };
  };
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
  /** Undefined: the service has no pools to choose from. */
  readonly nodeSelector?: Readonly<Record<string, string>> | undefined;
  /** Undefined: the service has no bounds. */
  readonly resources?: Resources | undefined;
}
interface Resources {
  readonly requests: Readonly<Record<string, string>>;
  readonly limits: Readonly<Record<string, string>>;
}

export function allowedRun(service: Declaration, caller: string, urlPath: string, body: unknown): AllowedRun | undefined {
  if (!service.callers.includes(caller)) return undefined;
  const folder = service.listener === 'dedicated' ? `${service.team}/${service.name}` : service.team;
  if (urlPath.split('?')[0] !== `/${folder}/api/v1/batch/job`) return undefined;
  if (!isObject(body) || !hasOnly(body, ['kind', 'spec']) || body['kind'] !== 'InferenceJob') return undefined;
  const { spec } = body;
  const own = [
    ...(service.params ? ['params'] : []),
    ...(service.pools ? ['nodePool', 'nodeSelector'] : []),
    ...(service.resources ? ['resources'] : []),
  ];
  if (!isObject(spec) || !hasOnly(spec, ['inferenceServiceId', 'dataSource', 'outputDestination', 'requestId', ...own])) return undefined;
  if (spec['inferenceServiceId'] !== (service.serviceId ?? service.name)) return undefined;

  const requestId = spec['requestId'];
  if ('requestId' in spec ? !isRequestId(requestId) : service.requireRequestId === true) return undefined;

  const params = chooseParams(spec['params'], 'params' in spec, service.params ?? {});
  if (!params) return undefined;
  const nodeSelector = service.pools && choosePool(spec, service.pools);
  if (service.pools && !nodeSelector) return undefined;
  const resources = service.resources && chooseResources(spec, service.resources);
  if (service.resources && !resources) return undefined;

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
    nodeSelector,
    resources,
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

/** One pool, by its name or by a selector that is the whole of its own. */
function choosePool(spec: JsonObject, { own, selectors }: NonNullable<Declaration['pools']>): Readonly<Record<string, string>> | undefined {
  if ('nodePool' in spec && 'nodeSelector' in spec) return undefined;
  if ('nodePool' in spec) return Object.entries(selectors).find(([name]) => name === spec['nodePool'])?.[1];
  const given = spec['nodeSelector'];
  if (!('nodeSelector' in spec)) return selectors[own];
  if (!isObject(given)) return undefined;
  return Object.values(selectors).find(
    (selector) => hasOnly(given, Object.keys(selector)) && Object.entries(selector).every(([key, value]) => given[key] === value),
  );
}

/** Requests and limits up to the bounds; what is given for one of them is both, unless both are given. */
function chooseResources(spec: JsonObject, { own, bounds }: NonNullable<Declaration['resources']>): Resources | undefined {
  const given = 'resources' in spec ? spec['resources'] : {};
  if (!isObject(given) || !hasOnly(given, ['requests', 'limits'])) return undefined;
  const requests = 'requests' in given ? given['requests'] : {};
  const limits = 'limits' in given ? given['limits'] : {};
  if (!isObject(requests) || !isObject(limits)) return undefined;
  for (const side of [requests, limits]) {
    if (!hasOnly(side, ['cpu', 'memory', 'gpu'])) return undefined;
    if ('cpu' in side && !(milli(side['cpu']) <= milli(bounds.cpu))) return undefined;
    if ('memory' in side && !(kibi(side['memory']) <= kibi(bounds.memory))) return undefined;
    if ('gpu' in side && !(gpus(side['gpu']) <= bounds.gpu)) return undefined;
  }
  const both = (name: string): boolean => name in requests && name in limits;
  if (both('cpu') && milli(requests['cpu']) > milli(limits['cpu'])) return undefined;
  if (both('memory') && kibi(requests['memory']) > kibi(limits['memory'])) return undefined;
  if (both('gpu') && gpus(requests['gpu']) !== gpus(limits['gpu'])) return undefined;
  const first = (name: string, sides: readonly JsonObject[], otherwise: string): string =>
    String(sides.find((side) => name in side)?.[name] ?? otherwise);
  const gpu = first('gpu', [limits, requests], String(own.gpu));
  return {
    requests: {
      cpu: first('cpu', [requests, limits], own.cpu),
      memory: first('memory', [requests, limits], own.memory),
      'nvidia.com/gpu': gpu,
    },
    limits: { cpu: first('cpu', [limits, requests], own.cpu), memory: first('memory', [limits, requests], own.memory), 'nvidia.com/gpu': gpu },
  };
}

/** Thousandths of a core: 250m, 0.25, 2, 1.5; not a number for any other form. */
function milli(value: unknown): number {
  if (typeof value !== 'string' || value === '') return NaN;
  if (value.endsWith('m')) return isCount(value.slice(0, -1), 6) ? Number(value.slice(0, -1)) : NaN;
  const [whole = '', part, ...others] = value.split('.');
  if (others.length > 0 || (part !== undefined && (part === '' || part.length > 3 || !consistsOf(part, digits)))) return NaN;
  if (whole === '0') return part !== undefined && Number(part) > 0 ? Math.round(Number(value) * 1000) : NaN;
  return isCount(whole, 4) ? Math.round(Number(value) * 1000) : NaN;
}

/** Ki: a whole number and one of Ki, Mi, Gi, Ti. */
function kibi(value: unknown): number {
  if (typeof value !== 'string') return NaN;
  const power = ['Ki', 'Mi', 'Gi', 'Ti'].indexOf(value.slice(-2));
  return power >= 0 && isCount(value.slice(0, -2), 9) ? Number(value.slice(0, -2)) * 1024 ** power : NaN;
}

/** As a text or a number. */
function gpus(value: unknown): number {
  const text = typeof value === 'number' ? String(value) : value;
  return typeof text === 'string' && (text === '0' || isCount(text, 2)) ? Number(text) : NaN;
}

const isCount = (text: string, longest: number): boolean =>
  text !== '' && text.length <= longest && consistsOf(text, digits) && !text.startsWith('0');

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
