import { diagnose } from '../diagnostics/diagnose.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { PlatformDefinition } from '../resolve/definition.js';
import { at } from '../resolve/place.js';

/** GPUs that no job of the team can ask for, since a job gets them on a node pool only. A quota of 0 says just that. */
export const checkGpuQuota = ({ spec: { teams, nodePools = [] }, place }: PlatformDefinition): readonly Diagnostic[] =>
  teams.flatMap(({ name: team, quota }, index) => {
    const gpu = quota?.gpu ?? 0;
    if (gpu === 0 || nodePools.some((pool) => pool.teams.includes(team))) return [];
    const pools = nodePools.map(({ name }) => name);
    return [diagnose('check/gpu-quota-without-pool', at(place, 'teams', index, 'quota', 'gpu'), { gpu, team, pools })];
  });
