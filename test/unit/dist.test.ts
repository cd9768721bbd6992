/** What `dist/` of this repository holds, beyond being what services/ compile to. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const dist = fileURLToPath(new URL('../../dist/', import.meta.url));
const files = readdirSync(dist, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.yaml'));
const documents = files.flatMap((name) => readFileSync(`${dist}${name}`, 'utf8').split(/^---$/m));

it('keeps every Task within 16 KiB, since every run stores a copy of it', () => {
  const tasks = documents.filter((text) => /^kind: Task$/m.test(text));
  expect(tasks.length).toBeGreaterThan(3);
  for (const task of tasks) expect(Buffer.byteLength(task)).toBeLessThanOrEqual(16 * 1024);
});

it('holds nothing that Flux would replace, but in the runtime, where it is told not to', () => {
  for (const text of documents) {
    if (text.includes('kustomize.toolkit.fluxcd.io/substitute: disabled')) continue;
    expect(text).not.toContain('${');
  }
});

it('keeps each file below the 10 MB that Argo CD reads of a folder', () => {
  for (const name of files) expect(readFileSync(`${dist}${name}`).length, name).toBeLessThan(512 * 1024);
});
