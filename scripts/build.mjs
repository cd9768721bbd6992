// Builds lib/: the runtime bundle, the validators, the library (tsc) and the command line (esbuild).
import { execFileSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { buildCommandLine } from './command-line.mjs';
import { writeValidators } from './validators.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
process.chdir(root);

// A package that was installed from the registry holds lib/ and no sources: there is nothing to build.
if (!existsSync('src')) process.exit(0);

rmSync('lib', { recursive: true, force: true });
// `require` of Node's own modules inside bundled CommonJS packages.
const requireBanner = { js: "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);" };

await build({
  entryPoints: ['runtime/main.ts'],
  outfile: 'lib/runtime.mjs',
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  minify: true,
  legalComments: 'none',
  charset: 'ascii',
  banner: requireBanner,
});

await writeValidators();

execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.json'], { stdio: 'inherit' });

await buildCommandLine();
