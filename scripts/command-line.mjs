// Bundles the command line into lib/bin/: millrace.js, which answers --help and words errors, and commands.cjs with all
// commands, which src/cli/load-bundle.ts loads with the bytecode beside it.
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Script } from 'node:vm';
import { build } from 'esbuild';

const common = {
  bundle: true,
  platform: 'node',
  target: 'node20',
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'none',
  charset: 'ascii',
  metafile: true,
  // The build of yaml for Node reads the environment, and prints what it parses where LOG_TOKENS is set.
  alias: { yaml: resolve('node_modules/yaml/browser/index.js') },
};

/** Gives what the bundles were made of, for the notices. */
export async function buildCommandLine() {
  const start = await build({ ...common, entryPoints: ['src/cli/main.ts'], outfile: 'lib/bin/millrace.js', format: 'esm' });
  const commands = await build({
    ...common,
    entryPoints: ['src/cli/load-command.ts'],
    outfile: 'lib/bin/commands.cjs',
    format: 'cjs',
    define: { 'import.meta.url': '__url' },
    banner: { js: "(function(require,__filename){const module={exports:{}};const __url=require('node:url').pathToFileURL(__filename).href;" },
    footer: { js: 'return module.exports;})' },
  });
  await writeBytecode(resolve('lib/bin/commands.cjs'), resolve('lib/bin/commands.bytecode'));
  return [start.metafile, commands.metafile];
}

/** The bytecode holds what V8 has compiled so far: the functions that a few checks needed. */
async function writeBytecode(bundle, bytecode) {
  const source = readFileSync(bundle);
  const script = new Script(source.toString('latin1'), { filename: bundle });
  const { loadCommand } = script.runInThisContext()(createRequire(bundle), bundle);
  const { run } = await loadCommand('check');
  // What they find does not matter here.
  const ignore = () => undefined;
  for (const folder of ['.', 'scaffold']) await run([], { stdout: ignore, stderr: ignore, cwd: resolve(folder), env: {}, color: false });
  const { sealBytecode } = await import(pathToFileURL(resolve('lib/cli/bytecode.js')).href);
  writeFileSync(bytecode, sealBytecode(source, script.createCachedData()));
}
