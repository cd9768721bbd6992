import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FeedbackPayload } from '../../src/contract/feedback.js';
import type { FileRecord, JobRecord } from '../../src/contract/job-record.js';
import type { FeedbackRecord, RecordedPayload } from './sink.js';

/** The files of one direction. */
export interface LoggedFiles {
  readonly kind: FeedbackRecord['kind'];
  /** Where they lie in this step. */
  readonly folder: string;
  readonly files: readonly FileRecord[];
  /** Where a file lies in its store. */
  readonly uriOf: (path: string) => string;
}

/** A record for each file, made when it is asked for: payloads are never in memory together. */
export function* feedbackRecords(job: JobRecord, logged: LoggedFiles, time: Date): Generator<FeedbackRecord> {
  const { jobId, model } = job;
  const { name, id, team, namespace } = job.service;
  for (const file of logged.files) {
    yield {
      id: recordId(jobId, logged.kind, file),
      kind: logged.kind,
      time: time.toISOString(),
      jobId,
      requestId: job.requestId ?? null,
      service: { name, id, team, namespace },
      // Known to every run that has files: it has read its model.
      model: { name: model.name ?? '', version: model.version ?? '' },
      file: file.path,
      payload: {
        uri: logged.uriOf(file.path),
        size: file.size,
        sha256: file.sha256,
        ...content(join(logged.folder, file.path), file.size, job.feedback.payload),
      },
    };
  }
}

/** Of a bounded length, since some sinks bound it: a path may have 1,024 bytes. */
const recordId = (jobId: string, kind: FeedbackRecord['kind'], { path, sha256 }: FileRecord): string =>
  `${jobId}/${kind}/${createHash('sha256').update(`${path}\0${sha256}`).digest('hex').slice(0, 32)}`;

function content(path: string, size: number, payload: FeedbackPayload): Pick<RecordedPayload, 'content' | 'contentOmitted'> {
  if (payload.kind === 'reference') return {};
  if (size > payload.limit) return { contentOmitted: 'too-large' };
  try {
    // At most a megabyte, from a disk of the node: to wait for it in another thread takes nine times as long.
    return { content: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(readFileSync(path)) };
  } catch (error) {
    if (error instanceof TypeError) return { contentOmitted: 'not-text' };
    throw error;
  }
}
