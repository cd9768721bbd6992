/**
 * 50,000 bodies against services that are compiled from their YAML: the listener that is emitted starts a run only if the plain
 * predicate of test/oracle allows it, and then the run that it says, to the last field.
 */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { callersOf, sendRequest } from '../../src/engine/triggers/listener.js';
import type { Manifest } from '../../src/manifests/manifest.js';
import { allowedRun, type AllowedRun } from '../oracle/job-body.js';
import { textOf } from '../support/compile-files.js';
import { compiled, declarations, objects, request } from '../support/job-requests.js';

const bodies = 50_000;

/** The TaskRun that stands in the TriggerTemplate, with what the oracle says in the place of the variables. */
function expectedRun(service: string, { name, params, nodeSelector, resources }: AllowedRun): unknown {
  const template = objects.find(({ kind, metadata }) => kind === 'TriggerTemplate' && metadata.name === service);
  const [taskRun] = (template?.['spec'] as { resourcetemplates: readonly unknown[] }).resourcetemplates;
  const values: Readonly<Record<string, string>> = { ...params, runName: name ?? '' };
  const filled = JSON.parse(JSON.stringify(taskRun).replaceAll(/\$\(tt\.params\.(\w+)\)/g, (_, param: string) => values[param] ?? `no ${param}`));
  if (nodeSelector) filled.spec.podTemplate.nodeSelector = nodeSelector;
  if (resources) filled.spec.stepSpecs = [{ name: 'user-container', computeResources: resources }];
  return filled;
}

/** As the caller meant it; what is no JSON means nothing. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

it('the definitions compile, and each service has its callers', () => {
  expect(textOf(compiled)).toBe('');
  for (const { name, callers: own } of declarations) expect(callersOf(objects, 'risk', name)).toEqual(own);
});

it('a run starts only if the declaration allows the request, and then with exactly what it allows', { timeout: 180_000 }, () => {
  const started = new Map<string, number>();
  const refused = new Set<string>();
  fc.assert(
    fc.property(request, ({ service, caller, path, text }) => {
      const sent = { path, headers: { 'X-Millrace-Token': 'assumed' }, body: new TextEncoder().encode(text) };
      const outcome = sendRequest(objects, { namespace: 'risk', trigger: service.name, caller }, sent);
      const allowed = allowedRun(service, caller, path, parse(text));
      if (outcome.kind === 'refused') {
        if (allowed) throw new Error(`refused, though it is allowed: ${outcome.refusal.sentence}`);
        if (!isSentence(outcome.refusal.sentence)) throw new Error(`no sentence: ${JSON.stringify(outcome.refusal.sentence)}`);
        refused.add(kindOf(outcome.refusal.sentence));
        return;
      }
      if (!allowed) throw new Error('accepted, though it is not allowed');
      started.set(service.name, (started.get(service.name) ?? 0) + 1);
      const expected = expectedRun(service.name, allowed);
      if (!isSame(outcome.taskRun, expected)) expect(outcome.taskRun).toEqual(expected);
    }),
    { numRuns: bodies },
  );
  // Otherwise the property would hold for nothing.
  for (const { name } of declarations) expect(started.get(name) ?? 0, name).toBeGreaterThan(bodies / 1000);
  expect(refused.size).toBeGreaterThan(20);
});

const isSame = (taskRun: Manifest, expected: unknown): boolean => JSON.stringify(taskRun) === JSON.stringify(expected);
const isSentence = (text: string): boolean =>
  text !== '' && !/[\u0000-\u001f\u007f-\u009f\u2028\u2029\ud800-\udfff]/u.test(text) && !text.startsWith('this does not hold');
/** What the sentence is about, without what was found. */
const kindOf = (sentence: string): string =>
  sentence
    .replace(/ is .*?(, but must|; allowed)/s, '$1')
    .replace(/"[^"]*"/g, '')
    .slice(0, 60);
