/** What is asked of the whole cluster. */
import { diagnose } from '../../diagnostics/diagnose.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { largestAmounts } from '../../manifests/schedules/scheduled-service.js';
import { fieldOf, isFields, listOf, textOf } from '../read.js';
import { resources } from '../resource.js';
import { checkApplied } from './applied.js';
import { check, type Check, minorOf, partial, type Patient, readAll } from './check.js';
import { checkDefaultPodTemplate } from './pod-template.js';

/** Where Tekton's own installation puts itself; OpenShift's operator has another place. */
const tektonNamespaces = { kubernetes: 'tekton-pipelines', openshift: 'openshift-pipelines' } as const;

/** Versions, types and flags of Tekton, its interceptors, and what kubelets do where memory runs out. */
export async function checkCluster(patient: Patient): Promise<readonly Check[]> {
  const target = patient.namespaces[0]?.target;
  if (!target) return [];
  const tekton = tektonNamespaces[target.distribution];
  return [
    await partial(undefined, 'Kubernetes', () => checkKubernetes(patient, target.kubernetes)),
    await partial(undefined, 'Tekton types', () => checkTypes(patient)),
    await partial(undefined, 'Tekton Pipelines', () =>
      checkVersion(patient, { tekton, what: 'Tekton Pipelines', info: 'pipelines-info', field: 'pipelines', wanted: target.pipelines }),
    ),
    await partial(undefined, 'Tekton Triggers', () =>
      checkVersion(patient, { tekton, what: 'Tekton Triggers', info: 'triggers-info', field: 'triggers', wanted: target.triggers }),
    ),
    await partial(undefined, 'feature flags', () => checkFlags(patient, tekton)),
    ...(patient.namespaces.some(({ enforcement }) => enforcement !== undefined)
      ? [await partial(undefined, 'defaults of runs', () => checkDefaultPodTemplate(patient, tekton))]
      : []),
    ...(patient.namespaces.some(({ callers }) => callers.length > 0)
      ? [await partial(undefined, 'interceptors', () => checkInterceptors(patient, tekton))]
      : []),
    await partial(undefined, 'out of memory', () => checkKubelets(patient)),
    ...(await checkElsewhere(patient)),
  ];
}

/** What `dist/` has in no namespace, or in one that is no team's: objects of a GitOps engine, the Ingress of a host. */
async function checkElsewhere(patient: Patient): Promise<readonly Check[]> {
  const ofTeams = new Set<string | undefined>(patient.namespaces.map(({ namespace }) => namespace));
  const others = new Set(patient.objects.map(({ metadata }) => metadata.namespace).filter((namespace) => !ofTeams.has(namespace)));
  const checks: Check[] = [];
  for (const namespace of others) {
    const what = namespace === undefined ? 'objects of dist/' : `objects of dist/ in ${namespace}`;
    checks.push(await partial(namespace, what, async () => ({ ...(await checkApplied(patient, namespace)), what })));
  }
  return checks;
}

const oldest = [1, 28] as const;

async function checkKubernetes({ api }: Patient, wanted: string): Promise<Check> {
  const version = textOf(await api.raw('/version'), 'gitVersion');
  const [major = 0, minor = 0] = minorOf(version).split('.').map(Number);
  const diagnostics: Diagnostic[] = [];
  if (major < oldest[0] || (major === oldest[0] && minor < oldest[1]))
    diagnostics.push(diagnose('doctor/kubernetes-too-old', undefined, { found: version }));
  else if (minorOf(version) !== wanted)
    diagnostics.push(diagnose('doctor/version-differs', undefined, { what: 'Kubernetes', found: version, wanted, field: 'kubernetes' }));
  return check(undefined, 'Kubernetes', `${version}; Platform says ${wanted}`, diagnostics);
}

const needed = [
  { what: 'Tekton Pipelines', path: '/apis/tekton.dev/v1', kinds: ['Task', 'TaskRun'] },
  { what: 'Tekton Triggers', path: '/apis/triggers.tekton.dev/v1beta1', kinds: ['EventListener', 'Trigger', 'TriggerBinding', 'TriggerTemplate'] },
] as const;

/** Everybody may ask which types an API serves, unlike its CustomResourceDefinitions. */
async function checkTypes({ api }: Patient): Promise<Check> {
  const diagnostics: Diagnostic[] = [];
  for (const { what, path, kinds } of needed) {
    const served = listOf(await api.served(path), 'resources').map((each) => textOf(each, 'kind'));
    const missing = kinds.filter((kind) => !served.includes(kind));
    if (missing.length > 0) diagnostics.push(diagnose('doctor/tekton-missing', undefined, { kinds: missing, what }));
  }
  return check(
    undefined,
    'Tekton types',
    diagnostics.length === 0 ? needed.flatMap(({ kinds }) => kinds).join(', ') : 'not all are there',
    diagnostics,
  );
}

interface VersionQuery {
  readonly tekton: string;
  readonly what: string;
  /** ConfigMap that everybody who has logged in may read. */
  readonly info: string;
  readonly field: string;
  readonly wanted: string;
}

async function checkVersion({ api }: Patient, { tekton, what, info, field, wanted }: VersionQuery): Promise<Check> {
  const found = textOf(await api.find({ type: resources.configMaps, namespace: tekton, name: info }), 'data', 'version');
  if (found === '') {
    const problem = `ConfigMap ${info} in namespace ${tekton} does not say its version`;
    return check(undefined, what, 'version not known', [diagnose('doctor/not-seen', undefined, { what: `the version of ${what}`, problem })]);
  }
  const differs = minorOf(found) !== minorOf(wanted);
  return check(
    undefined,
    what,
    `${found}; Platform says ${wanted}`,
    differs ? [diagnose('doctor/version-differs', undefined, { what, found, wanted, field })] : [],
  );
}

const securityContext = 'set-security-context';
const apiFields = 'enable-api-fields';

async function checkFlags({ api, services }: Patient, tekton: string): Promise<Check> {
  const flags = await api.find({ type: resources.configMaps, namespace: tekton, name: 'feature-flags' });
  const [context, fields] = [securityContext, apiFields].map((flag) => {
    const value = fieldOf(flags, 'data', flag);
    return typeof value === 'string' ? value : undefined;
  });
  // `stepSpecs` of a run is a beta field: seen with Pipelines 1.15. All else that is emitted is stable.
  const choosing = services.filter((service) => largestAmounts(service) !== undefined).map(({ name, namespace }) => `${namespace.team}/${name}`);
  const diagnostics = [
    ...(context === 'true' ? [] : [diagnose('doctor/security-context-flag', undefined, { found: context, tekton })]),
    ...(fields === 'stable' && choosing.length > 0 ? [diagnose('doctor/stable-fields-only', undefined, { services: choosing, tekton })] : []),
  ];
  const shown = [`${securityContext} is ${context ?? 'not set'}`, ...(fields === undefined ? [] : [`${apiFields} is ${fields}`])];
  return check(undefined, 'feature flags', shown.join(', '), diagnostics);
}

const interceptors = ['cel', 'github'] as const;

async function checkInterceptors({ api }: Patient, tekton: string): Promise<Check> {
  const found = await readAll(api, { type: resources.clusterInterceptors });
  const names = found.map((each) => textOf(each, 'metadata', 'name'));
  const missing = interceptors.filter((name) => !names.includes(name));
  const diagnostics: Diagnostic[] = missing.length > 0 ? [diagnose('doctor/interceptor-missing', undefined, { names: missing })] : [];
  // All of Triggers' own are one program.
  const service = found.find((each) => textOf(each, 'metadata', 'name') === 'cel');
  const name = textOf(service, 'spec', 'clientConfig', 'service', 'name') || 'tekton-triggers-core-interceptors';
  const namespace = textOf(service, 'spec', 'clientConfig', 'service', 'namespace') || tekton;
  if (missing.length < interceptors.length) {
    const deployment = await api.find({ type: resources.deployments, namespace, name });
    const ready = fieldOf(deployment, 'status', 'readyReplicas');
    const problem = deployment === undefined ? 'does not exist' : typeof ready === 'number' && ready > 0 ? undefined : 'has no pod that is ready';
    if (problem !== undefined) diagnostics.push(diagnose('doctor/interceptor-not-ready', undefined, { name, problem }));
  }
  return check(
    undefined,
    'interceptors',
    diagnostics.length === 0 ? `${interceptors.join(', ')}; ${name} is ready` : 'not as they must be',
    diagnostics,
  );
}

/** Most nodes of a cluster have the same configuration; this many are asked. */
const askedNodes = 20;

/** @see https://kubernetes.io/docs/reference/config-api/kubelet-config.v1beta1/ (singleProcessOOMKill, since 1.32; false on cgroup v2) */
async function checkKubelets({ api }: Patient): Promise<Check> {
  const nodes = (await readAll(api, { type: resources.nodes })).map((node) => textOf(node, 'metadata', 'name')).slice(0, askedNodes);
  const hanging: string[] = [];
  for (const name of nodes) {
    const configuration = fieldOf(await api.find({ type: resources.nodes, name, part: 'proxy/configz' }), 'kubeletconfig');
    if (isFields(configuration) && fieldOf(configuration, 'singleProcessOOMKill') !== true) hanging.push(name);
  }
  const found = `singleProcessOOMKill is true on ${String(nodes.length - hanging.length)} of ${String(nodes.length)} nodes`;
  return check(undefined, 'out of memory', found, hanging.length > 0 ? [diagnose('doctor/out-of-memory-hangs', undefined, { nodes: hanging })] : []);
}
