import type { JsonLimits } from './json-limits.js';
import type { DataState } from './data-state.js';
import type { SkipPlain } from './string-scanner.js';

/** Reads the elements of a tensor faster than the scanner does, as far as they are plain; the scanner reads the rest. */
export interface Accelerator {
  /** What it shares with the scanner. */
  readonly state: DataState;
  /** Where bytes are best read into: no copy is made of them. */
  readonly buffer: Uint8Array;
  /** Bytes of the same memory in front of `buffer`, for what the end of a piece cuts: longer objects are not read as wholes. */
  readonly lead: number;
  /** Which elements it may take as valid without telling: the place of a datatype in `datatypes`, or -1 for none. */
  setDatatype(index: number): void;
  /**
   * Reads from `at`, between two tokens of a tensor, and gives the place up to which it read, again between two tokens.
   * It reads and changes `state`, never goes below the tensor's own depth, and leaves to the scanner what it does not know.
   */
  readElements(bytes: Uint8Array, at: number, stop: number): number;
  /**
   * Reads whole tensors, from the one that begins at `at`, in the list that is open at this depth. Gives the place behind
   * the last one, or `at` where the scanner must read the first. How many there were is in the state, their names in `names`.
   */
  readTensors(bytes: Uint8Array, at: number, stop: number, depth: number): number;
  /** The same for whole documents: one, or as many as come in a list. */
  readDocuments(bytes: Uint8Array, at: number, stop: number, depth: number, form: DocumentForm): number;
  /** Memory of a `NameSet`. */
  readonly names: Int32Array;
  readonly skipPlain: SkipPlain;
}

export interface DocumentForm {
  readonly isRequest: boolean;
  readonly isList: boolean;
}

/** Whether limits leave an accelerator its room: it does not count the bytes of what it reads in one go. */
export const isGenerous = ({ number, string, key: keyBytes, text, members, memberBytes }: JsonLimits): boolean =>
  number >= 64 && string >= 1 << 20 && keyBytes >= 16 && text >= 256 && members >= 64 && memberBytes >= 1024;
