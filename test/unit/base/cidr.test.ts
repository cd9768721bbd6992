import { describe, expect, it } from 'vitest';
import { containsCidr, formatCidr, parseCidr, readCidr, type Cidr } from '../../../src/base/cidr.js';

const cidr = (text: string): Cidr => {
  const parsed = parseCidr(text);
  if (!parsed) throw new Error(text);
  return parsed;
};

describe('blocks of addresses', () => {
  it.each(['0.0.0.0/0', '10.0.0.0/8', '198.51.100.7/32', '::/0', '2001:db8::/32', 'fd00:ec2::254/128', '::1/128'])('%s is one', (text) => {
    expect(formatCidr(cidr(text))).toBe(text);
  });

  it.each([
    ['10.0.0.1/8', '10.0.0.0/8'],
    ['198.51.100.7', '198.51.100.7/32'],
    ['2001:db8:0:0::/32', '2001:db8::/32'],
    ['::ffff:10.0.0.1', '::ffff:a00:1/128'],
  ])('%s is meant as %s', (text, meant) => {
    expect(parseCidr(text)).toBeUndefined();
    expect(formatCidr(readCidr(text) ?? cidr('0.0.0.0/0'))).toBe(meant);
  });

  it.each([
    '',
    's3.example.com',
    '10.0.0.0/33',
    '10.0.0/8',
    '010.0.0.0/8',
    '10.0.0.0/08',
    '256.0.0.0/8',
    '::/129',
    ':::/8',
    '10.0.0.0/8/8',
    '10.0.0.0.',
  ])('%j is none', (text) => {
    expect(readCidr(text)).toBeUndefined();
  });

  it('contain others of the same kind, and themselves', () => {
    expect(containsCidr(cidr('0.0.0.0/0'), cidr('169.254.0.0/16'))).toBe(true);
    expect(containsCidr(cidr('10.0.0.0/8'), cidr('10.0.0.0/8'))).toBe(true);
    expect(containsCidr(cidr('10.0.0.0/9'), cidr('10.128.0.0/9'))).toBe(false);
    expect(containsCidr(cidr('10.0.0.0/8'), cidr('0.0.0.0/0'))).toBe(false);
    expect(containsCidr(cidr('0.0.0.0/0'), cidr('::/0'))).toBe(false);
  });
});
