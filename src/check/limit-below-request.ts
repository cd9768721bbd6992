import { isMore } from '../base/quantity.js';
import { diagnose } from '../diagnostics/diagnose.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { ServiceDefinition } from '../resolve/definition.js';
import { fillDefaults, type Sourced } from '../resolve/service-defaults.js';

/** Kubernetes refuses a pod whose limit is below its request. */
export function checkLimits(service: ServiceDefinition): readonly Diagnostic[] {
  const { requests, limits } = fillDefaults(service, undefined).resources;
  return [...limitBelowRequest('cpu', limits.cpu, requests.cpu), ...limitBelowRequest('memory', limits.memory, requests.memory)];
}

/** The same for one limit and the request beside it. */
export function limitBelowRequest(resource: string, limit: Sourced<string> | undefined, request: Sourced<string>): readonly Diagnostic[] {
  if (!limit || !isMore(request.value, limit.value)) return [];
  const isDefault = request.from === 'default';
  const related = isDefault ? [] : [{ message: 'the request', where: request.place }];
  return [diagnose('check/limit-below-request', limit.place, { resource, limit: limit.value, request: request.value, isDefault }, { related })];
}
