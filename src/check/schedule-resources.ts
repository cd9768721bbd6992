import { isMore } from '../base/quantity.js';
import { diagnose } from '../diagnostics/diagnose.js';
import type { Diagnostic, Place } from '../diagnostics/diagnostic.js';
import type { ScheduleResources } from '../input/generated/types.js';
import type { ServiceDefinition } from '../resolve/definition.js';
import { at } from '../resolve/place.js';
import { takesRequests } from '../resolve/schedules.js';
import type { Sourced } from '../resolve/service-defaults.js';
import { boundOf } from './bound-below-own.js';
import { limitBelowRequest } from './limit-below-request.js';

/** An amount that a schedule asks for. */
export interface ScheduledAmount {
  readonly schedule: string;
  readonly resource: 'cpu' | 'memory' | 'gpu';
  /** As it is written; of GPUs their number. */
  readonly value: string;
  /** Whether it is what the jobs request: said of a request, or of a limit without one. */
  readonly isRequest: boolean;
  readonly where: Place;
}

type Described = Pick<ServiceDefinition, 'spec' | 'place'>;

/** All amounts in the requests of schedules. */
export const scheduledAmounts = ({ spec, place }: Described): readonly ScheduledAmount[] =>
  (spec.triggers?.schedules ?? []).flatMap(({ name: schedule, request }, index) =>
    (['requests', 'limits'] as const).flatMap((side) =>
      (['cpu', 'memory', 'gpu'] as const).flatMap((resource) => {
        const given: NonNullable<ScheduleResources['limits']> = request?.resources?.[side] ?? {};
        const value = given[resource];
        if (value === undefined) return [];
        const isRequest = side === 'requests' || resource === 'gpu' || request?.resources?.requests?.[resource] === undefined;
        return [
          {
            schedule,
            resource,
            value: String(value),
            isRequest,
            where: at(place, 'triggers', 'schedules', index, 'request', 'resources', side, resource),
          },
        ];
      }),
    ),
  );

/** Those that only the ceilings and the quota of the team bound: the service takes no requests, and says nothing of what they may ask for. */
export const unboundAmounts = (service: ServiceDefinition): readonly ScheduledAmount[] =>
  boundsOf(service) || takesRequests(service) ? [] : scheduledAmounts(service);

/** How the amounts of a service itself are judged. */
interface AmountChecks {
  readonly amount: (resource: 'cpu' | 'memory', amount: Sourced<string>) => readonly Diagnostic[];
  readonly gpu: (gpu: Sourced<number>) => readonly Diagnostic[];
}

/** Judges amounts of schedules as those of a service itself. */
export const judgeAmounts = (amounts: readonly ScheduledAmount[], { amount, gpu }: AmountChecks): readonly Diagnostic[] =>
  amounts.flatMap(({ resource, value, where: place }) =>
    resource === 'gpu' ? gpu({ value: Number(value), from: 'service', place }) : amount(resource, { value, from: 'service', place }),
  );

const boundsOf = ({ spec }: ServiceDefinition): unknown => spec.triggers?.webhook?.overrides?.resources;

/** What a service says that requests may ask for goes for its schedules, too; and no limit may be below what is requested. */
export function checkScheduleResources(service: ServiceDefinition): readonly Diagnostic[] {
  const amounts = scheduledAmounts(service);
  const isBound = amounts.length > 0 && unboundAmounts(service).length === 0;
  return [...(isBound ? amounts.flatMap((amount) => beyondBound(service, amount)) : []), ...limitsBelowRequests(service)];
}

function beyondBound(service: ServiceDefinition, { schedule, resource, value: amount, where }: ScheduledAmount): readonly Diagnostic[] {
  const bound = boundOf(service, resource);
  const related = bound ? [{ message: 'what requests may ask for', where: bound.place }] : [];
  const most = bound && String(bound.value);
  if (most !== undefined && !isMore(amount, most)) return [];
  return [diagnose('check/schedule-resources', where, { schedule, resource, amount, bound: most }, { related })];
}

/** Nothing is said of what is no quantity: that has its own code. */
/** Only where both are given: one of them alone is both. */
const limitsBelowRequests = ({ spec, place }: ServiceDefinition): readonly Diagnostic[] =>
  (spec.triggers?.schedules ?? []).flatMap(({ request }, index) =>
    (['cpu', 'memory'] as const).flatMap((resource) => {
      const wanted = request?.resources?.requests?.[resource];
      const limit = request?.resources?.limits?.[resource];
      if (wanted === undefined || limit === undefined) return [];
      const written = (side: 'requests' | 'limits', value: string): Sourced<string> => ({
        value,
        from: 'service',
        place: at(place, 'triggers', 'schedules', index, 'request', 'resources', side, resource),
      });
      return limitBelowRequest(resource, written('limits', limit), written('requests', wanted));
    }),
  );
