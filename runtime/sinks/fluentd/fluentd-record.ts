import { createHash } from 'node:crypto';
import type { FeedbackRecord } from '../sink.js';
import { encode, EventTime } from './msgpack.js';

/** ODAHU's tags. */
export const tags = { request: 'request_response', response: 'response_body' } as const;

/** ODAHU's names of the fields, and more of ours. A request without an id of its own is known by its job, as with ODAHU. */
export function fluentdRecord(record: FeedbackRecord): Readonly<Record<string, string | number>> {
  const { payload, service } = record;
  return {
    request_id: record.requestId ?? record.jobId,
    model_name: record.model.name,
    model_version: record.model.version,
    ...(payload.content === undefined ? {} : { [record.kind === 'request' ? 'request_content' : 'response_content']: payload.content }),
    record_id: record.id,
    job_id: record.jobId,
    service: service.name,
    service_id: service.id,
    team: service.team,
    namespace: service.namespace,
    file: record.file,
    content_uri: payload.uri,
    content_size: payload.size,
    content_sha256: payload.sha256,
    ...(payload.contentOmitted === undefined ? {} : { content_omitted: payload.contentOmitted }),
  };
}

/** What is sent and acknowledged as one. */
export interface Chunk {
  /** The same whenever the same records are sent. */
  readonly id: string;
  readonly count: number;
  /** The whole message. */
  readonly bytes: Uint8Array;
}

/** Receivers refuse messages of more than a few megabytes, some without a word. */
const mostBytes = 512 * 1024;
const mostRecords = 500;

/** The records as messages of the forward protocol, mode PackedForward. */
export function* chunksOf(kind: FeedbackRecord['kind'], records: Iterable<FeedbackRecord>): Generator<Chunk> {
  let entries: Uint8Array[] = [];
  let size = 0;
  let ids = createHash('sha256');
  const take = (): Chunk => {
    const id = ids.digest().subarray(0, 16).toString('base64');
    const count = entries.length;
    const bytes = encode([tags[kind], Buffer.concat(entries), { size: count, chunk: id }]);
    entries = [];
    size = 0;
    ids = createHash('sha256');
    return { id, count, bytes };
  };
  for (const record of records) {
    const entry = encode([new EventTime(Date.parse(record.time)), fluentdRecord(record)]);
    if (size > 0 && size + entry.length > mostBytes) yield take();
    entries.push(entry);
    size += entry.length;
    ids.update(record.id).update('\0');
    if (entries.length === mostRecords) yield take();
  }
  if (entries.length > 0) yield take();
}
