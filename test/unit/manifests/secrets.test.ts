/** What the repository itself brings of the Secrets of connections: from the definitions to `dist/`. */
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { parseHeader } from '../../../src/emit/header.js';
import { compileFiles, textOf } from '../../support/compile-files.js';
import { encrypted, repositoryOfAllModes, sealed, sealedSecret, sopsSecret } from '../../support/secret-files.js';

interface Stored {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace: string; readonly annotations?: object; readonly labels?: object };
  readonly spec: Readonly<Record<string, unknown>>;
}

const files = repositoryOfAllModes();
const result = compileFiles(files);
const output = Object.fromEntries(result.files.map(({ path, text }) => [path, text]));
const objects = (path: string): readonly Stored[] => parseAllDocuments(output[path] ?? '').map((document) => document.toJS() as Stored);
const find = (path: string, kind: string, name: string): Stored | undefined =>
  objects(path).find((object) => object.kind === kind && object.metadata.name === name);

it('compiles every mode of credentials', () => {
  expect(textOf(result)).toBe('');
});

describe('externalSecret', () => {
  it('becomes an ExternalSecret in each namespace that uses the connection, with our own names of the keys', () => {
    for (const namespace of ['risk', 'growth']) {
      expect(find(`${namespace}/platform.yaml`, 'ExternalSecret', 'millrace-connection-vaulted')).toEqual({
        apiVersion: 'external-secrets.io/v1',
        kind: 'ExternalSecret',
        metadata: { name: 'millrace-connection-vaulted', namespace, labels: { 'millrace.dev/connection': 'vaulted' } },
        spec: {
          refreshInterval: '15m0s',
          refreshPolicy: 'Periodic',
          secretStoreRef: { kind: 'ClusterSecretStore', name: 'vault' },
          target: {
            name: 'millrace-connection-vaulted',
            creationPolicy: 'Owner',
            deletionPolicy: 'Retain',
            template: {
              type: 'Opaque',
              engineVersion: 'v2',
              mergePolicy: 'Replace',
              metadata: { labels: { 'millrace.dev/connection': 'vaulted' } },
            },
          },
          data: [
            {
              secretKey: 'access_key_id',
              remoteRef: { key: 'prod/raw', property: 'id', conversionStrategy: 'Default', decodingStrategy: 'None', metadataPolicy: 'None' },
            },
            {
              secretKey: 'secret_access_key',
              remoteRef: { key: 'prod/raw', property: 'key', conversionStrategy: 'Default', decodingStrategy: 'None', metadataPolicy: 'None' },
            },
          ],
        },
      });
    }
  });

  it('is not made where no service uses the connection', () => {
    expect(objects('ops/platform.yaml').filter(({ kind }) => kind === 'ExternalSecret' || kind === 'SealedSecret')).toEqual([]);
    expect(Object.keys(output).filter((path) => path.startsWith('ops/'))).toEqual(['ops/platform.yaml']);
  });

  it('is what configure-rclone mounts', () => {
    const volumes = find('risk/vaulted.yaml', 'Task', 'vaulted')?.spec['volumes'] as { name: string; projected?: { sources: unknown[] } }[];
    expect(volumes.find(({ name }) => name === 'credentials')?.projected?.sources).toEqual([
      {
        secret: {
          name: 'millrace-connection-vaulted',
          optional: true,
          items: [
            { key: 'access_key_id', path: 'vaulted/access_key_id' },
            { key: 'secret_access_key', path: 'vaulted/secret_access_key' },
          ],
        },
      },
    ]);
  });
});

describe('sealedSecret', () => {
  it('is passed on with its name, namespace and scope, and each namespace gets its own', () => {
    expect(find('risk/platform.yaml', 'SealedSecret', 'sealed-s3')).toEqual({
      apiVersion: 'bitnami.com/v1alpha1',
      kind: 'SealedSecret',
      metadata: { name: 'sealed-s3', namespace: 'risk', labels: { 'millrace.dev/connection': 'sealed' } },
      spec: {
        encryptedData: { access_key_id: sealed(1), secret_access_key: sealed(2) },
        template: { metadata: { name: 'sealed-s3', namespace: 'risk', labels: { 'millrace.dev/connection': 'sealed' } }, type: 'Opaque' },
      },
    });
    const growth = find('growth/platform.yaml', 'SealedSecret', 'sealed-s3');
    expect(growth?.spec['encryptedData']).toEqual({ access_key_id: sealed(3), secret_access_key: sealed(4) });
    expect(growth?.metadata.annotations).toEqual({ 'sealedsecrets.bitnami.com/namespace-wide': 'true' });
  });

  it('without a namespace, and for the whole cluster, is for every namespace that uses it', () => {
    for (const namespace of ['risk', 'growth']) {
      expect(find(`${namespace}/platform.yaml`, 'SealedSecret', 'wide-gcs')?.metadata).toMatchObject({
        namespace,
        annotations: { 'sealedsecrets.bitnami.com/cluster-wide': 'true' },
      });
    }
  });

  it('is taken as kubeseal writes it in JSON, with times that are null', () => {
    const json = JSON.stringify(
      {
        kind: 'SealedSecret',
        apiVersion: 'bitnami.com/v1alpha1',
        metadata: { name: 'sealed-s3', namespace: 'risk', creationTimestamp: null },
        spec: {
          template: { metadata: { name: 'sealed-s3', namespace: 'risk', creationTimestamp: null } },
          encryptedData: { access_key_id: sealed(1), secret_access_key: sealed(2) },
        },
      },
      undefined,
      2,
    );
    const again = compileFiles({ ...files, 'services/connections/secrets/sealed.risk.yaml': json });
    expect(textOf(again)).toBe('');
    expect(again.files).toEqual(result.files);
  });
});

describe('sops', () => {
  const path = 'risk/sops-azure.sops.yaml';

  it('is passed on byte for byte below our header, as a file of its own', () => {
    const given = files['services/connections/secrets/sops.risk.yaml'] ?? '';
    const [header = '', notice = '', ...rest] = (output[path] ?? '').split('\n');
    expect(parseHeader(output[path] ?? '')).toMatchObject({ source: 'services/connections/secrets/sops.risk.yaml', intact: true });
    expect(header).toMatch(/^# millrace 1 /);
    expect(notice).toMatch(/^# Generated from services\/connections\/secrets\/sops\.risk\.yaml\./);
    expect(rest.join('\n')).toBe(given);
    expect(output['risk/platform.yaml']).not.toContain('sops-azure');
  });

  it('is the one file that changes with it', () => {
    const changed = sopsSecret('sops-azure', 'risk', { account_key: encrypted.replace('p673w', 'q784x') });
    const again = compileFiles({ ...files, 'services/connections/secrets/sops.risk.yaml': changed });
    expect(again.files.filter((file) => output[file.path] !== file.text).map((file) => file.path)).toEqual([path]);
  });
});

describe('a hostile file of a Secret', () => {
  const codesOf = (text: string): readonly string[] => [
    ...new Set(compileFiles({ ...files, 'services/connections/secrets/sealed.risk.yaml': text }).diagnostics.map(({ code }) => code)),
  ];
  const good = sealedSecret('sealed-s3', 'risk', { access_key_id: sealed(1), secret_access_key: sealed(2) });

  it.each([
    ['a second document', `${good}---\n${good}`, 'source/second-document'],
    ['an anchor', good.replace('encryptedData:', 'encryptedData: &a'), 'source/anchor'],
    ['a tag', good.replace('encryptedData:', 'encryptedData: !!map'), 'source/tag'],
    ['a key twice', good.replace('  encryptedData:', '  encryptedData: {}\n  encryptedData:'), 'source/duplicate-key'],
    ['a merge key', good.replace('metadata:', 'metadata:\n  <<: {}'), 'input/secret-file'],
    ['a key that breaks programs', good.replace('metadata:', '__proto__: {}\nmetadata:'), 'source/forbidden-key'],
    ['a file that is too large', `${good}#${'x'.repeat(262_144)}\n`, 'source/too-large'],
    ['an invisible character', good.replace('sealed-s3', 'sealed\u200b-s3'), 'source/unsafe-character'],
    ['nothing', '', 'input/secret-file'],
    ['a list', '- a\n- b\n', 'input/secret-file'],
    ['deep nesting', '['.repeat(5000), 'source/too-deep'],
  ])('with %s is refused, and nothing is written', (_, text, code) => {
    expect(codesOf(text)).toContain(code);
    expect(compileFiles({ ...files, 'services/connections/secrets/sealed.risk.yaml': text }).files).toEqual([]);
  });

  it('shows nothing of a value that is not encrypted, wherever it stands', () => {
    const canary = 'hunter2-canary';
    const places = [
      good.replace(sealed(1), canary),
      good.replace('  encryptedData:', `  note: ${canary}\n  encryptedData:`),
      good.replace('metadata:', `${canary}: x\nmetadata:`),
      `${good}    ${canary}\n`,
      `apiVersion: v1\nkind: Secret\nmetadata: {name: x, namespace: risk}\nstringData: {a: ${canary}}\n`,
      `apiVersion: v1\nkind: Secret\nmetadata: {name: x, namespace: risk}\nstringData:\n  a: |\n    ${canary}\n`,
      `"${canary}`,
      `a: [${canary}`,
      `a: &${canary} 1`,
      `${canary}: 1\n${canary}: 2\n`,
    ];
    for (const text of places) {
      const found = compileFiles({ ...files, 'services/connections/secrets/sealed.risk.yaml': text });
      expect(found.diagnostics.length).toBeGreaterThan(0);
      expect(textOf(found), text).not.toContain(canary);
    }
  });
});
