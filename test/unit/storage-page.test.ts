import { existsSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { archiveLimits } from '../../runtime/archive/limits.js';
import { serviceDefaults } from '../../src/input/defaults.js';

const page = readFileSync('docs/storage.md', 'utf8');
const connections = readFileSync('docs/connections.md', 'utf8');

interface Node {
  readonly $ref?: string;
  readonly const?: unknown;
  readonly properties?: Readonly<Record<string, Node>>;
}
const definitions = (file: string): Readonly<Record<string, Node>> =>
  (JSON.parse(readFileSync(`schemas/${file}.json`, 'utf8')) as { readonly $defs: Readonly<Record<string, Node>> }).$defs;

it.each(['S3', 'Gcs', 'Azureblob'])('docs/connections.md has every key of a Secret and every mode of credentials: %s', (kind) => {
  const { type, credentials } = definitions('connection')[`${kind}ConnectionSpec`]?.properties ?? {};
  const keys = Object.keys(credentials?.properties?.['secretRef']?.properties?.['keys']?.properties ?? {});
  expect(keys.length).toBeGreaterThan(0);
  const rows = connections.split('\n').filter((line) => line.startsWith(`| \`${String(type?.const)}\` |`));
  for (const key of keys)
    expect(
      rows.some((row) => row.includes(`\`${key}\``)),
      key,
    ).toBe(true);
  for (const mode of Object.keys(credentials?.properties ?? {})) expect(connections).toContain(`\n| \`${mode}\` | `);
});

it('docs/storage.md has every setting of transfers with its default', () => {
  const fields = Object.keys(definitions('inference-service')['Transfers']?.properties ?? {});
  expect(fields).toContain('idleTimeout');
  const defaults: Readonly<Record<string, string | number>> = serviceDefaults.transfers;
  for (const field of fields) {
    const text = field in defaults ? `\`${String(defaults[field])}\`` : 'none';
    expect(page).toContain(`| \`transfers.${field}\` | ${text} |`);
  }
});

it('docs/storage.md has the limits of archives, and pages that are there', () => {
  expect(page).toContain(`${archiveLimits.entries.toLocaleString('en')} entries`);
  expect(page).toContain(`${String(archiveLimits.bytes / 1024 ** 3)} GiB`);
  expect(page).toContain(`${String(archiveLimits.ratio)} times its own size (from ${String(archiveLimits.ratioFrom / 1024 ** 2)} MiB on)`);
  const pages = [...`${page}${connections}`.matchAll(/\]\((diagnostics\/[^)]+)\)/g)].map(([, path = '']) => `docs/${path}`);
  expect(pages.length).toBeGreaterThan(5);
  expect(pages.filter((path) => !existsSync(path))).toEqual([]);
});
