import { isMore } from '../../base/quantity.js';
import type { ResourcesModel, ScheduledResources, ScheduleModel, ServiceModel } from '../../model/model.js';
import { resourceParams, variableResources, type Bounds, type VariableResources } from '../triggers/resource-rules.js';
import { runParams } from '../triggers/trigger-template.js';

/** A service as the runs of a schedule have it. */
export interface ScheduledService {
  /** With the pool and the resources of the schedule. */
  readonly service: ServiceModel;
  /** What of the resources its runs say: what the schedule gives, or what a request to the service could. */
  readonly variable: VariableResources;
  /** The values of its runs, by name, where the schedule gives no others. */
  readonly values: readonly (readonly [string, string])[];
}

/** The run is the one that a request with the same pool and resources would make: a test holds the two equal. */
export function scheduledService(own: ServiceModel, { nodePool = own.nodePool, resources }: ScheduleModel): ScheduledService {
  const service = { ...own, nodePool, resources: resources ? merged(own.resources, resources) : own.resources };
  const bounds = own.webhook?.resources;
  const given = bounds ? undefined : resources && amountsOf(resources);
  const params = [...runParams(service), ...(given ? resourceParams(service, given) : [])];
  return { service, variable: variableResources(bounds ?? given), values: params.map(({ name, default: value }) => [name, value] as const) };
}

/** As the overlays of a Trigger: what is given as a request or as a limit is both, and without a limit of CPU there is none. */
function merged(own: ResourcesModel, { requests, limits }: ScheduledResources): ResourcesModel {
  return {
    requests: {
      cpu: requests.cpu ?? limits.cpu ?? own.requests.cpu,
      memory: requests.memory ?? limits.memory ?? own.requests.memory,
    },
    limits: {
      cpu: limits.cpu ?? (own.limits.cpu === undefined ? undefined : (requests.cpu ?? own.limits.cpu)),
      memory: limits.memory ?? requests.memory ?? own.limits.memory,
      gpu: limits.gpu ?? own.limits.gpu,
    },
  };
}

/** The most that a run of a service may say of its resources: by a request, or by one of its schedules. */
export function largestAmounts({ webhook, schedules }: ServiceModel): Bounds | undefined {
  if (webhook?.resources) return webhook.resources;
  const asked = schedules.flatMap(({ resources }) => (resources ? [amountsOf(resources)] : []));
  return asked.length === 0 ? undefined : asked.reduce(largest);
}

const amountsOf = ({ requests, limits }: ScheduledResources): Bounds => largest(requests, limits);

function largest(one: Bounds, other: Bounds): Bounds {
  const [cpu, memory] = [larger(one.cpu, other.cpu), larger(one.memory, other.memory)];
  const gpu = one.gpu === undefined ? other.gpu : Math.max(one.gpu, other.gpu ?? 0);
  return { ...(cpu === undefined ? {} : { cpu }), ...(memory === undefined ? {} : { memory }), ...(gpu === undefined ? {} : { gpu }) };
}

const larger = (one: string | undefined, other: string | undefined): string | undefined =>
  one === undefined || (other !== undefined && isMore(other, one)) ? other : one;
