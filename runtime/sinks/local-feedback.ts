import type { Feedback } from '../../src/contract/feedback.js';

/** For a job whose stores are folders of this machine: its records stay here as well, beside the results. */
export function localFeedback(feedback: Feedback): Feedback {
  if (!('delivery' in feedback)) return feedback;
  const { input, output, payload } = feedback;
  return { sink: 'objectStorage', compression: 'none', input, output, payload };
}
