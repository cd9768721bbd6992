import type { Path } from '../diagnostics/diagnostic.js';
import { isHole } from '../input/holes.js';
import { at } from '../resolve/place.js';
import type { ResolvedService } from '../resolve/service.js';
import type { Sourced } from '../resolve/service-defaults.js';

/**
 * Whether a value is what its authors want: not if the service says something that was not understood, or if the team's
 * file, which may have said something, was not.
 */
export const isKnown = ({ from }: Sourced<unknown>, path: Path, { definition, context }: ResolvedService): boolean =>
  !isHole(at(definition.place, ...path).path, definition.holes ?? []) && !(from === 'default' && context.defaultsBroken);
