/** `_MANIFEST.json` and `_FAILED.json`: the types are in job-record.ts, the reader is in records.ts. */
import { count, label, line, list, map, object, orNull, sha256, time, type JsonSchema } from './json-schema.js';

const fileFields = {
  path: line('Relative to the data source or the destination, with "/" between its parts.'),
  size: count('Bytes.'),
  sha256: sha256('SHA-256 of its bytes.'),
} as const;
const file = object('One file.', fileFields);
const quarantinedFile = object('One invalid file.', {
  ...fileFields,
  quarantine: line('Where it lies, relative to the destination: _quarantine/…'),
});

const feedback = (what: string): JsonSchema =>
  object(
    `What became of the feedback records of the ${what}.`,
    { delivered: count('Records that the sink has confirmed.'), undelivered: count('Records that it has not.') },
    {
      problem: object('Why not all were delivered.', {
        reason: line('Code for millrace explain.'),
        sentence: line('What happened, and what to do.'),
      }),
    },
  );

const fields = {
  schema: { description: 'Version of this format.', type: 'string', const: 'millrace.dev/manifest/v1' },
  jobId: line('Name of the TaskRun; of a run on a machine, SERVICE--local or what --job-id says.'),
  requestId: orNull(line('What the caller called the request; null where it did not.')),
  caller: orNull(line('Who started the job through the listener; null where nobody did.')),
  service: object(
    'The service, as it was when the Task was compiled.',
    {
      name: label('Its name.'),
      id: line('What requests call it.'),
      team: label('Its team.'),
      namespace: label('Where its jobs run.'),
      image: line("The predictor's image."),
    },
    { owner: line('Who answers for it.', { empty: true }) },
  ),
  model: object('The model.', {
    name: orNull(line('Its name: what the service says, otherwise the model itself; null in a failed run that could not read it.')),
    version: orNull(line('Its version, likewise.')),
    uri: line('Where it was read from; image:… where it is part of the image.'),
    sha256: orNull(
      sha256(
        'Of the archive; of a folder, of the list of its files in the format of sha256sum, sorted by path; null where it was not read or is part of the image.',
      ),
    ),
  }),
  input: object('What was read.', {
    uri: line('The data source.', { empty: true }),
    files: list('The valid files, which is what the predictor gets, sorted by path.', file),
    quarantined: list('The first 1,000 invalid files that were put into the quarantine; _quarantine/_errors.jsonl has all.', quarantinedFile),
    skipped: list('The first 1,000 invalid files that were left out; _report/validation.jsonl has all.', file),
  }),
  output: object('What was published.', {
    uri: line('The destination.', { empty: true }),
    files: list('The results, sorted by path. Other files at the destination are not of this run.', file),
    quarantined: list('The first 1,000 invalid files of the predictor; _quarantine/_output/_errors.jsonl has all.', quarantinedFile),
  }),
  counts: object('How many files there were.', {
    listed: count('Files that the data source listed.'),
    valid: count('Input files that are valid.'),
    invalid: count('Input files that are not.'),
    quarantined: count('Those of them that are in the quarantine.'),
    skipped: count('Those of them that were left out.'),
    ignored: count('Listed files that are no documents, by their ending: the predictor does not get them.'),
    outputs: count('Results.'),
    invalidOutputs: count('Files of the predictor that are no valid responses.'),
    quarantinedOutputs: count('Those of them that are in the quarantine.'),
  }),
  feedback: object('Records for whoever watches the model.', {
    sink: line('Where they go: none, objectStorage, fluentd or cloudevents.'),
    input: feedback('requests'),
    output: feedback('responses'),
  }),
  startedAt: time('When the first step began.'),
  finishedAt: time('When the results were checked; they are uploaded after that.'),
} as const;

const failure = object('The first failure of the run; later ones follow from it.', {
  step: line('The step that failed.'),
  code: count('Exit code of the run: 2 invalid, 3 a limit, 4 input or output (try again), 1 a bug, or that of the predictor.'),
  reason: line('Code for millrace explain.'),
  sentence: line('What was found, and what to do.'),
});

const optional = {
  params: map(
    'What the predictor got as MILLRACE_PARAM_<NAME>, by name; only where the service declares params.',
    line('The value.', { empty: true }),
  ),
};

export const manifest = object('What a run read and wrote: _MANIFEST.json of a run that succeeded.', fields, optional);
export const failed = object('What a run read and wrote, and why it failed: _FAILED.json.', { ...fields, failure }, optional);
