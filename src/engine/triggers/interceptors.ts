/** A chain of interceptors, of a listener's group or of a Trigger. */
import { assertInvariant } from '../../base/assert.js';
import { asClosed, asFields, asList, asText } from '../objects.js';
import { signatureProblem, type Secrets } from './authenticate.js';
import type { CelEvaluator, CelVariables } from './cel.js';
import { explainRefusal, type Explanation } from './explain.js';
import { type JsonObject, type ListenerRequest, withForm } from './request.js';

/** What interceptors know of an event, beside the request itself. */
export interface Interception {
  readonly request: ListenerRequest;
  readonly body: JsonObject;
  readonly cel: CelEvaluator;
  /** Undefined: signatures are not checked. */
  readonly secrets: Secrets | undefined;
}

type Extensions = Readonly<Record<string, unknown>>;

/** The extensions that a chain adds to those before it, or why it stops the event. */
export type Intercepted =
  { readonly extensions: Extensions } | { readonly refusal: Omit<Explanation, 'rule'> & { readonly rule: string | undefined } };

/** Leads an event through interceptors in their order, up to the one that refuses it. */
export function intercept(interceptors: readonly unknown[], where: string, event: Interception, before: Extensions): Intercepted {
  const { request, cel, secrets } = event;
  const header = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, [value]]));
  const body = withForm(request, event.body);
  let extensions = before;
  for (const item of interceptors) {
    const interceptor = asClosed(item, where, ['ref', 'params']);
    const name = asText(asFields(interceptor['ref'], where)['name'], where);
    const params = Object.fromEntries(asList(interceptor['params'], where).map((param) => readParam(param, where)));
    if (name === 'github') {
      const sentence = signatureProblem(params, request, header, secrets);
      if (sentence !== undefined) return { refusal: { rule: undefined, sentence } };
      continue;
    }
    assertInvariant(name === 'cel', `${where}: interceptor ${name} is not understood here`);
    const { filter, overlays } = asClosed(params, where, ['filter', 'overlays']);
    const variables: CelVariables = { body, header, extensions, requestURL: request.path };
    const refusal = filter === undefined ? undefined : explainRefusal(asText(filter, where), variables, cel);
    if (refusal) return { refusal };
    const added: Record<string, unknown> = {};
    for (const overlay of asList(overlays, where)) {
      const { key, expression } = readOverlay(overlay, where);
      const result = cel.evaluate(expression, variables);
      if ('error' in result) return { refusal: { rule: expression, sentence: `the value of ${key} cannot be computed: ${result.error}` } };
      added[key] = result.value;
    }
    extensions = { ...extensions, ...added };
  }
  return { extensions };
}

function readParam(value: unknown, where: string): readonly [string, unknown] {
  const param = asClosed(value, where, ['name', 'value']);
  return [asText(param['name'], where), param['value']];
}

function readOverlay(value: unknown, where: string): { readonly key: string; readonly expression: string } {
  const overlay = asClosed(value, where, ['key', 'expression']);
  return { key: asText(overlay['key'], where), expression: asText(overlay['expression'], where) };
}
