import type { JobRecord } from '../../src/contract/job-record.js';

/** What a job read or wrote, for whoever watches the model: a reference to a payload, never the payload itself. */
export interface FeedbackRecord {
  /** `<job id>/<file>/request` or `…/response`: stable, so that a record that is sent twice is known as one. */
  readonly id: string;
  readonly kind: 'request' | 'response';
  readonly time: string;
  readonly jobId: string;
  readonly requestId: string | null;
  readonly service: { readonly name: string; readonly id: string; readonly team: string; readonly namespace: string };
  readonly model: { readonly name: string; readonly version: string };
  readonly payload: { readonly uri: string; readonly size: number; readonly sha256: string };
}

/** Where feedback records go. */
export interface Sink {
  /** Sends all records of one direction and returns how many arrived. Sending them again is harmless. */
  send(kind: FeedbackRecord['kind'], records: Iterable<FeedbackRecord>): Promise<number>;
}

/** Nothing is sent. */
export const noSink: Sink = { send: () => Promise.resolve(0) };

/** The records of the files of one direction. */
export function* feedbackRecords(
  kind: FeedbackRecord['kind'],
  job: JobRecord,
  records: Iterable<{ readonly path: string; readonly uri: string; readonly size: number; readonly sha256: string }>,
  time: string,
): Generator<FeedbackRecord> {
  const { jobId, service, model } = job;
  for (const { path, uri, size, sha256 } of records) {
    yield {
      id: `${jobId}/${path}/${kind}`,
      kind,
      time,
      jobId,
      requestId: job.requestId ?? null,
      service: { name: service.name, id: service.id, team: service.team, namespace: service.namespace },
      model: { name: model.name, version: model.version },
      payload: { uri, size, sha256 },
    };
  }
}
