import { setTimeout as sleep } from 'node:timers/promises';
import { sendingSeconds, type NetworkSink } from '../../src/contract/feedback.js';

/** Milliseconds. */
export interface SinkTimes {
  /** For a connection, with all that is said before the first record. */
  readonly connect: number;
  /** For the answer to what was sent. */
  readonly answer: number;
  /** Without any record arriving, until the sink is given up. */
  readonly idle: number;
  /** For all records of one direction: the step ends in good order before Tekton ends it. */
  readonly total: number;
  readonly firstPause: number;
  readonly lastPause: number;
}

/** The times of a sink that is reached by network; `giveUpSeconds` is Platform's `feedback.giveUpAfter`. */
export const sinkTimes = ({ giveUpSeconds }: NetworkSink): SinkTimes => ({
  connect: 10_000,
  answer: 30_000,
  idle: giveUpSeconds * 1000,
  total: sendingSeconds * 1000,
  firstPause: 250,
  lastPause: 15_000,
});

/** How long a sink is tried. */
export interface Patience {
  /** A record has arrived. */
  progress(): void;
  /** Milliseconds until the sink is given up; 0 from then on. */
  left(): number;
}

/** Counts from now: `idle` milliseconds from the last record that arrived, and never more than `total` for all. */
export function createPatience({ idle, total }: Pick<SinkTimes, 'idle' | 'total'>): Patience {
  const end = performance.now() + total;
  let given = performance.now() + idle;
  return {
    progress: () => {
      given = performance.now() + idle;
    },
    left: () => {
      const left = Math.min(given, end) - performance.now();
      // Timers are not exact: what is left after one that took all must not be tried once more.
      return left < 10 ? 0 : left;
    },
  };
}

/** Pauses between attempts, each twice as long as the one before. */
export interface Backoff {
  /** Waits, at least as long as the sink asks for and never beyond what is left. */
  pause(left: number, asked?: number): Promise<void>;
  reset(): void;
}

/** Pauses from `firstPause` to `lastPause` milliseconds, each up to a quarter longer by chance. */
export function createBackoff({ firstPause, lastPause }: Pick<SinkTimes, 'firstPause' | 'lastPause'>): Backoff {
  let next = firstPause;
  return {
    pause: async (left, asked = 0) => {
      // Up to a quarter more, so that many jobs do not come back to a sink in the same moment.
      const pause = Math.max(next * (1 + Math.random() / 4), Math.min(asked, lastPause));
      next = Math.min(next * 2, lastPause);
      await sleep(Math.min(pause, left));
    },
    reset: () => {
      next = firstPause;
    },
  };
}

/** The promise's value, or the error that `late` makes where it takes longer. */
export async function within<T>(milliseconds: number, promise: Promise<T>, late: () => Error): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(late());
    }, milliseconds);
  });
  try {
    return await Promise.race([promise, limit]);
  } finally {
    clearTimeout(timer);
  }
}

/** For messages: `30 s`. */
export const seconds = (milliseconds: number): string => `${String(Math.max(1, Math.round(milliseconds / 1000)))} s`;
