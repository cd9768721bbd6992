// All figures. Prints each with the bound it is held to; nothing fails here, since machines are noisy.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

for (const name of ['start', 'synth', 'emitter', 'hostile', 'listener', 'validator', 'job']) {
  console.log(`\n# ${name}`);
  const { status } = spawnSync(process.execPath, [fileURLToPath(new URL(`${name}.mjs`, import.meta.url))], { stdio: 'inherit' });
  if (status !== 0) process.exitCode = 1;
}
