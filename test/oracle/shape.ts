import { jsonType } from './datatype.js';
import { isBelow, isLiteralInteger, isNegative, JsonNumber } from './json.js';
import type { Collector, Path } from './violation.js';

/** The protocol's dimensions are unsigned 64-bit integers. */
const dimensionLimit = 2n ** 64n;

/** The dimensions, or undefined where one is wrong. An empty shape is a scalar; a dimension of 0 means no elements. */
export function checkShape(shape: readonly unknown[], at: Path, collector: Collector): readonly number[] | undefined {
  const dimensions: number[] = [];
  for (const [index, dimension] of shape.entries()) {
    const path = (): Path => [...at, index];
    if (!(dimension instanceof JsonNumber) || !isLiteralInteger(dimension)) {
      collector.addLazily('E-TYPE', path, `a dimension must be an integer; found ${jsonType(dimension)}`);
    } else if (isNegative(dimension)) {
      collector.addLazily('E-SHAPE-NEG', path, 'a dimension must not be negative');
    } else if (!isBelow(dimension, dimensionLimit)) {
      collector.addLazily('E-SHAPE-RANGE', path, 'a dimension must be at most 18446744073709551615');
    } else {
      dimensions.push(Number(dimension.text));
    }
  }
  return dimensions.length === shape.length ? dimensions : undefined;
}

/** How many elements a shape has; more than 2^53 is not exact, and more than any file holds. */
export const elementCount = (shape: readonly number[]): number =>
  shape.includes(0) ? 0 : shape.reduce((product, dimension) => product * dimension, 1);
