import { mostNames } from './name-set.js';

/** What a document may have at most, so that reading it takes the same memory whatever its size. */
export interface JsonLimits {
  /** Arrays and objects in one another, counted from the value of a member that holds data. */
  readonly depth: number;
  /** Bytes of a key, as written. */
  readonly key: number;
  /** Bytes of a string that is not data: a name, a datatype. */
  readonly text: number;
  /** Bytes of any other string. */
  readonly string: number;
  /** Bytes of a number, as written. */
  readonly number: number;
  /** Members of all objects that are open at one time, and the bytes of their keys. */
  readonly members: number;
  readonly memberBytes: number;
  /** Tensors of one list, up to `mostNames`. */
  readonly tensors: number;
}

export const jsonLimits: JsonLimits = {
  // Triton and OpenVINO Model Server refuse what is nested deeper.
  depth: 100,
  key: 1024,
  text: 1024,
  // The protocol's largest element of BYTES.
  string: 2 ** 32,
  number: 1024,
  members: 65_536,
  memberBytes: 1 << 20,
  tensors: mostNames,
};
