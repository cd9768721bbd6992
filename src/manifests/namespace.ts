/** What a namespace shares: everything that does not belong to one service. */
import { taskParams } from '../contract/paths.js';
import type { NamespaceModel, ServiceModel } from '../model/model.js';
import { servicesIn } from '../model/services-in.js';
import type { Manifest } from './manifest.js';
import {
  identityServiceAccount,
  listenerRole,
  listenerServiceAccount,
  neverPruned,
  runServiceAccount,
  runtimeConfigMap,
  runtimeFiles,
  shared,
} from './names.js';
import { renderJanitor } from './operations/janitor.js';
import { renderPrometheusRule } from './operations/prometheus-rule.js';
import { renderPruner } from './operations/pruner.js';
import { renderScheduleRights } from './schedules/rights.js';
import { renderSecrets } from './secrets.js';
import { renderEventListener } from './triggers/event-listener.js';
import { renderGitops } from './gitops/gitops.js';
import { renderHost, renderHostElsewhere, renderRoute } from './routes/route.js';
import { renderAdmissionPolicy } from './walls/admission-policy.js';
import { renderNetwork } from './walls/network.js';
import { renderQuota } from './walls/quota.js';
import { renderViewers } from './walls/viewers.js';

/** A namespace has listeners if Platform lets anyone call a service of its team. All of them share rights and binding. */
export const hasListener = (model: NamespaceModel): boolean => model.callers.length > 0;

/** What a namespace shares, the runtime's ConfigMap among it. */
export function renderNamespace(model: NamespaceModel, runtime: string): readonly Manifest[] {
  const runtimeName = runtimeConfigMap(runtime);
  return [
    ...(model.manageNamespace ? [namespaceObject(model)] : []),
    ...[runServiceAccount, ...model.identities.map(identityServiceAccount)].map((name) => runAccount(model, name)),
    runtimeObject(model, runtimeName, runtime),
    ...renderSecrets(model),
    ...renderNetwork(model),
    ...renderQuota(model),
    ...renderViewers(model),
    ...(hasListener(model) ? [...listenerRights(model), triggerBinding(model)] : []),
    ...(model.sharedCallers.length > 0 ? [renderEventListener(model), ...renderRoute(model)] : []),
    ...renderHost(model.namespace, model.route),
    ...(model.hasSchedules ? renderScheduleRights(model) : []),
    ...renderJanitor(model, runtimeName),
    ...renderPruner(model),
    ...renderPrometheusRule(model),
  ];
}

function namespaceObject({ namespace, target }: NamespaceModel): Manifest {
  const levels = ['audit', 'enforce', 'warn'].flatMap((mode) => [
    [`pod-security.kubernetes.io/${mode}`, 'restricted'],
    [`pod-security.kubernetes.io/${mode}-version`, `v${target.kubernetes}`],
  ]);
  // With a Namespace goes everything in it: Secrets that were made by hand, jobs that run.
  const metadata = { name: namespace, annotations: neverPruned, labels: Object.fromEntries(levels) as Record<string, string> };
  return { apiVersion: 'v1', kind: 'Namespace', metadata };
}

/** Jobs run without rights and without a token of the cluster's; what an identity needs is a volume of the rclone steps. */
export const runAccount = ({ namespace }: NamespaceModel, name: string): Manifest => ({
  apiVersion: 'v1',
  kind: 'ServiceAccount',
  metadata: { name, namespace, annotations: neverPruned },
  automountServiceAccountToken: false,
});

/** Immutable and named by its content: a run that waits or runs keeps the runtime it was made with. */
const runtimeObject = ({ namespace }: NamespaceModel, name: string, runtime: string): Manifest => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: {
    name,
    namespace,
    // Flux would otherwise replace what looks like a variable in the program.
    annotations: { ...neverPruned, 'kustomize.toolkit.fluxcd.io/substitute': 'disabled' },
  },
  immutable: true,
  data: runtimeFiles(runtime),
});

/** The least a listener needs: to read Triggers and to create runs. No Secrets: the interceptors read those themselves. */
function listenerRights({ namespace }: NamespaceModel): readonly Manifest[] {
  return [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: listenerServiceAccount, namespace } },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'Role',
      metadata: { name: listenerRole, namespace },
      rules: [
        {
          apiGroups: ['triggers.tekton.dev'],
          resources: ['eventlisteners', 'interceptors', 'triggerbindings', 'triggers', 'triggertemplates'],
          verbs: ['get', 'list', 'watch'],
        },
        { apiGroups: ['tekton.dev'], resources: ['taskruns'], verbs: ['create'] },
      ],
    },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'RoleBinding',
      metadata: { name: listenerRole, namespace },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: listenerRole },
      subjects: [{ kind: 'ServiceAccount', name: listenerServiceAccount, namespace }],
    },
  ];
}

/** One for all services: each Trigger's overlays give every one of these. */
const triggerBinding = ({ namespace }: NamespaceModel): Manifest => ({
  apiVersion: 'triggers.tekton.dev/v1beta1',
  kind: 'TriggerBinding',
  metadata: { name: shared, namespace },
  spec: { params: [...taskParams, 'runName'].map((name) => ({ name, value: `$(extensions.${name})` })) },
});

/** What belongs to no namespace of a team. */
export const renderCluster = (namespaces: readonly NamespaceModel[], services: readonly ServiceModel[]): readonly Manifest[] => [
  ...listenersOfCluster(namespaces),
  ...renderHostElsewhere(namespaces),
  ...namespaces.flatMap((model) => renderAdmissionPolicy(model, servicesIn(model, services))),
  ...renderGitops(namespaces),
];

/** What the listeners of all namespaces need of the cluster: to read which interceptors there are. */
function listenersOfCluster(namespaces: readonly NamespaceModel[]): readonly Manifest[] {
  const listening = namespaces.filter(hasListener);
  if (listening.length === 0) return [];
  return [
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRole',
      metadata: { name: listenerRole },
      rules: [{ apiGroups: ['triggers.tekton.dev'], resources: ['clusterinterceptors', 'clustertriggerbindings'], verbs: ['get', 'list', 'watch'] }],
    },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRoleBinding',
      metadata: { name: listenerRole },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: listenerRole },
      subjects: listening.map(({ namespace }) => ({ kind: 'ServiceAccount', name: listenerServiceAccount, namespace })),
    },
  ];
}
