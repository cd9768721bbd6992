/** Whether listeners answer, and what stands before them. */
import { diagnose } from '../../diagnostics/diagnose.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import type { NamespaceModel } from '../../model/model.js';
import { listOf, numberOf, textOf } from '../read.js';
import { resources } from '../resource.js';
import { type BodyLimit, httpRouteLimit, ingressLimit } from './body-limit.js';
import { check, type Check, partial, type Patient, readAll } from './check.js';
import { objectReader } from './object-reader.js';

/** Of every EventListener that `dist/` has in a namespace, shared and dedicated: itself, its pods, and the ways to it. */
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

/** Bytes. One of 20 MB has ended a listener; this leaves room for a second one at the same time. */
const largestBody = 10 * 1024 * 1024;

async function checkWay({ api }: Patient, { namespace, route: ours }: Pick<NamespaceModel, 'namespace' | 'route'>, name: string): Promise<Check> {
  const service = `el-${name}`;
  const diagnostics: Diagnostic[] = [];
  const ways: string[] = [];
  const reader = objectReader(api);
  const warn = (by: string, problem?: string, notes: readonly string[] = []): void =>
    void diagnostics.push(diagnose('doctor/no-body-limit', undefined, { listener: name, namespace, by, problem, notes }));
  const notSeen = (what: string, unread: readonly string[]): void =>
    void diagnostics.push(diagnose('doctor/not-seen', undefined, { what, problem: `you may not read ${unread.join(', ')}` }));
  const judge = async (by: string, find: () => Promise<BodyLimit>): Promise<void> => {
    const before = reader.unread.length;
    const limit = await find();
    if (limit.kind === 'limit' && limit.bytes <= largestBody) {
      ways.push(`${by} (bodies of at most ${limit.size})`);
      return;
    }
    ways.push(by);
    if (limit.kind === 'limit') warn(by, `lets bodies of ${limit.bytes === Infinity ? 'any size' : `up to ${limit.size}`} through (${limit.by})`);
    else if (reader.unread.length > before) notSeen(`whether ${by} limits bodies`, reader.unread.slice(before));
    else warn(by, undefined, limit.notes);
  };

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
    // Our objects are called like their listener. Whether the policy beside a route of ours is there, the objects of dist/ say.
    if (by === `Ingress ${name}` && ours?.kind === 'ingress' && ours.controller === 'traefik') ways.push(by);
    else await judge(by, () => ingressLimit(reader, ingress, namespace));
  }
  for (const route of await reader.all(resources.httpRoutes, namespace)) {
    const backends = listOf(route, 'spec', 'rules').flatMap((rule) => listOf(rule, 'backendRefs').map((ref) => textOf(ref, 'name')));
    if (!backends.includes(service)) continue;
    const by = `HTTPRoute ${textOf(route, 'metadata', 'name')}`;
    if (by === `HTTPRoute ${name}` && ours?.kind === 'gateway' && ours.controller !== undefined) ways.push(by);
    else await judge(by, () => httpRouteLimit(reader, route, namespace, service));
  }
  const routes = reader.unread.filter((each) => each.startsWith(`${resources.httpRoutes.plural} `));
  if (routes.length > 0) notSeen(`whether an HTTPRoute leads to the listener ${name}`, routes);
  return check(namespace, `way to listener ${name}`, ways.length === 0 ? 'none from outside that is known here' : ways.join(', '), diagnostics);
}
