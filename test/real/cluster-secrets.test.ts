/**
 * What a repository with every mode of credentials compiles to, on a real API server: taken with strict validation, stored
 * as it was sent, and unchanged by a second apply. The schemas of External Secrets and Sealed Secrets are our own minimal
 * ones, in test/crds; a cluster that has the published ones is tested with those.
 */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { startApiServer, type ApiServer } from '../support/api-server.js';
import { compileFiles, textOf } from '../support/compile-files.js';
import { repositoryOfAllModes } from '../support/secret-files.js';

interface StoredObject {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly resourceVersion?: string };
  readonly spec?: unknown;
}

const result = compileFiles(repositoryOfAllModes());
const objectsOf = (isEncrypted: boolean): readonly StoredObject[] =>
  result.files
    .filter(({ path }) => path.endsWith('.sops.yaml') === isEncrypted)
    .flatMap(({ text }) => parseAllDocuments(text).map((document) => document.toJS() as StoredObject));
const objects = objectsOf(false);
const encrypted = objectsOf(true);
const list = (items: readonly unknown[]): string => JSON.stringify({ apiVersion: 'v1', kind: 'List', items });

let server: ApiServer | undefined;
const kubectl = (args: readonly string[], input?: string): ReturnType<ApiServer['kubectl']> => {
  if (!server) throw new Error('the API server was not started');
  return server.kubectl(args, input);
};
const apply = (items: readonly unknown[], ...more: readonly string[]): string =>
  kubectl(['apply', '--server-side', '--validate=strict', '--field-manager=argocd', ...more, '-f', '-'], list(items)).stderr;
const stored = (): StoredObject[] =>
  (JSON.parse(kubectl(['get', '-o', 'json', '-f', '-'], list(objects)).stdout) as { readonly items: StoredObject[] }).items;

beforeAll(async () => {
  server = await startApiServer();
  const known = kubectl(['get', 'crd', '-o', 'name']).stdout;
  for (const [file, name] of [
    ['external-secret', 'externalsecrets.external-secrets.io'],
    ['sealed-secret', 'sealedsecrets.bitnami.com'],
  ] as const) {
    if (known.includes(name)) continue;
    kubectl(['apply', '--server-side', '-f', '-'], readFileSync(`test/crds/${file}.yaml`, 'utf8'));
    kubectl(['wait', '--for=condition=Established', 'crd', name, '--timeout=60s']);
  }
});
afterAll(() => server?.stop());

it('takes everything, also in a dry run', () => {
  expect(textOf(result)).toBe('');
  const kinds = objects.map(({ kind }) => kind);
  for (const kind of ['Task', 'TriggerTemplate', 'ServiceAccount', 'ExternalSecret', 'SealedSecret']) expect(kinds).toContain(kind);
  expect(apply(objects.filter(({ kind }) => kind === 'Namespace'))).toBe('');
  expect(apply(objects, '--dry-run=server')).toBe('');
  expect(apply(objects)).toBe('');
});

it('changes nothing when it is applied again', () => {
  const before = stored();
  expect(apply(objects)).toBe('');
  expect(stored().map(({ metadata }) => metadata.resourceVersion)).toEqual(before.map(({ metadata }) => metadata.resourceVersion));
});

it('stores what we wrote, and adds no default to what brings a Secret', () => {
  for (const [index, object] of stored().entries()) {
    expect(object).toMatchObject(JSON.parse(JSON.stringify(objects[index])) as object);
    if (object.kind === 'ExternalSecret' || object.kind === 'SealedSecret') expect(object.spec).toEqual(objects[index]?.spec);
  }
});

it.each(['ExternalSecret', 'SealedSecret'])('refuses a field that does not exist: %s', (kind) => {
  const object = objects.find((each) => each.kind === kind);
  expect(() => apply([{ ...object, spec: { ...(object?.spec as object), bogus: true } }], '--dry-run=server')).toThrow(/bogus/);
});

it('takes a Secret of SOPS when it is decrypted, and refuses it as it is', () => {
  expect(encrypted.map(({ metadata }) => metadata.namespace).sort()).toEqual(['growth', 'risk']);
  expect(() => apply(encrypted, '--dry-run=server')).toThrow(/sops/);
  // What Flux applies: the same Secret without SOPS' own field.
  expect(apply(encrypted.map((secret) => ({ ...secret, sops: undefined })))).toBe('');
});
