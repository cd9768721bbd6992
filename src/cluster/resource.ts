/** A type of objects, as its API names it. */
export interface ResourceType {
  /** Empty: the core group. */
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly kind: string;
}

const resource = (apiVersion: string, plural: string, kind: string): ResourceType => {
  const [version = '', group = ''] = apiVersion.split('/').reverse();
  return { group, version, plural, kind };
};

/** Every type that commands ask for. */
export const resources = {
  taskRuns: resource('tekton.dev/v1', 'taskruns', 'TaskRun'),
  pods: resource('v1', 'pods', 'Pod'),
  secrets: resource('v1', 'secrets', 'Secret'),
  configMaps: resource('v1', 'configmaps', 'ConfigMap'),
  namespaces: resource('v1', 'namespaces', 'Namespace'),
  nodes: resource('v1', 'nodes', 'Node'),
  services: resource('v1', 'services', 'Service'),
  serviceAccounts: resource('v1', 'serviceaccounts', 'ServiceAccount'),
  resourceQuotas: resource('v1', 'resourcequotas', 'ResourceQuota'),
  limitRanges: resource('v1', 'limitranges', 'LimitRange'),
  deployments: resource('apps/v1', 'deployments', 'Deployment'),
  ingresses: resource('networking.k8s.io/v1', 'ingresses', 'Ingress'),
  httpRoutes: resource('gateway.networking.k8s.io/v1', 'httproutes', 'HTTPRoute'),
  // What bounds a body, of several gateways.
  backendTrafficPolicies: resource('gateway.envoyproxy.io/v1alpha1', 'backendtrafficpolicies', 'BackendTrafficPolicy'),
  clientTrafficPolicies: resource('gateway.envoyproxy.io/v1alpha1', 'clienttrafficpolicies', 'ClientTrafficPolicy'),
  clientSettingsPolicies: resource('gateway.nginx.org/v1alpha1', 'clientsettingspolicies', 'ClientSettingsPolicy'),
  middlewares: resource('traefik.io/v1alpha1', 'middlewares', 'Middleware'),
  customResourceDefinitions: resource('apiextensions.k8s.io/v1', 'customresourcedefinitions', 'CustomResourceDefinition'),
  clusterInterceptors: resource('triggers.tekton.dev/v1alpha1', 'clusterinterceptors', 'ClusterInterceptor'),
  eventListeners: resource('triggers.tekton.dev/v1beta1', 'eventlisteners', 'EventListener'),
} as const;

/** Where an object, or all of a type in a namespace, or a part of an object is. */
export interface Place {
  readonly type: ResourceType;
  readonly namespace?: string | undefined;
  readonly name?: string | undefined;
  /** `log`, `proxy/configz` */
  readonly part?: string | undefined;
}

/** The path of the API at which a place is. */
export function pathOf({ type: { group, version, plural }, namespace, name, part }: Place): string {
  const root = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
  const words = [...(namespace === undefined ? [] : ['namespaces', namespace]), plural, ...(name === undefined ? [] : [name])];
  return [root, ...words.map(encodeURIComponent), ...(part === undefined ? [] : [part])].join('/');
}

/** `the Secret raw-s3 in risk`, `the TaskRuns in risk`: how a sentence names it. */
export function nameOf({ type: { kind, plural }, namespace, name }: Place): string {
  const what = name === undefined ? plural : `${kind} ${name}`;
  return namespace === undefined ? what : `${what} in namespace ${namespace}`;
}
