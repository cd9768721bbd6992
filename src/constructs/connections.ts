import type { Diagnostic, Place } from '../diagnostics/diagnostic.js';
import type { ConnectionSpec } from '../input/generated/types.js';
import { validateName, validateSpec } from '../input/validate.js';
import type { ConnectionDefinition } from '../resolve/definition.js';
import { plainSpec, type WithNamed } from './named.js';

/** Connections of the platform that are given in code, by name. `what` is the construct in our words. */
export function connectionDefinitions(
  what: string,
  specs: Readonly<Record<string, WithNamed<ConnectionSpec>>>,
): readonly [readonly ConnectionDefinition[], readonly Diagnostic[]] {
  const problems: Diagnostic[] = [];
  const definitions = Object.entries(specs).flatMap(([name, given]): ConnectionDefinition[] => {
    const place: Place = { file: what, path: ['connections', name] };
    const [spec, found] = validateSpec('Connection', plainSpec(given), place);
    problems.push(...found, ...validateName('Connection', name, place));
    return spec ? [{ name, spec, place, team: undefined }] : [];
  });
  return [definitions, problems];
}
