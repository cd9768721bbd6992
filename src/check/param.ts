import { isPattern, knownPattern, matchesPattern, parsePattern } from '../base/pattern.js';
import { paramValuePattern } from '../contract/params.js';
import { diagnose } from '../diagnostics/diagnose.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { ServiceDefinition } from '../resolve/definition.js';
import { at } from '../resolve/place.js';

const everyValue = knownPattern(paramValuePattern);

/** Values in the requests of schedules: as a webhook request, they give declared params, and values that match. */
export const checkScheduleParams = ({ spec, place }: ServiceDefinition): readonly Diagnostic[] =>
  (spec.triggers?.schedules ?? []).flatMap(({ name: schedule, request }, index) =>
    Object.entries(request?.params ?? {}).flatMap(([param, value]) => {
      const here = at(place, 'triggers', 'schedules', index, 'request', 'params', param);
      const declared = Object.hasOwn(spec.params ?? {}, param) ? spec.params?.[param] : undefined;
      if (!declared)
        return [diagnose('check/unknown-schedule-param', { ...here, target: 'key' }, { schedule, param, known: Object.keys(spec.params ?? {}) })];
      const pattern = parsePattern(declared.pattern);
      // A pattern that is none has been reported.
      if (!isPattern(pattern) || (matchesPattern(everyValue, value) && matchesPattern(pattern, value))) return [];
      return [diagnose('check/schedule-param', here, { schedule, param, value, pattern: declared.pattern })];
    }),
  );

/** Patterns that the cluster would read otherwise than we do, and defaults that no request could repeat. */
export const checkParams = ({ spec, place }: ServiceDefinition): readonly Diagnostic[] =>
  Object.entries(spec.params ?? {}).flatMap(([param, { default: value, pattern: source }]) => {
    const here = at(place, 'params', param);
    const valueProblem = (problem: string, hint: string | undefined): Diagnostic =>
      diagnose('check/param-default', at(here, 'default'), { param, value, problem, hint });
    const wrong = matchesPattern(everyValue, value)
      ? []
      : [valueProblem('holds a character that no value may have', 'there are printable ASCII characters without $, " and \\')];
    const pattern = parsePattern(source);
    if (!isPattern(pattern)) return [...wrong, diagnose('check/invalid-pattern', at(here, 'pattern'), { pattern: source, ...pattern })];
    if (wrong.length > 0 || matchesPattern(pattern, value)) return wrong;
    return [valueProblem(`does not match its pattern ${source}`, 'the pattern is about the whole value, from its first to its last character')];
  });
