import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { forms, formByPattern } from '../../../src/input/forms.js';
import type { Schema } from '../../../src/input/json-schema.js';
import { definitions, kinds, schemas } from '../../../src/input/schemas.js';
import { cpuMilliseconds } from '../../support/cpu-time.js';

interface Visited {
  readonly path: string;
  readonly schema: Schema;
  /** A value that an author writes; a condition of a union and the union's own list of tags are none. */
  readonly isField: boolean;
}

/** Every schema inside a schema, the schema itself first. */
function* visit(schema: Schema, path: string, isField = true): Generator<Visited> {
  yield { path, schema, isField };
  for (const [name, inner] of Object.entries(schema.properties ?? {})) yield* visit(inner, `${path}.${name}`);
  if (schema.items) yield* visit(schema.items, `${path}[]`);
  if (typeof schema.additionalProperties === 'object') yield* visit(schema.additionalProperties, `${path}.*`);
  if (schema.propertyNames) yield* visit(schema.propertyNames, `${path}.~`, false);
}

const everything: readonly Visited[] = Object.entries(definitions).flatMap(([name, schema]) => [...visit(schema, name)]);
const fields = everything.filter(({ isField }) => isField);
const paths = (found: readonly Visited[]): readonly string[] => found.map(({ path }) => path);

test('each kind is a valid schema of draft 2020-12, complete in itself', () => {
  for (const kind of kinds) {
    const ajv = new Ajv2020({ strict: true, strictTypes: false, strictRequired: false, allowUnionTypes: true });
    expect(ajv.validateSchema(schemas[kind]), kind).toBe(true);
    expect(() => ajv.compile(schemas[kind]), kind).not.toThrow();
  }
});

test('every field says what it is for', () => {
  expect(paths(fields.filter(({ schema }) => !schema.description))).toEqual([]);
  expect(paths(fields.filter(({ schema }) => schema.description && !/[.…]$/.test(schema.description)))).toEqual([]);
});

test('every map is closed or bounded, every list and every text is bounded', () => {
  const isUnion = ({ schema }: Visited): boolean => Boolean(schema.allOf ?? schema.then);
  const maps = everything.filter((visited) => visited.schema.type === 'object' && !isUnion(visited));
  expect(paths(maps.filter(({ schema }) => schema.additionalProperties !== false && !schema.maxProperties))).toEqual([]);
  expect(paths(everything.filter(({ schema }) => schema.type === 'array' && !schema.maxItems))).toEqual([]);
  const isText = ({ schema }: Visited): boolean => [schema.type].flat().includes('string') && !schema.enum && schema.const === undefined;
  expect(paths(everything.filter((visited) => isText(visited) && !visited.schema.maxLength))).toEqual([]);
});

test('every form of a union is a closed map', () => {
  const forms = everything.flatMap(({ schema }) => [...(schema.allOf ?? []).map(({ then }) => then), schema.then, schema.else]);
  const names = forms.flatMap((form) => (form?.$ref ? [form.$ref.slice('#/$defs/'.length)] : []));
  expect(names.sort()).toEqual([
    'ArgocdGitops',
    'AzureblobConnectionSpec',
    'CidrsNetwork',
    'CiliumNetwork',
    'EmbeddedModelSource',
    'FluxGitops',
    'GatewayRoute',
    'GcsConnectionSpec',
    'IngressRoute',
    'NoGitops',
    'NoRoute',
    'OpenNetwork',
    'RemoteModelSource',
    'S3ConnectionSpec',
  ]);
  for (const name of names) expect(definitions[name]?.additionalProperties, name).toBe(false);
});

describe('patterns', () => {
  const patterns = Object.values(forms).map(({ pattern }) => pattern);

  test('are ASCII, anchored, different from one another, and have words', () => {
    for (const pattern of patterns) expect(pattern).toMatch(/^\^[\x20-\x7e]*\$$/);
    expect(new Set(patterns).size).toBe(patterns.length);
    const used = everything.flatMap(({ schema }) => schema.pattern ?? []);
    expect(used.filter((pattern) => !formByPattern.has(pattern))).toEqual([]);
    expect(patterns.filter((pattern) => !used.includes(pattern))).toEqual([]);
  });

  const domain = (length: number): string => `${'a'.repeat(60)}.`.repeat(5).slice(0, length - 1) + 'z';
  test.each([
    [`${domain(253)}/${'a'.repeat(63)}`, true],
    ['a'.repeat(63), true],
    ['a'.repeat(64), false],
    [`a/${'a'.repeat(64)}`, false],
    [`${domain(254)}/a`, false],
    ['a..b/c', false],
    ['a.-b/c', false],
    ['/a', false],
    ['a/', false],
    ['a/b/c', false],
  ])('a key of Kubernetes: %s: %s', (key, isOne) => {
    expect(new RegExp(forms.qualifiedKey.pattern, 'u').test(key)).toBe(isOne);
  });

  test.each([
    ['nvidia.com/gpu', true],
    [`${domain(244)}/${'a'.repeat(63)}`, true],
    // Kubernetes puts "requests." before it.
    [`${domain(245)}/a`, false],
    [`a/${'a'.repeat(64)}`, false],
    ['a..b/c', false],
    ['gpu', false],
  ])('a resource of Kubernetes: %s: %s', (name, isOne) => {
    expect(new RegExp(forms.resourceName.pattern, 'u').test(name)).toBe(isOne);
  });

  test.each(['a', '-', 'a-', 'a.', '0', 'A', '/', 'a/', '*', '.a-'])('are linear: 256 KiB of "%s" take no time', (unit) => {
    const text = unit.repeat(262_144 / unit.length);
    for (const pattern of patterns) {
      // A pattern that is quadratic takes minutes here.
      expect(
        cpuMilliseconds(() => new RegExp(pattern, 'u').test(`${text}!`)),
        pattern,
      ).toBeLessThan(5000);
    }
  });
});

describe('examples and defaults', () => {
  const ajv = new Ajv2020({ strict: true, strictTypes: false, strictRequired: false, allowUnionTypes: true });
  ajv.addSchema({ $id: 'all', $defs: definitions });
  const validate = (schema: Schema, value: unknown): boolean =>
    ajv.validate(JSON.parse(JSON.stringify(schema).replaceAll('#/$defs/', 'all#/$defs/')) as Schema, value) === true;

  const withValues = fields.flatMap(({ path, schema }) => [
    ...(schema.examples ?? []).map((value) => ({ path, schema, value })),
    ...(schema.default === undefined ? [] : [{ path, schema, value: schema.default }]),
  ]);

  test.each(withValues)('$path takes $value', ({ schema, value }) => {
    expect(validate(schema, value)).toBe(true);
  });

  test('each kind has a whole document', () => {
    for (const kind of kinds) expect(schemas[kind].examples, kind).toHaveLength(1);
  });
});
