/** Which resources a request may ask for: a closed set of forms, up to the bounds of the service, in ODAHU's shape. */
import { assertInvariant } from '../../base/assert.js';
import { knownPattern } from '../../base/pattern.js';
import { parseQuantity } from '../../base/quantity.js';
import * as cel from '../../cel/cel.js';
import { requestedAmounts } from '../../contract/requested-amounts.js';
import type { ServiceModel } from '../../model/model.js';
import { ephemeralStorage } from '../job/volumes.js';
import { type FieldRules, job, noRules, optionally, type TemplateParam } from './request-fields.js';

const resources = job('resources');
const sides = ['requests', 'limits'] as const;
type Side = (typeof sides)[number];
type Amount = 'cpu' | 'memory';
export type Bounds = NonNullable<NonNullable<ServiceModel['webhook']>['resources']>;

const forms = { cpu: knownPattern(requestedAmounts.cpu), memory: knownPattern(requestedAmounts.memory), gpu: knownPattern(requestedAmounts.gpu) };
const amountOf = { cpu: cel.cpuMilli, memory: cel.memoryBytes } as const;

const field = (side: Side, name: Amount | 'gpu'): cel.Cel<'dyn'> => job('resources', side, name);
const isGiven = (side: Side, name: Amount | 'gpu'): cel.Cel<'bool'> =>
  cel.and(cel.has(resources), cel.has(job('resources', side)), cel.has(field(side, name)));
const bothGiven = (name: Amount | 'gpu', isRight: cel.Cel<'bool'>): cel.Cel<'bool'> =>
  cel.or(...sides.map((side) => cel.not(cel.has(job('resources', side)))), ...sides.map((side) => cel.not(cel.has(field(side, name)))), isRight);

/**
 * What a request may ask for: requests and limits of what the service has a bound for, each up to its bound, no request above its
 * limit.
 */
export function resourceRules(service: ServiceModel): FieldRules {
  const bounds = service.webhook?.resources;
  if (!bounds) return noRules;
  const amounts = amountsOf(bounds);
  const names = [...amounts, ...(bounds.gpu === undefined ? [] : (['gpu'] as const))];
  const sideRules = sides.map((side) => {
    const map = job('resources', side);
    const values = names.map((name) => optionally(field(side, name), isWithin(field(side, name), name, bounds)));
    return optionally(map, cel.and(cel.isMap(map), cel.keysWithin(map, names), ...values));
  });
  const together = [
    ...amounts.map((name) => bothGiven(name, cel.atMost(amountOf[name](field('requests', name)), amountOf[name](field('limits', name))))),
    ...(bounds.gpu === undefined ? [] : [bothGiven('gpu', cel.equals(cel.asText(field('requests', 'gpu')), cel.asText(field('limits', 'gpu'))))]),
  ];
  return {
    keys: ['resources'],
    rules: [optionally(resources, cel.and(cel.isMap(resources), cel.keysWithin(resources, sides), ...sideRules, ...together))],
    params: resourceParams(service, bounds),
  };
}

const amountsOf = (bounds: Bounds): readonly Amount[] => (['cpu', 'memory'] as const).filter((name) => bounds[name] !== undefined);

function isWithin(value: cel.Cel<'dyn'>, name: Amount | 'gpu', bounds: Bounds): cel.Cel<'bool'> {
  // 1 and "1" alike: ODAHU's clients send texts, people numbers.
  if (name === 'gpu') return cel.and(cel.matches(cel.asText(value), forms.gpu), cel.atMost(cel.asNumber(value), BigInt(bounds.gpu ?? 0)));
  return cel.and(cel.isString(value), cel.matches(value, forms[name]), cel.atMost(amountOf[name](value), boundOf(name, bounds[name] ?? '')));
}

/** In thousandths of a core, or in bytes. */
function boundOf(name: Amount, text: string): bigint {
  const quantity = parseQuantity(text);
  assertInvariant(quantity, `${text} is no quantity`);
  return quantity.nano / (name === 'cpu' ? 1_000_000n : 1_000_000_000n);
}

/** What a request gives as a request or as a limit is both, unless it gives both. Only what has a bound is a value of the run. */
export function resourceParams(service: ServiceModel, bounds: Bounds): readonly TemplateParam[] {
  const { requests, limits } = service.resources;
  const chosen = (name: string, amount: Amount | 'gpu', order: readonly [Side, Side], own: string): TemplateParam => {
    const [first, second] = order.map((side) => ({
      test: isGiven(side, amount),
      value: amount === 'gpu' ? cel.asText(field(side, amount)) : field(side, amount),
    }));
    assertInvariant(first && second, 'there are requests and limits');
    return { name, expression: cel.choose(first.test, first.value, cel.choose(second.test, second.value, cel.text(own))), default: own };
  };
  return [
    ...(bounds.cpu === undefined ? [] : [chosen('cpuRequest', 'cpu', ['requests', 'limits'], requests.cpu), ...cpuLimit(service, chosen)]),
    ...(bounds.memory === undefined
      ? []
      : [
          chosen('memoryRequest', 'memory', ['requests', 'limits'], requests.memory),
          chosen('memoryLimit', 'memory', ['limits', 'requests'], limits.memory),
        ]),
    ...(bounds.gpu === undefined ? [] : [chosen('gpu', 'gpu', ['limits', 'requests'], String(limits.gpu))]),
  ];
}

/**
 * A service without a limit of CPU has one only in runs whose request gives it. A template cannot leave out a field, so
 * otherwise that field repeats the limit of the disk, which is the same in every run.
 */
function cpuLimit(
  service: ServiceModel,
  chosen: (name: string, amount: Amount, order: readonly [Side, Side], own: string) => TemplateParam,
): readonly TemplateParam[] {
  const own = service.resources.limits.cpu;
  if (own !== undefined) return [chosen('cpuLimit', 'cpu', ['limits', 'requests'], own)];
  const given = isGiven('limits', 'cpu');
  const disk = ephemeralStorage(service);
  return [
    { name: 'cpuLimitName', expression: cel.choose(given, cel.text('cpu'), cel.text(noLimitName)), default: noLimitName },
    { name: 'cpuLimit', expression: cel.choose(given, field('limits', 'cpu'), cel.text(disk)), default: disk },
  ];
}
const noLimitName = 'ephemeral-storage';

/** What of the resources a run may have otherwise than the service. */
export type VariableResources = Readonly<Record<Amount | 'gpu', boolean>>;

/** What the bounds name; nothing where there are none. */
export const variableResources = (resources: Bounds | undefined): VariableResources => ({
  cpu: resources?.cpu !== undefined,
  memory: resources?.memory !== undefined,
  gpu: resources?.gpu !== undefined,
});

/** `stepSpecs` of a run: Tekton puts them over the Task's, resource by resource. */
export function runStepSpecs(service: ServiceModel, value: (param: string) => string, variable: VariableResources): readonly object[] {
  if (!Object.values(variable).includes(true)) return [];
  const { nodePool, resources: own } = service;
  const gpu = !variable.gpu || !nodePool ? {} : { [nodePool.gpuResource]: value('gpu') };
  const cpuLimitName = own.limits.cpu === undefined && variable.cpu ? value('cpuLimitName') : 'cpu';
  return [
    {
      name: 'user-container',
      computeResources: {
        limits: {
          ...(variable.cpu ? { [cpuLimitName]: value('cpuLimit') } : {}),
          ...(variable.memory ? { memory: value('memoryLimit') } : {}),
          ...gpu,
        },
        requests: {
          ...(variable.cpu ? { cpu: value('cpuRequest') } : {}),
          ...(variable.memory ? { memory: value('memoryRequest') } : {}),
          ...gpu,
        },
      },
    },
  ];
}
