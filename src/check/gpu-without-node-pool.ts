import { diagnose } from '../diagnostics/diagnose.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { boundOf } from './bound-below-own.js';
import type { Sourced } from '../resolve/service-defaults.js';
import { scheduledAmounts } from './schedule-resources.js';
import type { ServiceDefinition } from '../resolve/definition.js';
import type { ResolvedService } from '../resolve/service.js';

/** Only a pool says which resource counts GPUs, and which nodes have any. */
export function checkGpuHasNodePool({ definition, filled, context }: ResolvedService): readonly Diagnostic[] {
  const own = filled.resources.limits.gpu;
  const gpu = own.value > 0 ? own : (boundOf(definition, 'gpu') ?? scheduledGpu(definition) ?? own);
  // A pool that is named and not found is reported by its own code; one that the team's own file names is not known.
  if (gpu.value === 0 || filled.nodePool || context.defaultsBroken) return [];
  const pools = [...context.platform.nodePools.values()]
    .filter(({ value }) => value.teams.includes(context.model.team))
    .map(({ value }) => value.name);
  return [diagnose('check/gpu-without-node-pool', gpu.place, { gpu: gpu.value, pools })];
}

function scheduledGpu(definition: ServiceDefinition): Sourced<number> | undefined {
  const found = scheduledAmounts(definition).find(({ resource, value }) => resource === 'gpu' && value !== '0');
  return found && { value: Number(found.value), from: 'service', place: found.where };
}
