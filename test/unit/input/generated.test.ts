import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { generatedFiles } from '../../../scripts/generated.mjs';
import { validatorsModule } from '../../../scripts/validators.mjs';

test('schemas/, the types and docs/defaults.md are what the schemas in src/input/ give (npm run generate)', async () => {
  const files = await generatedFiles();
  for (const [path, text] of files) expect(readFileSync(path, 'utf8'), path).toBe(text);
  expect(readdirSync('schemas').map((name) => `schemas/${name}`)).toEqual([...files.keys()].filter((path) => path.startsWith('schemas/')).sort());
});

test('the validators are those of the schemas, and need no other module (npm run build)', async () => {
  const text = await validatorsModule();
  expect(readFileSync('src/input/generated/validators.js', 'utf8')).toBe(text);
  expect(text).not.toMatch(/\brequire\(|\bimport\b/);
});
