/** The groups of the EventListeners, and which Triggers each of them selects. */
import { assertInvariant } from '../../base/assert.js';
import type { Manifest } from '../../manifests/manifest.js';
import { asClosed, asFields, asList, asText, asTexts } from '../objects.js';

/** One caller of a listener: how it is authenticated, and what it may start. */
export interface TriggerGroup {
  readonly listener: string;
  readonly namespace: string;
  readonly name: string;
  readonly interceptors: readonly unknown[];
  readonly selects: (trigger: Manifest) => boolean;
}

/** In the listeners' order. */
export const triggerGroups = (objects: readonly Manifest[], namespace: string): readonly TriggerGroup[] =>
  objects
    .filter(({ kind, metadata }) => kind === 'EventListener' && metadata.namespace === namespace)
    .flatMap((listener) =>
      asList(asFields(listener['spec'], 'EventListener')['triggerGroups'], 'triggerGroups').map((group) => readGroup(listener, group)),
    );

function readGroup({ metadata }: Manifest, value: unknown): TriggerGroup {
  const group = asClosed(value, 'triggerGroups', ['name', 'interceptors', 'triggerSelector']);
  const selector = asClosed(group['triggerSelector'], 'triggerSelector', ['namespaceSelector', 'labelSelector']);
  // Without names, the listener's own namespace.
  asClosed(selector['namespaceSelector'], 'namespaceSelector', []);
  const matches = readLabelSelector(selector['labelSelector']);
  const namespace = asText(metadata.namespace, 'EventListener.metadata.namespace');
  return {
    listener: metadata.name,
    namespace,
    name: asText(group['name'], 'triggerGroups.name'),
    interceptors: asList(group['interceptors'], 'triggerGroups.interceptors'),
    selects: ({ kind, metadata: { namespace: of, labels = {} } }) => kind === 'Trigger' && of === namespace && matches(labels),
  };
}

type LabelTest = (labels: Readonly<Record<string, string>>) => boolean;

function readLabelSelector(value: unknown): LabelTest {
  const selector = asClosed(value, 'labelSelector', ['matchLabels', 'matchExpressions']);
  const equal = Object.entries(asFields(selector['matchLabels'] ?? {}, 'matchLabels'));
  const tests = asList(selector['matchExpressions'], 'matchExpressions').map(readExpression);
  return (labels) => equal.every(([key, label]) => labels[key] === label) && tests.every((test) => test(labels));
}

function readExpression(value: unknown): LabelTest {
  const { key, operator, values } = asClosed(value, 'matchExpressions', ['key', 'operator', 'values']);
  const name = asText(key, 'matchExpressions.key');
  const allowed = asTexts(values, 'matchExpressions.values');
  switch (operator) {
    case 'In':
      return (labels) => allowed.includes(labels[name] ?? '') && name in labels;
    case 'NotIn':
      return (labels) => !(name in labels) || !allowed.includes(labels[name] ?? '');
    case 'Exists':
      return (labels) => name in labels;
    default:
      assertInvariant(operator === 'DoesNotExist', `matchExpressions: operator ${String(operator)} is not understood here`);
      return (labels) => !(name in labels);
  }
}
