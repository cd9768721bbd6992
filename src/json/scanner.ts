/** What a scanner of JSON is given, and what it offers; {@link createJsonScanner} makes one. */
import type { Accelerator } from './accelerator.js';
import type { DataState } from './data-state.js';
import type { JsonLimits } from './json-limits.js';
import type { NameKey } from './name-hash.js';

/** Why a document cannot be read on. */
export interface JsonFailure {
  readonly code: 'E-JSON' | 'E-DEPTH' | 'E-LIMIT';
  /** Completes a sentence whose subject is the document or a part of it. */
  readonly problem: string;
  /** In bytes, from the beginning of the file. */
  readonly offset: number;
  /** From 1. */
  readonly line: number;
  /** JSON Pointer of the value that is meant. */
  readonly pointer: string;
}

/** Reads documents byte by byte, cut anywhere; memory depends on the limits only. */
export interface JsonScanner {
  /** A new document begins, on this line. */
  begin(line: number): void;
  /**
   * Reads on; `base` is the offset of `bytes[0]` in the file. An object that begins at `leaveFrom` or behind it, and that
   * the end of the bytes may cut, can be left. False where the document cannot be read on.
   */
  push(bytes: Uint8Array, start: number, stop: number, base: number, leaveFrom?: number): boolean;
  /** Bytes at the end of the last ones pushed that were left: the next ones must begin with them. */
  left(): number;
  /** The document ends at this offset. */
  end(offset: number): boolean;
  failure(): JsonFailure | undefined;
  /** Whether nothing but white space has been read so far. */
  isBlank(): boolean;
  /** Of the token that is being told. */
  offset(): number;
  line(): number;
  /** JSON Pointer of the value that is being told. It is put together when it is asked for. */
  pointer(): string;
}

export interface ScannerParts {
  readonly limits: JsonLimits;
  readonly nameKey: NameKey;
  readonly state: DataState;
  /** By class of element: 1 where `handler.element` is to be told. */
  readonly wanted: Uint8Array;
  readonly accelerator?: Accelerator | undefined;
}
