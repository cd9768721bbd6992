/** Who may look at the jobs of a namespace. */
import { constant } from '../../base/constant.js';
import type { NamespaceModel } from '../../model/model.js';
import type { Manifest } from '../manifest.js';
import { viewersRole } from '../names.js';

/**
 * Runs, pods, events and logs; nothing that holds a credential, and nothing that changes anything. Neither `pods/exec`
 * nor `pods/attach` nor `pods/portforward`: a shell in a step of rclone would read its credentials.
 */
const rules = constant([
  { apiGroups: ['tekton.dev'], resources: ['taskruns'], verbs: ['get', 'list', 'watch'] },
  { apiGroups: [''], resources: ['events', 'pods', 'pods/log'], verbs: ['get', 'list', 'watch'] },
  { apiGroups: ['events.k8s.io'], resources: ['events'], verbs: ['get', 'list', 'watch'] },
]);

/** The rights of those who may look at runs; nothing where there is nobody. */
export function renderViewers({ namespace, viewers }: NamespaceModel): readonly Manifest[] {
  if (viewers.length === 0) return [];
  const metadata = { name: viewersRole, namespace };
  return [
    { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'Role', metadata, rules },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'RoleBinding',
      metadata,
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: viewersRole },
      subjects: viewers.map((name) => ({ apiGroup: 'rbac.authorization.k8s.io', kind: 'Group', name })),
    },
  ];
}
