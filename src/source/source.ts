/** A definition file as it was read: decoded, nothing parsed. */
export interface SourceFile {
  /** Relative to the root, for example `services/risk/fraud-scorer.yaml`. */
  readonly path: string;
  readonly text: string;
}

/** A parsed file: plain values only (null-prototype maps, arrays, strings, numbers, booleans, null); NaN is a number that was refused. */
export interface SourceDocument {
  readonly file: SourceFile;
  readonly value: unknown;
}
