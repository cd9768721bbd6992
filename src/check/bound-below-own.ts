import { isMore } from '../base/quantity.js';
import { diagnose } from '../diagnostics/diagnose.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { ServiceDefinition } from '../resolve/definition.js';
import { at } from '../resolve/place.js';
import { fillDefaults, type Sourced } from '../resolve/service-defaults.js';

type Bounds = NonNullable<NonNullable<NonNullable<NonNullable<ServiceDefinition['spec']['triggers']>['webhook']>['overrides']>['resources']>;
type Bound<R extends keyof Bounds> = Sourced<NonNullable<Bounds[R]>>;

/** How much of a resource a request may ask for at most; undefined: it may not ask for it. */
export function boundOf<R extends keyof Bounds>({ spec, place }: ServiceDefinition, resource: R): Bound<R> | undefined {
  const value = spec.triggers?.webhook?.overrides?.resources?.[resource];
  if (value === undefined || value === null) return undefined;
  return { value, from: 'service', place: at(place, 'triggers', 'webhook', 'overrides', 'resources', resource) };
}

/** A request could not repeat what the service has anyway. */
export function checkBounds(service: ServiceDefinition): readonly Diagnostic[] {
  const { requests, limits } = fillDefaults(service, undefined).resources;
  const gpu = boundOf(service, 'gpu');
  const tooLow = gpu && gpu.value < limits.gpu.value;
  return [
    ...compare('cpu', boundOf(service, 'cpu'), [requests.cpu, limits.cpu]),
    ...compare('memory', boundOf(service, 'memory'), [requests.memory, limits.memory]),
    ...(tooLow ? [belowOwn('gpu', { ...gpu, value: String(gpu.value) }, { ...limits.gpu, value: String(limits.gpu.value) })] : []),
  ];
}

function compare(resource: string, bound: Sourced<string> | undefined, amounts: readonly (Sourced<string> | undefined)[]): readonly Diagnostic[] {
  const larger = amounts.find((amount) => amount && bound && isMore(amount.value, bound.value));
  return bound && larger ? [belowOwn(resource, bound, larger)] : [];
}

function belowOwn(resource: string, bound: Sourced<string>, own: Sourced<string>): Diagnostic {
  const isDefault = own.from === 'default';
  const related = isDefault ? [] : [{ message: "the service's own", where: own.place }];
  return diagnose('check/bound-below-own', bound.place, { resource, bound: bound.value, own: own.value, isDefault }, { related });
}
