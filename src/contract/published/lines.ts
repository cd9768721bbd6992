/** What has one JSON document on each line: reports, feedback records, the log of our steps. */
import { count, label, line, object, orNull, sha256, time, word, type JsonSchema } from './json-schema.js';
import { stepNames } from '../paths.js';

const file = { file: line('Path of the file, relative to the data source or the destination.') } as const;

const violation = {
  code: {
    description: 'What is wrong, for millrace explain: E-… violates the protocol, C-… is what some servers convert, W-… what they do not all take.',
    type: 'string',
    pattern: '^[ECW]-[A-Z0-9-]+$',
  },
  severity: word('An error makes the file invalid, a warning does not.', 'error', 'warning'),
  pointer: { description: 'JSON Pointer of the value, or of the object that lacks one.', type: 'string' },
  message: line('What is wrong, in one sentence. Holds no value of the document.'),
  offset: count('Where, in bytes from the beginning of the file.'),
  line: { ...count('Where, in lines from 1.'), minimum: 1 },
} as const;

const more = { notShown: { ...count('How many more problems the file has than there are lines.'), minimum: 1 } } as const;

const either = (description: string, head: Readonly<Record<string, JsonSchema>>): JsonSchema => ({
  description,
  oneOf: [object('One problem of a file.', { ...head, ...violation }), object('That a file has more problems.', { ...head, ...more })],
});

export const reportLine = either('A line of _report/validation.jsonl and _report/output-validation.jsonl.', file);
export const quarantineLine = either('A line of _quarantine/_errors.jsonl and _quarantine/_output/_errors.jsonl.', {
  ...file,
  quarantine: line('Where the file lies, relative to the destination: _quarantine/…'),
});

export const feedbackRecord = object('A line of _feedback/requests.jsonl and _feedback/responses.jsonl: one file that a run read or wrote.', {
  id: line('The same for the same content of the same file of the same job.'),
  kind: word('What the file is.', 'request', 'response'),
  time: time('When the record was made.'),
  jobId: line('The job.'),
  requestId: orNull(line('What the caller called the request; null where it did not.')),
  service: object('The service.', {
    name: label('Its name.'),
    id: line('What requests call it.'),
    team: label('Its team.'),
    namespace: label('Where its jobs run.'),
  }),
  model: object('The model.', { name: line('Its name.'), version: line('Its version.') }),
  ...file,
  payload: object(
    'The file.',
    { uri: line('Where it lies.'), size: count('Bytes.'), sha256: sha256('SHA-256 of its bytes.') },
    {
      content: { description: 'Its text, with payload inline.', type: 'string' },
      contentOmitted: word('Why its text is left out although payload is inline.', 'too-large', 'not-text'),
    },
  ),
});

export const logLine: JsonSchema = {
  description: 'A line that one of our steps prints. Never holds content of a file or a Secret.',
  type: 'object',
  required: ['time', 'level', 'step', 'message'],
  properties: {
    time: time('When.'),
    level: word('error: the step has failed, and the fields reason and code say why.', 'info', 'error'),
    step: word('The step.', ...stepNames),
    message: { description: 'What happened, in one sentence.', type: 'string', minLength: 1 },
    reason: line('Code for millrace explain.'),
    code: count('Exit code of the run.'),
  },
  // Numbers and names, by what the message is about.
  additionalProperties: { description: 'More about it.', type: ['string', 'number', 'boolean'] },
};
