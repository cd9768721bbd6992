import { platformDefaults } from '../defaults.js';
import { forms } from '../forms.js';
import { integer, map, object, oneOf, use, type Schema } from '../json-schema.js';

const { cleanup } = platformDefaults;

/** What happens beside the jobs: cleaning up, and alerts. */
export const operationsDefinitions = {
  Cleanup: object('Who ends hung runs and removes what nobody needs any more, and when.', [], {
    engine: oneOf(
      "janitor: a CronJob of millrace in each namespace. tekton-pruner: finished runs are left to Tekton's pruner, the janitor does the rest. none: nothing is cleaned up.",
      ['janitor', 'tekton-pruner', 'none'],
      { default: cleanup.engine },
    ),
    ttl: use('Duration', 'How long a finished run stays; as long, a repeated requestId starts nothing. At most 720h with tekton-pruner.', {
      default: cleanup.ttl,
    }),
    keepLast: integer('How many finished runs of each service stay, however old they are; only with janitor.', 0, 1000, {
      default: cleanup.keepLast,
    }),
  }),
  Metrics: object('Alerts for the Prometheus operator.', [], {
    prometheusRule: object('Emit a PrometheusRule into each namespace. Left out: none.', [], {
      labels: map(
        'Labels by which the Prometheus finds its rules.',
        { type: 'string', pattern: forms.qualifiedKey.pattern, maxLength: 317 },
        { description: 'The value of the label.', type: 'string', pattern: forms.labelValue.pattern, maxLength: 63 },
        16,
        { default: {}, examples: [{ release: 'kube-prometheus-stack' }] },
      ),
    }),
  }),
} satisfies Record<string, Schema>;
