/** What an event of a store must be to start a job, as CEL, and what the job gets of it. */
import { objectPathMaxLength, objectPathPattern } from '../../base/object-path.js';
import { knownPattern } from '../../base/pattern.js';
import * as cel from '../../cel/cel.js';
import { arrivalPrefix } from '../../contract/request-id.js';
import { wholeBucket } from '../../contract/step-config.js';
import type { ArrivalModel, CallerModel, ServiceModel } from '../../model/model.js';
import { runNameSeparator } from '../names.js';
import { sharedParams, type TemplateParam } from './rules.js';

const objectPath = knownPattern(objectPathPattern);
const uuid = knownPattern('^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$');
const hexTime = knownPattern('^[0-9A-F]{1,16}$');

/** How the events of a store read. No sender's fields are a closed set: what is not named here is not looked at. */
interface EventForm {
  /** Whether an object was written, whatever bucket and key. */
  readonly isArrival: cel.Cel<'bool'>;
  readonly bucket: { readonly field: cel.Cel<'dyn'> } | 'in key';
  /** The object's path, not URL-encoded; with `bucket: 'in key'` after the bucket and a `/`. */
  readonly key: cel.Cel<'dyn'>;
  /** Whether the event has what its id is made of. */
  readonly hasId: cel.Cel<'bool'>;
  /** The same for every delivery of one event, another for every other; a requestId with {@link arrivalPrefix} before it. */
  readonly id: cel.Cel<'string'>;
}

const record = cel.itemOf(cel.body('Records'), 0);
const sequencer = cel.below(record, 's3', 'object', 'sequencer');
const minioRequest = cel.fieldOf(cel.below(record, 'responseElements'), 'x-amz-request-id');
const hasHexTime = (value: cel.Cel<'dyn'>): cel.Cel<'bool'> => cel.and(cel.isString(value), cel.matches(value, hexTime));

const forms: Readonly<Record<ArrivalModel['sends'], EventForm>> = {
  // As EventBridge sends it whole: https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html
  eventbridge: {
    isArrival: cel.and(
      cel.equals(cel.body('source'), cel.text('aws.s3')),
      cel.equals(cel.fieldOf(cel.body(), 'detail-type'), cel.text('Object Created')),
    ),
    bucket: { field: cel.body('detail', 'bucket', 'name') },
    key: cel.body('detail', 'object', 'key'),
    hasId: cel.and(cel.isString(cel.body('id')), cel.matches(cel.body('id'), uuid)),
    id: cel.without(cel.body('id'), '-'),
  },
  // `Key` is the bucket and the decoded key; the key in `Records` is URL-encoded. Setting tags or a retention is "created", too.
  minio: {
    isArrival: cel.isOneOf(
      cel.body('EventName'),
      ['Put', 'Post', 'Copy', 'CompleteMultipartUpload'].map((how) => `s3:ObjectCreated:${how}`),
    ),
    bucket: 'in key',
    key: cel.body('Key'),
    hasId: cel.and(cel.sizeIs(cel.body('Records'), 1), hasHexTime(minioRequest), hasHexTime(sequencer)),
    // Times in nanoseconds: of the request, and of the event.
    id: cel.concat(cel.concat(cel.lowerCase(minioRequest), cel.text('-')), cel.lowerCase(sequencer)),
  },
};

/** What a listener asks of the events of a caller, before any Trigger sees them. */
export const isArrivalOf = (sends: ArrivalModel['sends'], webhookPath: string): cel.Cel<'bool'> =>
  cel.and(cel.equals(cel.requestPath, cel.text(webhookPath)), forms[sends].isArrival);

/** That an event's caller is who it says. MinIO knows no other header than Authorization. */
export const hasToken = ({ sends, secretKey, secretName }: CallerModel, tokenHeader: string): cel.Cel<'bool'> =>
  sends === 'minio' ? cel.bearerIsSecret(secretKey, secretName) : cel.headerIsSecret(tokenHeader, secretKey, secretName);

/** Everything that an event must be to start the service. */
export function arrivalFilter(service: ServiceModel, { sends, bucket, prefix, marker }: ArrivalModel): cel.Cel<'bool'> {
  const { key, bucket: where, hasId } = forms[sends];
  const start = (where === 'in key' ? `${bucket}/` : '') + (prefix === wholeBucket ? '' : prefix);
  return cel.and(
    isArrivalOf(sends, service.namespace.webhookPath),
    ...(where === 'in key' ? [] : [cel.equals(where.field, cel.text(bucket))]),
    cel.isString(key),
    cel.endsWith(key, `/${marker}`),
    ...(start === '' ? [] : [cel.startsWith(key, start)]),
    // The root of a bucket is no folder that a job could read.
    ...(where === 'in key' && prefix === wholeBucket ? [cel.not(cel.equals(key, cel.text(start + marker)))] : []),
    cel.sizeAtMost(key, keyStart(where, bucket) + objectPathMaxLength + marker.length),
    cel.matches(key, objectPath),
    cel.not(cel.contains(key, '..')),
    hasId,
  );
}

const keyStart = (where: EventForm['bucket'], bucket: string): number => (where === 'in key' ? bucket.length + 1 : 0);

/** The values a run gets: the marker's folder as its data, and otherwise what the service, or its TriggerTemplate, says itself. */
export function arrivalParams(service: ServiceModel, { sends, connection, bucket, marker }: ArrivalModel): readonly TemplateParam[] {
  const { key, bucket: where, id } = forms[sends];
  const own: Readonly<Record<string, cel.Cel<'string'>>> = {
    dataConnection: cel.text(connection),
    dataPath: cel.trimmed(key, keyStart(where, bucket), marker.length),
    requestId: cel.concat(cel.text(arrivalPrefix), id),
    runName: cel.concat(cel.text(service.name + runNameSeparator + arrivalPrefix), id),
  };
  return sharedParams(service).map((param) => ({ ...param, expression: own[param.name] ?? cel.text(param.default) }));
}
