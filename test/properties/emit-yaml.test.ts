import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Document, parse, visit, type Scalar } from 'yaml';
import { isLiteral, isPlain, quoted } from '../../src/emit/scalar.js';
import { emitYaml } from '../../src/emit/yaml.js';

/** Characters and words that YAML readers give a meaning, far more often than chance would. */
const piece = fc.oneof(
  fc.constantFrom(...' \t\n\r:-#?,[]{}&*!|>\'"%@`~=<./\\_+0123456789eExobynTF$()\u0085\u00a0\u2028\ufeff\u0000é😀'),
  fc.constantFrom(
    'no',
    'on',
    'null',
    'true',
    '.inf',
    '0x',
    '0o',
    '1e',
    ': ',
    ' #',
    '---',
    '...',
    '\n\n',
    '\n  ',
    '\r\n',
    '<<',
    '%YAML',
    '12:30',
    '2001-12-14',
  ),
  fc.string({ unit: 'binary-ascii', maxLength: 4 }),
  fc.string({ unit: 'grapheme', maxLength: 4 }),
);
const text = fc.oneof(
  fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join('')),
  fc.string({ unit: 'binary', maxLength: 30 }),
);
/** As in a compiled job: several lines, mostly harmless. */
const program = fc.array(fc.oneof(text, fc.string({ unit: 'grapheme-ascii', maxLength: 40 })), { maxLength: 6 }).map((rows) => rows.join('\n'));
const scalar = fc.oneof(
  text,
  program,
  fc.boolean(),
  fc.constant(null),
  fc.maxSafeInteger(),
  fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e9, max: 1e9 }).map((number) => number + 0),
);
const key = fc
  .oneof(text, fc.constantFrom('name', 'namespace', 'metadata', 'apiVersion', 'kind', 'spec', 'args'))
  .filter((name) => name !== '__proto__');
const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    scalar,
    fc.array(tie('value'), { maxLength: 5 }),
    fc.dictionary(key, tie('value'), { maxKeys: 5, noNullPrototype: true }),
  ),
}));

/** Emitted text has no unpaired surrogates to give back, nor a zero with a sign. */
const normal = (input: unknown): unknown => JSON.parse(JSON.stringify(input));

describe('any JSON value', () => {
  it('comes back equal under YAML 1.1, 1.2 and the core schema', () => {
    fc.assert(
      fc.property(value, (input) => {
        const emitted = emitYaml(input);
        expect(parse(emitted, { version: '1.1', merge: false })).toEqual(normal(input));
        expect(parse(emitted, { version: '1.2' })).toEqual(normal(input));
        expect(parse(emitted, { schema: 'core' })).toEqual(normal(input));
      }),
      { numRuns: 2_000 },
    );
  });

  it('gives the same bytes whatever the order of keys, ends each line with LF and leaves no blank at the end of one', () => {
    fc.assert(
      fc.property(value, (input) => {
        const emitted = emitYaml(input);
        expect(emitYaml(reversed(input))).toBe(emitted);
        expect(emitted.endsWith('\n')).toBe(true);
        expect(emitted).not.toMatch(/[\r\t ]\n|\r/);
      }),
      { numRuns: 1_000 },
    );
  });

  it('is laid out as the yaml package does it, byte for byte, where both make the same choice of quotes', () => {
    fc.assert(
      fc.property(fc.dictionary(key, value, { minKeys: 1, maxKeys: 6, noNullPrototype: true }), (input) => {
        fc.pre(isComparable(input));
        expect(emitYaml(input)).toBe(reference(inOrder(input, 'document')));
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('a string without quotes', () => {
  it('needs none for the yaml package either', () => {
    fc.assert(
      fc.property(text.filter(isPlain), (input) => {
        const document = new Document({ a: input }, { version: '1.2', compat: 'yaml-1.1' });
        expect(document.toString({ lineWidth: 0 })).toBe(`a: ${input}\n`);
        expect(new Document({ a: input }, { version: '1.1' }).toString({ lineWidth: 0 })).toBe(`a: ${input}\n`);
      }),
      { numRuns: 5_000 },
    );
  });
});

function reversed(input: unknown): unknown {
  if (Array.isArray(input)) return input.map(reversed);
  if (typeof input !== 'object' || input === null) return input;
  return Object.fromEntries(
    Object.entries(input)
      .reverse()
      .map(([name, field]) => [name, reversed(field)]),
  );
}

/** The order of keys, said a second time and in another way than the emitter does. */
function inOrder(input: unknown, role: string): unknown {
  if (Array.isArray(input)) return input.map((item) => inOrder(item, 'item'));
  if (typeof input !== 'object' || input === null) return input;
  const leading: Record<string, string[]> = { document: ['apiVersion', 'kind', 'metadata'], item: ['name'], metadata: ['name', 'namespace'] };
  const rank = (name: string): number => (leading[role] ?? []).indexOf(name) >>> 0;
  const entries = Object.entries(input).sort(([a], [b]) => rank(a) - rank(b) || (a < b ? -1 : 1));
  // A Map keeps keys such as "1" where they are.
  return new Map(entries.map(([name, field]) => [name, inOrder(field, name === 'metadata' ? 'metadata' : 'other')]));
}

function reference(sorted: unknown): string {
  const document = new Document(sorted, { version: '1.2', compat: 'yaml-1.1', aliasDuplicateObjects: false });
  visit(document, {
    Scalar: (role, node: Scalar) => {
      if (typeof node.value !== 'string') return;
      const isBlock = role !== 'key' && node.value.includes('\n') && isLiteral(node.value);
      node.type = isBlock ? 'BLOCK_LITERAL' : isPlain(node.value) ? 'PLAIN' : quoted(node.value).startsWith('"') ? 'QUOTE_DOUBLE' : 'QUOTE_SINGLE';
    },
  });
  return document.toString({ lineWidth: 0, doubleQuotedAsJSON: true, indentSeq: false });
}

/** Where we escape what JSON does not, write a number in another way, or `yaml` moves a long key to a line of its own, bytes differ. */
function isComparable(input: unknown): boolean {
  if (Array.isArray(input)) return input.every(isComparable);
  if (typeof input === 'object' && input !== null) {
    return Object.entries(input).every(([name, field]) => isComparable(name) && !name.includes('\n') && isComparable(field));
  }
  if (typeof input === 'number') return !String(input).includes('e') && !Object.is(input, -0);
  return typeof input !== 'string' || !/[\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\uffff]/.test(input);
}
