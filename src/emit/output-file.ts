/** A file of `dist/`: its path below the output folder and its final bytes. */
export interface OutputFile {
  /** For example `risk/fraud-scorer.yaml`. */
  readonly path: string;
  readonly text: string;
}
