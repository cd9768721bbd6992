import { logStepSeconds } from '../contract/feedback.js';
import type { StepName } from '../contract/paths.js';
import type { ServiceModel } from '../model/model.js';

/** Steps of ours that no service sets: seconds. */
const fixed = { configure: 120, validate: 1800, log: logStepSeconds } as const;

/** How long each step of a job may take, in seconds. */
export const stepTimeouts = ({ predictor, sync }: ServiceModel['timeouts']): Readonly<Record<StepName, number>> => ({
  'configure-rclone': fixed.configure,
  'sync-data': sync,
  'sync-model': sync,
  'validate-input': fixed.validate,
  'log-input': fixed.log,
  'user-container': predictor,
  'validate-output': fixed.validate,
  'log-output': fixed.log,
  'sync-output': sync,
});

/**
 * The run's own timeout in seconds: the sum of its steps' plus what it may wait. Tekton deletes the pod and its logs at
 * that moment, so no step may come to its own end later.
 */
export const runTimeoutSeconds = (timeouts: ServiceModel['timeouts']): number =>
  Object.values(stepTimeouts(timeouts)).reduce((sum, seconds) => sum + seconds, timeouts.wait);
