import { weightOf, type Profile } from './profile.js';
import type { Collector, Spot, ViolationCode } from './violation.js';

export interface Judgement {
  readonly profile: Profile;
  /** What becomes of elements that a server could convert: `allow` makes them warnings. */
  readonly coercion: 'refuse' | 'allow';
}

/** Where the scanner is. */
export interface Position {
  offset(): number;
  line(): number;
  pointer(): string;
}

/** Says what is wrong, with the weight that the profile gives it. Without a spot it is the value that is being read. */
export interface Report {
  add(code: ViolationCode, message: () => string, spot?: Spot, times?: number): void;
  /** An element is of another JSON type than its datatype's. */
  coercion(isConvertible: boolean, message: () => string, spot: Spot, times: number): void;
  /** The value that is being read; the pointer is that of the moment when it is asked for. */
  now(): Spot;
  /** The same, to be kept. */
  here(): Spot;
}

/** Weighs what is found by a profile and gives it its place before it is collected. */
export function createReport(collector: Pick<Collector, 'add'>, { profile, coercion }: Judgement, position: Position): Report {
  const now = (): Spot => ({ offset: position.offset(), line: position.line(), pointer: position.pointer });
  const add: Report['add'] = (code, message, spot = now(), times) => {
    const weight = weightOf(code, profile);
    if (weight !== 'silent') collector.add(code, weight, spot, message, times);
  };
  return {
    add,
    coercion: (isConvertible, message, spot, times) => {
      if (isConvertible && coercion === 'allow') collector.add('C-COERCE', 'warning', spot, message, times);
      else add('C-COERCE', message, spot, times);
    },
    now,
    here: () => {
      const pointer = position.pointer();
      return { ...now(), pointer: () => pointer };
    },
  };
}
