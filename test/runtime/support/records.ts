import { createHash } from 'node:crypto';
import type { SinkTimes } from '../../../runtime/sinks/patience.js';
import type { FeedbackRecord } from '../../../runtime/sinks/sink.js';

/** Short enough for a test, long enough for a busy machine. */
export const times: SinkTimes = { connect: 4000, answer: 4000, idle: 5000, total: 40_000, firstPause: 10, lastPause: 50 };

export const recordOf = (index: number, payload: Partial<FeedbackRecord['payload']> = {}): FeedbackRecord => ({
  id: `fraud-scorer--abc/request/${String(index).padStart(32, '0')}`,
  kind: 'request',
  time: '2026-11-22T12:30:00.250Z',
  jobId: 'fraud-scorer--abc',
  requestId: 'nightly',
  service: { name: 'fraud-scorer', id: 'fraud-scorer-v2', team: 'risk', namespace: 'risk' },
  model: { name: 'fraud', version: '1.4' },
  file: `sub/${String(index)}.json`,
  payload: {
    uri: `s3://raw-bucket/fraud/in/sub/${String(index)}.json`,
    size: 3,
    sha256: createHash('sha256').update(String(index)).digest('hex'),
    ...payload,
  },
});

/** As many records as asked for, one at a time. */
export function* someRecords(count: number, payload?: (index: number) => Partial<FeedbackRecord['payload']>): Generator<FeedbackRecord> {
  for (let index = 0; index < count; index += 1) yield recordOf(index, payload?.(index));
}
