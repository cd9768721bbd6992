/** Which params of the predictor a request may set. */
import { knownPattern } from '../../base/pattern.js';
import * as cel from '../../cel/cel.js';
import { paramValuePattern, taskParamName } from '../../contract/params.js';
import type { ParamModel } from '../../model/model.js';
import { type FieldRules, job, noRules, optionally } from './request-fields.js';

const paramValue = knownPattern(paramValuePattern);
const params = job('params');

/**
 * What a request may give for the params of a service: texts that match the pattern of their param. Each param is a value of the
 * run, with its default.
 */
export function paramRules(declared: readonly ParamModel[]): FieldRules {
  if (declared.length === 0) return noRules;
  const names = declared.map(({ name }) => name);
  const values = declared.map(({ name, pattern }) => {
    const value = job('params', name);
    return optionally(value, cel.and(cel.isString(value), cel.matches(value, paramValue), cel.matches(value, pattern)));
  });
  return {
    keys: ['params'],
    rules: [optionally(params, cel.and(cel.isMap(params), cel.keysWithin(params, names), ...values))],
    params: declared.map(({ name, default: value }) => {
      const given = job('params', name);
      return {
        name: taskParamName(name),
        expression: cel.choose(cel.and(cel.has(params), cel.has(given)), given, cel.text(value)),
        default: value,
      };
    }),
  };
}
