import { diagnose } from '../diagnostics/diagnose.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { boundOf } from './bound-below-own.js';
import type { ResolvedService } from '../resolve/service.js';

/** Only a pool says which resource counts GPUs, and which nodes have any. */
export function checkGpuHasNodePool({ definition, filled, context }: ResolvedService): readonly Diagnostic[] {
  const bound = boundOf(definition, 'gpu');
  const gpu = bound && filled.resources.limits.gpu.value === 0 ? bound : filled.resources.limits.gpu;
  // A pool that is named and not found is reported by its own code; one that the team's own file names is not known.
  if (gpu.value === 0 || filled.nodePool || context.defaultsBroken) return [];
  const pools = [...context.platform.nodePools.values()]
    .filter(({ value }) => value.teams.includes(context.model.team))
    .map(({ value }) => value.name);
  return [diagnose('check/gpu-without-node-pool', gpu.place, { gpu: gpu.value, pools })];
}
