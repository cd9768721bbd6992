import { hasExpansion } from '../base/text.js';
import { diagnose } from '../diagnostics/diagnose.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { Definition } from '../resolve/definition.js';
import { visitTexts } from './texts.js';

/** Nothing that reaches the output may hold `$(`, `${` or `$$`; arguments of a service have a check of their own. */
export function checkExpansion({ spec, place }: Definition<unknown>): readonly Diagnostic[] {
  const diagnostics: Diagnostic[] = [];
  visitTexts(spec, place, (text, path, where) => {
    if (!hasExpansion(text) || (path[0] === 'args' && text.includes('$('))) return;
    diagnostics.push(diagnose('check/expansion', where(), { found: /\$[({$]/.exec(text)?.[0] ?? '$' }));
  });
  return diagnostics;
}
