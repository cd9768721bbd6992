import type { Path, Place } from '../diagnostics/diagnostic.js';

/** The place of a value below another one's. */
export const at = (place: Place, ...steps: Path): Place => ({ file: place.file, path: [...place.path, ...steps] });

/** The place of a key, for when the key itself is wrong. */
export const atKey = (place: Place, ...steps: Path): Place => ({ ...at(place, ...steps), target: 'key' });
