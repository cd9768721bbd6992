import fc from 'fast-check';
import { expect, it } from 'vitest';
import { compileFiles, textOf } from '../support/compile-files.js';
import { repository, toFiles, type Documents } from '../support/repository.js';

type Position = readonly (string | number)[];

/** Every place below the spec of a document. */
function positions(value: unknown, at: Position = []): readonly Position[] {
  const below = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  return [at, ...below.flatMap(([key, part]) => positions(part, [...at, Array.isArray(value) ? Number(key) : key]))].filter(
    ([first]) => at.length > 0 || first === 'spec',
  );
}

function changed(value: unknown, [step, ...rest]: Position, change: (value: unknown) => unknown): unknown {
  if (step === undefined) return change(value);
  if (Array.isArray(value)) return value.map((part, index) => (index === step ? changed(part, rest, change) : part));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, key === step ? changed(part, rest, change) : part]));
}

const renamed = (value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).map(([key, part], index) => [index === 0 ? `x-${key}` : key, part]))
    : value;

/** A value of another type, a list that is none, a field that nobody knows. */
const changes: readonly ((value: unknown) => unknown)[] = [
  (value) => (typeof value === 'number' ? 'x' : 0.5),
  (value) => (Array.isArray(value) ? {} : []),
  () => null,
  renamed,
];

const broken = repository.chain((documents) =>
  fc.tuple(fc.constantFrom(...Object.keys(documents)), fc.nat(), fc.constantFrom(...changes)).map(([path, choice, change]): [string, Documents] => {
    const places = positions(documents[path]).filter(([first]) => first === 'spec');
    return [path, { ...documents, [path]: changed(documents[path], places[choice % places.length] ?? [], change) }];
  }),
);

it('one wrong shape in definitions that are right gives no problem but its own', () => {
  fc.assert(
    fc.property(broken, ([path, documents]) => {
      const result = compileFiles(toFiles(documents));
      const others = result.diagnostics.filter(
        ({ code, where, severity }) => severity === 'error' && (where?.file !== path || !code.startsWith('input/')),
      );
      // A value that is right all the same may be wrong otherwise: an empty list of callers, for example.
      fc.pre(result.diagnostics.some(({ code }) => code.startsWith('input/')));
      expect(others, textOf(result)).toEqual([]);
    }),
    { numRuns: 500 },
  );
}, 120_000);
