/** TriggerBinding and TriggerTemplate: from the values of an event to the object that the listener creates. */
import { assertInvariant } from '../../base/assert.js';
import type { Manifest } from '../../manifests/manifest.js';
import { asClosed, asFields, asList, asManifest, asText } from '../objects.js';

/** Values of a binding, by param; `error` names the param that has none. */
export type Bound = { readonly params: ReadonlyMap<string, string> } | { readonly error: string };

/** The params of a TriggerTemplate: what the bindings give, else the template's default. */
export function bindParams(bindings: readonly Manifest[], template: Manifest, extensions: Readonly<Record<string, unknown>>): Bound {
  const params = new Map(templateDefaults(template));
  for (const binding of bindings) {
    const where = `TriggerBinding ${binding.metadata.name}`;
    for (const item of asList(asClosed(binding['spec'], where, ['params'])['params'], where)) {
      const param = asClosed(item, where, ['name', 'value']);
      const name = asText(param['name'], where);
      const text = asText(param['value'], where);
      const key = /^\$\(extensions\.([A-Za-z0-9_]+)\)$/.exec(text)?.[1];
      assertInvariant(key !== undefined, `${where}: ${text} is not understood here`);
      if (Object.hasOwn(extensions, key)) params.set(name, asParamText(extensions[key]));
      else if (!params.has(name)) return { error: name };
    }
  }
  return { params };
}

const asParamText = (value: unknown): string => (typeof value === 'string' || typeof value === 'bigint' ? String(value) : JSON.stringify(value));

/** The defaults of a TriggerTemplate's params, by name. */
export function templateDefaults(template: Manifest): ReadonlyMap<string, string> {
  const where = `TriggerTemplate ${template.metadata.name}`;
  const spec = asClosed(template['spec'], where, ['params', 'resourcetemplates']);
  return new Map(
    asList(spec['params'], where).flatMap((item) => {
      const param = asClosed(item, where, ['name', 'default', 'description']);
      return param['default'] === undefined ? [] : [[asText(param['name'], where), asText(param['default'], where)] as const];
    }),
  );
}

/**
 * The only object of a TriggerTemplate, with `$(tt.params.x)` replaced in every string and key.
 *
 * @param uid what `$(uid)` becomes; without it, there is none: no template of ours holds one, nor lets a request bring one
 */
export function fillTemplate(template: Manifest, params: ReadonlyMap<string, string>, uid?: string): Manifest {
  const where = `TriggerTemplate ${template.metadata.name}`;
  const [resource, ...others] = asList(asFields(template['spec'], where)['resourcetemplates'], where);
  assertInvariant(others.length === 0, `${where} has more than one resource`);
  const filled = asManifest(
    replaceIn(resource, (text) => replaceText(text, params, uid)),
    where,
  );
  assertInvariant(filled.kind === 'TaskRun', `${where} makes no TaskRun`);
  return filled;
}

function replaceIn(value: unknown, replace: (text: string) => string): unknown {
  if (typeof value === 'string') return replace(value);
  if (Array.isArray(value)) return value.map((item: unknown) => replaceIn(item, replace));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [replace(key), replaceIn(item, replace)]));
}

/** One param after the other, as Triggers does: a value that holds a variable is a template for the params after it. */
function replaceText(text: string, params: ReadonlyMap<string, string>, uid: string | undefined): string {
  if (!text.includes('$(')) return text;
  let current = text;
  // What a value gives to expand is escaped first, which Pipelines takes back.
  for (const [name, value] of params) current = current.replaceAll(`$(tt.params.${name})`, () => value.replaceAll('$(', () => '$$('));
  if (uid !== undefined) return current.replaceAll('$(uid)', () => uid);
  assertInvariant(!current.includes('$(uid)'), '$(uid) is not understood here');
  return current;
}

/** The params of a TaskRun, by name. */
export function taskRunParams(taskRun: Manifest): ReadonlyMap<string, string> {
  const where = `TaskRun of ${taskRun.metadata.namespace ?? ''}`;
  return new Map(
    asList(asFields(taskRun['spec'], where)['params'], where).map((item) => {
      const param = asClosed(item, where, ['name', 'value']);
      return [asText(param['name'], where), asText(param['value'], where)];
    }),
  );
}
