import { hostname } from 'node:os';
import type { FluentdSettings } from '../../../src/contract/feedback.js';
import { createBackoff, createPatience, type SinkTimes } from '../patience.js';
import type { Sink } from '../sink.js';
import type { SinkSecrets } from '../sink-files.js';
import { moreTelling, SinkProblem } from '../sink-problem.js';
import { connectFluentd, type FluentdConnection } from './connection.js';
import { chunksOf, type Chunk } from './fluentd-record.js';

/** Chunks on their way: enough to keep the sink busy, few enough to hold in memory. */
const windowSize = 4;

/**
 * The forward protocol with acknowledgements. A chunk is sent again, under the same id, until the sink confirms it: what
 * it does not confirm may have arrived, so that a record can come twice, with the same `record_id`, and is never lost.
 */
export const fluentdSink = (settings: FluentdSettings, secrets: SinkSecrets, times: SinkTimes): Sink => ({
  send: async (kind, records) => {
    const patience = createPatience(times);
    const backoff = createBackoff(times);
    const state: Sending = { chunks: chunksOf(kind, records), pending: new Map(), exhausted: false, delivered: 0 };
    let problem: SinkProblem | undefined;
    for (;;) {
      try {
        const connection = await connectFluentd({ settings, secrets, times, hostname: hostname(), left: patience.left() });
        try {
          await sendAll(connection, state, {
            answer: () => Math.min(times.answer, patience.left()),
            confirmed: () => {
              backoff.reset();
              patience.progress();
            },
          });
        } finally {
          connection.close();
        }
        return { delivered: state.delivered };
      } catch (error) {
        if (!(error instanceof SinkProblem)) throw error;
        problem = moreTelling(error, problem, patience.left());
        if (error.kind === 'unavailable') await backoff.pause(patience.left());
        if (error.kind !== 'unavailable' || patience.left() === 0) return { delivered: state.delivered, problem };
      }
    }
  },
});

interface Sending {
  readonly chunks: Generator<Chunk>;
  /** Sent, maybe on an earlier connection, and not confirmed; the oldest first. */
  readonly pending: Map<string, Chunk>;
  exhausted: boolean;
  delivered: number;
}

interface Waiting {
  /** Milliseconds. */
  answer(): number;
  confirmed(): void;
}

/** Returns when every chunk is confirmed. */
async function sendAll(connection: FluentdConnection, state: Sending, waiting: Waiting): Promise<void> {
  for (const { bytes } of state.pending.values()) await connection.send(bytes, waiting.answer());
  for (;;) {
    while (!state.exhausted && state.pending.size < windowSize) {
      const next = state.chunks.next();
      if (next.done === true) {
        state.exhausted = true;
      } else {
        state.pending.set(next.value.id, next.value);
        await connection.send(next.value.bytes, waiting.answer());
      }
    }
    if (state.pending.size === 0) return;
    const id = await connection.acknowledged(waiting.answer());
    const chunk = state.pending.get(id);
    if (!chunk) throw new SinkProblem('unavailable', 'confirms a chunk that it was not sent');
    state.pending.delete(id);
    state.delivered += chunk.count;
    waiting.confirmed();
  }
}
