import type { Diagnostic } from '../diagnostic.js';

export interface RenderOptions {
  readonly color: boolean;
}

/**
 * What is printed for diagnostics that are located and sorted. `sources` holds the texts of the files they are in, by
 * path. What is printed ends in a line feed, unless it is empty.
 */
export type Renderer = (diagnostics: readonly Diagnostic[], sources: ReadonlyMap<string, string>, options: RenderOptions) => string;
