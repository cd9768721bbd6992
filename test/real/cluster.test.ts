/** All of `dist/` on a real API server: taken with strict validation, and unchanged by a second apply. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { startApiServer, type ApiServer } from '../support/api-server.js';

interface StoredObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly resourceVersion?: string; readonly generation?: number };
}

const dist = fileURLToPath(new URL('../../dist/', import.meta.url));
const files = readdirSync(dist, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.yaml'))
  .sort();
const objects = files.flatMap((name) => parseAllDocuments(readFileSync(join(dist, name), 'utf8')).map((document) => document.toJS() as StoredObject));
const manifest = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects });
const namespaces = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects.filter(({ kind }) => kind === 'Namespace') });

let server: ApiServer | undefined;
const kubectl = (args: readonly string[], input?: string): ReturnType<ApiServer['kubectl']> => {
  if (!server) throw new Error('the API server was not started');
  return server.kubectl(args, input);
};
const apply = (more: readonly string[], input: string): ReturnType<ApiServer['kubectl']> =>
  kubectl(['apply', '--server-side', '--validate=strict', '--field-manager=argocd', ...more, '-f', '-'], input);
const stored = (): StoredObject[] => (JSON.parse(kubectl(['get', '-o', 'json', '-f', '-'], manifest).stdout) as { items: StoredObject[] }).items;

beforeAll(async () => {
  server = await startApiServer();
});
afterAll(() => server?.stop());

it('takes the namespaces, then everything in a dry run, then everything', () => {
  expect(objects.length).toBeGreaterThan(20);
  expect(apply([], namespaces).stderr).toBe('');
  expect(apply(['--dry-run=server'], manifest).stderr).toBe('');
  expect(apply([], manifest).stderr).toBe('');
});

it('changes nothing when it is applied again', () => {
  const before = stored();
  expect(apply([], manifest).stderr).toBe('');
  expect(stored().map(({ metadata }) => metadata.resourceVersion)).toEqual(before.map(({ metadata }) => metadata.resourceVersion));
});

it('stores every field as it was sent', () => {
  for (const [index, object] of stored().entries()) expect(object).toMatchObject(JSON.parse(JSON.stringify(objects[index])) as object);
});

it('refuses an object with a field that does not exist', () => {
  const task = objects.find(({ kind }) => kind === 'Task');
  const broken = JSON.stringify({ ...task, spec: { ...(task as unknown as { spec: object }).spec, bogus: true } });
  expect(() => apply(['--dry-run=server'], broken)).toThrow(/bogus/);
});
