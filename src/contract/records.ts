/** Readers of what one step leaves for another, or for a person: job-record.ts. */
import { boolean, count, decodeJson, fields, list, map, matching, nullable, oneOf, text, variants, type Decoded, type Decoder } from './decode.js';
import { feedback } from './feedback-fields.js';
import type { Failure, FeedbackOutcome, FileRecord, JobRecord, LeftOut, Manifest, QuarantinedFile } from './job-record.js';
import {
  dnsLabel,
  embeddedModelFields,
  notEmpty,
  optionalModelFields,
  paramName,
  remoteModelFields,
  service,
  sha256,
  validation,
} from './step-config-fields.js';

const time = matching('a time', /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?Z$/);

const params = map(paramName, text());

const jobRecord: Decoder<JobRecord> = fields(
  {
    version: oneOf(1),
    jobId: notEmpty,
    startedAt: time,
    service,
    model: variants('kind', {
      remote: fields({ ...remoteModelFields, uri: notEmpty }, optionalModelFields),
      embedded: fields({ ...embeddedModelFields, uri: notEmpty }),
    }),
    data: fields({ connection: dnsLabel, path: notEmpty, uri: notEmpty, allowEmpty: boolean }),
    output: fields({ connection: dnsLabel, path: notEmpty, uri: notEmpty }),
    validation,
    feedback,
  },
  { requestId: notEmpty, caller: notEmpty, params },
);

const failure: Decoder<Failure> = fields({ step: notEmpty, code: count, reason: notEmpty, sentence: notEmpty });

export const fileRecord: Decoder<FileRecord> = fields({ path: notEmpty, size: count, sha256 });

export const quarantinedFile: Decoder<QuarantinedFile> = fields({ path: notEmpty, size: count, sha256, quarantine: notEmpty });

/** Files that are named up to a limit, with the number of all of them. */
export const leftOut = <T extends FileRecord>(file: Decoder<T>): Decoder<LeftOut<T>> => fields({ total: count, files: list(file) });

export const feedbackOutcome: Decoder<FeedbackOutcome> = fields(
  { delivered: count, undelivered: count },
  { problem: fields({ reason: notEmpty, sentence: notEmpty }) },
);

const manifest: Decoder<Manifest> = fields(
  {
    schema: oneOf('millrace.dev/manifest/v1'),
    jobId: notEmpty,
    requestId: nullable(notEmpty),
    caller: nullable(notEmpty),
    service,
    model: fields({ name: nullable(notEmpty), version: nullable(notEmpty), uri: notEmpty, sha256: nullable(sha256) }),
    input: fields({ uri: text(), files: list(fileRecord), quarantined: list(quarantinedFile), skipped: list(fileRecord) }),
    output: fields({ uri: text(), files: list(fileRecord), quarantined: list(quarantinedFile) }),
    counts: fields({
      listed: count,
      valid: count,
      invalid: count,
      quarantined: count,
      skipped: count,
      ignored: count,
      outputs: count,
      invalidOutputs: count,
      quarantinedOutputs: count,
    }),
    feedback: fields({ sink: notEmpty, input: feedbackOutcome, output: feedbackOutcome }),
    startedAt: time,
    finishedAt: time,
  },
  { failure, params },
);

/** `control/job.json` */
export const parseJobRecord = (json: string): Decoded<JobRecord> => decodeJson(jobRecord, json);
/** `control/failure.json` */
export const parseFailure = (json: string): Decoded<Failure> => decodeJson(failure, json);
/** `_MANIFEST.json` and `_FAILED.json` */
export const parseManifest = (json: string): Decoded<Manifest> => decodeJson(manifest, json);
