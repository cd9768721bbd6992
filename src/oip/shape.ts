import { bounds, intervals, negative } from '../json/number-class.js';
import { mostLevels } from '../json/data-state.js';

/** The dimensions of a tensor, taken one by one; memory does not depend on their number. */
export interface Shape {
  /** Its array begins. */
  begin(): void;
  /** Takes a dimension that is an integer. Gives what is wrong with it, or undefined. */
  add(numberClass: number, bytes: Uint8Array, start: number, end: number): 'negative' | 'out of range' | undefined;
  /** There is none so far, or it or one of its dimensions is something else. */
  spoil(): void;
  /** Whether all dimensions were right. */
  isKnown(): boolean;
  rank(): number;
  /** The length of the arrays of a level, from 0. */
  dimension(level: number): number | undefined;
  /** How many elements it has; more than 2^53 is not exact, and more than any file holds. */
  elements(): number;
}

/** The protocol's dimensions are unsigned 64-bit integers. */
const uint64 = bounds.indexOf(2n ** 64n - 1n);

/** Of one tensor after another. */
export function createShape(): Shape {
  const dimensions = new Float64Array(mostLevels);
  let rank = 0;
  let product = 1;
  let hasZero = false;
  let isKnown = false;
  return {
    begin: () => {
      rank = 0;
      product = 1;
      hasZero = false;
      isKnown = true;
    },
    add: (numberClass, bytes, start, end) => {
      const interval = numberClass & (intervals - 1);
      const problem = (numberClass & negative) !== 0 && interval > 0 ? 'negative' : interval > uint64 ? 'out of range' : undefined;
      if (problem !== undefined) {
        isKnown = false;
        return problem;
      }
      let value = 0;
      for (let at = (numberClass & negative) === 0 ? start : start + 1; at < end; at += 1) value = value * 10 + (bytes[at] ?? 0) - 0x30;
      if (rank < mostLevels) dimensions[rank] = value;
      rank += 1;
      product *= value;
      hasZero ||= value === 0;
      return undefined;
    },
    spoil: () => {
      isKnown = false;
    },
    isKnown: () => isKnown,
    rank: () => rank,
    dimension: (level) => (level < Math.min(rank, mostLevels) ? dimensions[level] : undefined),
    elements: () => (hasZero ? 0 : product),
  };
}
