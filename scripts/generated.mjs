// What is generated from the schemas, and from those of what a job leaves behind, and committed. A test compares it with what is there; generate.mjs writes it.
import { renderDefaultsPage } from './defaults-page.mjs';
import { loadInput } from './load-schemas.mjs';
import { renderTypes } from './types.mjs';

/** @returns {Promise<Map<string, string>>} path from the root -> text */
export async function generatedFiles() {
  const input = await loadInput(
    "export * from './schemas.js'; export * from './schema-nodes.js';" +
      "export { serviceDefaults } from './defaults.js'; export * from '../base/duration.js'; export * from '../resolve/step-timeouts.js'; export * from '../contract/published/schemas.js';",
  );
  const files = new Map(input.kinds.map((kind) => [`schemas/${input.schemaFile(kind)}`, `${JSON.stringify(input.schemas[kind], null, 2)}\n`]));
  for (const [file, schema] of Object.entries(input.publishedSchemas)) files.set(`schemas/${file}`, `${JSON.stringify(schema, null, 2)}\n`);
  files.set('src/input/generated/types.ts', renderTypes(input));
  files.set('docs/defaults.md', renderDefaultsPage(input));
  return files;
}
