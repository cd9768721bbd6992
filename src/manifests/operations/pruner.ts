import type { NamespaceModel } from '../../model/model.js';
import type { Manifest } from '../manifest.js';

/**
 * What tekton-pruner reads in a namespace: one ConfigMap of a fixed name, if its own says `enforcedConfigLevel: namespace`. Without
 * a limit of its history it goes by time alone, so a run stays as long as its requestId must.
 *
 * @see https://github.com/tektoncd/pruner/blob/v0.4.1/docs/tutorials/namespace-configuration.md
 */
export function renderPruner({ namespace, cleanup: { engine, ttlSeconds } }: NamespaceModel): readonly Manifest[] {
  if (engine !== 'tekton-pruner') return [];
  return [
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: {
        name: 'tekton-pruner-namespace-spec',
        namespace,
        labels: { 'app.kubernetes.io/part-of': 'tekton-pruner', 'pruner.tekton.dev/config-type': 'namespace' },
      },
      data: { 'ns-config': `ttlSecondsAfterFinished: ${String(ttlSeconds)}\n` },
    },
  ];
}
