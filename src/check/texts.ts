import type { Path, Place } from '../diagnostics/diagnostic.js';

/** Calls `visit` with every key and every text below a value; the place is made only when it is asked for. */
export function visitTexts(value: unknown, root: Place, visit: (text: string, path: Path, place: () => Place) => void): void {
  const path: (string | number)[] = [];
  const placeOf = (target: 'key' | 'value') => (): Place => ({ file: root.file, path: [...root.path, ...path], target });
  const keyPlace = placeOf('key');
  const valuePlace = placeOf('value');
  const walk = (node: unknown): void => {
    if (typeof node === 'string') {
      visit(node, path, valuePlace);
    } else if (Array.isArray(node)) {
      for (const [index, item] of node.entries()) {
        path.push(index);
        walk(item);
        path.pop();
      }
    } else if (typeof node === 'object' && node !== null) {
      for (const [key, item] of Object.entries(node)) {
        path.push(key);
        visit(key, path, keyPlace);
        walk(item);
        path.pop();
      }
    }
  };
  walk(value);
}
