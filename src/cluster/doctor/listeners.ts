/** Whether listeners answer, and what stands before them. */
import { diagnose } from '../../diagnostics/diagnose.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { bodyLimitAnnotations } from '../../manifests/routes/route.js';
import type { NamespaceModel } from '../../model/model.js';
import { listOf, numberOf, textOf, textsOf } from '../read.js';
import { resources } from '../resource.js';
import { check, type Check, partial, type Patient, readAll } from './check.js';

export async function checkListeners(patient: Patient, { namespace, route }: NamespaceModel): Promise<readonly Check[]> {
  const names = patient.objects
    .filter(({ kind, metadata }) => kind === 'EventListener' && metadata.namespace === namespace)
    .map(({ metadata }) => metadata.name);
  const checks: Check[] = [];
  for (const name of names) {
    checks.push(await partial(namespace, `listener ${name}`, () => checkListener(patient, namespace, name)));
    checks.push(await partial(namespace, `pods of listener ${name}`, () => checkPods(patient, namespace, name)));
    checks.push(await partial(namespace, `way to listener ${name}`, () => checkWay(patient, { namespace, route }, name)));
  }
  return checks;
}

async function checkListener({ api }: Patient, namespace: string, name: string): Promise<Check> {
  const found = await api.find({ type: resources.eventListeners, namespace, name });
  const conditions = listOf(found, 'status', 'conditions');
  const of = (type: string): unknown => conditions.find((each) => textOf(each, 'type') === type);
  // Ready says that its objects were made; Available, that a pod of its Deployment answers.
  const wrong = ['Ready', 'Available'].map((type) => ({ type, condition: of(type) })).find(({ condition }) => textOf(condition, 'status') !== 'True');
  const problem =
    found === undefined
      ? 'it does not exist'
      : conditions.length === 0
        ? 'Tekton Triggers has not seen it yet'
        : wrong && (textOf(wrong.condition, 'message') || `its condition ${wrong.type} is not True`);
  const diagnostics = problem === undefined ? [] : [diagnose('doctor/listener-not-ready', undefined, { listener: name, namespace, problem })];
  return check(namespace, `listener ${name}`, problem ?? 'ready', diagnostics);
}

/** The listener's own conditions are as old as the last time that Tekton Triggers has looked. */
async function checkPods({ api }: Patient, namespace: string, name: string): Promise<Check> {
  const deployment = await api.find({ type: resources.deployments, namespace, name: `el-${name}` });
  const ready = numberOf(deployment, 'status', 'readyReplicas') ?? 0;
  const problem =
    deployment === undefined ? `its Deployment el-${name} does not exist` : ready > 0 ? undefined : `no pod of its Deployment el-${name} is ready`;
  const diagnostics = problem === undefined ? [] : [diagnose('doctor/listener-not-ready', undefined, { listener: name, namespace, problem })];
  return check(namespace, `pods of listener ${name}`, problem ?? `${String(ready)} ready`, diagnostics);
}

/** How the known kinds of Ingress controllers are told the largest body; the last one is what older controllers of HAProxy read. */
const limitAnnotations = [...Object.values(bodyLimitAnnotations), 'ingress.kubernetes.io/proxy-body-size'];

async function checkWay({ api }: Patient, { namespace, route: ours }: Pick<NamespaceModel, 'namespace' | 'route'>, name: string): Promise<Check> {
  const service = `el-${name}`;
  const diagnostics: Diagnostic[] = [];
  const ways: string[] = [];
  const warn = (by: string): void => void diagnostics.push(diagnose('doctor/no-body-limit', undefined, { listener: name, namespace, by }));

  const type = textOf(await api.find({ type: resources.services, namespace, name: service }), 'spec', 'type');
  if (type === 'LoadBalancer' || type === 'NodePort') {
    ways.push(`Service ${service} (${type})`);
    warn(`Service ${service} of type ${type}`);
  }
  for (const ingress of await readAll(api, { type: resources.ingresses, namespace })) {
    const backends = listOf(ingress, 'spec', 'rules').flatMap((rule) =>
      listOf(rule, 'http', 'paths').map((path) => textOf(path, 'backend', 'service', 'name')),
    );
    if (!backends.includes(service)) continue;
    const by = `Ingress ${textOf(ingress, 'metadata', 'name')}`;
    ways.push(by);
    const annotations = textsOf(ingress, 'metadata', 'annotations');
    if (!limitAnnotations.some((each) => (annotations[each] ?? '') !== '')) warn(by);
  }
  // A cluster without Gateway API has no routes.
  await partial(namespace, 'HTTPRoutes', async () => {
    for (const route of await readAll(api, { type: resources.httpRoutes, namespace })) {
      const backends = listOf(route, 'spec', 'rules').flatMap((rule) => listOf(rule, 'backendRefs').map((ref) => textOf(ref, 'name')));
      if (!backends.includes(service)) continue;
      const routeName = textOf(route, 'metadata', 'name');
      const by = `HTTPRoute ${routeName}`;
      ways.push(by);
      // Our route is called like its listener, and each gateway has a policy of its own beside it: whether that is there is seen by
      // the objects of dist/.
      if (!(routeName === name && ours?.kind === 'gateway' && ours.controller !== undefined)) warn(by);
    }
    return check(namespace, 'HTTPRoutes', '');
  });
  return check(namespace, `way to listener ${name}`, ways.length === 0 ? 'none from outside that is known here' : ways.join(', '), diagnostics);
}
