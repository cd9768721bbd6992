/** All of `dist/` on a real API server: taken with strict validation, and unchanged by a second apply. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { objectServer, objectsIn } from './support/object-server.js';

const dist = fileURLToPath(new URL('../../dist/', import.meta.url));
const files = readdirSync(dist, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.yaml'))
  .sort();
const objects = objectsIn(files.map((name) => readFileSync(join(dist, name), 'utf8')));

const server = objectServer();

it('takes the namespaces, then everything in a dry run, then everything', () => {
  expect(objects.length).toBeGreaterThan(20);
  expect(server().apply(objects.filter(({ kind }) => kind === 'Namespace'))).toBe('');
  expect(server().apply(objects, '--dry-run=server')).toBe('');
  expect(server().apply(objects)).toBe('');
});

it('changes nothing when it is applied again', () => {
  const before = server().versions(objects);
  expect(server().apply(objects)).toBe('');
  expect(server().versions(objects)).toEqual(before);
});

it('stores every field as it was sent', () => {
  for (const [index, object] of server().stored(objects).entries())
    expect(object).toMatchObject(JSON.parse(JSON.stringify(objects[index])) as object);
});

it('refuses an object with a field that does not exist', () => {
  const task = objects.find(({ kind }) => kind === 'Task');
  const broken = { ...task, spec: { ...(task?.spec as object), bogus: true } };
  expect(() => server().apply([broken], '--dry-run=server')).toThrow(/bogus/);
});
