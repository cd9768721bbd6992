/** What a refused caller is told, for the Trigger that is really emitted. */
import { describe, expect, it } from 'vitest';
import { callersOf, sendRequest, type TriggerOutcome } from '../../../src/engine/triggers/listener.js';
import { taskRunParams } from '../../../src/engine/triggers/template.js';
import { renderNamespace } from '../../../src/manifests/namespace.js';
import { renderService } from '../../../src/manifests/service.js';
import { namespaceModel, noChoices, serviceModel } from '../../support/models.js';

/** A request may take its data from either of two places, and its results go where the service says. */
const dataSource = ['fraud/in/', 'shared/'].map((prefix) => ({ connection: 'raw', prefix }));
const service = {
  ...serviceModel,
  webhook: { callers: ['airflow', 'ci'], dataSource, outputDestination: [], ...noChoices, requireRequestId: false },
};
const objects = [...renderNamespace(namespaceModel, 'runtime'), ...renderService(service, 'millrace-runtime-0123456789')];

interface Changes {
  readonly body?: unknown;
  readonly path?: string;
  readonly caller?: string;
}
const post = (spec: Record<string, unknown>, { body, path, caller }: Changes = {}): TriggerOutcome =>
  sendRequest(
    objects,
    { namespace: 'risk', trigger: 'fraud-scorer', caller: caller ?? 'airflow' },
    {
      path: path ?? '/risk/api/v1/batch/job',
      headers: { 'X-Millrace-Token': 'not checked' },
      body: new TextEncoder().encode(JSON.stringify(body ?? { kind: 'InferenceJob', spec: { inferenceServiceId: 'fraud-scorer', ...spec } })),
    },
  );

function accepted(outcome: TriggerOutcome): { readonly name: string; readonly params: Record<string, string> } {
  if (outcome.kind === 'refused') throw new Error(outcome.refusal.sentence);
  return { name: outcome.taskRun.metadata.name, params: Object.fromEntries(taskRunParams(outcome.taskRun)) };
}

function sentence(outcome: TriggerOutcome): string {
  if (outcome.kind === 'accepted') throw new Error('it was accepted');
  return outcome.refusal.sentence;
}

describe('an accepted request', () => {
  it('leaves every default', () => {
    expect(accepted(post({}))).toEqual({
      name: '',
      params: {
        dataConnection: 'raw',
        dataPath: 'fraud/in/',
        outputConnection: 'results',
        outputPath: 'fraud/out/',
        requestId: '-',
        caller: 'airflow',
      },
    });
  });

  it('chooses below its prefix, and gives the run its name', () => {
    const run = accepted(post({ dataSource: { connection: 'raw', path: 'fraud/in/2026-11-22/' }, requestId: 'r-1' }, { caller: 'ci' }));
    expect(run.name).toBe('fraud-scorer--r-1');
    expect(run.params).toMatchObject({ dataConnection: 'raw', dataPath: 'fraud/in/2026-11-22/', requestId: 'r-1', caller: 'ci' });
  });

  it('is refused to a caller with a token that sends none, also where the key in the Secret is empty', () => {
    const body = new TextEncoder().encode('{"kind":"InferenceJob","spec":{"inferenceServiceId":"fraud-scorer"}}');
    const to = { namespace: 'risk', trigger: 'fraud-scorer', caller: 'ci' };
    expect(sendRequest(objects, to, { path: '/risk/api/v1/batch/job', headers: {}, body }).kind).toBe('refused');
  });

  it('comes from a caller that the listener has a group for', () => {
    expect(callersOf(objects, 'risk', 'fraud-scorer')).toEqual(['airflow', 'ci']);
  });
});

describe('a refused request', () => {
  const cases: readonly (readonly [name: string, outcome: TriggerOutcome, sentence: string])[] = [
    [
      'another path',
      post({}, { path: '/growth/api/v1/batch/job' }),
      'the path of the URL is "/growth/api/v1/batch/job", but must be "/risk/api/v1/batch/job"',
    ],
    ['another kind', post({}, { body: { kind: 'InferenceService', spec: {} } }), 'kind is "InferenceService", but must be "InferenceJob"'],
    ['no kind', post({}, { body: {} }), 'kind is missing'],
    ['a list', post({}, { body: [] }), 'its body is no JSON object'],
    ['no spec', post({}, { body: { kind: 'InferenceJob' } }), 'spec is missing'],
    [
      'a key beside spec',
      post({}, { body: { kind: 'InferenceJob', spec: { inferenceServiceId: 'fraud-scorer' }, apiVersion: 'v1' } }),
      'the body has the key "apiVersion"; it may have kind, spec',
    ],
    ['a misspelt kind', post({}, { body: { knd: 'InferenceJob', spec: {} } }), 'knd is not a field; did you mean kind?'],
    ['a misspelt spec', post({}, { body: { kind: 'InferenceJob', specs: {} } }), 'specs is not a field; did you mean spec?'],
    [
      'a misspelt inferenceServiceId, which is then missing',
      post({}, { body: { kind: 'InferenceJob', spec: { inferenceServiceID: 'fraud-scorer' } } }),
      'spec.inferenceServiceID is not a field; did you mean inferenceServiceId?',
    ],
    [
      'a misspelt dataSource, whatever else is wrong',
      post({ inferenceServiceId: 'fraud', dataSorce: { path: 'fraud/in/' } }),
      'spec.dataSorce is not a field; did you mean dataSource?',
    ],
    ['spec as null', post({}, { body: { kind: 'InferenceJob', spec: null } }), 'spec is null, but must be an object'],
    ['a misspelt path', post({ dataSource: { connection: 'raw', pth: 'fraud/in/' } }), 'spec.dataSource.pth is not a field; did you mean path?'],
    [
      'a key that only looks like one which is there',
      post({ requestIds: 'a', requestId: 'a' }),
      'spec has the key "requestIds"; it may have inferenceServiceId, dataSource, outputDestination, requestId',
    ],
    ['another service', post({ inferenceServiceId: 'fraud' }), 'spec.inferenceServiceId is "fraud", but must be "fraud-scorer"'],
    [
      'a key that is not known',
      post({ threshold: '0.5' }),
      'spec has the key "threshold"; it may have inferenceServiceId, dataSource, outputDestination, requestId',
    ],
    [
      'requestId in upper case',
      post({ requestId: 'R' }),
      'spec.requestId is "R", but must be at most 36 lower-case letters, digits and -, with - only between others',
    ],
    ['requestId as a number', post({ requestId: 5 }), 'spec.requestId is 5, but must be a string'],
    [
      'requestId of a schedule',
      post({ requestId: 'sched-nightly-202611220000' }),
      'spec.requestId is "sched-nightly-202611220000", but must not start with "sched-"',
    ],
    ['dataSource as a text', post({ dataSource: 'fraud/in/' }), 'spec.dataSource is "fraud/in/", but must be an object'],
    [
      'dataSource with another key',
      post({ dataSource: { connection: 'raw', path: 'fraud/in/', bucket: 'x' } }),
      'spec.dataSource has the key "bucket"; it may have connection, path',
    ],
    ['dataSource without a path', post({ dataSource: { connection: 'raw' } }), 'spec.dataSource.path is missing'],
    [
      'dataSource with ..',
      post({ dataSource: { connection: 'raw', path: 'fraud/in/../../x/' } }),
      'spec.dataSource.path is "fraud/in/../../x/", but must be a path of letters, digits and ._=+@~- in parts between /, without ..',
    ],
    [
      'dataSource with a variable',
      post({ dataSource: { connection: 'raw', path: 'fraud/in/$(uid)' } }),
      'spec.dataSource.path is "fraud/in/$(uid)", but must be a path of letters, digits and ._=+@~- in parts between /, without ..',
    ],
    [
      'dataSource elsewhere',
      post({ dataSource: { connection: 'raw', path: 'growth/in/' } }),
      'spec.dataSource is {"connection":"raw","path":"growth/in/"}; allowed: connection is "raw" and path starts with "fraud/in/"; or connection is "raw" and path starts with "shared/"',
    ],
    [
      'dataSource in another connection',
      post({ dataSource: { connection: 'models', path: 'fraud/in/x/' } }),
      'spec.dataSource is {"connection":"models","path":"fraud/in/x/"}; allowed: connection is "raw" and path starts with "fraud/in/"; or connection is "raw" and path starts with "shared/"',
    ],
    [
      'dataSource that is too long',
      post({ dataSource: { connection: 'raw', path: `fraud/in/${'x'.repeat(600)}` } }),
      `spec.dataSource.path is "fraud/in/${'x'.repeat(246)}…, but must have at most 512 characters`,
    ],
    [
      'another outputDestination',
      post({ outputDestination: { connection: 'results', path: 'elsewhere/' } }),
      'spec.outputDestination.path is "elsewhere/", but must be "fraud/out/"',
    ],
  ];
  it.each(cases)('%s', (_, outcome, expected) => {
    expect(sentence(outcome)).toBe(expected);
  });

  it('comes with the clause as it stands in the filter', () => {
    const outcome = post({ inferenceServiceId: 'fraud' });
    expect(outcome.kind === 'refused' && outcome.refusal).toMatchObject({ by: 'trigger', rule: "body.spec.inferenceServiceId == 'fraud-scorer'" });
  });

  it('is refused by the listener before any Trigger sees it', () => {
    const outcome = post({}, { path: '/risk/api/v1/batch/job/x' });
    expect(outcome.kind === 'refused' && outcome.refusal.by).toBe('listener');
  });
});

it('the query of the URL does not count', () => {
  expect(post({}, { path: '/risk/api/v1/batch/job?x=1' }).kind).toBe('accepted');
});
