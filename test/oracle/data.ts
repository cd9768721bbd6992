import { jsonType, type Datatype } from './datatype.js';
import { JsonNumber } from './json.js';
import { elementCount } from './shape.js';
import type { Collector, Path } from './violation.js';

/** Triton and OpenVINO Model Server refuse what is nested deeper. */
const deepest = 100;

interface Walk {
  readonly shape: readonly number[] | undefined;
  readonly datatype: Datatype | undefined;
  readonly datatypeName: string;
  readonly at: Path;
  readonly collector: Collector;
  /** Positions of the arrays that are being read, outermost first. */
  readonly position: number[];
  elements: number;
  /** Whether any array is not as long as its dimension, or holds elements on a level that has none. */
  ragged: boolean;
  tooDeep: boolean;
}

/**
 * The elements of a tensor: row-major, nested as the shape says or as one flat array. Their number must be the
 * shape's, and each must be of the JSON type that its datatype has.
 */
export function checkData(
  data: readonly unknown[],
  tensor: { readonly shape: readonly number[] | undefined; readonly datatype: Datatype | undefined; readonly datatypeName: string },
  at: Path,
  collector: Collector,
): void {
  const walk: Walk = { ...tensor, at, collector, position: [], elements: 0, ragged: false, tooDeep: false };
  const flat = !data.some((item) => Array.isArray(item));
  walkArray(data, walk);
  if (walk.tooDeep) {
    collector.add('E-DEPTH', at, `arrays are nested more than ${String(deepest)} levels deep`);
    return;
  }
  if (tensor.shape === undefined) return;
  const expected = elementCount(tensor.shape);
  if (walk.elements !== expected) {
    const count = Number.isSafeInteger(expected) ? String(expected) : `more than ${String(Number.MAX_SAFE_INTEGER)}`;
    collector.add('E-COUNT', at, `the number of elements does not match "shape". Expected: ${count} values; Actual: ${String(walk.elements)} values`);
  } else if (walk.ragged && !flat) {
    collector.add('C-RAGGED', at, 'the arrays are nested differently from "shape"; nest them as it says, or give one flat array');
  }
}

function walkArray(array: readonly unknown[], walk: Walk): void {
  const level = walk.position.length;
  if (level >= deepest) {
    walk.tooDeep = true;
    return;
  }
  if (array.length !== walk.shape?.[level]) walk.ragged = true;
  const lastLevel = level + 1 === walk.shape?.length;
  for (let index = 0; index < array.length; index += 1) {
    const item: unknown = array[index];
    if (Array.isArray(item)) {
      walk.position.push(index);
      walkArray(item, walk);
      walk.position.pop();
    } else {
      walk.elements += 1;
      if (!lastLevel) walk.ragged = true;
      checkElement(item, index, walk);
    }
  }
}

function checkElement(element: unknown, index: number, { datatype, datatypeName, at, position, collector }: Walk): void {
  const path = (): Path => [...at, ...position, index];
  if (typeof element === 'object' && !(element instanceof JsonNumber)) {
    collector.addLazily('E-NULL-ELEMENT', path, `an element must be a number, a string or a boolean; found ${jsonType(element)}`);
    return;
  }
  const problem = datatype?.check(element);
  if (problem === undefined) return;
  const [code, what] = problem === 'range' ? (['E-RANGE', 'a number out of range'] as const) : (['C-COERCE', jsonType(element)] as const);
  collector.addLazily(code, path, `${datatypeName} takes ${datatype?.takes ?? ''}; found ${what}`);
}
