import { serviceDefaults } from '../defaults.js';
import { owner } from '../definitions.js';
import { object, use, type Schema } from '../json-schema.js';

export const teamDefinitions = {
  TeamSpec: object("What holds for the team's services where they say nothing themselves.", [], {
    owner,
    nodePool: use('Reference', 'Node pool of the Platform that jobs run on.', { examples: ['gpu-a100'] }),
    queue: use('Reference', 'Queue of the Platform that jobs wait in.', { examples: ['batch'] }),
    validation: use('Validation', 'How request and response files are checked.'),
    feedback: use('Feedback', 'Which records of requests and responses a run leaves behind.'),
    transfers: use('Transfers', 'How data is moved.'),
    timeout: use('Duration', 'Time for the predictor.', { default: serviceDefaults.timeout }),
    timeouts: use('Timeouts', 'Time for the parts of a run around the predictor.'),
    storage: use('Storage', "Sizes of a run's volumes."),
    labels: use('Labels', 'Labels for the runs. Keys have no "/", keys and values at most 63 characters.'),
  }),
} satisfies Record<string, Schema>;
