import { diagnose } from '../diagnostics/diagnose.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { Definitions } from '../resolve/definitions.js';
import { at } from '../resolve/place.js';

/** Files of SOPS in `dist/` that the engine which brings it to the cluster leaves as they are: their Secrets would never be there. */
export function checkSopsDecrypted({ platform, connections }: Pick<Definitions, 'platform' | 'connections'>): readonly Diagnostic[] {
  const gitops = platform?.spec.gitops;
  if (!platform || !gitops || gitops.engine === 'none' || (gitops.engine === 'flux' && gitops.decryption)) return [];
  const related = [{ message: 'what applies the output', where: at(platform.place, 'gitops', 'engine') }];
  return connections
    .filter(({ spec }) => spec.credentials.sops)
    .map(({ place }) => {
      const where = { ...at(place, 'credentials', 'sops'), target: 'key' as const };
      return diagnose('check/sops-not-decrypted', where, { engine: gitops.engine }, { related });
    });
}
