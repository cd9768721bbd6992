/** Triggers' own evaluator said what each expression gives; ours gives the same, or refuses the expression as one that we never emit. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { InvariantError } from '../../../src/base/assert.js';
import { evaluateCel } from '../../../src/engine/triggers/cel.js';
import { readBody } from '../../../src/engine/triggers/request.js';

interface Recording {
  request: { url: string; headers: Record<string, string>; body: string };
  cases: { expression: string; result?: string; error?: string }[];
}
const { request, cases } = JSON.parse(readFileSync(new URL('../../recordings/cel.json', import.meta.url), 'utf8')) as Recording;
const body = readBody(new TextEncoder().encode(request.body));
if (typeof body === 'string') throw new Error(body);
const variables = {
  body,
  header: Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, [value]])),
  extensions: {},
  requestURL: request.url,
};

/** The right value, printed otherwise than Go does (the order of a map's keys is random there). */
const printedOtherwise = new Set([
  'body.spec.big',
  'string(body.spec.big)',
  'body.spec.z',
  'requestURL.parseURL().query',
  'body.spec.resources.requests.map(k, k)',
  "bytes('a')",
  "duration('60s')",
  "timestamp('2026-11-22T00:00:00Z')",
  'type(body.spec.big)',
  'body == null',
]);
/** The library knows more than Triggers, or JavaScript's patterns other words than RE2's: nothing that we emit. */
const differs = new Set(['cel.bind(x, 1, x)', "'a'.matches('(?i)A')", "'a'.matches('(?=a)')"]);

describe('the recorded expressions', () => {
  for (const { expression, result, error } of cases.filter((each) => !printedOtherwise.has(each.expression) && !differs.has(each.expression))) {
    it(expression, () => {
      const got = outcome(expression);
      if (got === 'not emitted') return;
      if (error !== undefined) expect(got).toBe('error');
      else expect(got).toBe(result);
    });
  }

  it('are evaluated but for these functions, which no object of ours uses', () => {
    const notEmitted = cases.filter(({ expression, error }) => error === undefined && outcome(expression) === 'not emitted');
    expect(notEmitted.map(({ expression }) => expression)).toMatchInlineSnapshot(`
      [
        "body.spec.resources.requests.marshalJSON()",
        "header.match('X-Token', 'abc')",
        "body.spec.dataSource.path.truncate(5)",
        "'%s'.format(['a'])",
        "body.spec.list.first()",
        "body.spec.list.last()",
        "'{"a": 1}'.parseJSON()",
        "'a: 1'.parseYAML()",
        "base64.decode('YQ==')",
        "math.greatest(1, 2)",
        "sets.contains(['a','b'], ['a'])",
        "'x'.translate('[x]', 'y')",
      ]
    `);
  });
});

function outcome(expression: string): string {
  try {
    const result = evaluateCel(expression, variables);
    return 'error' in result ? 'error' : print(result.value);
  } catch (error) {
    if (error instanceof InvariantError) return 'not emitted';
    throw error;
  }
}

/** As Go prints: lists in brackets, keys and strings without quotes. */
function print(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(print).join(', ')}]`;
  return String(value);
}
