/** Whether what a service is compiled to fits into a cluster. The schemas limit each field; only together do fields pass these limits. */
import { isSmallService } from '../../check/small.js';
import { stepEnv } from '../../contract/paths.js';
import { diagnose } from '../../diagnostics/diagnose.js';
import type { Diagnostic, Place } from '../../diagnostics/diagnostic.js';
import type { ServiceModel } from '../../model/model.js';
import { encodeStepConfig, stepConfig } from '../job/step-config.js';
import { renderTask } from '../job/task.js';
import { requestFilter, templateParams } from '../triggers/rules.js';
import { addedByAttempt, addedByServer, limits } from './limits.js';
import { largestPart, type LargestPart } from './parts.js';

/** What of a service the cluster would not take. Most services are too small for any limit, which is seen without measuring. */
export const checkServiceLimits = (service: ServiceModel): readonly Diagnostic[] =>
  isSmallService(service) ? [] : [...checkStepConfig(service), ...checkRules(service), ...checkRun(service)];

const at = ({ place }: ServiceModel, { path }: LargestPart): Place => ({ ...place, path, target: 'key' });

const blame = ({ path, size }: LargestPart): { readonly field: string; readonly part: number } => ({ field: path.slice(1).join('.'), part: size });

const bytesIn = (text: string): number => new TextEncoder().encode(text).length;

/** Bytes of the variable that tells the runtime about the service, as Linux counts them. */
export const stepConfigSize = (service: ServiceModel): number => bytesIn(`${stepEnv.config}=${encodeStepConfig(stepConfig(service))}`) + 1;

function checkStepConfig(service: ServiceModel): readonly Diagnostic[] {
  const size = stepConfigSize(service);
  if (size <= limits.environmentString) return [];
  const largest = largestPart(service, stepConfigSize);
  return [diagnose('manifests/step-config-too-large', at(service, largest), { size, limit: limits.environmentString, ...blame(largest) })];
}

function expressions(service: ServiceModel): readonly string[] {
  if (!service.webhook) return [];
  return [requestFilter(service, service.webhook), ...templateParams(service).map(({ expression }) => expression)].map(({ source }) => source);
}
/** Characters of the longest expression in the Trigger of a service's requests. */
export const longestRule = (service: ServiceModel): number => Math.max(0, ...expressions(service).map((each) => each.length));
/** Bytes of all of them, as JSON. */
const allRules = (service: ServiceModel): number => bytesIn(JSON.stringify(expressions(service)));

/** The rules for an arrival of data have no lists: they are always short. */
function checkRules(service: ServiceModel): readonly Diagnostic[] {
  const longest = longestRule(service);
  const [size, limit, measure] =
    longest > limits.expression
      ? [longest, limits.expression, longestRule]
      : [allRules(service) + addedByServer, limits.object, (each: ServiceModel) => allRules(each) + addedByServer];
  if (size <= limit) return [];
  const largest = largestPart(service, measure);
  return [diagnose('manifests/rules-too-long', at(service, largest), { size, limit, ...blame(largest) })];
}

/** Bytes of a run of the service after all its attempts: Tekton copies the Task into the run, and once more for each retry. */
export const runSize = (service: ServiceModel): number =>
  (bytesIn(JSON.stringify(renderTask(service, '')['spec'])) + addedByAttempt) * (service.retries + 1) + addedByServer;

function checkRun(service: ServiceModel): readonly Diagnostic[] {
  const size = runSize(service);
  if (size <= limits.object) return [];
  const largest = largestPart(service, runSize);
  const { retries } = service;
  return [diagnose('manifests/run-too-large', at(service, largest), { size, limit: limits.object, retries, ...blame(largest) })];
}
