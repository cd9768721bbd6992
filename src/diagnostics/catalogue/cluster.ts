import { error } from '../define.js';
import { listed, quote } from '../words.js';

const permission = ({
  verb,
  resource,
  name,
  namespace,
}: {
  verb: string;
  resource: string;
  name: string | undefined;
  namespace: string | undefined;
}): string => `${verb} ${resource}${name === undefined ? '' : ` ${quote(name)}`}${namespace === undefined ? '' : ` in namespace ${namespace}`}`;

/** What stands between a command and a cluster. */
export const clusterCatalogue = {
  'cluster/no-kubeconfig': error<{ places: readonly string[] }>(
    ({ places }) => `there is no kubeconfig${places.length > 0 ? `: ${places.join(', ')} is not there` : ''}`,
    () => 'log in to the cluster as you would for kubectl, set KUBECONFIG, or give --kubeconfig FILE',
  ),
  'cluster/bad-kubeconfig': error<{ file: string; problem: string }>(
    ({ file, problem }) => `the kubeconfig ${file}: ${problem}`,
    () => 'see what "kubectl config view" says of it',
  ),
  'cluster/unknown-context': error<{ context: string | undefined; known: readonly string[] }>(
    ({ context }) => (context === undefined ? 'the kubeconfig chooses no context' : `the kubeconfig has no context ${quote(context)}`),
    ({ known }) => (known.length > 0 ? `contexts: ${listed(known)}; choose one with --context NAME` : 'it has no context at all'),
  ),
  'cluster/no-credentials': error<{ context: string; problem: string }>(
    ({ context, problem }) => `the credentials of context ${quote(context)} cannot be had: ${problem}`,
    () => 'log in again as you would for kubectl; "kubectl auth whoami" should work',
  ),
  'cluster/unreachable': error<{ server: string; context: string; problem: string }>(
    ({ server, problem }) => `the API server ${server} cannot be reached: ${problem}`,
    ({ context }) => `is the context ${quote(context)} the right one (--context), and is a VPN or proxy needed?`,
  ),
  'cluster/untrusted': error<{ server: string; problem: string }>(
    ({ server, problem }) => `the API server ${server} is not trusted: ${problem}`,
    () => 'correct certificate-authority-data, tls-server-name or server of the cluster in the kubeconfig',
  ),
  'cluster/unauthorized': error<{ server: string; context: string }>(
    ({ server, context }) =>
      `the API server ${server} does not know the user of context ${quote(context)}: the credentials are wrong or have expired`,
    () => 'log in again as you would for kubectl; "kubectl auth whoami" should work',
  ),
  'cluster/forbidden': error<{
    verb: string;
    resource: string;
    name: string | undefined;
    namespace: string | undefined;
    context: string;
    problem: string | undefined;
  }>(
    (args) => (args.problem === undefined ? `you may not ${permission(args)}` : `the cluster refused to ${permission(args)}: ${args.problem}`),
    ({ verb, resource, namespace, context, problem }) =>
      problem === undefined
        ? `ask for a Role that allows it; try: kubectl --context ${context} auth can-i ${verb} ${resource}${namespace === undefined ? '' : ` --namespace ${namespace}`}`
        : 'a rule of the cluster, not of the request, says so',
  ),
  'cluster/missing-kind': error<{ kind: string; apiVersion: string; server: string }>(
    ({ kind, apiVersion, server }) => `the cluster ${server} has no ${kind} of ${apiVersion}`,
    ({ apiVersion }) =>
      apiVersion.includes('tekton.dev')
        ? 'is Tekton Pipelines (and Triggers) installed there? "millrace doctor" says what is missing'
        : 'is it the right cluster (--context)?',
  ),
  'cluster/refused': error<{ verb: string; what: string; problem: string }>(
    ({ verb, what, problem }) => `the cluster did not ${verb} ${what}: ${problem}`,
  ),
  'cluster/unknown-team': error<{ team: string; known: readonly string[]; takesNamespace: boolean }>(
    ({ team }) => `services/platform.yaml has no team ${quote(team)}, so its namespace is not known`,
    ({ known, takesNamespace }) =>
      [known.length > 0 ? `teams: ${listed(known)}` : '', takesNamespace ? '--namespace NAME needs no team' : ''].filter(Boolean).join('; ') ||
      'declare the team in services/platform.yaml',
  ),
};
