import { expect, it } from 'vitest';
import { remembered } from '../../../src/base/remembered.js';

it('answers like the function itself, which it asks once for what repeats', () => {
  const asked: string[] = [];
  const length = remembered((text) => {
    asked.push(text);
    return text === '' ? undefined : text.length;
  });
  expect(['a', '', 'abc', 'a', '', 'abc'].map(length)).toEqual([1, undefined, 3, 1, undefined, 3]);
  expect(asked).toEqual(['a', '', 'abc']);
});

it('answers right however much it is asked', () => {
  const texts = Array.from({ length: 5000 }, (_, index) => `text ${index % 2500}`);
  expect(texts.map(remembered((text) => `${text}!`))).toEqual(texts.map((text) => `${text}!`));
});
