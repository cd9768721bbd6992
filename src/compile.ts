import type { Diagnostic } from './diagnostics/diagnostic.js';
import type { OutputFile } from './emit/output-file.js';
import type { NamespaceModel, ServiceModel } from './model/model.js';
import type { FileSystem } from './source/file-system.js';

/** The bundled runtime, passed in because the core reads no files. */
export interface RuntimeBundle {
  readonly text: string;
}

export interface CompileInput {
  readonly fileSystem: FileSystem;
  readonly runtime: RuntimeBundle;
}

export interface CompileResult {
  /** Sorted by path; empty if there is any error. */
  readonly files: readonly OutputFile[];
  /** Sorted by file, line, column, code; every `where` is a Span. */
  readonly diagnostics: readonly Diagnostic[];
  /** Text of every definition file that was read, by path, for the renderers. */
  readonly sources: ReadonlyMap<string, string>;
  /** What was understood, as far as it was; complete where there is no error. */
  readonly namespaces: readonly NamespaceModel[];
  readonly services: readonly ServiceModel[];
}

/** Compiles all definitions below `services/` of a file system into the files of `dist/`. Pure: same bytes in, same bytes out. */
export declare function compile(input: CompileInput): CompileResult;
