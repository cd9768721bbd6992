import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createNameStack, nameIsKnown, nameIsNew, noRoomForName } from '../../../src/json/name-stack.js';

const encoder = new TextEncoder();

it('knows what a list of the names knows, also when names are forgotten and when there are many', () => {
  const step = fc.oneof(
    { weight: 8, arbitrary: fc.tuple(fc.constant('add'), fc.integer({ min: 0, max: 3 }), fc.string({ maxLength: 3 })) },
    { weight: 1, arbitrary: fc.tuple(fc.constant('release'), fc.nat(), fc.constant('')) },
    { weight: 1, arbitrary: fc.tuple(fc.constant('many'), fc.constant(0), fc.constant('')) },
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
      const limits = { names: 6000, bytes: 40_000 };
      const stack = createNameStack(limits, [1, 2]);
      const list: string[] = [];
      const add = (scope: number, name: string): void => {
        const bytes = encoder.encode(name);
        const entry = `${String(scope)} ${name}`;
        const known = list.includes(entry);
        const isFull = list.length === limits.names || list.reduce((sum, each) => sum + encoder.encode(each).length - 2, bytes.length) > limits.bytes;
        expect(stack.add(scope, bytes, 0, bytes.length)).toBe(known ? nameIsKnown : isFull ? noRoomForName : nameIsNew);
        if (!known && !isFull) list.push(entry);
        if (known || !isFull) expect(stack.last()).toBe(list.indexOf(entry));
      };
      for (const [what, number, name] of steps) {
        if (what === 'add') add(number, name);
        else if (what === 'many') for (let index = 0; index < 40; index += 1) add(4, `${String(list.length)}-${String(index)}`);
        else {
          list.length = number % (list.length + 1);
          stack.release(list.length);
        }
        expect(stack.size()).toBe(list.length);
      }
      for (const [index, entry] of list.entries()) expect(new TextDecoder().decode(stack.at(index))).toBe(entry.slice(2));
    }),
    { numRuns: 60 },
  );
});

it('takes as many names as it may, and no more', () => {
  const stack = createNameStack({ names: 5000, bytes: 1 << 20 }, [1, 2]);
  for (let index = 0; index < 5000; index += 1) expect(stack.add(0, encoder.encode(String(index)), 0, String(index).length)).toBe(nameIsNew);
  expect(stack.add(0, encoder.encode('more'), 0, 4)).toBe(noRoomForName);
  expect(stack.add(0, encoder.encode('4999'), 0, 4)).toBe(nameIsKnown);
  expect(stack.add(1, encoder.encode('4999'), 0, 4)).toBe(noRoomForName);
  stack.release(0);
  expect(stack.add(0, encoder.encode('4999'), 0, 4)).toBe(nameIsNew);
});
