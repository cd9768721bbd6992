import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { memoryNeed } from '../../runtime/validate/memory-need.js';

/** What a document of 4 MiB of one kind of element really takes, in a process of its own. */
function measure(element: string): { readonly bytes: Uint8Array; readonly heap: number } {
  const text = `[${element.repeat(Math.floor((4 << 20) / element.length)).slice(0, -1)}]`;
  const program = `
    const text = require('node:fs').readFileSync(0, 'utf8');
    gc(); const before = process.memoryUsage().heapUsed;
    globalThis.kept = JSON.parse(text);
    gc(); console.log(process.memoryUsage().heapUsed - before);`;
  const { stdout } = spawnSync(process.execPath, ['--expose-gc', '-e', program], { input: text, encoding: 'utf8' });
  return { bytes: Buffer.from(text), heap: Number(stdout) };
}

it.each(['1,', '0.12345678,', '[1],', '[],', '{},', '{"a":1},', '"ab",', 'null,', '[[1.5]],'])('is never less than what %j takes', (element) => {
  const { bytes, heap } = measure(element);
  expect(heap).toBeGreaterThan(0);
  expect(memoryNeed(bytes)).toBeGreaterThanOrEqual(heap);
});

it('counts each member of an object with many different ones', () => {
  const members = Array.from({ length: 10_000 }, (_, index) => `"${String(index)}":1`).join(',');
  expect(memoryNeed(Buffer.from(`{"inputs":[],"parameters":{${members}}}`))).toBeGreaterThan(10_000 * 256);
  expect(memoryNeed(Buffer.from(`["${':'.repeat(10_000)}"]`))).toBeLessThan(50_000);
});
