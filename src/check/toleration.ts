import { diagnose } from '../diagnostics/diagnose.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { Toleration } from '../input/generated/types.js';
import type { PlatformDefinition } from '../resolve/definition.js';
import { at } from '../resolve/place.js';

/** What Kubernetes refuses in a pod: it would show in a run only. */
export const checkTolerations = ({ spec, place }: PlatformDefinition): readonly Diagnostic[] =>
  (spec.nodePools ?? []).flatMap(({ tolerations }, pool) =>
    (tolerations ?? []).flatMap((toleration, index) => {
      const found = problemOf(toleration);
      return found ? [diagnose('check/invalid-toleration', at(place, 'nodePools', pool, 'tolerations', index), found)] : [];
    }),
  );

function problemOf({ key, operator, value, effect, tolerationSeconds }: Toleration): { readonly problem: string; readonly hint: string } | undefined {
  if (operator === 'Exists' && value !== undefined && value !== '')
    return { problem: 'has a value beside operator Exists', hint: 'remove the value, or write operator: Equal' };
  if (key === undefined && operator !== 'Exists')
    return { problem: 'has no key', hint: 'give the key of the taint, or write operator: Exists to tolerate every taint' };
  if (tolerationSeconds !== undefined && effect !== 'NoExecute')
    return { problem: 'has tolerationSeconds without effect NoExecute', hint: 'write effect: NoExecute, or remove tolerationSeconds' };
  return undefined;
}
