/** What a requestId is: the filter of the listener, the checks of paths and the runtime hold the same. */

/** `<service>--<requestId>` then fits a label: 25 + 2 + 36 = 63 characters. */
export const requestIdMaxLength = 36;

/** DNS-1123, anchored, for RE2 and JavaScript alike. Holds no `"` and no `'`. */
export const requestIdPattern = `^[a-z0-9]([-a-z0-9]{0,${requestIdMaxLength - 2}}[a-z0-9])?$`;

/** Ids of scheduled runs; a request may not pretend to be one. */
export const scheduledPrefix = 'sched-';

/** Ids of runs that the arrival of data started; a request to a service with events may not pretend to be one. */
export const arrivalPrefix = 'ev-';
