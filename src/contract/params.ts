/** Params of a service (`spec.params`), which a request may set: their names in a run, and what every value must be. */

export const paramValueMaxLength = 256;

/**
 * Printable ASCII, anchored, for RE2 and JavaScript alike. Without `$`, which Tekton and the kubelet would expand, and without
 * `"` and `\`, which a TriggerTemplate pastes into JSON as they are.
 */
export const paramValuePattern = `^[ !#%-\\[\\]-~]{0,${paramValueMaxLength}}$`;

/** Of the Task and of the TriggerTemplate. No other param has an underscore in its name. */
export const taskParamName = (param: string): string => `param_${param}`;

/** Environment variable of the predictor. Names are lower case, so no two params share one. */
export const paramVariable = (param: string): string => `MILLRACE_PARAM_${param.toUpperCase()}`;
