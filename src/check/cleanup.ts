import { diagnose } from '../diagnostics/diagnose.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { platformDefaults } from '../input/defaults.js';
import type { PlatformDefinition } from '../resolve/definition.js';
import { atKey } from '../resolve/place.js';

/** Settings of an engine that takes none of them: whoever reads them believes that finished runs stay, or go. */
export function checkCleanup({ spec: { cleanup }, place }: PlatformDefinition): readonly Diagnostic[] {
  const engine = cleanup?.engine ?? platformDefaults.cleanup.engine;
  if (!cleanup || engine === 'janitor') return [];
  const ignored = engine === 'none' ? (['ttl', 'keepLast'] as const) : (['keepLast'] as const);
  return ignored
    .filter((field) => cleanup[field] !== undefined)
    .map((field) => diagnose('check/cleanup-without-effect', atKey(place, 'cleanup', field), { field, engine }));
}
