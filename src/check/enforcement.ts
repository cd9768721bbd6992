import { diagnose } from '../diagnostics/diagnose.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { isOlder } from '../input/platform/target.js';
import type { PlatformDefinition } from '../resolve/definition.js';
import { at } from '../resolve/place.js';

/** The first version with `admissionregistration.k8s.io/v1` ValidatingAdmissionPolicy. */
const minimum = '1.30';

/** `teams[].enforcement` needs a Kubernetes that serves ValidatingAdmissionPolicy as v1. */
export function checkEnforcement({ spec: { target, teams }, place }: PlatformDefinition): readonly Diagnostic[] {
  if (!isOlder(target.kubernetes, minimum)) return [];
  return teams.flatMap(({ enforcement }, index) =>
    enforcement === undefined
      ? []
      : [diagnose('check/enforcement-too-early', at(place, 'teams', index, 'enforcement'), { found: target.kubernetes, minimum })],
  );
}
