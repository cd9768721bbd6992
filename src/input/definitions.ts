import { objectPathMaxLength } from '../base/object-path.js';
import { coercions, framings } from '../oip/settings.js';
import { profiles } from '../oip/profile.js';
import { serviceDefaults } from './defaults.js';
import { forms } from './forms.js';
import { flag, formed, integer, map, object, oneOf, text, use, type Schema } from './json-schema.js';

/** What more than one kind uses; every `$ref` names one of these or a definition beside its kind. */
export const sharedDefinitions = {
  Label: { description: 'A DNS-1123 label of at most 63 characters.', type: 'string', pattern: forms.label.pattern, maxLength: 63 },
  ObjectName: {
    description: 'The name of a Kubernetes object: a DNS-1123 subdomain of at most 253 characters.',
    type: 'string',
    pattern: forms.objectName.pattern,
    maxLength: 253,
  },
  Reference: { description: 'The name of something that is declared elsewhere.', type: 'string', minLength: 1, maxLength: 253 },
  Quantity: {
    description: 'A Kubernetes quantity in its shortest form, as text: "2", "500m", 8Gi.',
    type: 'string',
    minLength: 1,
    maxLength: 32,
  },
  Duration: { description: 'One whole number and one of s, m, h: 90m, 4h.', type: 'string', minLength: 1, maxLength: 16 },
  ObjectPath: {
    description: 'A path inside a bucket or container, counted from its root, without a leading "/"; a folder ends in "/". At most 512 characters.',
    type: 'string',
    minLength: 1,
    maxLength: objectPathMaxLength,
  },
  Image: {
    description: 'A container image with its registry, tag and digest: registry.example.com/risk/fraud:1.4.2@sha256:…',
    type: 'string',
    minLength: 1,
    maxLength: 512,
  },
  Url: { description: 'A URL with its scheme, without user, query and fragment.', type: 'string', minLength: 1, maxLength: 2048 },
  SecretKey: { description: 'A key of a Secret.', type: 'string', pattern: forms.secretKey.pattern, maxLength: 253 },
  Labels: map(
    'Labels for the runs. Keys have no "/", keys and values at most 63 characters.',
    { type: 'string', pattern: forms.labelKey.pattern, maxLength: 63 },
    { description: 'The value of the label.', type: 'string', pattern: forms.labelValue.pattern, maxLength: 63 },
    16,
    { examples: [{ 'cost-center': 'risk-42' }] },
  ),
  Validation: object('How request and response files are checked against the Open Inference Protocol, and what becomes of files that fail.', [], {
    profile: oneOf(
      'Which reading of the protocol applies. spec: what its text requires. odahu: what ODAHU refuses; the rest are warnings. portable: also what most servers refuse.',
      profiles,
      { default: serviceDefaults.validation.profile },
    ),
    framing: oneOf(
      'How documents lie in a file. document: one per file. jsonl: one per line; files may end in .jsonl, too. array: the items of one array.',
      framings,
      { default: serviceDefaults.validation.framing },
    ),
    onInvalid: oneOf(
      'What becomes of an invalid input file. fail: the run fails. quarantine: the predictor does not get it, and it is published below _quarantine/. skip: the predictor does not get it, and the report tells of it.',
      ['fail', 'quarantine', 'skip'],
      { default: serviceDefaults.validation.onInvalid },
    ),
    maxInvalidFiles: integer(
      'More invalid input files than these fail the run, with onInvalid quarantine or skip. Default: no limit.',
      0,
      1_000_000,
      {
        examples: [10],
      },
    ),
    maxInvalidRatio: {
      description:
        'A larger share of invalid files among the input files that are checked fails the run, with onInvalid quarantine or skip. Default: no limit.',
      type: 'number',
      minimum: 0,
      maximum: 1,
      examples: [0.05],
    },
    coercion: oneOf(
      'What becomes of elements that a server could convert to the datatype (1.0 or "1" for INT32). refuse: they are errors. allow: they are warnings.',
      coercions,
      { default: serviceDefaults.validation.coercion },
    ),
    output: object('How the files that the predictor wrote are checked.', [], {
      onInvalid: oneOf(
        'What becomes of an invalid output file. fail: the run fails, and nothing of its output is published. quarantine: the file is published below _quarantine/ and is no result; a run without any valid one fails.',
        ['fail', 'quarantine'],
        { default: serviceDefaults.validation.outputOnInvalid },
      ),
    }),
  }),
  Feedback: object('Which records of requests and responses a run leaves behind, if the Platform has a feedback sink.', [], {
    input: flag('Record the requests.', serviceDefaults.feedback.input),
    output: flag('Record the responses.', serviceDefaults.feedback.output),
    payload: oneOf('What a record holds. reference: where the file lies, its size and digest. inline: its text as well.', ['reference', 'inline'], {
      default: serviceDefaults.feedback.payload,
    }),
    inlineLimit: use('Quantity', 'Largest file whose text is recorded with payload inline, at most 1Mi; larger ones are recorded as references.', {
      default: serviceDefaults.feedback.inlineLimit,
    }),
  }),
  Timeouts: object(
    "Time for the parts of a run around the predictor. The run's timeout is the sum of its steps' timeouts and wait; the team's ceiling applies to it.",
    [],
    {
      sync: use('Duration', 'Time for each transfer: data in, model in, results out.', { default: serviceDefaults.timeouts.sync }),
      wait: use('Duration', 'Time a run may wait for a node, an image or its queue.', { default: serviceDefaults.timeouts.wait }),
    },
  ),
  Transfers: object('How data is moved.', [], {
    parallel: integer('Files that are moved at the same time.', 1, 64, { default: serviceDefaults.transfers.parallel }),
    bandwidth: {
      description: 'Bytes per second at most, as a Kubernetes quantity; null or left out: no limit.',
      type: ['string', 'null'],
      minLength: 1,
      maxLength: 32,
      default: null,
      examples: ['20Mi'],
    },
    retries: integer('How often a transfer that failed is tried again, five seconds later; files that have arrived are not copied again.', 0, 10, {
      default: serviceDefaults.transfers.retries,
    }),
    connectTimeout: use('Duration', 'Time for a connection to the store to be made, at most 5m.', {
      default: serviceDefaults.transfers.connectTimeout,
    }),
    idleTimeout: use('Duration', 'Time without a byte after which a connection is given up, at most 1h.', {
      default: serviceDefaults.transfers.idleTimeout,
    }),
  }),
  Storage: object("Sizes of a run's volumes. Their sum counts against the team's storage ceiling.", [], {
    data: use('Quantity', 'Room for the input.', { default: serviceDefaults.storage.data }),
    model: use('Quantity', 'Room for the model, and once more for an archive it is unpacked from.', { default: serviceDefaults.storage.model }),
    output: use('Quantity', "Room for the predictor's results, and once more for the copy that is published.", {
      default: serviceDefaults.storage.output,
    }),
    tmp: use('Quantity', 'Room for temporary files in /tmp, of each step.', { default: serviceDefaults.storage.tmp }),
    shm: use(
      'Quantity',
      "Shared memory (/dev/shm), in memory: it counts against the predictor's memory limit. Default: none beyond what the node gives.",
      { examples: ['1Gi'] },
    ),
    class: {
      description: 'Storage class of generic ephemeral volumes to use in place of emptyDir; null or left out: emptyDir.',
      type: ['string', 'null'],
      pattern: forms.objectName.pattern,
      maxLength: 253,
      default: null,
    },
  }),
} satisfies Record<string, Schema>;

/** `metadata` of every kind. */
export const metadata = (nameSchema: Schema): Schema => object('What the document is called.', ['name'], { name: nameSchema });

/** A DNS-1123 label. */
export const label = (description: string, maxLength = 63): Schema => formed(description, forms.label, maxLength);

export const owner = text('Who answers for it: a team, a person, an e-mail address.', 254, { examples: ['risk-ml@example.com'] });
