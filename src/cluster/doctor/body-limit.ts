/** What bounds a body before it reaches a listener, by objects of whoever runs the way there: other people's, read and never changed. */
import { bytesOf } from '../../base/quantity.js';
import { bodyLimitAnnotations } from '../../manifests/routes/route.js';
import { fieldOf, isFields, listOf, numberOf, textOf, textsOf } from '../read.js';
import { resources } from '../resource.js';
import type { ObjectReader } from './object-reader.js';

/** The largest body that passes, or why none is known. */
export type BodyLimit =
  /** `size` as it is written there; `bytes` is Infinity where it means any size. */
  | { readonly kind: 'limit'; readonly size: string; readonly bytes: number; readonly by: string }
  /** Sentences about what looks like a limit and is none. */
  | { readonly kind: 'none'; readonly notes: readonly string[] };

const none = (...notes: readonly string[]): BodyLimit => ({ kind: 'none', notes });

/** How the known kinds of Ingress controllers are told the largest body; the last one is what older controllers of HAProxy read. */
const sizeAnnotations = [...Object.values(bodyLimitAnnotations), 'ingress.kubernetes.io/proxy-body-size'].filter(
  (name) => name !== bodyLimitAnnotations.traefik,
);

/** Of an Ingress: an annotation, or the middlewares that one names. */
export async function ingressLimit(reader: ObjectReader, ingress: unknown, namespace: string): Promise<BodyLimit> {
  const annotations = textsOf(ingress, 'metadata', 'annotations');
  const name = sizeAnnotations.find((each) => (annotations[each] ?? '') !== '');
  if (name !== undefined) return sizeOf(annotations[name] ?? '', nginxBytes, `annotation ${name}`);
  const named = (annotations[bodyLimitAnnotations.traefik] ?? '').split(',').map((word) => word.trim());
  const words = named.filter((word) => word !== '');
  if (words.length === 0) return none();
  const middlewares = await reader.all(resources.middlewares, namespace);
  const nameOf = (each: unknown): string => `${namespace}-${textOf(each, 'metadata', 'name')}@kubernetescrd`;
  const unseen = words.filter((word) => !middlewares.some((each) => nameOf(each) === word));
  const found = middlewares.filter((each) => words.includes(nameOf(each)));
  return middlewareLimit(
    found,
    unseen.map((word) => `its middleware ${word} is not seen here`),
  );
}

function middlewareLimit(middlewares: readonly unknown[], notes: readonly string[]): BodyLimit {
  const limits = middlewares.flatMap((each) => {
    const bytes = numberOf(each, 'spec', 'buffering', 'maxRequestBodyBytes') ?? 0;
    return bytes > 0 ? [{ bytes, by: `Middleware ${textOf(each, 'metadata', 'name')}` }] : [];
  });
  const [least] = limits.sort((a, b) => a.bytes - b.bytes);
  if (least) return { kind: 'limit', size: `${String(least.bytes)} bytes`, ...least };
  const without = middlewares.map((each) => `Middleware ${textOf(each, 'metadata', 'name')} has no buffering.maxRequestBodyBytes`);
  return none(...without, ...notes);
}

/** Of an HTTPRoute: policies of Envoy Gateway or NGINX Gateway Fabric at the route or its Gateways, or middlewares in its rules. */
export async function httpRouteLimit(reader: ObjectReader, route: unknown, namespace: string, service: string): Promise<BodyLimit> {
  const parents = listOf(route, 'spec', 'parentRefs').map((ref) => ({
    kind: 'Gateway',
    name: textOf(ref, 'name'),
    namespace: textOf(ref, 'namespace') || namespace,
    section: textOf(ref, 'sectionName'),
  }));
  const self = { kind: 'HTTPRoute', name: textOf(route, 'metadata', 'name'), namespace, section: '' };
  const notes: string[] = [];
  // What is nearer to the route counts, and in the place of what is farther, in both gateways.
  for (const targets of [[self], parents]) {
    const found = await Promise.all(targets.map((target) => policyLimit(reader, target)));
    const limits = found.flatMap((each) => (each.kind === 'limit' ? [each] : []));
    const [widest] = limits.sort((a, b) => b.bytes - a.bytes);
    // Each Gateway is a way in of its own.
    if (widest && limits.length === targets.length) return widest;
    notes.push(...found.flatMap((each) => (each.kind === 'none' ? each.notes : [])));
    if (found.some((each) => each.kind === 'none' && each.covers)) break;
  }
  const rules = listOf(route, 'spec', 'rules').filter((rule) => listOf(rule, 'backendRefs').some((ref) => textOf(ref, 'name') === service));
  const filters = rules.map((rule) =>
    listOf(rule, 'filters')
      .filter((filter) => textOf(filter, 'extensionRef', 'kind') === 'Middleware')
      .map((filter) => textOf(filter, 'extensionRef', 'name')),
  );
  if (filters.length === 0 || filters.some((names) => names.length === 0)) return none(...notes);
  const middlewares = await reader.all(resources.middlewares, namespace);
  const limits = filters.map((names) =>
    middlewareLimit(
      middlewares.filter((each) => names.includes(textOf(each, 'metadata', 'name'))),
      [],
    ),
  );
  const open = limits.find(({ kind }) => kind === 'none');
  return open?.kind === 'none' ? none(...notes, ...open.notes) : (limits[0] ?? none(...notes));
}

interface Target {
  readonly kind: string;
  readonly name: string;
  readonly namespace: string;
  /** Empty: the whole. */
  readonly section: string;
}

type PolicyLimit = BodyLimit & {
  /** Whether a policy without a limit stands in the place of those farther away. */
  readonly covers?: boolean;
};

/** A policy stands in the namespace of what it is about. */
async function policyLimit(reader: ObjectReader, target: Target): Promise<PolicyLimit> {
  const of = async (type: (typeof resources)[keyof typeof resources]): Promise<readonly unknown[]> =>
    (await reader.all(type, target.namespace)).filter((policy) => isAbout(policy, target));
  const whose = target.kind === 'Gateway' ? ` of Gateway ${target.name}` : '';
  const notes: string[] = [];
  let covers = false;
  for (const policy of await of(resources.backendTrafficPolicies)) {
    const by = `BackendTrafficPolicy ${textOf(policy, 'metadata', 'name')}${whose}`;
    const limit = fieldOf(policy, 'spec', 'requestBuffer', 'limit');
    const isLimit = textOf(policy, 'spec', 'requestBuffer', 'mode') !== 'LimitOnly';
    // A quantity may be a number.
    const size = typeof limit === 'number' ? String(limit) : typeof limit === 'string' ? limit : '';
    if (limit !== undefined && isLimit) return sizeOf(size, bytesOf, by);
    notes.push(limit === undefined ? `${by} has no requestBuffer` : `${by} has requestBuffer.mode LimitOnly, which refuses no body`);
    if (textOf(policy, 'spec', 'mergeType') === '') covers = true;
  }
  for (const policy of await of(resources.clientSettingsPolicies)) {
    const by = `ClientSettingsPolicy ${textOf(policy, 'metadata', 'name')}${whose}`;
    const size = textOf(policy, 'spec', 'body', 'maxSize');
    if (size !== '') return sizeOf(size, nginxBytes, by);
    notes.push(`${by} has no body.maxSize`);
  }
  for (const policy of target.kind === 'Gateway' ? await of(resources.clientTrafficPolicies) : []) {
    const hasBuffer = fieldOf(policy, 'spec', 'connection', 'bufferLimit') !== undefined;
    if (hasBuffer) notes.push(`ClientTrafficPolicy ${textOf(policy, 'metadata', 'name')}${whose} sets a buffer, which refuses no body`);
  }
  return { ...none(...notes), covers };
}

/** `targetRef`, `targetRefs`; one that is about a part of the target counts only where the route uses just that part. */
const isAbout = (policy: unknown, { kind, name, section }: Target): boolean =>
  [fieldOf(policy, 'spec', 'targetRef'), ...listOf(policy, 'spec', 'targetRefs')].some((ref) => {
    const part = textOf(ref, 'sectionName');
    return isFields(ref) && textOf(ref, 'kind') === kind && textOf(ref, 'name') === name && (part === '' || part === section);
  });

function sizeOf(size: string, read: (text: string) => number | undefined, by: string): BodyLimit {
  const bytes = read(size);
  return bytes === undefined ? none(`the limit of ${by} is not understood`) : { kind: 'limit', size, bytes, by };
}

const units = ['', 'k', 'm', 'g'];

/** Sizes of NGINX and HAProxy: powers of 1024, and 0 for any size. */
function nginxBytes(text: string): number | undefined {
  if (text === 'unlimited') return Infinity;
  const [, digits, unit = ''] = /^([0-9]{1,15})([kmg]?)$/i.exec(text) ?? [];
  if (digits === undefined) return undefined;
  return Number(digits) === 0 ? Infinity : Number(digits) * 1024 ** units.indexOf(unit.toLowerCase());
}
