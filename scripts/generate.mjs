// Writes what is generated from the schemas and committed: schemas/*.json, the types of the input kinds, docs/defaults.md.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { generatedFiles } from './generated.mjs';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
for (const [path, text] of await generatedFiles()) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
