/** The compiler over files in memory, as tests use it. */
import { compile, type CompileResult } from '../../src/compile.js';
import { renderers } from '../../src/diagnostics/render/renderers.js';
import { memoryFileSystem } from '../../src/source/file-system.js';

/** Stands for the bundled runtime wherever its content does not matter. */
export const runtimeText = '// runtime\n';

export type Files = Readonly<Record<string, string | Uint8Array>>;

export const compileFiles = (files: Files): CompileResult => compile({ fileSystem: memoryFileSystem(files), runtime: { text: runtimeText } });

/** What the user sees on a terminal without colours. */
export const textOf = ({ diagnostics, sources }: CompileResult): string => renderers.text(diagnostics, sources, { color: false });
