import fc from 'fast-check';
import { expect, it } from 'vitest';
import { strongComponents } from '../../../src/base/strong-components.js';

/** By trying every way. */
function reachable(successors: readonly (readonly number[])[], from: number): ReadonlySet<number> {
  const found = new Set([from]);
  for (const node of found) for (const next of successors[node] ?? []) found.add(next);
  return found;
}

it('joins exactly the nodes that reach each other', () => {
  const graph = fc
    .integer({ min: 0, max: 9 })
    .chain((size) => fc.array(fc.array(fc.nat({ max: Math.max(0, size - 1) }), { maxLength: 3 }), { minLength: size, maxLength: size }));
  fc.assert(
    fc.property(graph, (successors) => {
      const components = strongComponents(successors);
      const reach = successors.map((_, node) => reachable(successors, node));
      successors.forEach((_, a) => {
        successors.forEach((__, b) => {
          expect(components[a] === components[b]).toBe(reach[a]?.has(b) === true && reach[b]?.has(a) === true);
        });
      });
    }),
  );
});

it('follows a way as long as it likes', () => {
  const size = 200_000;
  const circle = Array.from({ length: size }, (_, node) => [(node + 1) % size]);
  expect(new Set(strongComponents(circle)).size).toBe(1);
  expect(new Set(strongComponents([...circle.slice(0, -1), []])).size).toBe(size);
});
