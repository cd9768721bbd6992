/** What is asked of the namespace of a team. */
import { diagnose } from '../../diagnostics/diagnose.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import type { NamespaceModel } from '../../model/model.js';
import { servicesIn } from '../../model/services-in.js';
import { fieldOf, isFields, listOf, textOf, textsOf } from '../read.js';
import { resources } from '../resource.js';
import { check, type Check, partial, type Patient, readAll } from './check.js';
import { checkApplied } from './applied.js';
import { checkListeners } from './listeners.js';
import { neededSecrets } from './needed-secrets.js';

/** What the definitions need in one namespace; where it does not exist, nothing else is asked. */
export async function checkNamespace(patient: Patient, model: NamespaceModel): Promise<readonly Check[]> {
  const { namespace } = model;
  const first = await partial(namespace, 'namespace', () => checkLabels(patient, model));
  // Nothing in it is there either.
  if (first.diagnostics.some(({ code }) => code === 'doctor/namespace-missing')) return [first];
  return [
    first,
    await partial(namespace, 'objects of dist/', () => checkApplied(patient, namespace)),
    await partial(namespace, 'Secrets', () => checkSecrets(patient, model)),
    await partial(namespace, 'quota', () => checkQuota(patient, namespace)),
    ...(await checkListeners(patient, model)),
  ];
}

const enforce = 'pod-security.kubernetes.io/enforce';

async function checkLabels({ api }: Patient, { namespace, manageNamespace }: NamespaceModel): Promise<Check> {
  const found = await api.find({ type: resources.namespaces, name: namespace });
  if (found === undefined) {
    return check(namespace, 'namespace', 'it does not exist', [
      diagnose('doctor/namespace-missing', undefined, { namespace, managed: manageNamespace }),
    ]);
  }
  const level = textsOf(found, 'metadata', 'labels')[enforce];
  // Where the namespace is somebody else's, any level is one that jobs run under.
  const wrong = manageNamespace && level !== 'restricted';
  const diagnostics = wrong ? [diagnose('doctor/pod-security', undefined, { namespace, found: level, wanted: 'restricted' })] : [];
  return check(namespace, 'namespace', `Pod Security ${level ?? 'of no level'}`, diagnostics);
}

async function checkSecrets({ api, services }: Patient, model: NamespaceModel): Promise<Check> {
  const { namespace } = model;
  const needed = neededSecrets(model, servicesIn(model, services));
  const diagnostics: Diagnostic[] = [];
  for (const { secret, keys, usedBy } of needed) {
    const found = await api.find({ type: resources.secrets, namespace, name: secret });
    if (found === undefined) {
      diagnostics.push(diagnose('doctor/secret-missing', undefined, { secret, namespace, usedBy, keys }));
      continue;
    }
    const data = fieldOf(found, 'data');
    for (const key of keys) {
      const value = isFields(data) && Object.hasOwn(data, key) ? data[key] : undefined;
      const problem = keyProblem(value);
      if (problem) diagnostics.push(diagnose(problem, undefined, { secret, namespace, key, usedBy }));
    }
  }
  const found = needed.length === 0 ? 'none are needed' : needed.map(({ secret, keys }) => `${secret} (${keys.join(', ')})`).join(', ');
  return check(namespace, 'Secrets', found, diagnostics);
}

/** Looks at the value and keeps nothing of it. */
function keyProblem(value: unknown): 'doctor/secret-key-missing' | 'doctor/secret-key-empty' | 'doctor/secret-key-blank' | undefined {
  if (typeof value !== 'string') return 'doctor/secret-key-missing';
  const text = Buffer.from(value, 'base64').toString('latin1');
  if (text === '') return 'doctor/secret-key-empty';
  // Files of several lines (a service account's JSON) end in a line feed and are none the worse.
  return /^\s|\s$/.test(text) && !/[\r\n]\S/.test(text.trimEnd()) && !text.startsWith('{') ? 'doctor/secret-key-blank' : undefined;
}

/** Resources that a quota may only count where every container asks for some. */
const counted = /^(requests\.|limits\.)?(cpu|memory)$/;

async function checkQuota({ api }: Patient, namespace: string): Promise<Check> {
  const quotas = await readAll(api, { type: resources.resourceQuotas, namespace });
  const limits = await readAll(api, { type: resources.limitRanges, namespace });
  const hasDefaults = limits.some((each) =>
    listOf(each, 'spec', 'limits').some((item) => isFields(fieldOf(item, 'default')) || isFields(fieldOf(item, 'defaultRequest'))),
  );
  const diagnostics: Diagnostic[] = [];
  for (const each of quotas) {
    const quota = textOf(each, 'metadata', 'name');
    const hard = textsOf(each, 'spec', 'hard');
    const used = textsOf(each, 'status', 'used');
    const bound = Object.keys(hard).filter((name) => counted.test(name));
    if (bound.length > 0 && !hasDefaults)
      diagnostics.push(diagnose('doctor/quota-without-limits', undefined, { namespace, quota, resources: bound }));
    if (Object.keys(hard).some((name) => name.startsWith('count/taskruns')))
      diagnostics.push(diagnose('doctor/quota-counts-runs', undefined, { namespace, quota }));
    // The API writes both in one form.
    const full = Object.keys(hard).filter((name) => hard[name] !== '0' && used[name] === hard[name]);
    if (full.length > 0) diagnostics.push(diagnose('doctor/quota-used-up', undefined, { namespace, quota, resources: full }));
  }
  const words = `${String(quotas.length)} ResourceQuota, ${String(limits.length)} LimitRange`;
  return check(namespace, 'quota', words, diagnostics);
}
