import { diagnose } from '../diagnostics/diagnose.js';
import type { Diagnostic, Place } from '../diagnostics/diagnostic.js';
import type { Declared } from './definition.js';
import { at } from './place.js';

/** Named things of a list by name; a name that is there already is a problem, and the first one keeps it. */
export function indexByName<T extends { readonly name: string }>(
  kind: string,
  items: readonly T[],
  list: Place,
): readonly [ReadonlyMap<string, Declared<T>>, readonly Diagnostic[]] {
  const index = new Map<string, Declared<T>>();
  const diagnostics: Diagnostic[] = [];
  for (const [position, value] of items.entries()) {
    const place = at(list, position);
    const first = index.get(value.name);
    if (first) {
      const related = [{ message: 'first declared here', where: at(first.place, 'name') }];
      diagnostics.push(diagnose('resolve/duplicate-name', at(place, 'name'), { kind, name: value.name }, { related }));
    } else {
      index.set(value.name, { value, place });
    }
  }
  return [index, diagnostics];
}
