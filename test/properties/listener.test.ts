import fc from 'fast-check';
import { expect, it } from 'vitest';
import { sendRequest, type TriggerOutcome } from '../../src/engine/triggers/listener.js';
import { taskRunParams } from '../../src/engine/triggers/template.js';
import { renderNamespace } from '../../src/manifests/namespace.js';
import { renderService } from '../../src/manifests/service.js';
import { namespaceModel, noChoices, serviceModel } from '../support/models.js';
import { runValuesOf } from '../support/requests.js';

const webhook = {
  callers: ['airflow'],
  dataSource: [{ connection: 'raw', prefix: 'fraud/' }],
  outputDestination: [{ connection: 'results', prefix: 'fraud/' }],
};
const service = { ...serviceModel, webhook: { ...webhook, ...noChoices, requireRequestId: false } };
const objects = [...renderNamespace(namespaceModel, 'runtime'), ...renderService(service, 'millrace-runtime-0123456789')];

const send = (body: Uint8Array): TriggerOutcome =>
  sendRequest(objects, { namespace: 'risk', trigger: 'fraud-scorer', caller: 'airflow' }, { path: '/risk/api/v1/batch/job', headers: {}, body });

/** What nobody may choose, whatever a request says. */
function expectHarmless(outcome: TriggerOutcome): void {
  if (outcome.kind === 'refused') {
    expect(outcome.refusal.sentence).not.toBe('');
    expect(outcome.refusal.sentence).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
    return;
  }
  const params = taskRunParams(outcome.taskRun);
  expect(params.get('dataConnection')).toBe('raw');
  expect(params.get('dataPath')).toMatch(/^fraud\/(?!.*\.\.)[^$:]*$/);
  expect(params.get('outputConnection')).toBe('results');
  expect(params.get('outputPath')).toMatch(/^fraud\/(?!.*\.\.)(?:[^$:]*\/)?$/);
  expect(outcome.taskRun.metadata.name).toMatch(/^(fraud-scorer--[a-z0-9]([-a-z0-9]{0,34}[a-z0-9])?)?$/);
}

it('any bytes are answered', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (body) => expectHarmless(send(body))));
});

it('any JSON is answered', () => {
  fc.assert(fc.property(fc.json({ maxDepth: 4 }), (body) => expectHarmless(send(new TextEncoder().encode(body)))));
});

const path = fc.oneof(
  fc.constantFrom(
    'fraud/in/',
    'fraud/in/2026/',
    'fraud/',
    'fraud',
    '/fraud/',
    'fraud/../x/',
    'fraud/$(uid)/',
    'fraud//x/',
    'fraud/a:b/',
    'fraud/-x/',
  ),
  fc
    .string({ unit: fc.constantFrom('fraud/', 'in', '/', '.', '..', '-', '$', '(', ')', ':', ' ', '\n', '\u00e9', 'x') })
    .map((rest) => `fraud/${rest}`),
);
const anything = fc.oneof(path, fc.jsonValue(), fc.constantFrom('raw', 'results', 'models', 'fraud-scorer', 'r-1', 'R', 'sched-x', 'InferenceJob'));
/** Mostly what is right, so that one wrong thing at a time is what decides. */
const mostly = (...right: readonly fc.JsonValue[]): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...right) }, { weight: 1, arbitrary: anything });
const reference = (connection: string): fc.Arbitrary<unknown> =>
  fc.oneof(
    { weight: 9, arbitrary: fc.record({ connection: mostly(connection), path }, { requiredKeys: ['path'] }) },
    { weight: 1, arbitrary: anything },
  );
const request = fc.record({
  kind: mostly('InferenceJob'),
  spec: fc.record(
    {
      inferenceServiceId: mostly('fraud-scorer'),
      dataSource: reference('raw'),
      outputDestination: reference('results'),
      requestId: mostly('r-1', 'a'),
    },
    { requiredKeys: ['inferenceServiceId'] },
  ),
});

it('a request that is nearly right chooses what it may, or nothing', () => {
  let accepted = 0;
  fc.assert(
    fc.property(request, (body) => {
      const outcome = send(new TextEncoder().encode(JSON.stringify(body)));
      if (outcome.kind === 'accepted') accepted += 1;
      expectHarmless(outcome);
    }),
    { numRuns: 1000 },
  );
  // Otherwise the property would hold for nothing.
  expect(accepted).toBeGreaterThan(50);
});

it('different requests never share the name of a run, and every name is one of Kubernetes', () => {
  const word = fc.stringMatching(/^[a-z0-9]{1,4}$/);
  const name = fc.array(word, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('-'));
  const id = fc.stringMatching(/^[a-z0-9]([-a-z0-9]{0,8}[a-z0-9])?$/).filter((each) => !each.startsWith('sched-'));
  const runName = (service: string, requestId: string): unknown => runValuesOf({ ...serviceModel, name: service }, { requestId })['runName'];
  fc.assert(
    fc.property(name, id, name, id, (service, requestId, otherService, otherId) => {
      const [one, other] = [runName(service, requestId), runName(otherService, otherId)];
      expect(one).toMatch(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/);
      expect(one === other).toBe(service === otherService && requestId === otherId);
    }),
    { numRuns: 2000 },
  );
});
