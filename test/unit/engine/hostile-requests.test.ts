/**
 * What was seen on a real cluster (DESIGN section 9) and what the security report warns of (its section 3), each asked of the
 * emitted objects twice: what the simulated listener does, and what the emitted CEL says.
 */
import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { evaluateCel } from '../../../src/engine/triggers/cel.js';
import { deliver, type Delivery } from '../../../src/engine/triggers/listener.js';
import { readBody } from '../../../src/engine/triggers/request.js';
import { taskRunParams } from '../../../src/engine/triggers/template.js';
import type { Manifest } from '../../../src/manifests/manifest.js';
import { renderNamespace } from '../../../src/manifests/namespace.js';
import { renderService } from '../../../src/manifests/service.js';
import type { ServiceModel } from '../../../src/model/model.js';
import { namespaceModel, noChoices, serviceModel } from '../../support/models.js';

const service: ServiceModel = {
  ...serviceModel,
  webhook: {
    callers: ['airflow'],
    dataSource: [{ connection: 'raw', prefix: 'fraud/' }],
    outputDestination: [{ connection: 'results', prefix: 'fraud/' }],
    ...noChoices,
    requireRequestId: false,
  },
};
const objects = [...renderNamespace(namespaceModel, 'runtime'), ...renderService(service, 'millrace-runtime-0123456789')];
const url = '/risk/api/v1/batch/job';

interface Interceptor {
  readonly ref: { readonly name: string };
  readonly params: readonly { readonly name: string; readonly value: unknown }[];
}
const specOf = (kind: string, name: string): Record<string, unknown> =>
  objects.find((object) => object.kind === kind && object.metadata.name === name)?.['spec'] as Record<string, unknown>;
const filterIn = (interceptors: readonly Interceptor[]): string =>
  String(interceptors.find(({ ref }) => ref.name === 'cel')?.params.find(({ name }) => name === 'filter')?.value);
const groups = specOf('EventListener', 'millrace')['triggerGroups'] as readonly {
  readonly name: string;
  readonly interceptors: readonly Interceptor[];
}[];
const filter = filterIn(specOf('Trigger', 'fraud-scorer')['interceptors'] as readonly Interceptor[]);

const job = (spec: object): unknown => ({ kind: 'InferenceJob', spec: { inferenceServiceId: 'fraud-scorer', ...spec } });
const withPath = (path: unknown): unknown => job({ dataSource: { connection: 'raw', path } });

const secret = (name: string): Uint8Array => new TextEncoder().encode(`key of ${name}`);
const asText = (body: unknown): string => (typeof body === 'string' ? body : JSON.stringify(body));
function send(body: unknown, { path = url, caller = 'airflow', headers = {} as Readonly<Record<string, string>> } = {}): Delivery {
  const bytes = new TextEncoder().encode(asText(body));
  const signature = createHmac('sha256', `key of webhook-${caller}`).update(bytes).digest('hex');
  const all = { 'X-Hub-Signature-256': `sha256=${signature}`, ...headers };
  return deliver(objects, { namespace: 'risk', name: 'millrace' }, { path, headers: all, body: bytes }, { secrets: secret });
}
const runs = ({ outcomes }: Delivery): readonly Manifest[] =>
  outcomes.flatMap(({ outcome }) => (outcome.kind === 'accepted' ? [outcome.taskRun] : []));
/** Why the one group that knows the signature, or its Trigger, started nothing. */
const why = ({ outcomes }: Delivery, group = 'airflow'): string =>
  outcomes.flatMap((each) => (each.group === group && each.outcome.kind === 'refused' ? [each.outcome.refusal.sentence] : []))[0] ??
  'it started a run';

/** What the filter of the Trigger gives: its value, or `error`. Triggers drops the event unless it is true. */
function filterSays(body: unknown, path = url): unknown {
  const read = readBody(new TextEncoder().encode(asText(body)));
  if (typeof read === 'string') return 'no body';
  const result = evaluateCel(filter, { body: read, header: {}, extensions: {}, requestURL: path });
  return 'value' in result ? result.value : 'error';
}

const pathWords = 'but must be a path of letters, digits and ._=+@~- in parts between /, without ..';
const idWords = 'but must be at most 36 lower-case letters, digits and -, with - only between others';

/** Where it was seen or foretold, what is sent, what `simulate` says, and the part of the emitted CEL that stops it. */
const refused: readonly (readonly [row: string, body: unknown, sentence: string, rule: string])[] = [
  [
    '9: any path passes the listener',
    { path: '/other' },
    `the path of the URL is "/other", but must be "${url}"`,
    `requestURL.parseURL().path == '${url}'`,
  ],
  [
    '9: $(tt.params.x) is expanded again',
    withPath('fraud/$(tt.params.runName)/'),
    `spec.dataSource.path is "fraud/$(tt.params.runName)/", ${pathWords}`,
    'path.matches(',
  ],
  ['9: $(uid) is expanded', withPath('fraud/$(uid)/'), `spec.dataSource.path is "fraud/$(uid)/", ${pathWords}`, 'path.matches('],
  [
    '9: $(params.x) arrives',
    withPath('fraud/$(params.dataPath)/'),
    `spec.dataSource.path is "fraud/$(params.dataPath)/", ${pathWords}`,
    'path.matches(',
  ],
  ['9: numbers are doubles', job({ requestId: 20261122 }), 'spec.requestId is 20261122, but must be a string', 'type(body.spec.requestId) == string'],
  ['9: a missing key is an error', { kind: 'InferenceJob' }, 'spec is missing', 'type(body.spec) == map'],
  [
    '9: null is a value that is there',
    job({ requestId: null }),
    'spec.requestId is null, but must be a string',
    'type(body.spec.requestId) == string',
  ],
  ['9: upper case gives 202 and no run', job({ requestId: 'WH' }), `spec.requestId is "WH", ${idWords}`, 'requestId.matches('],
  ['9: _ gives 202 and no run', job({ requestId: 'a_b' }), `spec.requestId is "a_b", ${idWords}`, 'requestId.matches('],
  ['9: an empty id gives 202 and no run', job({ requestId: '' }), `spec.requestId is "", ${idWords}`, 'requestId.matches('],
  ['9: over 63 characters', job({ requestId: 'r'.repeat(50) }), `spec.requestId is "${'r'.repeat(50)}", ${idWords}`, 'requestId.matches('],
  [
    'a requestId of 5,000 characters',
    job({ requestId: 'r'.repeat(5000) }),
    `spec.requestId is "${'r'.repeat(255)}…, ${idWords}`,
    'requestId.matches(',
  ],
  ['a name that two requests would share', job({ requestId: 'a.b' }), `spec.requestId is "a.b", ${idWords}`, 'requestId.matches('],
  [
    "a schedule's id",
    job({ requestId: 'sched-nightly-202611220200' }),
    'spec.requestId is "sched-nightly-202611220200", but must not start with "sched-"',
    "!body.spec.requestId.startsWith('sched-')",
  ],
  [
    'C18: a list that becomes JSON',
    withPath(['","', '":"']),
    'spec.dataSource.path is ["\\",\\"","\\":\\""], but must be a string',
    'type(body.spec.dataSource.path) == string',
  ],
  [
    'C18: an object that becomes JSON',
    withPath({ a: 1 }),
    'spec.dataSource.path is {"a":1}, but must be a string',
    'type(body.spec.dataSource.path) == string',
  ],
  ['C18: a quote', withPath('fraud/a"b/'), `spec.dataSource.path is "fraud/a\\"b/", ${pathWords}`, 'path.matches('],
  ['C20: CEL in a value', withPath("fraud/' || true || '/"), `spec.dataSource.path is "fraud/' || true || '/", ${pathWords}`, 'path.matches('],
  [
    'C26: a prefix of another name',
    withPath('fraud-evil/x/'),
    'spec.dataSource is {"connection":"raw","path":"fraud-evil/x/"}; allowed: connection is "raw" and path is "fraud/in/"; or connection is "raw" and path starts with "fraud/"',
    "path.startsWith('fraud/')",
  ],
  [
    'C26: a connection that is not allowed',
    job({ dataSource: { connection: 'models', path: 'fraud/x/' } }),
    'spec.dataSource is {"connection":"models","path":"fraud/x/"}; allowed: connection is "raw" and path is "fraud/in/"; or connection is "raw" and path starts with "fraud/"',
    "body.spec.dataSource.connection == 'raw'",
  ],
  ['C27: ..', withPath('fraud/../growth/'), `spec.dataSource.path is "fraud/../growth/", ${pathWords}`, "!body.spec.dataSource.path.contains('..')"],
  ['C27: a remote on the fly', withPath('fraud/:sftp,ssh=x:/'), `spec.dataSource.path is "fraud/:sftp,ssh=x:/", ${pathWords}`, 'path.matches('],
  ['C27: an option', withPath('fraud/-x/'), `spec.dataSource.path is "fraud/-x/", ${pathWords}`, 'path.matches('],
  ['C27: a backslash', withPath('fraud/a\\b/'), `spec.dataSource.path is "fraud/a\\\\b/", ${pathWords}`, 'path.matches('],
  ['C27: the root', withPath('/fraud/x/'), `spec.dataSource.path is "/fraud/x/", ${pathWords}`, 'path.matches('],
  [
    'C23: fields of a pod',
    job({ podTemplate: { hostNetwork: true } }),
    'spec has the key "podTemplate"; it may have inferenceServiceId, dataSource, outputDestination, requestId',
    'body.spec.all(k, k in [',
  ],
  [
    'C10: __proto__',
    '{"kind":"InferenceJob","__proto__":{},"spec":{"inferenceServiceId":"fraud-scorer"}}',
    'the body has the key "__proto__"; it may have kind, spec',
    'body.all(k, k in [',
  ],
  [
    'R4: the last of two keys counts',
    '{"kind":"InferenceJob","spec":{"inferenceServiceId":"fraud-scorer"},"spec":{"inferenceServiceId":"nobody"}}',
    'spec.inferenceServiceId is "nobody", but must be "fraud-scorer"',
    "body.spec.inferenceServiceId == 'fraud-scorer'",
  ],
  [
    'R4: keys have a case',
    { Kind: 'InferenceJob', Spec: { inferenceServiceId: 'fraud-scorer' } },
    'Kind is not a field; did you mean kind?',
    "body.kind == 'InferenceJob'",
  ],
  [
    'R4: half a character',
    '{"kind":"InferenceJob","spec":{"inferenceServiceId":"fraud-scorer","requestId":"\\ud800"}}',
    `spec.requestId is "\ufffd", ${idWords}`,
    'requestId.matches(',
  ],
  [
    'R5: lines and colours',
    job({ requestId: 'a\n\u001b[31merror: b\u202e' }),
    `spec.requestId is "a\\n\\u001b[31merror: b\\u202e", ${idWords}`,
    'requestId.matches(',
  ],
  ['unicode that looks like ASCII', withPath('fraud/\u0430/'), `spec.dataSource.path is "fraud/\u0430/", ${pathWords}`, 'path.matches('],
];

describe('refused', () => {
  it.each(refused)('%s', (_, body, sentence, rule) => {
    const isPath = typeof body === 'object' && body !== null && 'path' in body;
    const sent = isPath ? job({}) : body;
    const path = isPath ? String(body.path) : url;
    const delivery = send(sent, { path });
    expect(delivery.status).toBe(202);
    expect(runs(delivery)).toEqual([]);
    expect(why(delivery)).toBe(sentence);
    // And in the emitted expression itself: it is not true, and it holds the rule.
    expect(filterSays(sent, path)).not.toBe(true);
    expect(filter).toContain(rule);
  });
});

describe('seen on a cluster, and so here', () => {
  it('a body that is no JSON object is answered 400', () => {
    for (const body of ['[1]', '"x"', '1', '', 'hello', '{"kind":', '\ufeff{}', '{} x']) expect(send(body).status, body).toBe(400);
    expect(send('null').status).toBe(202);
    expect(runs(send('null'))).toEqual([]);
  });

  it('an empty runName leaves the name to the API server, a requestId makes it, and makes it again', () => {
    expect(runs(send(job({}))).map(({ metadata }) => metadata)).toMatchObject([{ name: '', generateName: 'fraud-scorer--' }]);
    const twice = [send(job({ requestId: 'r-1' })), send(job({ requestId: 'r-1' }))].flatMap(runs);
    expect(twice.map(({ metadata }) => metadata.name)).toEqual(['fraud-scorer--r-1', 'fraud-scorer--r-1']);
  });

  it("the group's caller reaches labels and params, and no request sets it", () => {
    const [run] = runs(send(job({})));
    expect(run?.metadata.labels?.['millrace.dev/caller']).toBe('airflow');
    expect(run && taskRunParams(run).get('caller')).toBe('airflow');
    expect(why(send(job({ caller: 'root' })))).toMatch(/^spec has the key "caller"/);
  });

  it('a caller whose label the Trigger lacks cannot start it, signed or not', () => {
    const delivery = send(job({}), { headers: { 'X-Hub-Signature-256': 'sha256=00', 'X-Millrace-Token': 'key of webhook-ci' } });
    // The group lets it in, and has no Trigger for it.
    expect(delivery.outcomes.map(({ group }) => group)).toEqual(['airflow']);
    expect(runs(delivery)).toEqual([]);
  });

  it('W1: authentication comes first, by a Secret of its own, in every group', () => {
    for (const { name, interceptors } of groups) {
      const [first] = interceptors;
      if (first?.ref.name === 'github')
        expect(first.params).toEqual([{ name: 'secretRef', value: { secretName: `webhook-${name}`, secretKey: 'token' } }]);
      else
        expect(filterIn(interceptors)).toMatch(
          /^!\(header\.canonical\('X-Millrace-Token'\) == ''\) && header\.canonical\('X-Millrace-Token'\)\.compareSecret\('token', 'webhook-/,
        );
    }
    expect(new Set(groups.map(({ interceptors }) => JSON.stringify(interceptors[0]))).size).toBe(groups.length);
    expect(why(send(job({}), { headers: { 'X-Hub-Signature-256': `sha256=${'0'.repeat(64)}` } }))).toMatch(
      /^the signature in X-Hub-Signature-256 is not that of this body/,
    );
  });

  it('C20: no Secret of another namespace is asked for', () => {
    expect(groups.map(({ interceptors }) => filterIn(interceptors)).join('\n')).not.toMatch(/compareSecret\([^)]*,[^)]*,/);
  });

  it('C18, R6: a template holds variables as whole values only, and no binding reads header or body', () => {
    const template = specOf('TriggerTemplate', 'fraud-scorer')['resourcetemplates'];
    for (const [text] of JSON.stringify(template).matchAll(/"[^"]*\$\([^"]*"/g)) expect(text).toMatch(/^"\$\(tt\.params\.\w+\)"$/);
    const { params } = specOf('TriggerBinding', 'millrace') as { params: readonly { value: string }[] };
    for (const { value } of params) expect(value).toMatch(/^\$\(extensions\.\w+\)$/);
  });
});
