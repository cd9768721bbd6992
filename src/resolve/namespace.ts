import { platformDefaults } from '../input/defaults.js';
import type { PlatformTeam } from '../input/generated/types.js';
import type { NamespaceModel } from '../model/model.js';
import { callersOfTeam } from './callers.js';
import type { ConnectionIndex } from './connections.js';
import type { Declared, TeamDefinition } from './definition.js';
import { resolveGitops, resolveRoute } from './delivery.js';
import { resolveSink } from './feedback-sink.js';
import { resolveAlerts, resolveCleanup } from './operations.js';
import { resolveNetwork } from './network/network.js';
import { namespaceOf, type PlatformContext } from './platform.js';
import { resolveWalls } from './walls.js';

/** What a service is resolved against: its team's part of the platform. */
export interface NamespaceContext {
  readonly platform: PlatformContext;
  readonly team: Declared<PlatformTeam>;
  readonly model: NamespaceModel;
  /** `team.yaml`: defaults of the team's services. */
  readonly defaults: TeamDefinition | undefined;
  /** `team.yaml` is there, but was not understood: what a service leaves out is not known. */
  readonly defaultsBroken: boolean;
  readonly connections: ConnectionIndex;
}

/** The namespace of a declared team. */
export function resolveNamespace(
  platform: PlatformContext,
  { value: team, place }: Declared<PlatformTeam>,
  connections: ConnectionIndex,
): NamespaceModel {
  const { target, images, webhook, feedback } = platform.definition.spec;
  const feedbackSink = resolveSink(feedback);
  const callers = callersOfTeam(platform, team.name);
  return {
    team: team.name,
    namespace: namespaceOf(team),
    manageNamespace: team.manageNamespace ?? platformDefaults.manageNamespace,
    target: {
      kubernetes: target.kubernetes,
      pipelines: target.pipelines,
      triggers: target.triggers,
      distribution: target.distribution ?? platformDefaults.distribution,
    },
    images: { rclone: images.rclone, node: images.node },
    imagePullSecrets: team.imagePullSecrets ?? [],
    callers,
    sharedCallers: callers.map(({ name }) => name),
    // Its services say it.
    hasSchedules: false,
    cleanup: resolveCleanup(platform.definition.spec),
    alerts: resolveAlerts(platform.definition.spec),
    requireRequestId: webhook?.requireRequestId ?? platformDefaults.requireRequestId,
    webhookPath: `/${team.name}/api/v1/batch/job`,
    webhookHost: webhook?.host,
    feedbackSink,
    network: resolveNetwork(platform, team, connections, feedbackSink),
    route: resolveRoute(platform.definition.spec),
    gitops: resolveGitops(platform.definition.spec),
    ...resolveWalls(platform, team),
    secrets: [],
    identities: [],
    place,
  };
}
