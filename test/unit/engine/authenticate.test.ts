/** Who calls, for the listener that is really emitted: by a signature (airflow) or a token (ci). */
import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { signatureProblem, type Secrets } from '../../../src/engine/triggers/authenticate.js';
import { deliver, type DeliveryOutcome } from '../../../src/engine/triggers/listener.js';
import { renderNamespace } from '../../../src/manifests/namespace.js';
import { renderService } from '../../../src/manifests/service.js';
import { namespaceModel, serviceModel } from '../../support/models.js';

const objects = [...renderNamespace(namespaceModel, 'runtime'), ...renderService(serviceModel, 'millrace-runtime-0123456789')];
const text = '{"kind":"InferenceJob","spec":{"inferenceServiceId":"fraud-scorer"}}';
const body = new TextEncoder().encode(text);
const bytes = (value: string): Uint8Array => new TextEncoder().encode(value);
const known: Readonly<Record<string, string>> = { 'webhook-airflow': 'hmac', 'webhook-ci': 'token-of-ci' };
const secrets: Secrets = (name, key) => (key === 'token' && name in known ? bytes(known[name] ?? '') : undefined);
const sign = (key: string, algorithm = 'sha256', of: string | Uint8Array = body): string =>
  `${algorithm}=${createHmac(algorithm, key).update(of).digest('hex')}`;

function send(
  headers: Readonly<Record<string, string>>,
  options: { readonly secrets?: Secrets; readonly body?: Uint8Array } = {},
): DeliveryOutcome[] {
  const request = { path: '/risk/api/v1/batch/job', headers, body: options.body ?? body };
  return [...deliver(objects, { namespace: 'risk', name: 'millrace' }, request, { secrets: options.secrets ?? secrets }).outcomes];
}
const letIn = (outcomes: readonly DeliveryOutcome[]): readonly string[] =>
  outcomes.flatMap(({ outcome }) => (outcome.kind === 'accepted' ? [outcome.caller] : []));
const why = (outcomes: readonly DeliveryOutcome[], group: string): unknown =>
  outcomes.flatMap((each) => (each.group === group && each.outcome.kind === 'refused' ? [each.outcome.refusal.sentence] : []))[0];

describe('a signature', () => {
  it.each([
    ['sha256', { 'X-Hub-Signature-256': sign('hmac') }],
    ['a header in another case', { 'x-hub-signature-256': sign('hmac') }],
    ['sha512, which the interceptor takes too', { 'X-Hub-Signature-256': sign('hmac', 'sha512') }],
  ])('lets its caller in: %s', (_, headers) => {
    expect(letIn(send(headers))).toEqual(['airflow']);
  });

  it.each([
    ['none', {}, 'the header X-Hub-Signature-256 is missing'],
    ['no signature', { 'X-Hub-Signature-256': 'x' }, 'the header X-Hub-Signature-256 is no signature: it must be sha256= and 64 hexadecimal digits'],
    [
      'of another key',
      { 'X-Hub-Signature-256': sign('other') },
      'the signature in X-Hub-Signature-256 is not that of this body with the key token of Secret webhook-airflow',
    ],
    [
      'of another body',
      { 'X-Hub-Signature-256': sign('hmac', 'sha256', `${text} `) },
      'the signature in X-Hub-Signature-256 is not that of this body with the key token of Secret webhook-airflow',
    ],
    [
      'cut short',
      { 'X-Hub-Signature-256': sign('hmac').slice(0, -2) },
      'the signature in X-Hub-Signature-256 is not that of this body with the key token of Secret webhook-airflow',
    ],
    [
      'of a form, which is what curl calls a body unless told otherwise',
      { 'X-Hub-Signature-256': sign('hmac'), 'content-type': 'application/x-www-form-urlencoded' },
      'the Content-Type is application/x-www-form-urlencoded, but must be application/json',
    ],
  ])('does not: %s', (_, headers, sentence) => {
    const outcomes = send(headers);
    expect(letIn(outcomes)).toEqual([]);
    expect(why(outcomes, 'airflow')).toBe(sentence);
  });
});

it('a signature is what GitHub documents, over the body as the interceptor is given it', () => {
  const params = { secretRef: { secretName: 'webhook-airflow', secretKey: 'token' } };
  const problem = (of: Uint8Array, signature: string): unknown =>
    signatureProblem(params, { path: '/', headers: {}, body: of }, { 'X-Hub-Signature-256': [signature] }, () => bytes("It's a Secret to Everybody"));
  const documented = 'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17';
  expect(problem(bytes('Hello, World!'), documented)).toBeUndefined();
  expect(problem(bytes('Hello, World?'), documented)).toMatch(/is not that of this body/);
  const noUtf8 = Uint8Array.of(0x22, 0xff, 0x22);
  expect(problem(noUtf8, sign("It's a Secret to Everybody", 'sha256', noUtf8))).toMatch(/is not that of this body/);
});

describe('a token', () => {
  it('lets its caller in', () => {
    expect(letIn(send({ 'x-millrace-token': 'token-of-ci' }))).toEqual(['ci']);
  });

  it.each([
    ['none', {}, 'the header X-Millrace-Token is missing'],
    ['an empty one', { 'X-Millrace-Token': '' }, 'the header X-Millrace-Token is missing'],
    [
      'a wrong one, which is not repeated',
      { 'X-Millrace-Token': 'token-of-ci2' },
      'the header X-Millrace-Token is not what the key token of Secret webhook-ci holds, or there is no such Secret or key',
    ],
  ])('does not: %s', (_, headers, sentence) => {
    const outcomes = send(headers);
    expect(letIn(outcomes)).toEqual([]);
    expect(why(outcomes, 'ci')).toBe(sentence);
  });

  it('does not where the key of the Secret is empty and none is sent', () => {
    expect(letIn(send({}, { secrets: () => new Uint8Array() }))).toEqual([]);
  });
});

it('a caller without its Secret starts nothing', () => {
  const outcomes = send({ 'X-Hub-Signature-256': sign(''), 'X-Millrace-Token': 'x' }, { secrets: () => undefined });
  expect(letIn(outcomes)).toEqual([]);
  expect(why(outcomes, 'airflow')).toBe('Secret webhook-airflow is missing, or has no key token');
  expect(why(outcomes, 'ci')).toMatch(/there is no such Secret or key$/);
});

it('a body that is sent as a form of several fields is that form', () => {
  const form = bytes('{"kind":"&","kind":"InferenceJob","spec":{"inferenceServiceId":"fraud-scorer"}}');
  const token = { 'X-Millrace-Token': 'token-of-ci' };
  expect(letIn(send(token, { body: form }))).toEqual(['ci']);
  const outcomes = send({ ...token, 'Content-Type': 'application/x-www-form-urlencoded' }, { body: form });
  expect(letIn(outcomes)).toEqual([]);
  expect(why(outcomes, 'ci')).toBe('kind is missing');
});
