import type { DataState } from './data-state.js';
import type { SkipPlain } from './string-scanner.js';

/** Reads the elements of a tensor faster than the scanner does, as far as they are plain; the scanner reads the rest. */
export interface Accelerator {
  /** What it shares with the scanner. */
  readonly state: DataState;
  /** Where bytes are best read into: no copy is made of them. */
  readonly buffer: Uint8Array;
  /** Which elements it may take as valid without telling: the place of a datatype in `datatypes`, or -1 for none. */
  setDatatype(index: number): void;
  /**
   * Reads from `at`, between two tokens of a tensor, and gives the place up to which it read, again between two tokens.
   * It reads and changes `state`, never goes below the tensor's own depth, and leaves to the scanner what it does not know.
   */
  readElements(bytes: Uint8Array, at: number, stop: number): number;
  /**
   * Reads a whole tensor that begins at `at` and would be open at this depth. Gives the place behind it, with its name in
   * `state`, or `at` where the scanner must read it.
   */
  readTensor(bytes: Uint8Array, at: number, stop: number, depth: number): number;
  readonly skipPlain: SkipPlain;
}
