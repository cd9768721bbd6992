import { expect } from 'vitest';
import { parse } from 'yaml';
import { findUnsafe } from '../../src/base/text.js';
import type { CompileResult } from '../../src/compile.js';
import { parseStepConfig } from '../../src/contract/parse-step-config.js';
import { hasErrors, isSpan, type Where } from '../../src/diagnostics/diagnostic.js';
import { renderers } from '../../src/diagnostics/render/renderers.js';

/** What holds of every compile, whatever came in. */
export function expectInvariants(result: CompileResult): void {
  const { diagnostics, files, sources } = result;
  for (const { where, related } of diagnostics) {
    for (const each of [where, ...related.map((one) => one.where)]) if (each) expectInside(each, sources);
  }
  if (hasErrors(diagnostics)) expect(files).toEqual([]);
  expectUsableStepConfigs(files);
  const text = renderers.text(diagnostics, sources, { color: false });
  expect(text.endsWith('\n')).toBe(diagnostics.length > 0);
  const unsafe = findUnsafe(text.replaceAll('\t', ' '), { newline: true });
  expect(unsafe === undefined || unsafe.kind === 'not-normalized', JSON.stringify(unsafe)).toBe(true);
  const parsed: unknown = JSON.parse(renderers.json(diagnostics, sources, { color: false }));
  expect(Array.isArray(parsed) && parsed.length).toBe(diagnostics.length);
}

/** The runtime takes what the compiler tells it: its own check is not stricter. */
function expectUsableStepConfigs(files: CompileResult['files']): void {
  for (const { path, text } of files) {
    // Other programs of the runtime have a configuration of their own under the same name.
    const task = text.split('\n---\n').find((document) => document.includes('\nkind: Task\n')) ?? '';
    for (const [, config = ''] of task.matchAll(/name: MILLRACE_CONFIG\n\s+value: (.*)\n/g)) {
      expect(parseStepConfig(String(parse(config))), path).toHaveProperty('value');
    }
  }
}

function expectInside(where: Where, sources: ReadonlyMap<string, string>): void {
  if (!isSpan(where)) throw new Error(`not located: ${JSON.stringify(where)}`);
  const length = sources.get(where.file)?.length ?? 0;
  expect(where.start).toBeGreaterThanOrEqual(0);
  expect(where.end).toBeGreaterThanOrEqual(where.start);
  expect(where.end).toBeLessThanOrEqual(length);
}
