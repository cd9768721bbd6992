/**
 * What Tekton's admission webhooks make of an object: they decode it into Go types, fill defaults and encode it again.
 * Written from the recordings of the real ones; `admission.test.ts` holds it against every one of them. An object that
 * this leaves unchanged shows no difference after a GitOps engine has applied it.
 */
import { canonicalQuantity } from '../../src/base/quantity.js';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type Map = Record<string, Json>;

const isMap = (value: Json | undefined): value is Map => typeof value === 'object' && value !== null && !Array.isArray(value);
const maps = (value: Json | undefined): Map[] => (Array.isArray(value) ? value.filter(isMap) : []);
const at = (value: Json | undefined, ...path: string[]): Json | undefined =>
  path.reduce<Json | undefined>((each, key) => (isMap(each) ? each[key] : undefined), value);

/** Go leaves out empty fields that are marked omitempty. */
function dropEmpty(map: Map, keys: readonly string[]): void {
  for (const key of keys) if (map[key] === '' || map[key] === false || map[key] === 0) Reflect.deleteProperty(map, key);
}

function canonicalResources(resources: Map): void {
  for (const kind of ['limits', 'requests']) {
    const quantities = resources[kind];
    if (isMap(quantities)) for (const [name, value] of Object.entries(quantities)) quantities[name] = canonicalQuantity(String(value)) ?? value;
  }
}

function goDuration(text: string): string {
  const match = /^(\d+)([smh])$/.exec(text);
  if (!match) return text;
  const seconds = Number(match[1]) * { s: 1, m: 60, h: 3600 }[match[2] as 's' | 'm' | 'h'];
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60)];
  return `${hours ? `${String(hours)}h` : ''}${hours || minutes ? `${String(minutes)}m` : ''}${String(seconds % 60)}s`;
}

function admitTask(spec: Map): void {
  dropEmpty(spec, ['description']);
  for (const param of maps(spec['params'])) param['type'] ??= 'string';
  if (isMap(spec['stepTemplate'])) spec['stepTemplate']['computeResources'] ??= {};
  for (const step of maps(spec['steps'])) {
    step['computeResources'] ??= {};
    canonicalResources(step['computeResources'] as Map);
    if (typeof step['timeout'] === 'string') step['timeout'] = goDuration(step['timeout']);
    for (const variable of maps(step['env'])) dropEmpty(variable, ['value']);
    for (const mount of maps(step['volumeMounts'])) dropEmpty(mount, ['readOnly', 'subPath']);
    for (const result of maps(step['results'])) result['type'] ??= 'string';
  }
}

function admitTrigger(spec: Map): void {
  spec['bindings'] ??= null;
  for (const binding of maps(spec['bindings'])) binding['kind'] ??= 'TriggerBinding';
  for (const interceptor of maps(spec['interceptors'])) if (isMap(interceptor['ref'])) interceptor['ref']['kind'] ??= 'ClusterInterceptor';
}

function admitEventListener(spec: Map): void {
  spec['namespaceSelector'] ??= {};
  spec['resources'] ??= {};
  spec['serviceAccountName'] ??= 'default';
  const kubernetes = at(spec, 'resources', 'kubernetesResource');
  if (isMap(kubernetes)) {
    if (kubernetes['replicas'] === 0) kubernetes['replicas'] = 1;
    const template = at(kubernetes, 'spec', 'template');
    if (isMap(template)) {
      template['metadata'] ??= {};
      for (const container of maps(at(template, 'spec', 'containers'))) {
        container['name'] ??= '';
        container['resources'] ??= {};
      }
    }
  }
  for (const group of maps(spec['triggerGroups'])) {
    for (const interceptor of maps(group['interceptors'])) if (isMap(interceptor['ref'])) interceptor['ref']['kind'] ??= 'ClusterInterceptor';
    if (isMap(group['triggerSelector'])) group['triggerSelector']['namespaceSelector'] ??= {};
  }
}

/** The object as the API server would store it. */
export function admit<T>(object: T): T {
  const copy = structuredClone(object) as Json;
  const spec = at(copy, 'spec');
  if (!isMap(copy) || !isMap(spec)) return copy as T;
  switch (copy['kind']) {
    case 'Task':
      admitTask(spec);
      break;
    case 'Trigger':
      admitTrigger(spec);
      break;
    case 'EventListener':
      admitEventListener(spec);
      break;
    case 'TriggerTemplate':
      if ('resourceTemplates' in spec) {
        spec['resourcetemplates'] = spec['resourceTemplates'] as Json;
        delete spec['resourceTemplates'];
      }
      for (const param of maps(spec['params'])) dropEmpty(param, ['description']);
      break;
  }
  return copy as T;
}
