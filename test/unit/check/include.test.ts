import { expect, it } from 'vitest';
import { includeProblem } from '../../../src/check/include.js';

it.each([
  '*.json',
  '**/*.json',
  '/in/*.json',
  '?.json',
  '[a-z]*',
  '[^0-9]*',
  '[a-zA-Z_.-]*',
  '{a,b}/*.json',
  '{a,{b,c}}.json',
  '\\{a',
  'a\\]b',
  'a b.json',
  '(a|b)+$',
  'ä.json',
])('%s is a pattern', (pattern) => {
  expect(includeProblem(pattern)).toBeUndefined();
});

it.each([
  [' *.json', 'begins or ends with a blank'],
  ['+ *.json', 'holds a rule'],
  ['- *.json', 'holds a rule'],
  ['{{.*}}', 'holds a regular expression'],
  ['{a', 'has a "{" that nothing closes'],
  ['a}', 'has a "}" that nothing opens'],
  ['[a', 'has a "[" that nothing closes'],
  ['a]', 'has a "]" that nothing opens'],
  ['[]', 'holds [], which names no characters'],
  ['[!a]', 'holds [!a], which names no characters'],
  ['[z-a]', 'holds [z-a], which names no characters'],
  ['a\\', 'ends with "\\"'],
  ['\\x', 'holds "\\x"'],
  ['a\\d*', 'holds "\\d"'],
  ['\\é', 'holds "\\é"'],
  ['***', 'has three "*" in a row'],
])('%s is none: it %s', (pattern, problem) => {
  expect(includeProblem(pattern)?.problem).toBe(problem);
});
