import { error, warning } from '../define.js';
import { listed } from '../words.js';

const withoutDefault = ({ tekton }: { tekton: string }): string =>
  `take them out of default-pod-template: kubectl -n ${tekton} edit configmap config-defaults`;

/** What is not right on a cluster. */
export const doctorCatalogue = {
  'doctor/not-seen': warning<{ what: string; problem: string }>(
    ({ what, problem }) => `${what} was not looked at: ${problem}`,
    () => 'ask for the right to read it, or let somebody run millrace doctor who has it',
  ),
  'doctor/kubernetes-too-old': error<{ found: string }>(
    ({ found }) => `the cluster is Kubernetes ${found}, and the manifests need 1.28 or later`,
    () => 'update the cluster',
  ),
  'doctor/version-differs': warning<{ what: string; found: string; wanted: string; field: string }>(
    ({ what, found, wanted }) => `the cluster has ${what} ${found}, and services/platform.yaml says ${wanted}`,
    ({ field, found }) => `set spec.target.${field} to "${found.replace(/^v?(\d+\.\d+).*/, '$1')}" and compile again, or update the cluster`,
  ),
  'doctor/tekton-missing': error<{ kinds: readonly string[]; what: string }>(
    ({ kinds, what }) => `the cluster does not have ${listed(kinds)} of ${what}`,
    ({ what }) => `install ${what}: https://tekton.dev/docs/installation/`,
  ),
  'doctor/security-context-flag': error<{ found: string | undefined; tekton: string }>(
    ({ found }) =>
      `set-security-context is ${found === undefined ? 'not set' : `"${found}"`} in ConfigMap feature-flags of Tekton Pipelines: in a namespace that enforces Pod Security restricted, every run ends at once`,
    ({ tekton }) => `set it to "true": kubectl -n ${tekton} patch configmap feature-flags --type merge -p '{"data":{"set-security-context":"true"}}'`,
  ),
  'doctor/stable-fields-only': error<{ services: readonly string[]; tekton: string }>(
    ({ services }) =>
      `enable-api-fields is "stable" in ConfigMap feature-flags of Tekton Pipelines, which refuses runs of ${listed(services)}: their requests or schedules choose resources`,
    ({ tekton }) =>
      `set it to "beta", which is Tekton's default: kubectl -n ${tekton} patch configmap feature-flags --type merge -p '{"data":{"enable-api-fields":"beta"}}'`,
  ),
  'doctor/default-pod-template-refused': error<{ fields: readonly string[]; namespaces: readonly string[]; tekton: string }>(
    ({ fields, namespaces }) =>
      `Tekton adds ${listed(fields)} to runs that have none, and the admission policy of ${listed(namespaces)} refuses such a run: no job starts there`,
    withoutDefault,
  ),
  'doctor/default-pod-template-noted': warning<{ fields: readonly string[]; namespaces: readonly string[]; tekton: string }>(
    ({ fields, namespaces }) =>
      `Tekton adds ${listed(fields)} to runs that have none, and the admission policy of ${listed(namespaces)} notes each such run; enforce would refuse it`,
    withoutDefault,
  ),
  'doctor/interceptor-missing': error<{ names: readonly string[] }>(
    ({ names }) => `the cluster has no ClusterInterceptor ${listed(names)}: listeners refuse every request`,
    () => 'install the interceptors of Tekton Triggers (interceptors.yaml of its release)',
  ),
  'doctor/interceptor-not-ready': error<{ name: string; problem: string }>(
    ({ name, problem }) => `the interceptors of Tekton Triggers are not ready: ${name} ${problem}`,
    ({ name }) => `requests are lost until they are: kubectl -n tekton-pipelines describe deployment ${name}`,
  ),
  'doctor/namespace-missing': error<{ namespace: string; managed: boolean }>(
    ({ namespace }) => `there is no namespace ${namespace}`,
    ({ managed }) => (managed ? 'apply dist/, or let the GitOps engine do it' : 'create it: Platform says that it is not managed here'),
  ),
  'doctor/pod-security': error<{ namespace: string; found: string | undefined; wanted: string }>(
    ({ namespace, found, wanted }) =>
      `namespace ${namespace} enforces Pod Security ${found === undefined ? 'of no level' : `"${found}"`}, and not "${wanted}"`,
    () => 'apply dist/ again: somebody has changed its labels',
  ),
  'doctor/secret-missing': error<{ secret: string; namespace: string; usedBy: readonly string[]; keys: readonly string[] }>(
    ({ secret, namespace, usedBy }) => `there is no Secret ${secret} in namespace ${namespace}, which ${listed(usedBy)} needs`,
    ({ secret, namespace, keys }) =>
      `create it with the key ${keys.join(' and ')}: kubectl -n ${namespace} create secret generic ${secret} --from-file=${keys[0] ?? 'KEY'}=FILE`,
  ),
  'doctor/secret-key-missing': error<{ secret: string; namespace: string; key: string; usedBy: readonly string[] }>(
    ({ secret, namespace, key, usedBy }) => `the Secret ${secret} in namespace ${namespace} has no key ${key}, which ${listed(usedBy)} needs`,
    () => 'add the key, or name the one that it has in secretRef.keys',
  ),
  'doctor/secret-key-empty': error<{ secret: string; namespace: string; key: string; usedBy: readonly string[] }>(
    ({ secret, namespace, key, usedBy }) => `the key ${key} of Secret ${secret} in namespace ${namespace}, which ${listed(usedBy)} needs, is empty`,
    () => 'with an empty key of a caller, anybody can sign a request: set it at once',
  ),
  'doctor/secret-key-blank': warning<{ secret: string; namespace: string; key: string; usedBy: readonly string[] }>(
    ({ secret, namespace, key, usedBy }) =>
      `the key ${key} of Secret ${secret} in namespace ${namespace} (${listed(usedBy)}) begins or ends with a blank or line feed`,
    () => 'it counts as part of the key, and a header cannot carry it: make the Secret of a file without one (printf, not echo)',
  ),
  'doctor/not-applied': error<{ namespace: string | undefined; objects: readonly string[] }>(
    ({ namespace, objects }) => `${namespace === undefined ? 'the cluster' : `namespace ${namespace}`} lacks ${listed(objects)} of dist/`,
    () => 'apply dist/, or see why the GitOps engine does not',
  ),
  'doctor/quota-without-limits': error<{ namespace: string; quota: string; resources: readonly string[] }>(
    ({ namespace, quota, resources }) =>
      `ResourceQuota ${quota} in namespace ${namespace} counts ${listed(resources)}, and no LimitRange gives containers a default: every run is refused, because Tekton's own containers ask for nothing`,
    () => 'add a LimitRange with defaultRequest and default for cpu and memory',
  ),
  'doctor/quota-counts-runs': error<{ namespace: string; quota: string }>(
    ({ namespace, quota }) =>
      `ResourceQuota ${quota} in namespace ${namespace} counts taskruns: a request above it is lost, since the listener has answered already`,
    () => 'count pods, cpu and memory instead: runs above those wait',
  ),
  'doctor/quota-used-up': warning<{ namespace: string; quota: string; resources: readonly string[] }>(
    ({ namespace, quota, resources }) => `ResourceQuota ${quota} in namespace ${namespace} has no room left for ${listed(resources)}: new jobs wait`,
    () => 'wait for jobs to end, or raise the quota of the team in services/platform.yaml',
  ),
  'doctor/listener-not-ready': error<{ listener: string; namespace: string; problem: string }>(
    ({ listener, namespace, problem }) => `the listener ${listener} in namespace ${namespace} is not ready: ${problem}`,
    ({ listener, namespace }) =>
      `see kubectl -n ${namespace} describe eventlistener ${listener} and kubectl -n ${namespace} logs deployment/el-${listener}`,
  ),
  'doctor/no-body-limit': warning<{ listener: string; namespace: string; by: string; problem: string | undefined; notes: readonly string[] }>(
    ({ listener, namespace, by, problem = 'sets no limit to bodies that is known here', notes }) =>
      `${by} leads to the listener ${listener} in namespace ${namespace} and ${problem}: one of 20 MB ends the listener and loses its event${notes.length === 0 ? '' : ` (${listed(notes)})`}`,
    () => 'let what stands before the listener refuse bodies above 64 KiB (webhook.route of Platform)',
  ),
  'doctor/out-of-memory-hangs': warning<{ nodes: readonly string[] }>(
    ({ nodes }) =>
      `a predictor without memory takes its whole container with it on ${listed(nodes)} (singleProcessOOMKill of the kubelet is not true): the run then hangs until its timeout`,
    () => 'set singleProcessOOMKill: true in the configuration of the kubelets (Kubernetes 1.32 or later), or rely on what ends hung runs',
  ),
};
