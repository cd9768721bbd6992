import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hasErrors } from '../../../src/diagnostics/diagnostic.js';
import { documentExamples } from '../../../src/input/examples.js';
import { forms } from '../../../src/input/forms.js';
import * as validators from '../../../src/input/generated/validators.js';
import { mend } from '../../../src/input/mend.js';
import { definitions, kinds } from '../../../src/input/schemas.js';
import { standIn } from '../../../src/input/stand-in.js';
import { validateDocument } from '../../../src/input/validate.js';

const schemaOf = (kind: (typeof kinds)[number]) => definitions[`${kind}Document`] ?? {};

describe('a document of any shape', () => {
  const anything = fc.oneof(
    fc.constantFrom(null, '', 'x', 'X', 0, -1, 1.5, 1e9, true, [], {}, [[]], { name: 1 }, 'a'.repeat(600)),
    fc.jsonValue({ maxDepth: 2 }),
  );
  const change = fc.record({ at: fc.nat(), how: fc.constantFrom('replace', 'remove', 'add', 'repeat'), value: anything });

  it.each(kinds)('is mended to one that the schema takes: %s', (kind) => {
    fc.assert(
      fc.property(fc.array(change, { maxLength: 6 }), (changes) => {
        const document: unknown = structuredClone(documentExamples[kind]);
        for (const each of changes) apply(document, each);
        const isRight = validators[kind](document);
        const { value, holes } = mend(schemaOf(kind), document);
        expect(validators[kind](value), JSON.stringify(validators[kind].errors)).toBe(true);
        if (isRight) expect({ value, holes }).toEqual({ value: document, holes: [] });
        // What is left out never lets a document pass.
        else expect(hasErrors(validateDocument(kind, document, 'x.yaml')[1])).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it.each(kinds)('is mended to one that the schema takes, from nothing: %s', (kind) => {
    expect(validators[kind](mend(schemaOf(kind), {}).value)).toBe(true);
    expect(mend(schemaOf(kind), 5).holes).toEqual([[]]);
  });
});

it('keeps the positions of a list', () => {
  const schema = definitions['AccessRule'] ?? {};
  expect(mend(schema, { teams: ['a', 5, 'b'], modes: ['read'] })).toEqual({
    value: { teams: ['a', 'millrace-stand-in', 'b'], modes: ['read'] },
    holes: [['teams', 1]],
  });
});

it('takes a field that nobody knows for any that is not there', () => {
  const { value, holes } = mend(definitions['DataSource'] ?? {}, { connection: 'raw', pat: 'in/', include: ['*'] });
  expect(value).toEqual({ connection: 'raw', include: ['*'] });
  expect(holes).toEqual([['path'], ['allowEmpty']]);
});

it.each(Object.entries(forms))('has a text of the form %s', (_, { pattern }) => {
  expect(standIn({ type: 'string', pattern, maxLength: 128 })).toMatch(new RegExp(pattern, 'u'));
});

interface Change {
  readonly at: number;
  readonly how: string;
  readonly value: unknown;
}

/** Changes one of all the values of a document. */
function apply(document: unknown, { at, how, value: given }: Change): void {
  const value: unknown = structuredClone(given);
  const holders: { readonly holder: object; readonly key: string }[] = [];
  const collect = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    for (const [key, inner] of Object.entries(node)) {
      holders.push({ holder: node, key });
      collect(inner);
    }
  };
  collect(document);
  const chosen = holders[at % Math.max(1, holders.length)];
  if (!chosen) return;
  const { holder, key } = chosen;
  if (Array.isArray(holder)) {
    if (how === 'remove') holder.splice(Number(key), 1);
    else if (how === 'add') holder.push(value);
    else if (how === 'repeat' && holder.length < 5)
      holder.push(...Array.from({ length: 1100 }, () => structuredClone(holder[Number(key)] as unknown)));
    else holder[Number(key)] = value;
  } else if (how === 'remove') Reflect.deleteProperty(holder, key);
  else Reflect.set(holder, how === 'add' ? 'unknown-field' : key, value);
}
