import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { compileFiles, textOf } from '../support/compile-files.js';
import { listFiles } from '../support/case-folder.js';
import { expectInvariants } from '../support/compile-invariants.js';
import { runs } from '../support/fuzz.js';
import { applyChange, changes, yamlText } from '../support/yaml-text.js';

const folder = fileURLToPath(new URL('../../services', import.meta.url));
const valid: Readonly<Record<string, string>> = Object.fromEntries(
  listFiles(folder).map((path) => [`services/${path}`, readFileSync(join(folder, path), 'utf8')]),
);
const anyFile = fc.constantFrom(...Object.keys(valid));

const outcome = (files: Readonly<Record<string, string | Uint8Array>>): unknown => {
  const result = compileFiles(files);
  return { text: textOf(result), files: result.files };
};

describe('compile of any input', () => {
  it('takes the definitions of this repository', () => {
    const result = compileFiles(valid);
    expect(textOf(result)).toBe('');
    expect(result.files.length).toBeGreaterThan(0);
  });

  it('answers any change of a valid definition with diagnostics or output', () => {
    fc.assert(
      fc.property(anyFile, changes, (path, list) => {
        expectInvariants(compileFiles({ ...valid, [path]: list.reduce(applyChange, valid[path] ?? '') }));
      }),
      runs(250),
    );
  });

  it('answers any YAML in place of a definition', () => {
    fc.assert(
      fc.property(anyFile, yamlText, (path, text) => expectInvariants(compileFiles({ ...valid, [path]: text }))),
      runs(120),
    );
  });

  it('answers any value in any place of a definition', () => {
    const value = fc.oneof(
      fc.jsonValue({ maxDepth: 3 }),
      fc.constantFrom('$(x)', '${x}', '../x', '\u202e', '', -1, 1e15, [], {}, '8Gi', '0 0 31 2 *', 'x'.repeat(300)),
    );
    fc.assert(
      fc.property(anyFile, fc.nat(), value, (path, at, replaced) => {
        const lines = (valid[path] ?? '').split('\n');
        const keyed = lines.flatMap((line, index) => (/^[ -]*[A-Za-z0-9]+:/.test(line) ? [index] : []));
        const index = keyed[at % keyed.length] ?? 0;
        const line = (lines[index] ?? '').replace(/:.*/, `: ${JSON.stringify(replaced)}`);
        expectInvariants(compileFiles({ ...valid, [path]: lines.with(index, line).join('\n') }));
      }),
      runs(250),
    );
  });

  it('answers any bytes under any name', () => {
    const part = fc.oneof(
      fc.constantFrom('risk', 'growth', 'connections', 'Risk', 'x.yaml', 'platform.yaml', 'team.yaml', '.git'),
      fc.string({ minLength: 1, maxLength: 8 }).filter((name) => !name.includes('/')),
    );
    const name = fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => ['services', ...parts].join('/'));
    fc.assert(
      fc.property(fc.dictionary(name, fc.uint8Array({ maxLength: 200 }), { maxKeys: 6 }), (files) => {
        // A path cannot be a file and a folder at once.
        const paths = Object.keys(files).filter((path) => !Object.keys(files).some((other) => other.startsWith(`${path}/`)));
        expectInvariants(compileFiles(Object.fromEntries(paths.map((path) => [path, files[path] ?? '']))));
      }),
      runs(500),
    );
  });

  it('gives the same bytes again, in whatever order the files are listed', () => {
    const order = fc.shuffledSubarray(Object.keys(valid), { minLength: Object.keys(valid).length });
    fc.assert(
      fc.property(order, anyFile, fc.option(changes, { freq: 2 }), (paths, path, list) => {
        const files = { ...valid, [path]: (list ?? []).reduce(applyChange, valid[path] ?? '') };
        expect(outcome(Object.fromEntries(paths.map((each) => [each, files[each] ?? ''])))).toEqual(outcome(files));
      }),
      runs(60),
    );
  });
});
