import { canonicalCpu, canonicalQuantity } from '../base/quantity.js';
import { platformDefaults } from '../input/defaults.js';
import type { PlatformTeam } from '../input/generated/types.js';
import type { NamespaceModel } from '../model/model.js';
import type { PlatformContext } from './platform.js';

/** What stands around the jobs of a team: quota, viewers and admission. */
export function resolveWalls(
  platform: PlatformContext,
  team: PlatformTeam,
): Pick<NamespaceModel, 'quota' | 'gpuResources' | 'viewers' | 'enforcement'> {
  const { quota, viewers } = team;
  return {
    quota: quota && {
      cpu: quota.cpu === undefined ? undefined : (canonicalCpu(quota.cpu) ?? quota.cpu),
      memory: quota.memory === undefined ? undefined : (canonicalQuantity(quota.memory) ?? quota.memory),
      gpu: quota.gpu,
      pods: quota.pods,
    },
    gpuResources: gpuResourcesOf(platform, team.name),
    enforcement: team.enforcement,
    viewers: [...new Set(viewers)].sort(),
  };
}

/** Names of what counts GPUs on the nodes that the team may use; the usual one where it may use none. */
function gpuResourcesOf({ nodePools }: PlatformContext, team: string): readonly string[] {
  const pools = [...nodePools.values()].filter(({ value }) => value.teams.includes(team));
  const names = pools.map(({ value }) => value.gpuResource ?? platformDefaults.gpuResource);
  return names.length === 0 ? [platformDefaults.gpuResource] : [...new Set(names)].sort();
}
