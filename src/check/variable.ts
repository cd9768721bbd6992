import { diagnose } from '../diagnostics/diagnose.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { ServiceDefinition } from '../resolve/definition.js';
import { at } from '../resolve/place.js';
import { predictorPaths } from '../resolve/predictor-paths.js';

const known = Object.keys(predictorPaths(''));

/** `$(…)` in arguments: only the predictor's own variables, only as a whole argument, because their paths are put in when compiled. */
export function checkVariables({ spec, place }: ServiceDefinition): readonly Diagnostic[] {
  return (spec.args ?? []).flatMap((argument, index) => {
    const start = argument.indexOf('$(');
    if (start < 0) return [];
    const where = at(place, 'args', index);
    const end = argument.indexOf(')', start);
    if (end < 0) return [diagnose('check/unclosed-variable', where, {})];
    const variable = argument.slice(start + 2, end);
    if (!known.includes(variable)) return [diagnose('check/unknown-variable', where, { variable, known })];
    if (start === 0 && end === argument.length - 1) return [];
    return [diagnose('check/variable-inside-argument', where, { variable, before: argument.slice(0, start) })];
  });
}
