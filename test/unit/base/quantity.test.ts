import { describe, expect, it } from 'vitest';
import {
  addQuantity,
  canonicalCpu,
  canonicalQuantity,
  compareQuantity,
  formatQuantity,
  parseQuantity,
  type Quantity,
} from '../../../src/base/quantity.js';

const quantity = (text: string): Quantity => {
  const parsed = parseQuantity(text);
  if (!parsed) throw new Error(`${text} is a quantity`);
  return parsed;
};

describe('canonicalQuantity', () => {
  it.each([
    ['0', '0'],
    ['0Gi', '0'],
    ['0m', '0'],
    ['1', '1'],
    ['007', '7'],
    ['+5', '5'],
    ['1000m', '1'],
    ['0.5', '500m'],
    ['.5', '500m'],
    ['1.', '1'],
    ['1.G', '1G'],
    ['1.5', '1500m'],
    ['1.500', '1500m'],
    ['1.2345', '1234500u'],
    ['1000', '1k'],
    ['1500', '1500'],
    ['128000000', '128M'],
    ['1024', '1024'],
    ['50k', '50k'],
    ['100.035k', '100035'],
    ['1E', '1E'],
    ['1000P', '1E'],
    ['9000P', '9E'],
    ['1024Mi', '1Gi'],
    ['1.5Gi', '1536Mi'],
    ['0.5Gi', '512Mi'],
    ['1000Mi', '1000Mi'],
    ['1000000Ki', '1000000Ki'],
    ['1048576Ki', '1Gi'],
    ['1024Pi', '1Ei'],
    ['7Ei', '7Ei'],
    // Below 1024, and where powers of 1024 would round, the decimal form is printed.
    ['0.5Ki', '512'],
    ['1Ki', '1Ki'],
    ['0.1Gi', '107374182400m'],
    // Rounded up to 10^-9.
    ['0.9n', '1n'],
    ['3.001n', '4n'],
    ['0.00000012345', '124n'],
    ['0.000000000001Ki', '2n'],
    // An exponent stays an exponent, in steps of three.
    ['1e3', '1e3'],
    ['1E3', '1e3'],
    ['1000e3', '1e6'],
    ['1e2', '100'],
    ['1.3E+6', '1300e3'],
    ['1e-3', '1e-3'],
    ['0.5e0', '500e-3'],
    ['0e5', '0'],
  ])('%s is %s', (text, canonical) => {
    expect(canonicalQuantity(text)).toBe(canonical);
    expect(canonicalQuantity(canonical)).toBe(canonical);
  });

  it.each([
    '',
    '.',
    '-',
    '1 Gi',
    ' 1',
    '1Gb',
    '1K',
    '1ki',
    '1KI',
    '1mi',
    '1e',
    '1E-',
    '1e1.5',
    '--1',
    '-1',
    '1..5',
    '1.5.1',
    'Gi',
    'abc',
    '0x10',
    '1_000',
    '١',
    '1e999',
    '8Ei',
    '9223372036854775808',
    `${'1'.repeat(100)}`,
  ])('%j is none', (text) => {
    expect(parseQuantity(text)).toBeUndefined();
    expect(canonicalQuantity(text)).toBeUndefined();
    expect(canonicalCpu(text)).toBeUndefined();
  });

  it('keeps the largest amount', () => {
    expect(canonicalQuantity('9223372036854775807')).toBe('9223372036854775807');
  });
});

describe('canonicalCpu', () => {
  it.each([
    ['1000m', '1'],
    ['0.5', '500m'],
    ['2', '2'],
    ['1500m', '1500m'],
    ['0.0001', '1m'],
    ['100u', '1m'],
    ['1e0', '1'],
    ['1Ki', '1024'],
  ])('%s is %s', (text, canonical) => expect(canonicalCpu(text)).toBe(canonical));
});

describe('compareQuantity and addQuantity', () => {
  it('compare amounts, not texts', () => {
    expect(compareQuantity(quantity('1Gi'), quantity('1024Mi'))).toBe(0);
    expect(compareQuantity(quantity('10000T'), quantity('100Gi'))).toBe(1);
    expect(compareQuantity(quantity('999m'), quantity('1'))).toBe(-1);
  });

  it('add, printed like the first that is not zero', () => {
    expect(formatQuantity(addQuantity(quantity('1Gi'), quantity('512Mi')))).toBe('1536Mi');
    expect(formatQuantity(addQuantity(quantity('0'), quantity('1Gi')))).toBe('1Gi');
    expect(formatQuantity(addQuantity(quantity('500m'), quantity('1500m')))).toBe('2');
    expect(formatQuantity(addQuantity(quantity('1000'), quantity('1Ki')))).toBe('2024');
  });
});
