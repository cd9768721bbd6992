import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { Script } from 'node:vm';
import { openBytecode } from './bytecode.js';
import type { CommandName } from './commands.js';
import type { LoadCommand } from './load-command.js';

/**
 * Loads the bundle that has a command: `check.cjs` or `commands.cjs`, which scripts/command-line.mjs makes of load-check.ts
 * and load-command.ts and all that they lead to, with the bytecode that it left beside it. To parse and compile the compiler takes a third of the time that a check of one
 * file takes; Node's own compile cache does not exist in Node 20 and writes outside of the package.
 *
 * The bytecode fits one bundle and one Node. Where it does not, or is damaged or missing, Node compiles as usual.
 */
export function loadBundle(command: CommandName): { readonly loadCommand: LoadCommand } {
  const name = command === 'check' ? 'check' : 'commands';
  const file = fileURLToPath(new URL(`${name}.cjs`, import.meta.url));
  const bundle = readFileSync(file);
  const sealed = readIfThere(new URL(`${name}.bytecode`, import.meta.url));
  const cachedData = sealed && openBytecode(bundle, sealed);
  // The bundle is ASCII, and latin1 is what V8 keeps of it without a conversion.
  const script = new Script(bundle.toString('latin1'), { filename: file, ...(cachedData ? { cachedData } : {}) });
  return script.runInThisContext()(createRequire(file), file);
}

function readIfThere(file: URL): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}
