import { describe, expect, test } from 'vitest';
import { documentExamples } from '../../../src/input/examples.js';
import { kinds } from '../../../src/input/kinds.js';
import { validateName, validateSpec } from '../../../src/input/validate.js';
import { lineOf } from './support.js';

const place = { file: 'InferenceService fraud', path: ['spec'] };

describe('a spec that is given in code', () => {
  test.each(kinds)('%s: the example is right, and comes back as it is', (kind) => {
    const { spec } = documentExamples[kind] as { readonly spec: unknown };
    const [checked, diagnostics] = validateSpec(kind, spec, place);
    expect(diagnostics).toEqual([]);
    expect(checked).toBe(spec);
  });

  test('problems name the place that the caller gives', () => {
    const [spec, diagnostics] = validateSpec('InferenceService', { image: 3, comand: [] }, place);
    expect(spec).toBeUndefined();
    expect(diagnostics.map(({ where }) => where)).toEqual(
      expect.arrayContaining([
        { file: 'InferenceService fraud', path: ['spec', 'image'] },
        { file: 'InferenceService fraud', path: ['spec', 'comand'], target: 'key' },
      ]),
    );
    expect(diagnostics.map(lineOf)).toContain('spec.comand (key): spec has no field "comand" [input/unknown-field] | did you mean "command"?');
  });

  test.each([
    [[''], ['input/missing-command']],
    [[' '], ['input/missing-command']],
    [['python', ''], []],
  ])('the command %j: %j', (command, codes) => {
    const { spec } = documentExamples.InferenceService as { readonly spec: object };
    const [, diagnostics] = validateSpec('InferenceService', { ...spec, command, args: [''] }, place);
    expect(diagnostics.map(({ code }) => code)).toEqual(codes);
  });

  test.each([undefined, null, 3, 'text', [], () => undefined, Symbol('x'), new Date(0), new Map()])('%s is no spec', (value) => {
    const [spec, diagnostics] = validateSpec('Platform', value, place);
    expect(spec).toBeUndefined();
    expect(diagnostics.length).toBeGreaterThan(0);
  });
});

describe('a name that is given in code', () => {
  const named = { file: 'InferenceService', path: ['name'] };
  test.each([
    ['fraud', []],
    ['a'.repeat(25), []],
    [
      'a'.repeat(26),
      [
        'name: name "aaaaaaaaaaaaaaaaaaaaaaaaaa" has 26 characters, at most 25 are allowed [input/name] | what requests call the service may be longer: its serviceId',
      ],
    ],
    ['', ['name: name must not be empty [input/empty]']],
    ['Fraud', [expect.stringContaining('name: name "Fraud" must be lower-case letters, digits and single "-"')]],
    ['millrace', [expect.stringContaining('[input/reserved-name]')]],
  ])('%s', (name, expected) => {
    const lines = validateName('InferenceService', name, named).map(lineOf);
    expect(lines).toEqual(expected);
  });
});
