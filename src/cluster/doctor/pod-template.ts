/** What Tekton adds to every run before an admission policy of ours judges it. */
import { diagnose } from '../../diagnostics/diagnose.js';
import { parsePlainYaml } from '../../source/plain-yaml.js';
import { fieldOf, isFields } from '../read.js';
import { resources } from '../resource.js';
import { check, type Check, type Patient } from './check.js';

/** Each run of ours has these itself, and Tekton merges only what a run has not: seen with Pipelines 1.15. */
const ownFields: ReadonlySet<string> = new Set(['automountServiceAccountToken', 'enableServiceLinks', 'securityContext']);

/** Of the namespaces with an admission policy: whether runs get fields there that it does not know. */
export async function checkDefaultPodTemplate({ api, namespaces }: Patient, tekton: string): Promise<Check> {
  const defaults = await api.find({ type: resources.configMaps, namespace: tekton, name: 'config-defaults' });
  const text = fieldOf(defaults, 'data', 'default-pod-template');
  const fields = typeof text === 'string' ? fieldsOf(text).filter((field) => !ownFields.has(field)) : [];
  const of = (mode: string): readonly string[] => namespaces.flatMap(({ namespace, enforcement }) => (enforcement === mode ? [namespace] : []));
  const [refused, noted] = [of('enforce'), of('audit')];
  const diagnostics = [
    ...(refused.length > 0 ? [diagnose('doctor/default-pod-template-refused', undefined, { fields, namespaces: refused, tekton })] : []),
    ...(noted.length > 0 ? [diagnose('doctor/default-pod-template-noted', undefined, { fields, namespaces: noted, tekton })] : []),
  ];
  const found = fields.length === 0 ? 'default-pod-template adds nothing to runs' : `default-pod-template adds ${fields.join(', ')}`;
  return check(undefined, 'defaults of runs', found, fields.length === 0 ? [] : diagnostics);
}

/** Names of the fields of a template; none where Tekton could not read it either. */
function fieldsOf(text: string): readonly string[] {
  const template = parsePlainYaml(text);
  return isFields(template) ? Object.keys(template) : [];
}
