import { expect, it } from 'vitest';
import { constant, isConstant } from '../../../src/base/constant.js';

it('freezes a value with everything in it, and knows it again', () => {
  const value = constant({ list: [{ a: 1 }], none: null, text: 'x' });
  for (const part of [value, value.list, value.list[0]]) {
    expect(Object.isFrozen(part)).toBe(true);
    expect(part !== undefined && isConstant(part)).toBe(true);
  }
  expect(isConstant(Object.freeze({ a: 1 }))).toBe(false);
  expect(constant(value)).toBe(value);
});

it('holds constants in constants', () => {
  const part = constant({ a: 1 });
  expect(constant({ part }).part).toBe(part);
});
