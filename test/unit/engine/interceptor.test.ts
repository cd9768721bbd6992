/** What Triggers' own CEL interceptor answered to the filters and overlays that are emitted, and whether these use anything else. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { secretComparison } from '../../../src/engine/triggers/authenticate.js';
import { createEvaluator } from '../../../src/engine/triggers/cel.js';
import { intercept } from '../../../src/engine/triggers/interceptors.js';
import { readBody } from '../../../src/engine/triggers/request.js';
import type { Manifest } from '../../../src/manifests/manifest.js';
import * as arrivals from '../../support/arrivals.js';
import * as jobs from '../../support/job-requests.js';

interface Params {
  readonly filter: string;
  readonly overlays: readonly { readonly key: string; readonly expression: string }[];
}
const recording = JSON.parse(readFileSync(new URL('../../recordings/interceptor.json', import.meta.url), 'utf8')) as {
  readonly interceptors: Readonly<Record<string, Params>>;
  readonly cases: readonly {
    readonly interceptor: string;
    readonly url: string;
    readonly header: Readonly<Record<string, string>>;
    readonly body: string;
    readonly extensions: Readonly<Record<string, unknown>> | null;
  }[];
};
const secrets = (name: string): Uint8Array => new TextEncoder().encode(`key of ${name}`);
const cel = createEvaluator(secretComparison(secrets));

function answer(params: Params, { url, header, body: text }: (typeof recording.cases)[number]): unknown {
  const bytes = new TextEncoder().encode(text);
  const body = readBody(bytes);
  if (typeof body === 'string') throw new Error(`the listener would not have asked: ${body}`);
  const interceptor = { ref: { name: 'cel' }, params: Object.entries(params).map(([name, value]) => ({ name, value })) };
  const result = intercept([interceptor], 'recorded', { request: { path: url, headers: header, body: bytes }, body, cel, secrets }, {});
  return 'refusal' in result ? null : result.extensions;
}

it('each recorded event goes on here as it did there, with the same extensions, or stops', () => {
  expect(recording.cases.filter(({ extensions }) => extensions).length).toBeGreaterThan(80);
  for (const each of recording.cases) {
    const params = recording.interceptors[each.interceptor];
    if (!params) throw new Error(`there is no ${each.interceptor}`);
    expect(answer(params, each), `${each.interceptor}: ${each.body}`).toEqual(each.extensions);
  }
});

/** Functions and operators of an expression, without what stands in strings. */
function words(expression: string): readonly string[] {
  const code = expression.replace(/'(?:[^'\\]|\\.)*'/g, "''");
  const functions = [...code.matchAll(/([A-Za-z]\w*)\(/g)].map(([, name]) => `${String(name)}()`);
  const operators = [...code.matchAll(/&&|\|\||[=!<>]=|[-+*/%<>?!]|\bin\b|\[/g)].map(([operator]) => operator);
  return [...functions, ...operators];
}

describe('no emitted expression', () => {
  const expressionsOf = (objects: readonly Manifest[]): readonly string[] =>
    [...JSON.stringify(objects).matchAll(/"(?:filter","value|expression)":("(?:[^"\\]|\\.)*")/g)].map(
      ([, text]) => JSON.parse(String(text)) as string,
    );
  const emitted = [...expressionsOf(jobs.objects), ...expressionsOf(arrivals.objects)];
  const known = new Set(
    Object.values(recording.interceptors)
      .flatMap(({ filter, overlays }) => [filter, ...overlays.map(({ expression }) => expression)])
      .flatMap(words),
  );

  it('uses a function or an operator that was not recorded', () => {
    expect(emitted.length).toBeGreaterThan(50);
    expect([...new Set(emitted.flatMap(words))].filter((word) => !known.has(word))).toEqual([]);
  });
});
