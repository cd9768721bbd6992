import { diagnose } from '../diagnostics/diagnose.js';
import type { Diagnostic, Place } from '../diagnostics/diagnostic.js';
import type { TeamDefinition } from '../resolve/definition.js';
import { at, atKey } from '../resolve/place.js';
import type { ResolvedService } from '../resolve/service.js';

const limits = ['maxInvalidFiles', 'maxInvalidRatio'] as const;

/** A service that tolerates invalid files, and whose first one fails the run. A team's limit waits for services with another onInvalid. */
export function checkTolerance({ filled: { validation }, context }: ResolvedService): readonly Diagnostic[] {
  const { onInvalid } = validation;
  if (onInvalid.value !== 'fail' || (onInvalid.from === 'default' && context.defaultsBroken)) return [];
  return limits.flatMap((field) => {
    const limit = validation[field];
    return limit?.from === 'service' && limit.value > 0
      ? [diagnosis(field, limit.place, { isDefault: onInvalid.from === 'default', onInvalid: onInvalid.place })]
      : [];
  });
}

/** The same where a team's own file says both. */
export function checkTeamTolerance({ spec: { validation }, place }: TeamDefinition): readonly Diagnostic[] {
  if (validation?.onInvalid !== 'fail') return [];
  return limits.flatMap((field) =>
    (validation[field] ?? 0) > 0
      ? [diagnosis(field, at(place, 'validation', field), { isDefault: false, onInvalid: at(place, 'validation', 'onInvalid') })]
      : [],
  );
}

function diagnosis(field: string, limit: Place, { isDefault, onInvalid }: { readonly isDefault: boolean; readonly onInvalid: Place }): Diagnostic {
  const related = isDefault ? [] : [{ message: 'onInvalid', where: onInvalid }];
  return diagnose('check/tolerance-without-effect', atKey(limit), { field, isDefault }, { related });
}
