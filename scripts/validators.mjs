// Compiles the validators of the input kinds ahead of time, so that nobody loads ajv: standalone code in
// one module without `require`, in src/ for tests and in lib/ for the library (tsc copies no .js).
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import standaloneCode from 'ajv/dist/standalone/index.js';
import { transform } from 'esbuild';
import { loadInput } from './load-schemas.mjs';

const source = 'src/input/generated';
const library = 'lib/input/generated';

const notes = new Set(['description', 'examples', 'default']);

/** Definitions without what is for people only: standalone code holds a copy of its schemas. */
const withoutNotes = (definitions) =>
  JSON.parse(JSON.stringify(definitions), (key, value) =>
    typeof value?.description === 'string' ? Object.fromEntries(Object.entries(value).filter(([name]) => !notes.has(name))) : value,
  );

/** What ajv counts the characters of a text with, without its CommonJS module. */
const characters = '((text) => text.length - (text.match(/[\\ud800-\\udbff][\\udc00-\\udfff]/g)?.length ?? 0))';

const joined = 'function joined(all, more) { if (all === null) return more; for (const each of more) all.push(each); return all; }';

/** Nearly all of the code is the making of errors: a fifth of it goes without a change of meaning, and with it the time to load it. */
const compact = (code) =>
  code
    .replaceAll('require("ajv/dist/runtime/ucs2length").default', characters)
    // Copying what was found so far for every item of a list would be quadratic.
    .replace(/vErrors === null \? (validate\d+)\.errors : vErrors\.concat\(\1\.errors\)/g, 'joined(vErrors, $1.errors)')
    .replace(/schemaPath:"[^"\\]*",/g, '')
    .replace(/if\(vErrors === null\)\{\s*vErrors = \[(err\d+)\];\s*\}\s*else \{\s*vErrors\.push\(\1\);\s*\}/g, '(vErrors ??= []).push($1);');

/** @returns {Promise<string>} the module's text: a validator per kind for its document (`Platform`) and for its spec (`PlatformSpec`) */
export async function validatorsModule() {
  const { definitions, kinds } = await loadInput("export { definitions, kinds } from './schemas.js';");
  const id = 'millrace';
  const ajv = new Ajv2020({
    allErrors: true,
    strict: true,
    // `if` and `then` name properties of a form that another part of the schema types and closes.
    strictTypes: false,
    strictRequired: false,
    allowUnionTypes: true,
    // The words are ours (src/input/problems.ts).
    messages: false,
    inlineRefs: false,
    code: { source: true, esm: true, lines: false },
    schemas: [{ $id: id, $defs: withoutNotes(definitions) }],
  });
  const exported = kinds.flatMap((kind) => [
    [kind, `${id}#/$defs/${kind}Document`],
    [`${kind}Spec`, `${id}#/$defs/${kind}Spec`],
  ]);
  const code = `${joined}\n${compact(standaloneCode(ajv, Object.fromEntries(exported)))}`;
  if (code.includes('.concat(')) throw new Error('the validators copy errors in a way that scripts/validators.mjs does not know');
  if (code.includes('require(')) throw new Error('the validators need a module of ajv: bring it along in scripts/validators.mjs');
  const { code: minified } = await transform(code, { format: 'esm', target: 'node20', minify: true, treeShaking: true, legalComments: 'none' });
  return minified;
}

/** Writes the validators beside the sources and into `lib/`; to be run before tsc. */
export async function writeValidators() {
  const text = await validatorsModule();
  for (const folder of [source, library]) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(`${folder}/validators.js`, text);
  }
  copyFileSync(`${source}/validators.d.ts`, `${library}/validators.d.ts`);
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  process.chdir(fileURLToPath(new URL('..', import.meta.url)));
  await writeValidators();
}
