import type { Failure, FeedbackOutcome, JobRecord, Manifest } from '../../src/contract/job-record.js';
import type { InputPart, OutputPart } from '../base/parts.js';

interface ManifestParts {
  readonly job: JobRecord;
  readonly input: InputPart;
  readonly output: OutputPart;
  readonly feedback: { readonly input: FeedbackOutcome; readonly output: FeedbackOutcome };
  readonly finishedAt: Date;
  readonly failure: Failure | undefined;
}

/** What a run read and wrote, for `_MANIFEST.json`; with its failure, for `_FAILED.json`. */
export const buildManifest = ({ job, input, output, feedback, finishedAt, failure }: ManifestParts): Manifest => ({
  schema: 'millrace.dev/manifest/v1',
  jobId: job.jobId,
  requestId: job.requestId ?? null,
  caller: job.caller ?? null,
  service: job.service,
  ...(job.params ? { params: job.params } : {}),
  model: { name: job.model.name ?? null, version: job.model.version ?? null, uri: job.model.uri, sha256: input.modelSha256 },
  input: { uri: job.data.uri, files: input.files, quarantined: input.quarantined.files, skipped: input.skipped.files },
  output: { uri: job.output.uri, files: output.files, quarantined: output.quarantined.files },
  counts: {
    listed: input.listed,
    valid: input.files.length,
    invalid: input.invalid,
    quarantined: input.quarantined.total,
    skipped: input.skipped.total,
    ignored: input.ignored,
    outputs: output.files.length,
    invalidOutputs: output.invalid,
    quarantinedOutputs: output.quarantined.total,
  },
  feedback: { sink: job.feedback.sink, ...feedback },
  startedAt: job.startedAt,
  finishedAt: finishedAt.toISOString(),
  ...(failure ? { failure } : {}),
});
