/**
 * Every object of another project that a platform can ask for, and every form of a route, on a real API server: taken with strict
 * validation, stored as it was sent, unchanged by a second apply, and closed to fields that do not exist. The schemas are our own
 * minimal ones, in test/crds, each with the version of the published one that it was written after.
 */
import { describe, expect, it } from 'vitest';
import { compileFiles, textOf } from '../support/compile-files.js';
import { gitopsNamespace, hostNamespace, repositoryOfVariant, variantNames } from '../support/platform-variants.js';
import { foreignKinds, installForeignKinds, objectServer, objectsIn, type ServerObject } from './support/object-server.js';

const variants = variantNames.map((name) => ({ name, result: compileFiles(repositoryOfVariant(name)) }));
const emitted = variants.flatMap(({ result }) => objectsIn(result.files.map(({ text }) => text)));

const foreign = new Set(foreignKinds.map(({ spec }) => `${spec.group} ${spec.names.kind}`));
const groupOf = ({ apiVersion }: ServerObject): string => (apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '');
const isForeign = (object: ServerObject): boolean => foreign.has(`${groupOf(object)} ${object.kind}`);
/** Routes and policies of Kubernetes itself differ from platform to platform, too. */
const isAsked = (object: ServerObject): boolean => isForeign(object) || groupOf(object) === 'networking.k8s.io';

const namespaces = [
  ...emitted.filter(({ kind }) => kind === 'Namespace'),
  ...[gitopsNamespace, hostNamespace].map((name) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } })),
];
/** GitOps engines have one object for the cluster in every variant; the last one stands for all. */
const asked = [...new Map(emitted.filter(isAsked).map((each) => [identityOf(each), each])).values()];

function identityOf(object: ServerObject): string {
  return [groupOf(object), object.kind, object.metadata.namespace, object.metadata.name].join('/');
}

const server = objectServer((started) => {
  installForeignKinds(started);
  started.apply(namespaces);
});

const notDecrypted = 'check/sops-not-decrypted';
const expected: Readonly<Record<string, readonly string[]>> = {
  'ingress-nginx': [notDecrypted],
  'ingress-f5': [notDecrypted],
  'gateway-plain': ['check/no-body-limit', 'check/open-network'],
};

describe('what a platform can ask for', () => {
  it.each(variants)('compiles: $name', ({ name, result }) => {
    const warnings = [...textOf(result).matchAll(/\[([a-z-]+\/[a-z-]+)\]$/gm)].map(([, code]) => code);
    expect(warnings).toEqual(expected[name] ?? []);
    expect(result.files.length).toBeGreaterThan(0);
  });

  it('is of Kubernetes, of Tekton, or of a kind that has a schema here', () => {
    const known = /^$|^(apps|batch|(rbac\.authorization|networking|admissionregistration)\.k8s\.io|tekton\.dev|triggers\.tekton\.dev)$/;
    expect([...new Set(emitted.filter((each) => !isForeign(each) && !known.test(groupOf(each))).map(({ kind }) => kind))]).toEqual([]);
  });

  it('is all of the kinds that have a schema, but for those that bring Secrets', () => {
    const kinds = new Set(asked.filter(isForeign).map(({ kind }) => kind));
    const missing = foreignKinds.map(({ spec }) => spec.names.kind).filter((kind) => !kinds.has(kind));
    expect(missing).toEqual(['ExternalSecret', 'SealedSecret']);
  });
});

it('is taken, also in a dry run', () => {
  expect(server().apply(asked, '--dry-run=server')).toBe('');
  expect(server().apply(asked)).toBe('');
});

it('is stored as it was sent, with no default added', () => {
  for (const [index, { kind, metadata, spec }] of server().stored(asked).entries()) {
    const { labels, annotations, name, namespace } = metadata;
    const sent = asked[index];
    expect({ kind, labels, annotations, name, namespace, spec }).toEqual({
      labels: undefined,
      annotations: undefined,
      ...sent?.metadata,
      kind,
      spec: sent?.spec,
    });
  }
});

it('is not changed by a second apply', () => {
  const before = server().versions(asked);
  expect(server().apply(asked)).toBe('');
  expect(server().versions(asked)).toEqual(before);
});

/** The maps whose keys are anybody's. */
const open = new Set(['labels', 'annotations', 'matchLabels']);

/** The value with a field `bogus` in each of its maps, and where these are. */
function withBogus(value: unknown, path: string): readonly [value: unknown, places: readonly string[]] {
  if (Array.isArray(value)) {
    const items = value.map((item, index) => withBogus(item, `${path}[${String(index)}]`));
    return [items.map(([item]) => item), items.flatMap(([, places]) => places)];
  }
  if (typeof value !== 'object' || value === null) return [value, []];
  const fields = Object.entries(value).map(
    ([key, field]) => [key, open.has(key) ? ([field, []] as const) : withBogus(field, `${path}.${key}`)] as const,
  );
  return [
    { ...Object.fromEntries(fields.map(([key, [field]]) => [key, field])), bogus: true },
    [`${path}.bogus`, ...fields.flatMap(([, [, places]]) => places)],
  ];
}

it.each([...new Set(asked.filter(isForeign).map(({ kind }) => kind))])('refuses fields that do not exist, wherever they are: %s', (kind) => {
  const objects = asked.filter((each) => each.kind === kind);
  const changed = objects.map((object) => withBogus(object.spec, 'spec'));
  const items = objects.map((object, index) => ({
    ...object,
    metadata: { ...object.metadata, name: `bogus-${String(index)}` },
    spec: changed[index]?.[0],
  }));
  let answer = '';
  try {
    server().create(items, '--dry-run=server');
  } catch (cause) {
    answer = String(cause);
  }
  const refused = [...answer.matchAll(/unknown field "([^"]+)"/g)].map(([, place]) => place);
  expect(refused.sort()).toEqual(changed.flatMap(([, places]) => places).sort());
});
