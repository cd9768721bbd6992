/** What pods of a namespace request beside the predictor's share: the same in every service, so a quota has to hold it. */
import { constant } from '../base/constant.js';

/** Of each step of our own, and of the pods of schedules and of the janitor. A pod requests the sum of its steps, so these ask for almost nothing. */
export const helperRequests = constant({ cpu: '10m', memory: '64Mi' });

/** Steps of a job without the predictor's. */
export const helperCount = 8;

/** Of a listener's one pod, which is always there. */
export const listenerRequests = constant({ cpu: '10m', memory: '64Mi' });
