import { describe, expect, it } from 'vitest';
import { filledMaxLength } from '../../../src/contract/filled-path.js';
import { checkObjectPath, fillPlaceholders, isFolder, objectPathPattern, splitPlaceholders } from '../../../src/base/object-path.js';

describe('checkObjectPath', () => {
  it.each(
    ['a', 'a/', 'fraud/in/', 'fraud/1.4/model.tar.gz', '_x/~y', 'a=b/c+d@e', 'year=2026/month=11/', 'a.', 'A-9_.=+@~-'].map((text) => [
      text.replace('_x/~y', '_x/y~'),
    ]),
  )('takes %s', (text) => expect(checkObjectPath(text)).toBeUndefined());

  it.each([
    ['', { problem: 'empty' }],
    ['/a', { problem: 'leading-slash', index: 0 }],
    ['/', { problem: 'leading-slash', index: 0 }],
    ['a/../b', { problem: 'dot-dot', index: 2 }],
    ['a..b', { problem: 'dot-dot', index: 1 }],
    ['..', { problem: 'dot-dot', index: 0 }],
    ['a/b..', { problem: 'dot-dot', index: 3 }],
    ['s3:bucket', { problem: 'colon', index: 2 }],
    ['-rf', { problem: 'leading-dash', index: 0 }],
    ['a/-b', { problem: 'leading-dash', index: 2 }],
    ['a//b', { problem: 'empty-part', index: 2 }],
    ['a b', { problem: 'character', index: 1 }],
    ['./a', { problem: 'character', index: 0 }],
    ['a/.hidden', { problem: 'character', index: 2 }],
    ['a/$(x)', { problem: 'character', index: 2 }],
    ['a*', { problem: 'character', index: 1 }],
    ['ü', { problem: 'character', index: 0 }],
    ['a\n', { problem: 'character', index: 1 }],
    ['a\\b', { problem: 'character', index: 1 }],
    ['a/{jobId}/', { problem: 'character', index: 2 }],
    ['a'.repeat(513), { problem: 'too-long', index: 512 }],
  ])('refuses %j', (text, problem) => expect(checkObjectPath(text)).toEqual(problem));

  it('counts placeholders as letters where they are allowed', () => {
    expect(checkObjectPath('out/{jobId}/x-{requestId}/', ['jobId', 'requestId'])).toBeUndefined();
    expect(checkObjectPath('out/{requestId}/', ['jobId'])).toEqual({ problem: 'character', index: 4 });
    expect(checkObjectPath('{jobId}/{date}', ['jobId', 'requestId'])).toEqual({ problem: 'character', index: 8 });
  });

  it('takes time in proportion to the length', () => {
    for (const text of [`${'a.'.repeat(256)}`.slice(0, 511) + ':', `${'a/'.repeat(255)}!`, `${'-'.repeat(512)}`])
      expect(checkObjectPath(text)).toBeDefined();
  });

  it('has a pattern that fits into a quoted CEL or YAML string and into RE2', () => {
    expect(objectPathPattern).not.toMatch(/["'`\n]|\(\?[^:]/);
  });

  it('tells folders by their slash', () => {
    expect(isFolder('a/')).toBe(true);
    expect(isFolder('a')).toBe(false);
  });
});

describe('placeholders', () => {
  it('split a path into its pieces', () => {
    expect(splitPlaceholders('out/{jobId}-{requestId}')).toEqual([
      { text: 'out/' },
      { placeholder: 'jobId' },
      { text: '-' },
      { placeholder: 'requestId' },
    ]);
    expect(splitPlaceholders('{jobId}')).toEqual([{ placeholder: 'jobId' }]);
    expect(splitPlaceholders('a/{date}')).toEqual([{ text: 'a/{date}' }]);
    expect(splitPlaceholders('')).toEqual([]);
  });

  it('count as what they become at most', () => {
    expect(filledMaxLength('out/{jobId}/{requestId}/{jobId}')).toBe('out///'.length + 63 + 36 + 63);
    expect(filledMaxLength('out/{date}')).toBe(10);
    expect(filledMaxLength('')).toBe(0);
  });

  it('are filled, or the path is not', () => {
    expect(fillPlaceholders('out/{jobId}/{jobId}', { jobId: 'j1' })).toBe('out/j1/j1');
    expect(fillPlaceholders('out/', {})).toBe('out/');
    expect(fillPlaceholders('out/{requestId}', { jobId: 'j1', requestId: undefined })).toBeUndefined();
    // A value is text, never a placeholder or a replacement pattern itself.
    expect(fillPlaceholders('{jobId}', { jobId: '$&{requestId}', requestId: 'r' })).toBe('$&{requestId}');
  });
});
