import type { FeedbackOutcome, JobRecord } from '../../src/contract/job-record.js';
import { files } from '../../src/contract/paths.js';
import type { Feedback } from '../../src/contract/feedback.js';
import { failure, type StepFailure } from '../base/failure.js';
import type { StepContext } from '../base/step.js';
import { feedbackRecords, type LoggedFiles } from './records.js';
import type { Sent, Sink } from './sink.js';
import { SinkProblem } from './sink-problem.js';

export const nothingSent: FeedbackOutcome = { delivered: 0, undelivered: 0 };

export interface Delivered {
  readonly outcome: FeedbackOutcome;
  /** Of a run that may not go on without its records. */
  readonly failure?: StepFailure;
}

/** Sends the records of one direction, if the service wants them, and judges what it means where they do not arrive. */
export async function deliver(step: StepContext, job: JobRecord, sink: Sink, logged: LoggedFiles): Promise<Delivered> {
  const { feedback } = job;
  if (feedback.sink === 'none' || !feedback[logged.kind === 'request' ? 'input' : 'output']) return { outcome: nothingSent };
  const total = logged.files.length;
  const { delivered, problem } = total === 0 ? { delivered: 0 } : await send(sink, job, logged, step.io.now());
  if (problem === undefined) {
    step.log.info('the feedback records are delivered', { sink: feedback.sink, records: delivered });
    return { outcome: { delivered, undelivered: total - delivered } };
  }
  const failed = asFailure(feedback, problem, { delivered, total });
  const outcome = { delivered, undelivered: total - delivered, problem: { reason: failed.reason, sentence: failed.sentence } };
  if (!('delivery' in feedback) || feedback.delivery === 'required') return { outcome, failure: failed };
  step.log.info(`${failed.sentence} The run goes on without: delivery is bestEffort.`, { reason: failed.reason });
  return { outcome };
}

async function send(sink: Sink, job: JobRecord, logged: LoggedFiles, time: Date): Promise<Sent> {
  try {
    return await sink.send(logged.kind, feedbackRecords(job, logged, time));
  } catch (error) {
    if (error instanceof SinkProblem) return { delivered: 0, problem: error };
    throw error;
  }
}

const reasonOf = {
  unavailable: 'runtime/sink-unavailable',
  refused: 'runtime/sink-refused',
  secret: 'runtime/sink-secret',
} as const;

function asFailure(feedback: Feedback, cause: SinkProblem, counts: { readonly delivered: number; readonly total: number }): StepFailure {
  return failure(reasonOf[cause.kind], { sink: feedback.sink, address: addressOf(feedback), problem: cause.problem, ...counts }, { cause });
}

function addressOf(feedback: Feedback): string {
  switch (feedback.sink) {
    case 'fluentd':
      return feedback.host.includes(':') ? `[${feedback.host}]:${String(feedback.port)}` : `${feedback.host}:${String(feedback.port)}`;
    case 'cloudevents':
      return feedback.url;
    case 'objectStorage':
    case 'none':
      return `${files.feedbackFolder}/`;
  }
}
