import { addQuantity, canonicalQuantity, compareQuantity, formatQuantity, isMore, parseQuantity, type Quantity } from '../base/quantity.js';
import { diagnose } from '../diagnostics/diagnose.js';
import type { Diagnostic, Place } from '../diagnostics/diagnostic.js';
import { boundOf } from './bound-below-own.js';
import { judgeAmounts, unboundAmounts } from './schedule-resources.js';
import { isKnown } from './known.js';
import { at } from '../resolve/place.js';
import type { ServiceDefinition } from '../resolve/definition.js';
import type { ResolvedService } from '../resolve/service.js';
import type { Sourced } from '../resolve/service-defaults.js';
import { sizedVolumes, type SizedVolume } from '../resolve/storage.js';

/** What one job takes against what Platform lets one job of the team take; a ceiling that is not given does not limit. */
export function checkCeilings(service: ResolvedService): readonly Diagnostic[] {
  const { requests, limits } = service.filled.resources;
  return [
    ...checkAmount(service, 'cpu', larger(requests.cpu, limits.cpu)),
    ...checkAmount(service, 'memory', limits.memory),
    ...checkGpu(service, service.filled.resources.limits.gpu),
    ...checkBounds(service),
    ...checkStorage(service),
  ];
}

const larger = (a: Sourced<string>, b: Sourced<string> | undefined): Sourced<string> => (b && isMore(b.value, a.value) ? b : a);

function checkAmount(service: ResolvedService, resource: 'cpu' | 'memory', amount: Sourced<string>): readonly Diagnostic[] {
  const limit = service.context.team.value.ceilings?.[resource];
  const [value, ceiling] = [parseQuantity(amount.value), limit === undefined ? undefined : parseQuantity(limit)];
  if (limit === undefined || !value || !ceiling || compareQuantity(value, ceiling) <= 0) return [];
  if (amount.from === 'default' && !areResourcesKnown(service.definition)) return [];
  const what = amount.from === 'default' ? `the default ${resource}` : resource;
  return [exceeded(service, resource, amount.place, what, amount.value, limit, undefined)];
}

const areResourcesKnown = ({ holes = [] }: ServiceDefinition): boolean =>
  !holes.some(([spec, field]) => spec === 'spec' && (field === undefined || field === 'resources'));

/** What a request may ask for at most, and what schedules ask for. */
function checkBounds(service: ResolvedService): readonly Diagnostic[] {
  const bound = <T extends 'cpu' | 'memory' | 'gpu'>(resource: T) => boundOf(service.definition, resource);
  const [cpu, memory, gpu] = [bound('cpu'), bound('memory'), bound('gpu')];
  return [
    ...(cpu ? checkAmount(service, 'cpu', cpu) : []),
    ...(memory ? checkAmount(service, 'memory', memory) : []),
    ...(gpu ? checkGpu(service, gpu) : []),
    // Other amounts of schedules are held against a bound.
    ...judgeAmounts(unboundAmounts(service.definition), {
      amount: (resource, amount) => checkAmount(service, resource, amount),
      gpu: (amount) => checkGpu(service, amount),
    }),
  ];
}

function checkGpu(service: ResolvedService, gpu: Sourced<number>): readonly Diagnostic[] {
  const ceiling = service.context.team.value.ceilings?.gpu;
  return ceiling === undefined || gpu.value <= ceiling
    ? []
    : [exceeded(service, 'gpu', gpu.place, 'gpu', String(gpu.value), String(ceiling), undefined)];
}

function checkStorage(service: ResolvedService): readonly Diagnostic[] {
  const { definition, filled, context } = service;
  const limit = context.team.value.ceilings?.storage;
  const ceiling = limit === undefined ? undefined : parseQuantity(limit);
  const volumes = sizedVolumes(definition, filled);
  const total = sumOf(volumes);
  if (limit === undefined || !ceiling || !total || compareQuantity(total, ceiling) <= 0) return [];
  // What is not known may be as small as it likes.
  const known = sumOf(volumes.filter(({ name, size }) => isKnown(size, ['storage', name], service)));
  if (!known || compareQuantity(known, ceiling) <= 0) return [];
  const sum = volumes.map(({ name, size, times }) => `${name} ${times > 1 ? `${times} x ` : ''}${size.value}`).join(' + ');
  return [
    exceeded(
      service,
      'storage',
      largest(volumes, { ...definition.place, target: 'key' }),
      'storage',
      formatQuantity(total),
      limit,
      `it is the sum of ${sum}`,
    ),
  ];
}

/** Undefined where a size is no quantity, which has its own code. */
function sumOf(volumes: readonly SizedVolume[]): Quantity | undefined {
  let total: Quantity | undefined;
  for (const { size, times } of volumes) {
    const quantity = parseQuantity(size.value);
    if (!quantity) return undefined;
    for (let time = 0; time < times; time += 1) total = total ? addQuantity(total, quantity) : quantity;
  }
  return total;
}

/** Where to look first: the largest size that somebody wrote. */
function largest(volumes: readonly SizedVolume[], otherwise: Place): Place {
  const amount = ({ size, times }: SizedVolume): bigint => (parseQuantity(size.value)?.nano ?? 0n) * BigInt(times);
  const written = volumes.filter(({ size }) => size.from !== 'default').sort((a, b) => (amount(a) < amount(b) ? 1 : -1));
  return written[0]?.size.place ?? otherwise;
}

function exceeded(
  { context }: ResolvedService,
  resource: 'cpu' | 'memory' | 'gpu' | 'storage',
  where: Place,
  what: string,
  value: string,
  ceiling: string,
  hint: string | undefined,
): Diagnostic {
  const related = [{ message: 'the ceiling', where: at(context.team.place, 'ceilings', resource) }];
  const shown = resource === 'gpu' ? ceiling : (canonicalQuantity(ceiling) ?? ceiling);
  return diagnose('check/ceiling-exceeded', where, { what, value, ceiling: shown, team: context.model.team, hint }, { related });
}
