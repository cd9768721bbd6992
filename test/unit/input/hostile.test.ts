import fc from 'fast-check';
import { expect, test } from 'vitest';
import { documentExamples } from '../../../src/input/examples.js';
import { kinds, type Kind } from '../../../src/input/kinds.js';
import { parseInput } from '../../../src/input/parse-input.js';
import { definitions } from '../../../src/input/schemas.js';
import { cpuMilliseconds } from '../../support/cpu-time.js';

const fileOf: Readonly<Record<Kind, string>> = {
  Platform: 'services/platform.yaml',
  Team: 'services/risk/team.yaml',
  Connection: 'services/connections/raw.yaml',
  InferenceService: 'services/risk/fraud-scorer.yaml',
};

const parse = (kind: Kind, value: unknown) => parseInput([{ file: { path: fileOf[kind], text: '' }, value }], ['services/platform.yaml']);

/** What an author must never read. */
const jargon = /additionalProperties|must NOT|schema|instancePath|undefined|\[object|NaN|[Pp]ropert(y|ies)/;

function expectSound(kind: Kind, value: unknown): void {
  const { diagnostics } = parse(kind, value);
  expect(diagnostics.length).toBeLessThan(200);
  for (const { message, hint, where } of diagnostics) {
    expect(message.length).toBeLessThan(1500);
    // What stands in quotes is the author's.
    expect(`${message} ${hint ?? ''}`.replace(/"(\\.|[^"\\])*"/g, '""')).not.toMatch(jargon);
    expect(where?.file).toBe(fileOf[kind]);
  }
}

/** Field names that the schemas know, so that random documents get somewhere. */
const knownNames = Object.values(definitions)
  .flatMap(({ properties }) => Object.keys(properties ?? {}))
  // External Secrets has a field `property`, which a sentence may name.
  .filter((known) => !jargon.test(known));
const name = fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...knownNames) }, { weight: 1, arbitrary: fc.string() });
const scalar = fc.oneof(
  fc.string(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
  fc.constantFrom('s3', 'gcs', 'azureblob', 'risk', 'read', '1.34'),
);
const anything = fc.letrec((tie) => ({
  value: fc.oneof({ maxDepth: 5 }, scalar, fc.array(tie('value'), { maxLength: 4 }), fc.dictionary(name, tie('value'), { maxKeys: 5 })),
})).value;

const parameters = { numRuns: 2000, verbose: 1 } as const;

test('any value where a document belongs gives problems in our words', () => {
  fc.assert(
    fc.property(fc.constantFrom(...kinds), anything, (kind, value) => expectSound(kind, value)),
    parameters,
  );
});

test('any spec in a document of its kind gives problems in our words', () => {
  fc.assert(
    fc.property(fc.constantFrom(...kinds), fc.dictionary(name, anything, { maxKeys: 8 }), (kind, spec) => {
      expectSound(kind, { apiVersion: 'millrace.dev/v1', kind, metadata: { name: 'x' }, spec });
    }),
    parameters,
  );
});

interface Change {
  readonly seed: number;
  readonly value: unknown;
  readonly how: 'replace' | 'remove' | 'add';
}

/** Replaces, removes or adds one thing somewhere in a tree; `seed` chooses where. */
function mutate(tree: unknown, { seed, value, how }: Change): unknown {
  if (typeof tree !== 'object' || tree === null) return value;
  const keys = Object.keys(tree);
  const key = keys[seed % Math.max(keys.length, 1)];
  if (how === 'add' && seed % 3 === 0) return Array.isArray(tree) ? [...(tree as unknown[]), value] : { ...tree, [String(seed)]: value };
  if (key === undefined) return value;
  const copy = structuredClone(tree) as Record<string, unknown>;
  if (how === 'remove' && seed % 3 === 0) {
    if (Array.isArray(copy)) copy.splice(Number(key), 1);
    else Reflect.deleteProperty(copy, key);
  } else if (how === 'replace' && seed % 4 === 0) copy[key] = value;
  else copy[key] = mutate(copy[key], { seed: Math.floor(seed / 4), value, how });
  return copy;
}

test('any change of a document that is right gives problems in our words, or none', () => {
  const change = fc.record({ seed: fc.nat(), value: anything, how: fc.constantFrom('replace', 'remove', 'add') });
  fc.assert(
    fc.property(fc.constantFrom(...kinds), fc.array(change, { minLength: 1, maxLength: 4 }), (kind, changes) => {
      expectSound(
        kind,
        changes.reduce<unknown>((tree, each) => mutate(tree, each), documentExamples[kind]),
      );
    }),
    parameters,
  );
});

test.each([
  ['wrong items', 'args', Array.from({ length: 20_000 }, () => 1)],
  ['wrong maps', 'triggers', { webhook: { overrides: { dataSource: Array.from({ length: 20_000 }, () => ({ a: 1, b: 2 })) } } }],
  ['unknown fields', 'dataSource', Object.fromEntries(Array.from({ length: 20_000 }, (_, index) => [`field${String(index)}`, index]))],
  ['wrong names', 'env', Object.fromEntries(Array.from({ length: 20_000 }, (_, index) => [`-${String(index)}`, index]))],
])('20,000 %s cost little and are cut short', (_, field, value) => {
  const { metadata, spec } = documentExamples.InferenceService as { readonly metadata: object; readonly spec: object };
  const document = { apiVersion: 'millrace.dev/v1', kind: 'InferenceService', metadata, spec: { ...spec, [field]: value } };
  let diagnostics: ReturnType<typeof parse>['diagnostics'] = [];
  expect(cpuMilliseconds(() => ({ diagnostics } = parse('InferenceService', document)))).toBeLessThan(5000);
  expect(diagnostics.length).toBeLessThanOrEqual(51);
  expect(diagnostics.at(-1)?.message).toMatch(/^this file has at least [0-9]+ more problems, not shown here$/);
});

test('a long text is refused without being repeated', () => {
  const { diagnostics } = parse('Connection', {
    apiVersion: 'millrace.dev/v1',
    kind: 'Connection',
    metadata: { name: 'x'.repeat(262_144) },
    spec: { type: 'y'.repeat(262_144) },
  });
  expect(diagnostics.map(({ code }) => code).sort()).toEqual(['input/name', 'input/not-one-of']);
  for (const { message, hint } of diagnostics) expect(`${message}${hint ?? ''}`.length).toBeLessThan(400);
});
