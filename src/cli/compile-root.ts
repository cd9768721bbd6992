import { readFileSync } from 'node:fs';
import { compile, type CompileResult } from '../compile.js';
import { nodeFileSystem } from './node-file-system.js';
import { packageFile } from './package.js';

/** Compiles the definitions of a repository on this machine. */
export function compileRoot(root: string): CompileResult {
  let text: string | undefined;
  return compile({
    fileSystem: nodeFileSystem(root),
    runtime: {
      // Read when it is needed: definitions with errors never get that far.
      get text() {
        return (text ??= readFileSync(packageFile('lib/runtime.mjs'), 'utf8'));
      },
    },
  });
}
