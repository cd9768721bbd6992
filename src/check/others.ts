import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { ConnectionDefinition, PlatformDefinition, TeamDefinition } from '../resolve/definition.js';
import { runChecks, type Check } from './check.js';
import { checkCleanup } from './cleanup.js';
import { checkDurations, checkPlatformDurations, checkRefreshInterval } from './duration.js';
import { checkConnectionEndpoint, checkPlatformEndpoints } from './endpoint.js';
import { checkExpansion } from './expansion.js';
import { checkFeedbackSettings, checkSinkAddress } from './feedback.js';
import { checkPlatformImages, checkRegistries } from './image.js';
import { checkEnforcement } from './enforcement.js';
import { checkGpuQuota } from './gpu-quota.js';
import { checkHostNamespace } from './host-namespace.js';
import { checkBodyLimit, checkBodyLimitHeight } from './no-body-limit.js';
import { checkAddresses, checkListenerReachable, checkOpenNetwork } from './network.js';
import { checkConnectionPaths } from './path.js';
import { checkPlatformQuantities, checkTeamQuantities } from './quantity.js';
import { checkGateways, checkRouteHost } from './route.js';
import { checkEncryptionKey } from './storage-details.js';
import { checkTeamTolerance } from './tolerance-without-effect.js';
import { checkTolerations } from './toleration.js';
import { checkUnsafeCharacters } from './unsafe-character.js';

const platformChecks: readonly Check<PlatformDefinition>[] = [
  checkExpansion,
  checkUnsafeCharacters,
  checkPlatformImages,
  checkRegistries,
  checkPlatformQuantities,
  checkPlatformDurations,
  checkPlatformEndpoints,
  checkFeedbackSettings,
  checkSinkAddress,
  checkCleanup,
  checkTolerations,
  checkAddresses,
  checkOpenNetwork,
  checkListenerReachable,
  checkBodyLimit,
  checkBodyLimitHeight,
  checkHostNamespace,
  checkRouteHost,
  checkGateways,
  checkEnforcement,
  checkGpuQuota,
];

const teamChecks: readonly Check<TeamDefinition>[] = [checkExpansion, checkUnsafeCharacters, checkTeamQuantities, checkDurations, checkTeamTolerance];

const connectionChecks: readonly Check<ConnectionDefinition>[] = [
  checkExpansion,
  checkUnsafeCharacters,
  checkConnectionPaths,
  checkConnectionEndpoint,
  checkEncryptionKey,
  checkRefreshInterval,
];

/** What is wrong with the Platform by itself; that its shape is right is known. */
export const checkPlatform = (platform: PlatformDefinition): readonly Diagnostic[] => runChecks(platformChecks, platform);
/** What is wrong with a Team by itself. */
export const checkTeam = (team: TeamDefinition): readonly Diagnostic[] => runChecks(teamChecks, team);
/** What is wrong with a Connection by itself. */
export const checkConnection = (connection: ConnectionDefinition): readonly Diagnostic[] => runChecks(connectionChecks, connection);
