import { addQuantity, canonicalCpu, canonicalQuantity, compareQuantity, formatQuantity, parseQuantity, type Quantity } from '../base/quantity.js';
import { diagnose } from '../diagnostics/diagnose.js';
import type { Diagnostic, Place } from '../diagnostics/diagnostic.js';
import { at } from '../resolve/place.js';
import { helperCount, helperRequests, listenerRequests } from '../resolve/pod-requests.js';
import type { ResolvedService } from '../resolve/service.js';
import type { Sourced } from '../resolve/service-defaults.js';
import { boundOf } from './bound-below-own.js';
import { isKnown } from './known.js';
import { judgeAmounts, unboundAmounts } from './schedule-resources.js';

/**
 * One job of the service against the quota of its namespace. Tekton lets a run that exceeds the quota wait, and its timeout
 * does not run meanwhile: one that exceeds it alone would wait for ever.
 */
export const checkQuota = (service: ResolvedService): readonly Diagnostic[] => [
  ...checkAmount(service, 'cpu', service.filled.resources.requests.cpu),
  ...checkAmount(service, 'memory', service.filled.resources.requests.memory),
  ...checkGpu(service, service.filled.resources.limits.gpu),
  // What a request may ask for at most.
  ...(['cpu', 'memory'] as const).flatMap((resource) =>
    maybe(boundOf(service.definition, resource), (bound) => checkAmount(service, resource, bound)),
  ),
  ...maybe(boundOf(service.definition, 'gpu'), (bound) => checkGpu(service, bound)),
  ...judgeAmounts(
    unboundAmounts(service.definition).filter(({ isRequest }) => isRequest),
    { amount: (resource, amount) => checkAmount(service, resource, amount), gpu: (amount) => checkGpu(service, amount) },
  ),
  ...checkPods(service),
];

const maybe = <T>(value: T | undefined, check: (value: T) => readonly Diagnostic[]): readonly Diagnostic[] =>
  value === undefined ? [] : check(value);

const hasListener = ({ context }: ResolvedService): boolean => context.model.callers.length > 0;

function checkAmount(service: ResolvedService, resource: 'cpu' | 'memory', wanted: Sourced<string>): readonly Diagnostic[] {
  const text = service.context.team.value.quota?.[resource];
  const canonical = resource === 'cpu' ? canonicalCpu : canonicalQuantity;
  const [quota, own] = [text, wanted.value].map((each) => parseQuantity((each === undefined ? undefined : canonical(each)) ?? ''));
  if (text === undefined || !quota || !own || !isKnown(wanted, ['resources', 'requests', resource], service)) return [];
  const total = sum([
    own,
    ...Array.from({ length: helperCount }, () => parseQuantity(helperRequests[resource])),
    ...(hasListener(service) ? [parseQuantity(listenerRequests[resource])] : []),
  ]);
  if (compareQuantity(total, quota) <= 0) return [];
  const others = `${String(helperCount)} x ${helperRequests[resource]} for our own steps`;
  const listener = hasListener(service) ? ` + ${listenerRequests[resource]} for the listener` : '';
  const hint = `it is the sum of ${wanted.value} + ${others}${listener}`;
  return [tooSmall(service, resource, wanted.place, `${resource} ${formatQuantity(total)}`, text, hint)];
}

const sum = (parts: readonly (Quantity | undefined)[]): Quantity =>
  parts.reduce<Quantity>((total, part) => (part ? addQuantity(total, part) : total), { nano: 0n, format: 'decimal' });

function checkGpu(service: ResolvedService, gpu: Sourced<number>): readonly Diagnostic[] {
  const quota = service.context.team.value.quota?.gpu;
  if (quota === undefined || gpu.value <= quota) return [];
  return [tooSmall(service, 'gpu', gpu.place, `gpu ${String(gpu.value)}`, String(quota), undefined)];
}

function checkPods(service: ResolvedService): readonly Diagnostic[] {
  const quota = service.context.team.value.quota?.pods;
  if (quota === undefined || quota > 1 || !hasListener(service)) return [];
  const place: Place = { ...service.definition.place, target: 'key' };
  return [tooSmall(service, 'pods', place, '2 pods', String(quota), 'one of them is the listener, which is always there')];
}

function tooSmall(
  { context }: ResolvedService,
  resource: 'cpu' | 'memory' | 'gpu' | 'pods',
  where: Place,
  wanted: string,
  quota: string,
  hint: string | undefined,
): Diagnostic {
  const related = [{ message: 'the quota', where: at(context.team.place, 'quota', resource) }];
  return diagnose('check/quota-too-small', where, { wanted, quota, namespace: context.model.namespace, hint }, { related });
}
