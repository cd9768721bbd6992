/** What a request may say, as CEL: the closed filter of a Trigger and the overlays that fill every default. */
import { knownPattern } from '../../base/pattern.js';
import * as cel from '../../cel/cel.js';
import { notGiven } from '../../contract/paths.js';
import { arrivalPrefix, requestIdPattern as idPattern, scheduledPrefix } from '../../contract/request-id.js';
import type { ServiceModel } from '../../model/model.js';
import { runNameSeparator } from '../names.js';
import { nodePoolRules } from './node-pool-rules.js';
import { paramRules } from './param-rules.js';
import { dataSourceOf, outputDestinationOf, referenceParams, referenceRule } from './reference-rules.js';
import { resourceRules } from './resource-rules.js';
import { type FieldRules, job, optionally, type TemplateParam } from './request-fields.js';
import { webhookPathOf } from './webhook-path.js';

export type { TemplateParam } from './request-fields.js';

type Webhook = NonNullable<ServiceModel['webhook']>;

/** What a requestId of a request must be, for RE2: a DNS-1123 label that is short enough for the name of a run. */
export const requestIdPattern = knownPattern(idPattern);
const kind = 'InferenceJob';
const specKeys = ['inferenceServiceId', 'dataSource', 'outputDestination', 'requestId'] as const;

const requestId = job('requestId');
const isInferenceJob = cel.equals(cel.body('kind'), cel.text(kind));
const isClosed = cel.and(cel.keysWithin(cel.body(), ['kind', 'spec']), cel.isMap(job()));
const isRequestId = cel.and(cel.isString(requestId), cel.matches(requestId, requestIdPattern), cel.not(cel.startsWith(requestId, scheduledPrefix)));
const requestIdRule = { required: cel.and(cel.has(requestId), isRequestId), optional: optionally(requestId, isRequestId) };

/** Where events start jobs, no request may take the name of one. */
const isNoArrival = optionally(requestId, cel.not(cel.startsWith(requestId, arrivalPrefix)));

/** What every Trigger of a listener asks of a request; the listener asks it once per caller, before any Trigger. */
export const isJobRequest = (webhookPath: string): cel.Cel<'bool'> => cel.and(cel.equals(cel.requestPath, cel.text(webhookPath)), isInferenceJob);

/** What only some services let a request change. */
const ownRules = (service: ServiceModel): readonly FieldRules[] => [nodePoolRules(service), resourceRules(service), paramRules(service.params)];

/** Everything that a request to this service must be. Any key, type or value that is not named here refuses it. */
export function requestFilter(service: ServiceModel, webhook: Webhook): cel.Cel<'bool'> {
  const own = ownRules(service);
  return cel.and(
    isJobRequest(webhookPathOf(service)),
    isClosed,
    cel.equals(job('inferenceServiceId'), cel.text(service.serviceId)),
    cel.keysWithin(job(), [...specKeys, ...own.flatMap(({ keys }) => keys)]),
    webhook.requireRequestId ? requestIdRule.required : requestIdRule.optional,
    ...(service.events.length > 0 ? [isNoArrival] : []),
    referenceRule(dataSourceOf(service), service.dataSource, webhook.dataSource),
    referenceRule(outputDestinationOf(service), service.outputDestination, webhook.outputDestination),
    ...own.flatMap(({ rules }) => rules),
  );
}

/** The values a run gets: those that the TriggerBinding of the namespace binds, and those of this service's own Trigger. */
export const templateParams = (service: ServiceModel): readonly TemplateParam[] => [...sharedParams(service), ...ownParams(service)];

/** The values that only runs of this service get, because it offers pools, bounds or params: its own Trigger binds them. */
export const ownParams = (service: ServiceModel): readonly TemplateParam[] => ownRules(service).flatMap(({ params }) => params);

/** The values that the runs of every service get, by the TriggerBinding of the namespace. */
export const sharedParams = (service: ServiceModel): readonly TemplateParam[] => [
  ...referenceParams('data', dataSourceOf(service), service.dataSource),
  ...referenceParams('output', outputDestinationOf(service), service.outputDestination),
  requestIdParam,
  {
    name: 'runName',
    expression: cel.choose(cel.has(requestId), cel.concat(cel.text(service.name + runNameSeparator), requestId), cel.text('')),
    default: '',
  },
];

const requestIdParam: TemplateParam = {
  name: 'requestId',
  expression: cel.choose(cel.has(requestId), requestId, cel.text(notGiven)),
  default: notGiven,
};
