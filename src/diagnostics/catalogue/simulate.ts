import { error } from '../define.js';

export const simulateCatalogue = {
  'simulate/bad-body': error<{ problem: string }>(
    ({ problem }) => `the listener would answer 400: ${problem}`,
    () => 'the body of a request is a JSON object: {"kind": "InferenceJob", "spec": {"inferenceServiceId": "…"}}',
  ),
  'simulate/key-unreadable': error<{ file: string; problem: string }>(
    ({ file, problem }) => `the key ${file}: ${problem}`,
    () => 'give a file that holds the key and nothing else, as it is in the Secret of the caller',
  ),
};
