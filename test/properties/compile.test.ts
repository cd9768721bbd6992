import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isSpan } from '../../src/diagnostics/diagnostic.js';
import { compileFiles } from '../support/compile-files.js';
import { isService, repository, toFiles, type Documents } from '../support/repository.js';

const output = (documents: Documents): Readonly<Record<string, string>> => {
  const { files, diagnostics } = compileFiles(toFiles(documents));
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  return Object.fromEntries(files.map(({ path, text }) => [path, text]));
};

/** Every map with its keys in another order. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, part]) => [key, reversed(part)]),
  );
}

describe('definitions that are right', () => {
  it('give the same bytes each time, in whatever order their files and keys are', () => {
    fc.assert(
      fc.property(repository, (documents) => {
        const first = output(documents);
        expect(output(documents)).toEqual(first);
        expect(output(Object.fromEntries(Object.entries(documents).reverse()))).toEqual(first);
        expect(output(Object.fromEntries(Object.entries(documents).map(([path, value]) => [path, reversed(value)])))).toEqual(first);
      }),
      { numRuns: 40 },
    );
  });

  it('of one service change no byte of another', () => {
    fc.assert(
      fc.property(repository, (documents) => {
        const whole = output(documents);
        const [added, ...others] = Object.keys(documents).filter(isService);
        fc.pre(added !== undefined && others.length > 0);
        const before = output(Object.fromEntries(Object.entries(documents).filter(([path]) => path !== added)));
        for (const path of others) {
          const file = path.slice('services/'.length);
          expect(whole[file]).toBe(before[file]);
        }
      }),
      { numRuns: 40 },
    );
  });

  it('give every object one name in its namespace, and every service its file', () => {
    fc.assert(
      fc.property(repository, (documents) => {
        const paths = Object.keys(output(documents));
        expect(new Set(paths).size).toBe(paths.length);
        expect(paths).toEqual([...paths].sort());
        expect(paths).toEqual(
          expect.arrayContaining(
            Object.keys(documents)
              .filter(isService)
              .map((path) => path.slice('services/'.length)),
          ),
        );
      }),
      { numRuns: 40 },
    );
  });
});

/** Texts and values that have broken compilers before. */
const hostile = fc.oneof(
  fc.constantFrom(
    '',
    ' ',
    '-',
    '/',
    '//',
    '..',
    '../x/',
    ':',
    '$(x)',
    '${x}',
    '$$',
    '{jobId}',
    '{date}',
    '\u202e',
    '\u0000',
    '\ud800',
    'null',
    'none',
    '*',
    '0',
    '0s',
    '1e400',
    '1e-9',
    '9'.repeat(70),
  ),
  fc.constantFrom('toString', 'hasOwnProperty', 'x'.repeat(300), 'risk/*', '@sha256:', 'https://u:p@h', '999999999h', '0.0000001', '{{', '[', '***'),
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.constantFrom<unknown>(null, 0, -1, 1.5, true, [], {}, [null], { a: 1 }),
);

type Position = readonly (string | number)[];
function positions(value: unknown, at: Position = []): readonly Position[] {
  if (typeof value !== 'object' || value === null) return [at];
  return [at, ...Object.entries(value).flatMap(([key, part]) => positions(part, [...at, Array.isArray(value) ? Number(key) : key]))];
}

function replaced(value: unknown, [step, ...rest]: Position, by: unknown): unknown {
  if (step === undefined) return by;
  if (Array.isArray(value)) return value.map((part, index) => (index === step ? replaced(part, rest, by) : part));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, key === step ? replaced(part, rest, by) : part]));
}

const mutated = repository.chain((documents) =>
  fc.array(fc.tuple(fc.constantFrom(...Object.keys(documents)), fc.nat(), hostile), { minLength: 1, maxLength: 3 }).map((changes) =>
    changes.reduce<Documents>((current, [path, choice, by]) => {
      const all = positions(current[path]);
      return { ...current, [path]: replaced(current[path], all[choice % all.length] ?? [], by) };
    }, documents),
  ),
);

it('definitions that are changed at will compile, or have located errors and no output', () => {
  fc.assert(
    fc.property(mutated, (documents) => {
      const files = toFiles(documents);
      const { diagnostics, files: compiled, services } = compileFiles(files);
      const errors = diagnostics.filter(({ severity }) => severity === 'error');
      if (errors.length > 0) expect(compiled).toEqual([]);
      else expect(services.length).toBe(Object.keys(documents).filter(isService).length);
      for (const { where, code } of diagnostics) {
        if (code === 'input/missing-platform') continue;
        expect(where && isSpan(where) && where.start <= where.end && where.end <= (files[where.file]?.length ?? -1), code).toBe(true);
      }
    }),
    { numRuns: 300 },
  );
});
