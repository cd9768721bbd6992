import { describe, expect, it } from 'vitest';
import { isDnsLabel, nearest } from '../../../src/base/names.js';

describe('isDnsLabel', () => {
  it.each(['a', '0', 'fraud-scorer', 'a--b', 'x'.repeat(63)])('takes %s', (text) => expect(isDnsLabel(text)).toBe(true));
  it.each(['', '-a', 'a-', 'A', 'a_b', 'a.b', 'ä', 'a\n', 'x'.repeat(64)])('refuses %j', (text) => expect(isDnsLabel(text)).toBe(false));
});

describe('nearest', () => {
  const words = ['image', 'command', 'args', 'env', 'dataSource', 'modelSource'];
  it.each([
    ['imag', 'image'],
    ['iamge', 'image'],
    ['datasource', 'dataSource'],
    ['DATASOURCE', 'dataSource'],
    ['comand', 'command'],
    ['arg', 'args'],
    ['en', 'env'],
    ['zzz', undefined],
    ['', undefined],
    ['e', undefined],
    ['resources', undefined],
    ['x'.repeat(100_000), undefined],
  ])('%s: %s', (word, expected) => expect(nearest(word, words)).toBe(expected));

  it('prefers the same word in another case, then the closest, then the first', () => {
    expect(nearest('Env', ['enw', 'env'])).toBe('env');
    expect(nearest('s3-raws', ['s3-ro', 's3-raw'])).toBe('s3-raw');
    expect(nearest('poolx', ['poola', 'poolb'])).toBe('poola');
  });
});
