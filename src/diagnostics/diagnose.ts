import { hideSecrets } from '../base/secrets.js';
import { catalogue, type ArgumentsOf, type DiagnosticCode } from './catalogue.js';
import type { CatalogueEntry } from './define.js';
import type { Diagnostic, Related, Where } from './diagnostic.js';

/**
 * Makes the diagnostic of a code. `hint` replaces the catalogue's own where the caller knows better.
 */
export function diagnose<C extends DiagnosticCode>(
  code: C,
  where: Where | undefined,
  args: ArgumentsOf<C>,
  extra: { readonly related?: readonly Related[]; readonly hint?: string | undefined } = {},
): Diagnostic {
  const entry: CatalogueEntry<ArgumentsOf<C>> = catalogue[code] as unknown as CatalogueEntry<ArgumentsOf<C>>;
  const hint = extra.hint ?? entry.hint?.(args);
  return {
    code,
    severity: entry.severity,
    message: hideSecrets(entry.message(args)),
    where,
    related: extra.related ?? [],
    hint: hint === undefined ? undefined : hideSecrets(hint),
  };
}
