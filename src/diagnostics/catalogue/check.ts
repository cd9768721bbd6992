import { error, warning } from '../define.js';
import { chained, didYouMean, listed, quote, quoteUrl } from '../words.js';

/** A hint that only the check can work out. */
export interface Hinted {
  readonly hint: string | undefined;
}
const given = ({ hint }: Hinted): string | undefined => hint;

export const checkCatalogue = {
  // Any text
  'check/secret-value': error<{ name: string }>(
    ({ name }) => `the value of "${name}" is a secret in plain text`,
    () =>
      'whoever reads the repository or the pod sees it: revoke it, and let the predictor do without; only connections and sinks have keys, in Secrets',
  ),
  'check/expansion': error<{ readonly found: string }>(
    ({ found }) => `the text holds "${found}", which Tekton, the kubelet or Flux would expand`,
    () => 'write it without; values that change per run come from the environment of the predictor',
  ),
  'check/unsafe-character': error<{ readonly character: string; readonly kind: string }>(
    ({ character, kind }) => `the text holds ${character}, ${kind}`,
    () => 'remove it: what a reviewer sees must be what a machine reads',
  ),

  // Command line and environment of the predictor
  'check/unknown-variable': error<{ readonly variable: string; readonly known: readonly string[] }>(
    ({ variable }) => `${quote(`$(${variable})`)} is no variable that an argument may use`,
    ({ variable, known }) => didYouMean(variable, known, 'there are', ''),
  ),
  'check/unclosed-variable': error(
    () => 'the argument holds "$(" without ")"',
    () => 'close it, if it is a variable; otherwise write the argument without "$("',
  ),
  'check/variable-inside-argument': error<{ readonly variable: string; readonly before: string }>(
    ({ variable }) => `"$(${variable})" must be a whole argument`,
    ({ variable, before }) =>
      before.endsWith('=')
        ? `split it in two: ${quote(before.slice(0, -1))}, "$(${variable})"; or let the program read the variable from its environment`
        : 'let the program read the variable from its environment',
  ),
  'check/reserved-environment': error<{ readonly name: string; readonly prefix: string }>(
    ({ name }) => `the environment variable ${quote(name)} is reserved`,
    ({ prefix }) =>
      prefix === 'HOME' ? 'HOME is /tmp for every step' : `names that begin with ${prefix} are set by the job, or would reach into other steps`,
  ),

  // Params
  'check/invalid-pattern': error<{ readonly pattern: string; readonly problem: string } & Hinted>(
    ({ pattern, problem }) => `the pattern ${quote(pattern)} ${problem}`,
    given,
  ),
  'check/param-default': error<{ readonly param: string; readonly value: string; readonly problem: string } & Hinted>(
    ({ param, value, problem }) => `the default ${quote(value)} of param ${quote(param)} ${problem}`,
    given,
  ),

  // Image
  'check/invalid-image': error<{ readonly image: string } & Hinted>(({ image }) => `${quote(image)} is no reference of a container image`, given),
  'check/registry-not-allowed': error<{ readonly image: string; readonly team: string; readonly registries: readonly string[] }>(
    ({ image, team }) => `team ${quote(team)} may not use the image ${quote(image)}`,
    ({ registries }) => `its images come from: ${listed(registries)}`,
  ),
  'check/invalid-registry': error<{ readonly registry: string } & Hinted>(
    ({ registry }) => `${quote(registry)} is no beginning of image names`,
    given,
  ),
  'check/image-without-digest': error<{ readonly image: string }>(
    ({ image }) => `the image ${quote(image)} has no digest, and the platform requires digests`,
    ({ image }) => `a tag can be moved: append @sha256:…, which ${quote(`docker buildx imagetools inspect ${image}`)} shows`,
  ),
  'check/mutable-image': warning<{ readonly image: string }>(
    ({ image }) => `the image ${quote(image)} has no digest: two runs may use two different images`,
    () => 'append @sha256:…',
  ),

  // Amounts and times
  'check/invalid-quantity': error<{ readonly quantity: string; readonly problem: string } & Hinted>(
    ({ quantity, problem }) => `${quote(quantity)} ${problem}`,
    given,
  ),
  'check/quantity-not-canonical': error<{ readonly quantity: string; readonly canonical: string }>(
    ({ quantity }) => `${quote(quantity)} is not the shortest form of this quantity`,
    ({ canonical }) => `write "${canonical}"`,
  ),
  'check/invalid-duration': error<{ readonly duration: string; readonly problem: string } & Hinted>(
    ({ duration, problem }) => `${quote(duration)} ${problem}`,
    given,
  ),
  'check/duration-not-canonical': error<{ readonly duration: string; readonly canonical: string }>(
    ({ duration }) => `${quote(duration)} is not the shortest form of this duration`,
    ({ canonical }) => `write "${canonical}"`,
  ),
  'check/limit-below-request': error<{ readonly resource: string; readonly limit: string; readonly request: string; readonly isDefault: boolean }>(
    ({ resource, limit, request, isDefault }) =>
      `the ${resource} limit ${quote(limit)} is below the request ${quote(request)}${isDefault ? ', which is the default' : ''}`,
    () => 'raise the limit, or request less',
  ),
  'check/bound-below-own': error<{ readonly resource: string; readonly bound: string; readonly own: string; readonly isDefault: boolean }>(
    ({ resource, bound, own, isDefault }) =>
      `requests may ask for ${resource} up to ${quote(bound)}, which is less than the service's own ${quote(own)}${isDefault ? ', the default' : ''}`,
    () => 'raise the bound, or lower what the service has without a request',
  ),
  'check/ceiling-exceeded': error<{ readonly what: string; readonly value: string; readonly ceiling: string; readonly team: string } & Hinted>(
    ({ what, value, ceiling, team }) => `${what} ${value} exceeds the ceiling ${ceiling} of team ${quote(team)}`,
    given,
  ),
  'check/quota-too-small': error<{ readonly wanted: string; readonly quota: string; readonly namespace: string } & Hinted>(
    ({ wanted, quota, namespace }) => `one job needs ${wanted}, but the quota of namespace ${quote(namespace)} is ${quota}: it would wait for ever`,
    given,
  ),
  'check/run-timeout': error<{ readonly timeout: string; readonly ceiling: string; readonly team: string } & Hinted>(
    ({ timeout, ceiling, team }) => `a run may take ${timeout}, which exceeds the ceiling ${ceiling} of team ${quote(team)}`,
    given,
  ),
  'check/gpu-without-node-pool': error<{ readonly gpu: number; readonly pools: readonly string[] }>(
    ({ gpu }) => `the service asks for ${gpu} GPU${gpu === 1 ? '' : 's'}, but for no node pool`,
    ({ pools }) =>
      pools.length > 0
        ? `node pools that this team may use: ${listed(pools)}`
        : 'no node pool is open to this team: declare one in services/platform.yaml',
  ),

  // Paths and patterns
  'check/invalid-path': error<{ readonly path: string; readonly problem: string } & Hinted>(
    ({ path, problem }) => `the path ${quote(path)} ${problem}`,
    given,
  ),
  'check/unknown-placeholder': error<{ readonly placeholder: string } & Hinted>(
    ({ placeholder }) => `${quote(placeholder)} is not filled here`,
    given,
  ),
  'check/destination-not-a-folder': error<{ readonly path: string }>(
    ({ path }) => `results go into a folder, but ${quote(path)} does not end in "/"`,
    ({ path }) => `write ${quote(`${path}/`)}`,
  ),
  'check/reads-own-results': error<{ readonly field: 'dataSource' | 'modelSource'; readonly source: string; readonly destination: string }>(
    ({ field, source, destination }) =>
      `results go to ${quote(destination)}, which ${destination === source ? 'is' : 'lies in'} the folder of ${field}: the next run would read them`,
    () => 'give results a folder of their own beside it, such as in/ and out/',
  ),
  'check/arrival-loop': error<{ readonly marker: string; readonly prefix: string; readonly destination: string }>(
    ({ marker, prefix, destination }) =>
      `each job writes ${marker} to ${quote(destination)}, whose arrival below ${quote(prefix)} would start the next job, without end`,
    () => 'let data arrive in a folder of its own, or call its marker something else',
  ),
  'check/arrival-cycle': error<{
    /** In the order in which they start each other; the last is the first one. */ readonly services: readonly string[];
  }>(
    ({ services }) => `results of these services start each other, without end: ${chained(services)}`,
    () => 'break the circle: let one of them write where none listens, or listen for a marker that no job writes',
  ),
  'check/marker-is-input': warning<{ readonly marker: string; readonly pattern: string }>(
    ({ marker, pattern }) => `the marker ${marker} is one of the input files: include has ${quote(pattern)}`,
    () => 'choose a marker that include does not take, such as _SUCCESS',
  ),
  'check/shared-destination': warning<{ readonly path: string; readonly other: string }>(
    ({ path, other }) => `service ${quote(other)} writes to ${quote(path)} of the same store: each run replaces manifest and marker of the other's`,
    () => 'give every service a folder of its own, or every job one: layout: perJob',
  ),
  'check/overlapping-schedules': warning<{
    readonly schedule: string;
    readonly other: string;
    readonly path: string;
    readonly differing: 'data' | 'params';
  }>(
    ({ schedule, other, path, differing }) =>
      `schedules ${quote(other)} and ${quote(schedule)} both write to ${quote(path)}, but ${differing === 'data' ? 'read different data' : 'give different params'}: the runs of each replace results of the other's`,
    () => 'give each schedule a folder of its own, or each job one: layout: perJob',
  ),
  'check/file-as-data-source': warning<{ readonly path: string }>(
    ({ path }) => `${quote(path)} is one file: a folder ends in "/"`,
    ({ path }) => `write ${quote(`${path}/`)} if you mean the files of a folder`,
  ),
  'check/prefix-not-a-folder': error<{ readonly prefix: string }>(
    ({ prefix }) => `a prefix is a folder, but ${quote(prefix)} does not end in "/"`,
    ({ prefix }) => `write ${quote(`${prefix}/`)}: without it, ${quote(`${prefix}-2/`)} would be meant as well`,
  ),
  'check/model-form': error<{ readonly path: string; readonly endings: readonly string[] }>(
    ({ path }) => `${quote(path)} is neither a folder nor an archive that can be unpacked`,
    ({ endings }) => `a path of a model ends in one of: ${endings.join(' ')}`,
  ),
  'check/model-image-path': error<{ readonly path: string; readonly problem: string } & Hinted>(
    ({ path, problem }) => `${quote(path)} ${problem}`,
    given,
  ),
  'check/invalid-include': error<{ readonly pattern: string; readonly problem: string } & Hinted>(
    ({ pattern, problem }) => `the filter pattern ${quote(pattern)} ${problem}`,
    given,
  ),

  // Stores and nodes
  'check/invalid-endpoint': error<{ readonly endpoint: string } & Hinted>(({ endpoint }) => `${quoteUrl(endpoint)} is no endpoint of a store`, given),
  'check/not-a-store': error<{ readonly host: string; readonly problem: string }>(
    ({ host, problem }) => `${quote(host)} ${problem}`,
    () => 'write the host under which the pods of jobs reach the store',
  ),
  'check/encryption-key-without-kms': error<{ readonly type: string }>(
    ({ type }) => `the key has no effect with sse.type ${type}`,
    () => 'write type: aws:kms, or remove keyId',
  ),
  'check/plain-http-endpoint': warning<{ readonly endpoint: string; readonly exposed: string }>(
    ({ endpoint, exposed }) => `the endpoint ${quoteUrl(endpoint)} is not encrypted: ${exposed} can be read on the way`,
    () => 'use https:// outside of tests',
  ),

  // Routes
  'check/host-is-address': error<{ readonly kind: 'ingress' | 'gateway'; readonly host: string }>(
    ({ kind, host }) => `${quote(host)} is an address, and ${kind === 'ingress' ? 'an Ingress' : 'an HTTPRoute'} is for a host name`,
    () => 'write a host name that leads there, or kind: none and a route that you apply yourself',
  ),
  'check/gateway-named-twice': error<{ readonly gateway: string }>(
    ({ gateway }) => `Gateway ${quote(gateway)} is named already`,
    () => 'name a Gateway once, or with a sectionName of its own each time',
  ),

  // Network
  'check/invalid-cidr': error<{ readonly cidr: string; readonly problem: string } & Hinted>(
    ({ cidr, problem }) => `${quote(cidr)} ${problem}`,
    given,
  ),
  'check/metadata-address': error<{ readonly cidr: string; readonly what: 'store' | 'API server' }>(
    ({ cidr, what }) => `at ${quote(cidr)} the cloud gives credentials to whoever asks: no ${what} is there`,
    () => 'remove it: pods must not reach these addresses',
  ),
  'check/open-network': warning(
    () => 'no NetworkPolicies are made: a predictor can reach every pod of the cluster, the internet and the metadata service of the cloud',
    () => 'write mode: cidrs, or mode: cilium where Cilium is the network of the cluster',
  ),
  'check/enforcement-too-early': error<{ readonly found: string; readonly minimum: string }>(
    ({ found, minimum }) => `enforcement needs Kubernetes ${minimum}, and the target is ${found}`,
    () => 'remove enforcement, or update the cluster and target.kubernetes: an older API server has no ValidatingAdmissionPolicy',
  ),
  'check/no-body-limit': warning<{ /** Of the route; undefined: none is named. */ readonly kind: 'none' | 'gateway' | undefined }>(
    () => 'nothing in front of the listeners limits the body of a request: one of 20 MB ends a listener',
    ({ kind }) => {
      switch (kind) {
        case 'gateway':
          return 'name what serves the Gateway: controller: envoy-gateway, nginx-gateway-fabric or traefik';
        case 'none':
          return 'if the route that you apply yourself has a limit, say so: maxBody: 64Ki';
        case undefined:
          return 'name the route that should be made (route: {kind: ingress, …}), or the limit of one that you apply yourself: route: {kind: none, maxBody: 64Ki}';
      }
    },
  ),
  'check/host-namespace': error<{ /** Of an Ingress. */ readonly controller: string; readonly isGiven: boolean }>(
    ({ controller, isGiven }) =>
      isGiven
        ? `hostNamespace is for controller: nginx, and with ${controller} every Ingress has the host itself`
        : 'controller nginx takes the oldest of several Ingresses of a host and leaves out the others, unless one of them has the host: hostNamespace is missing',
    ({ isGiven }) => (isGiven ? 'leave it out' : 'add hostNamespace: nginx-ingress, with the namespace where the Ingress of the host should be'),
  ),
  'check/body-limit-too-high': warning<{ readonly maxBody: string; readonly most: string }>(
    ({ maxBody, most }) =>
      `maxBody ${maxBody} is more than listeners can take: one body of 20 MB ends a listener, and so do a few of more than ${most} each`,
    () => 'a request needs a few kilobytes: write 64Ki',
  ),
  'check/listener-unreachable': error<{ readonly mode: string }>(
    ({ mode }) => `mode ${mode} keeps every request from the listeners: requestsFrom is missing`,
    () => 'add requestsFrom: {namespaces: [ingress-nginx]}, with the namespaces that requests come from',
  ),
  'check/store-unreachable': error<{ readonly kind: string; readonly host: string }>(
    ({ kind, host }) => `network.endpoints has no addresses for ${kind}, so no job reaches ${quote(host)}`,
    ({ kind }) => `add ${kind}: with the addresses of these hosts, or 0.0.0.0/0 where they are not known`,
  ),

  // Feedback
  'check/sink-without-settings': error<{ readonly sink: string }>(
    ({ sink }) => `the feedback sink ${sink} has no settings`,
    ({ sink }) => (sink === 'fluentd' ? 'add fluentd: with the host of the sink' : 'add cloudevents: with the url of the sink'),
  ),
  'check/feedback-without-effect': error<{ readonly field: string; readonly because: string } & Hinted>(
    ({ field, because }) => `${quote(field)} has no effect: ${because}`,
    given,
  ),
  'check/cleanup-without-effect': error<{ readonly field: string; readonly engine: 'tekton-pruner' | 'none' }>(
    ({ field, engine }) =>
      `${quote(field)} has no effect: engine is ${engine}, ${engine === 'none' ? 'so nothing is cleaned up' : 'which goes by time alone'}`,
    ({ field, engine }) =>
      engine === 'none'
        ? `remove ${field}, or write engine: janitor`
        : `remove ${field}, or write engine: janitor; the history limits of tekton-pruner would delete runs whose requestId may come again`,
  ),
  'check/not-a-sink': error<{ readonly address: string; readonly problem: string } & Hinted>(
    ({ address, problem }) => `${quote(address)} ${problem}`,
    given,
  ),
  'check/token-without-tls': error<{ readonly address: string }>(
    ({ address }) => `${quote(address)} is not encrypted: the token of secretRef can be read on the way`,
    () => 'write https://, or for a sink in the cluster the name of its Service: http://SERVICE.NAMESPACE.svc',
  ),
  'check/gpu-quota-without-pool': warning<{ readonly gpu: number; readonly team: string; readonly pools: readonly string[] }>(
    ({ gpu, team }) => `the quota of ${String(gpu)} GPUs limits no job: team ${quote(team)} may use no node pool, so none of its jobs has a GPU`,
    ({ team, pools }) =>
      pools.length > 0
        ? `add ${team} to teams of one of the node pools: ${listed(pools)}; or remove gpu`
        : `add a node pool with teams: [${team}], or remove gpu`,
  ),
  'check/tolerance-without-effect': error<{ readonly field: string; readonly isDefault: boolean }>(
    ({ field, isDefault }) =>
      `${quote(field)} has no effect: onInvalid is fail${isDefault ? ', the default' : ''}, so the first invalid file fails the run`,
    ({ field }) => `write onInvalid: quarantine or onInvalid: skip, or remove ${field}`,
  ),
  'check/invalid-toleration': error<{ readonly problem: string } & Hinted>(({ problem }) => `the toleration ${problem}`, given),

  // Secrets in files
  'check/sops-not-decrypted': warning<{ readonly engine: 'argocd' | 'flux' }>(
    ({ engine }) =>
      engine === 'argocd'
        ? 'Argo CD cannot decrypt files of SOPS, so the Secrets of this connection will not be there'
        : 'Flux has no keys for files of SOPS, so the Secrets of this connection will not be there',
    ({ engine }) =>
      engine === 'argocd'
        ? 'use sealedSecret or externalSecret, or apply the .sops.yaml files by what decrypts them: the Applications leave them out'
        : 'name the Secret with the keys in gitops.decryption of Platform',
  ),

  // Schedules
  'check/cron': error<{ readonly cron: string; readonly problem: string } & Hinted>(
    ({ cron, problem }) => `the schedule ${quote(cron)} ${problem}`,
    given,
  ),
  'check/unknown-schedule-param': error<{ readonly schedule: string; readonly param: string; readonly known: readonly string[] }>(
    ({ schedule, param }) => `schedule ${quote(schedule)} gives a param ${quote(param)}, which the service does not have`,
    ({ param, known }) => didYouMean(param, known, 'params of the service', 'the service has no params: declare it under spec.params'),
  ),
  'check/schedule-param': error<{ readonly schedule: string; readonly param: string; readonly value: string; readonly pattern: string }>(
    ({ schedule, param, value }) =>
      `schedule ${quote(schedule)} gives param ${quote(param)} the value ${quote(value)}, which does not match its pattern`,
    ({ pattern }) => `the whole value must match ${pattern}, in printable ASCII without $, " and \\`,
  ),
  'check/schedule-resources': error<{
    readonly schedule: string;
    readonly resource: string;
    readonly amount: string;
    /** Undefined: requests may not ask for any of it. */
    readonly bound: string | undefined;
  }>(
    ({ schedule, resource, amount, bound }) =>
      `schedule ${quote(schedule)} asks for ${resource} ${quote(amount)}, but requests to the service may ${bound === undefined ? `not ask for ${resource}` : `ask for ${quote(bound)} at most`}`,
    ({ resource, bound }) => `${bound === undefined ? 'give a bound:' : 'raise'} triggers.webhook.overrides.resources.${resource}`,
  ),
  'check/time-zone': error<{ readonly timeZone: string } & Hinted>(({ timeZone }) => `${quote(timeZone)} is no time zone`, given),
};
