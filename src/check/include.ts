import { diagnose } from '../diagnostics/diagnose.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { ServiceDefinition } from '../resolve/definition.js';
import { at } from '../resolve/place.js';

/**
 * Patterns that rclone would refuse in a run, or read as something else.
 * @see https://rclone.org/filtering/
 */
export function checkInclude({ spec, place }: ServiceDefinition): readonly Diagnostic[] {
  return (spec.dataSource?.include ?? []).flatMap((pattern, index) => {
    const found = includeProblem(pattern);
    return found ? [diagnose('check/invalid-include', at(place, 'dataSource', 'include', index), { pattern, ...found })] : [];
  });
}

interface Problem {
  readonly problem: string;
  readonly hint: string | undefined;
}

/** Exported for a test against rclone itself. */
export function includeProblem(pattern: string): Problem | undefined {
  if (pattern !== pattern.trim()) return { problem: 'begins or ends with a blank', hint: 'rclone would cut it off' };
  if (/^[+-] /.test(pattern)) return { problem: 'holds a rule', hint: `a pattern alone is enough: ${pattern.slice(2).trim()}` };
  if (pattern.includes('{{')) return { problem: 'holds a regular expression', hint: 'write it with * ** ? [ab] and {one,two}' };
  return unbalanced(pattern);
}

/** As rclone reads it: brackets hold characters, braces hold alternatives. */
function unbalanced(pattern: string): Problem | undefined {
  let braces = 0;
  for (let index = 0; index < pattern.length; index += 1) {
    const character = pattern[index] ?? '';
    if (character === '\\') {
      if (index + 1 === pattern.length) return { problem: 'ends with "\\"', hint: '\\ takes the next character as it is' };
      index += 1;
      const taken = String.fromCodePoint(pattern.codePointAt(index) ?? 0);
      // rclone makes a regular expression of it, in which these mean something else, or nothing.
      if (!/[\x20-\x7e]/.test(taken) || /[A-Za-z0-9]/.test(taken))
        return { problem: `holds "\\${taken}"`, hint: `write ${taken}: only a sign that has a meaning in a pattern takes a "\\"` };
    } else if (character === '[') {
      const end = pattern.indexOf(']', index);
      if (end < 0) return unclosed('[');
      const inside = pattern.slice(index + 1, end);
      if (!isCharacterClass(inside)) return { problem: `holds [${inside}], which names no characters`, hint: 'for example [a-z] or [^0-9]' };
      index = end;
    } else if (character === '{') {
      braces += 1;
    } else if (character === ']' || (character === '}' && braces === 0)) {
      return { problem: `has a "${character}" that nothing opens`, hint: `write \\${character} for the character itself` };
    } else if (character === '}') {
      braces -= 1;
    } else if (pattern.startsWith('***', index)) {
      return { problem: 'has three "*" in a row', hint: '* stays within a folder, ** does not' };
    }
  }
  return braces > 0 ? unclosed('{') : undefined;
}

const unclosed = (open: '[' | '{'): Problem => ({ problem: `has a "${open}" that nothing closes`, hint: `write \\${open} for the character itself` });

/** Ranges run upwards; nothing in it has a meaning in a regular expression. */
function isCharacterClass(text: string): boolean {
  if (!/^\^?[A-Za-z0-9._ =+@~-]+$/.test(text)) return false;
  return [...text.matchAll(/([A-Za-z0-9])-([A-Za-z0-9])/g)].every(([, first = '', last = '']) => first <= last);
}
