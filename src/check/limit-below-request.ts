import { compareQuantity, parseQuantity } from '../base/quantity.js';
import { diagnose } from '../diagnostics/diagnose.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { ServiceDefinition } from '../resolve/definition.js';
import { fillDefaults, type Sourced } from '../resolve/service-defaults.js';

/** Kubernetes refuses a pod whose limit is below its request. */
export function checkLimits(service: ServiceDefinition): readonly Diagnostic[] {
  const { requests, limits } = fillDefaults(service, undefined).resources;
  return [...compare('cpu', limits.cpu, requests.cpu), ...compare('memory', limits.memory, requests.memory)];
}

function compare(resource: string, limit: Sourced<string> | undefined, request: Sourced<string>): readonly Diagnostic[] {
  const most = limit && parseQuantity(limit.value);
  const least = parseQuantity(request.value);
  if (!limit || !most || !least || compareQuantity(most, least) >= 0) return [];
  const isDefault = request.from === 'default';
  const related = isDefault ? [] : [{ message: 'the request', where: request.place }];
  return [diagnose('check/limit-below-request', limit.place, { resource, limit: limit.value, request: request.value, isDefault }, { related })];
}
