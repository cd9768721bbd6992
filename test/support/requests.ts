/** What the Trigger of a service makes of a request, rule by rule. */
import { evaluateCel } from '../../src/engine/triggers/cel.js';
import type { JsonObject } from '../../src/engine/triggers/request.js';
import { requestFilter, templateParams } from '../../src/manifests/triggers/rules.js';
import type { ServiceModel } from '../../src/model/model.js';

export const webhookUrl = '/risk/api/v1/batch/job';

/** The value of an expression, or its error; Triggers drops the event on either an error or false. */
export function evaluateRequest(source: string, body: unknown, url = webhookUrl): unknown {
  const result = evaluateCel(source, { body: body as JsonObject, header: {}, extensions: {}, requestURL: url });
  return 'value' in result ? result.value : new Error(result.error);
}

export const jobBody = (spec: Readonly<Record<string, unknown>>): unknown => ({
  kind: 'InferenceJob',
  spec: { inferenceServiceId: 'fraud-scorer', ...spec },
});

export function webhookOf({ webhook }: ServiceModel): NonNullable<ServiceModel['webhook']> {
  if (!webhook) throw new Error('the service has no webhook');
  return webhook;
}

export const filterOf = (service: ServiceModel): string => requestFilter(service, webhookOf(service)).source;

export const passes = (service: ServiceModel, body: unknown, url = webhookUrl): boolean => evaluateRequest(filterOf(service), body, url) === true;

/** What a run gets of a request that passes, by the param of the TriggerTemplate. */
export const runValuesOf = (service: ServiceModel, spec: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> =>
  Object.fromEntries(templateParams(service).map(({ name, expression }) => [name, evaluateRequest(expression.source, jobBody(spec))]));
