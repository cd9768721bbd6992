import type { CloudeventsSettings } from '../../../src/contract/feedback.js';
import { createBackoff, createPatience, type Patience, type SinkTimes } from '../patience.js';
import type { FeedbackRecord, Sink } from '../sink.js';
import type { SinkSecrets } from '../sink-files.js';
import { moreTelling, SinkProblem } from '../sink-problem.js';
import { cloudEvent, httpMessage, type HttpMessage } from './cloud-event.js';
import { createPoster, type Answer, type Poster } from './post.js';

/** Events on their way at one time. */
const lanes = 8;
/** A sink that refuses so many events, each for itself, is given up. */
const mostRefused = 100;

/** One POST for each record. An event is sent again, with the same id, until the sink answers with 2xx. */
export const cloudeventsSink = (settings: CloudeventsSettings, { secret, ca }: SinkSecrets, times: SinkTimes): Sink => ({
  send: async (_, records) => {
    const poster = createPoster({ url: settings.url, token: secret, ca, connections: lanes });
    const patience = createPatience(times);
    const source = records[Symbol.iterator]();
    const state: State = { delivered: 0, refused: 0, problem: undefined, stopped: false };
    const lane = async (): Promise<void> => {
      while (!state.stopped) {
        const next: IteratorResult<FeedbackRecord> = source.next();
        if (next.done === true) return;
        await sendOne(httpMessage(cloudEvent(next.value), settings.mode), { poster, patience, times, state });
      }
    };
    try {
      await Promise.all(Array.from({ length: lanes }, lane));
    } finally {
      state.stopped = true;
      poster.close();
    }
    return { delivered: state.delivered, ...(state.problem ? { problem: state.problem } : {}) };
  },
});

interface State {
  delivered: number;
  refused: number;
  /** The first. */
  problem: SinkProblem | undefined;
  stopped: boolean;
}

interface Tools {
  readonly poster: Poster;
  readonly patience: Patience;
  readonly times: SinkTimes;
  readonly state: State;
}

async function sendOne(message: HttpMessage, { poster, patience, times, state }: Tools): Promise<void> {
  const backoff = createBackoff(times);
  const stop = (problem: SinkProblem): void => {
    state.problem ??= problem;
    state.stopped = true;
  };
  let last: SinkProblem | undefined;
  while (!state.stopped) {
    const { problem, all, wait } = await attempt(poster, message, Math.min(times.answer, patience.left()));
    if (problem === undefined) {
      state.delivered += 1;
      patience.progress();
      return;
    }
    if (problem.kind === 'unavailable') {
      last = moreTelling(problem, last, patience.left());
      await backoff.pause(patience.left(), wait);
      if (patience.left() === 0) stop(last);
      continue;
    }
    state.refused += 1;
    if (all || state.refused >= mostRefused) stop(problem);
    state.problem ??= problem;
    return;
  }
}

interface Attempt {
  readonly problem?: SinkProblem;
  /** What holds for this event holds for every other. */
  readonly all: boolean;
  /** Milliseconds. */
  readonly wait: number;
}

async function attempt(poster: Poster, message: HttpMessage, milliseconds: number): Promise<Attempt> {
  try {
    return judge(await poster.post(message, milliseconds));
  } catch (error) {
    if (error instanceof SinkProblem) return { problem: error, all: true, wait: 0 };
    throw error;
  }
}

const transient: ReadonlySet<number> = new Set([408, 425, 429]);
/** About the event itself: another one may pass. */
const ownFault: ReadonlySet<number> = new Set([400, 406, 409, 411, 413, 415, 422, 431]);

function judge({ status, retryAfter }: Answer): Attempt {
  if (status >= 200 && status < 300) return { all: false, wait: 0 };
  const answers = `answers with status ${String(status)}`;
  if (status >= 500 || transient.has(status)) return { problem: new SinkProblem('unavailable', answers), all: true, wait: retryAfter };
  if (status >= 300 && status < 400) return { problem: new SinkProblem('refused', `${answers}, and redirects are not followed`), all: true, wait: 0 };
  return { problem: new SinkProblem('refused', answers), all: !ownFault.has(status), wait: 0 };
}
