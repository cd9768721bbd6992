/**
 * What a repository with every mode of credentials compiles to, on a real API server: taken with strict validation, stored
 * as it was sent, and unchanged by a second apply. The schemas of External Secrets and Sealed Secrets are our own minimal
 * ones, in test/crds; a cluster that has the published ones is tested with those.
 */
import { expect, it } from 'vitest';
import { compileFiles, textOf } from '../support/compile-files.js';
import { repositoryOfAllModes } from '../support/secret-files.js';
import { installForeignKinds, objectServer, objectsIn, type ServerObject } from './support/object-server.js';

const result = compileFiles(repositoryOfAllModes());
const objectsOf = (isEncrypted: boolean): readonly ServerObject[] =>
  objectsIn(result.files.filter(({ path }) => path.endsWith('.sops.yaml') === isEncrypted).map(({ text }) => text));
const objects = objectsOf(false);
const encrypted = objectsOf(true);

const server = objectServer(installForeignKinds);

it('takes everything, also in a dry run', () => {
  expect(textOf(result)).toBe('');
  const kinds = objects.map(({ kind }) => kind);
  for (const kind of ['Task', 'TriggerTemplate', 'ServiceAccount', 'ExternalSecret', 'SealedSecret']) expect(kinds).toContain(kind);
  expect(server().apply(objects.filter(({ kind }) => kind === 'Namespace'))).toBe('');
  expect(server().apply(objects, '--dry-run=server')).toBe('');
  expect(server().apply(objects)).toBe('');
});

it('changes nothing when it is applied again', () => {
  const before = server().versions(objects);
  expect(server().apply(objects)).toBe('');
  expect(server().versions(objects)).toEqual(before);
});

it('stores what we wrote, and adds no default to what brings a Secret', () => {
  for (const [index, object] of server().stored(objects).entries()) {
    expect(object).toMatchObject(JSON.parse(JSON.stringify(objects[index])) as object);
    if (object.kind === 'ExternalSecret' || object.kind === 'SealedSecret') expect(object.spec).toEqual(objects[index]?.spec);
  }
});

it.each(['ExternalSecret', 'SealedSecret'])('refuses a field that does not exist: %s', (kind) => {
  const object = objects.find((each) => each.kind === kind);
  expect(() => server().apply([{ ...object, spec: { ...(object?.spec as object), bogus: true } }], '--dry-run=server')).toThrow(/bogus/);
});

it('takes a Secret of SOPS when it is decrypted, and refuses it as it is', () => {
  expect(encrypted.map(({ metadata }) => metadata.namespace).sort()).toEqual(['growth', 'risk']);
  expect(() => server().apply(encrypted, '--dry-run=server')).toThrow(/sops/);
  // What Flux applies: the same Secret without SOPS' own field.
  expect(server().apply(encrypted.map((secret) => ({ ...secret, sops: undefined })))).toBe('');
});
