import type { JobRecord } from '../../src/contract/job-record.js';
import type { SinkProblem } from './sink-problem.js';

/** What a job read or wrote, for whoever watches the model: one record for each file. */
export interface FeedbackRecord {
  /** The same for the same content of the same file of the same job, so that a record that is sent twice is known as one. */
  readonly id: string;
  readonly kind: 'request' | 'response';
  readonly time: string;
  readonly jobId: string;
  readonly requestId: string | null;
  readonly service: Pick<JobRecord['service'], 'name' | 'id' | 'team' | 'namespace'>;
  readonly model: { readonly name: string; readonly version: string };
  /** Relative to the data source or the destination. */
  readonly file: string;
  readonly payload: RecordedPayload;
}

/** Where the file lies and what it is; where the service wants it inline, its text too, or why it is left out. */
export interface RecordedPayload {
  readonly uri: string;
  readonly size: number;
  readonly sha256: string;
  readonly content?: string;
  readonly contentOmitted?: 'too-large' | 'not-text';
}

export interface Sent {
  /** Records that have arrived. */
  readonly delivered: number;
  /** Why not all have. */
  readonly problem?: SinkProblem;
}

/** Where feedback records go. */
export interface Sink {
  /** Sends all records of one direction. Sending them again is harmless: they have the same ids. */
  send(kind: FeedbackRecord['kind'], records: Iterable<FeedbackRecord>): Promise<Sent>;
}

/** Nothing is sent. */
export const noSink: Sink = { send: () => Promise.resolve({ delivered: 0 }) };
