// Builds lib/: the kernel, the runtime bundle, the validators, the library (tsc) and the command line (esbuild).
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));

// A package that was installed from the registry holds lib/ and no sources: there is nothing to build.
if (existsSync('src')) {
  const { buildCommandLine } = await import('./command-line.mjs');
  const { writeKernel } = await import('./kernel.mjs');
  const { writeNotices } = await import('./notices.mjs');
  const { buildRuntime } = await import('./runtime.mjs');
  const { writeValidators } = await import('./validators.mjs');

  rmSync('lib', { recursive: true, force: true });
  mkdirSync('lib');
  await writeKernel();
  const runtime = await buildRuntime();
  await writeValidators();
  execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.json'], { stdio: 'inherit' });
  writeNotices([runtime, ...(await buildCommandLine())]);
}
