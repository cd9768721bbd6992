import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { ServiceDefinition } from '../resolve/definition.js';
import type { ResolvedService } from '../resolve/service.js';
import { checkArrivalLoop, checkMarkerIsInput } from './arrival.js';
import { checkBounds } from './bound-below-own.js';
import { checkCeilings } from './ceiling-exceeded.js';
import { runChecks, type Check } from './check.js';
import { checkDurations } from './duration.js';
import { checkExpansion } from './expansion.js';
import { checkGpuHasNodePool } from './gpu-without-node-pool.js';
import { checkRegistryAllowed, checkServiceDigest, checkServiceImage } from './image.js';
import { checkInclude } from './include.js';
import { checkLimits } from './limit-below-request.js';
import { checkModelImagePath } from './model-image-path.js';
import { checkOwnResults } from './own-results.js';
import { checkOverlappingSchedules } from './overlapping-schedules.js';
import { checkParams, checkScheduleParams } from './param.js';
import { checkDataSource, checkDestination, checkSchedulePaths, checkScheduleReferences, checkServicePaths } from './path.js';
import { checkServiceQuantities } from './quantity.js';
import { checkQuota } from './quota-too-small.js';
import { checkReservedEnvironment } from './reserved-environment.js';
import { checkRunTimeout } from './run-timeout.js';
import { checkCron, checkTimeZone } from './schedule.js';
import { checkScheduleResources } from './schedule-resources.js';
import { checkSecretValues } from './secret-value.js';
import { checkTolerance } from './tolerance-without-effect.js';
import { checkUnsafeCharacters } from './unsafe-character.js';
import { checkVariables } from './variable.js';

/** What the service's own text tells; they run without a Platform too. */
const definitionChecks: readonly Check<ServiceDefinition>[] = [
  checkExpansion,
  checkUnsafeCharacters,
  checkVariables,
  checkReservedEnvironment,
  checkParams,
  checkScheduleParams,
  checkSecretValues,
  checkServiceImage,
  checkServiceQuantities,
  checkDurations,
  checkLimits,
  checkBounds,
  checkServicePaths,
  checkSchedulePaths,
  checkModelImagePath,
  checkInclude,
  checkCron,
  checkTimeZone,
  checkScheduleResources,
];

/** What only shows beside the Platform, the team and the connections. */
const resolvedChecks: readonly Check<ResolvedService>[] = [
  checkRegistryAllowed,
  checkServiceDigest,
  checkCeilings,
  checkQuota,
  checkRunTimeout,
  checkGpuHasNodePool,
  checkDataSource,
  checkDestination,
  checkScheduleReferences,
  checkOwnResults,
  checkOverlappingSchedules,
  checkTolerance,
  checkArrivalLoop,
  checkMarkerIsInput,
];

/** What is wrong with a service by itself, whatever it refers to. */
export const checkServiceDefinition = (service: ServiceDefinition): readonly Diagnostic[] => runChecks(definitionChecks, service);
/** What is wrong with a service and what it refers to, together. */
export const checkResolvedService = (service: ResolvedService): readonly Diagnostic[] => runChecks(resolvedChecks, service);
