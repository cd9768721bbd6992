/** The table of what people get wrong about credentials: each mistake with each mode is an error at its place, and nothing is written. */
import { describe, expect, test } from 'vitest';
import { isSpan } from '../../../src/diagnostics/diagnostic.js';
import { compileFiles } from '../../support/compile-files.js';
import { encrypted, sealed, sealedSecret, sopsSecret } from '../../support/secret-files.js';

const digest = (letter: string): string => `sha256:${letter.repeat(64)}`;
const uuid = '01234567-89ab-cdef-0123-456789abcdef';

/** How each mode is written below `credentials`, in the one way that is right. */
const modes = {
  secretRef: '{secretRef: {name: risk-s3, keys: {access_key_id: id, secret_access_key: key}}}',
  externalSecret:
    '{externalSecret: {secretStoreRef: {name: vault}, keys: {access_key_id: {key: risk/raw, property: id}, secret_access_key: {key: risk/raw, property: key}}}}',
  sealedSecret: '{sealedSecret: {files: [secrets/risk.yaml]}}',
  sops: '{sops: {files: [secrets/risk.yaml]}}',
  roleOfAws: '{workloadIdentity: {name: batch, roleArn: "arn:aws:iam::123456789012:role/batch"}}',
  federationOfGoogle:
    '{workloadIdentity: {name: batch, audience: //iam.googleapis.com/projects/12/locations/global/workloadIdentityPools/p/providers/c}}',
  applicationOfAzure: `{workloadIdentity: {name: batch, tenantId: ${uuid}, clientId: ${uuid}}}`,
  instanceIdentity: '{instanceIdentity: {sharedIdentity: true}}',
  anonymous: '{anonymous: true}',
} as const;
type Mode = keyof typeof modes;

const stores: Readonly<Partial<Record<Mode, string>>> = {
  federationOfGoogle: 'type: gcs\n  bucket: raw-bucket',
  applicationOfAzure: 'type: azureblob\n  account: riskstore\n  container: raw',
};

const platform = 'services/platform.yaml';
const store = 'services/connections/store.yaml';
const secret = 'services/connections/secrets/risk.yaml';
const service = 'services/risk/scorer.yaml';
type Files = Readonly<Record<string, string>>;

const connection = (name: string, location: string, credentials: string): string => `apiVersion: millrace.dev/v1
kind: Connection
metadata: {name: ${name}}
spec:
  ${location}
  credentials: ${credentials}
  access:
    - {teams: [risk], modes: [read, write], prefixes: [fraud/]}
`;
const s3 = 'type: s3\n  bucket: raw-bucket\n  region: eu-central-1';

/** A repository that has no mistake. */
const repository = (mode: Mode): Files => ({
  [platform]: `apiVersion: millrace.dev/v1
kind: Platform
metadata: {name: platform}
spec:
  target: {kubernetes: "1.34", pipelines: "1.15", triggers: "0.37"}
  images: {rclone: "rclone/rclone:1.75.2@${digest('a')}", node: "node:22-slim@${digest('b')}"}
  teams:
    - {name: risk, registries: [registry.example.com/risk/], secrets: [risk], secretStores: [{name: vault-2, keys: [risk/*]}], identities: [batch]}
    - {name: growth, registries: [registry.example.com/growth/]}
`,
  [store]: connection('store', stores[mode] ?? s3, modes[mode]),
  'services/connections/results.yaml': connection('results', s3.replace('raw', 'results'), '{anonymous: true}'),
  [service]: `apiVersion: millrace.dev/v1
kind: InferenceService
metadata: {name: scorer}
spec:
  image: registry.example.com/risk/scorer:1@${digest('c')}
  command: [python]
  modelSource: {imagePath: /opt/app/model, name: scorer, version: "1"}
  dataSource: {connection: store, path: fraud/in/}
  outputDestination: {connection: results, path: fraud/out/}
  triggers: {webhook: {enabled: false}}
`,
  ...(mode === 'sealedSecret'
    ? { [secret]: sealedSecret('risk-s3', 'risk', { access_key_id: sealed(1), secret_access_key: sealed(2) }) }
    : mode === 'sops'
      ? { [secret]: sopsSecret('risk-s3', 'risk', { access_key_id: encrypted, secret_access_key: encrypted }) }
      : {}),
});

/** What is written instead of what, in which file. */
type Change = readonly [file: string, right: string, wrong: string];

function withChange(files: Files, [file, right, wrong]: Change): Files {
  const text = files[file] ?? '';
  if (!text.includes(right)) throw new Error(`${file} has no ${right}`);
  return { ...files, [file]: text.replaceAll(right, wrong) };
}

/** The connection in the folder of a team, with its Secret. */
const ownOf = (team: string, files: Files): Files =>
  Object.fromEntries(
    Object.entries(files).map(([path, text]) => [
      path === store || path === secret ? path.replace('services/', `services/${team}/`) : path,
      path === store ? text.replace(/ {2}access:[^]*/, '') : text,
    ]),
  );

interface Problem {
  readonly code: string;
  /** `FILE: TEXT`: what is underlined. */
  readonly at: string;
  readonly said: string;
}

function problemsOf(files: Files): readonly Problem[] {
  const { diagnostics, files: output } = compileFiles(files);
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) expect(output).toEqual([]);
  return errors.map(({ code, where, message, hint }) => ({
    code,
    at: where && isSpan(where) ? `${where.file}: ${(files[where.file] ?? '').slice(where.start, where.end)}` : 'nowhere',
    said: `${message}\n${hint ?? ''}`,
  }));
}

test.each(Object.keys(modes) as Mode[])('%s is right without a mistake', (mode) => {
  expect(problemsOf(repository(mode))).toEqual([]);
});

/** What is written instead of what, the code that tells it, what of the file is underlined, and a word of what is said. */
type Cell = readonly [right: string, wrong: string, code: string, at: string, says: string];

/** A table is of one file; where a mode has its Secret in a file, of that one. */
const cells = (table: Readonly<Record<Mode, Cell>>): Readonly<Record<Mode, Cell>> => table;
const every = (cellOf: (mode: Mode) => Cell): Readonly<Record<Mode, Cell>> =>
  Object.fromEntries((Object.keys(modes) as Mode[]).map((mode) => [mode, cellOf(mode)])) as Record<Mode, Cell>;

const role = ', roleArn: "arn:aws:iam::123456789012:role/batch"';
const provider = ', audience: //iam.googleapis.com/projects/12/locations/global/workloadIdentityPools/p/providers/c';
const file = 'secrets/risk.yaml';
/** A letter of Cyrillic that looks like one of Latin. */
const a = '\u0430';
const e = '\u0435';
const s = '\u0455';

const table = {
  'a key is missing': cells({
    secretRef: ['name: risk-s3, ', '', 'input/missing-field', 'secretRef', '"name"'],
    externalSecret: [', secret_access_key: {key: risk/raw, property: key}', '', 'input/missing-field', 'keys', '"secret_access_key"'],
    sealedSecret: [`    secret_access_key: ${sealed(2)}\n`, '', 'resolve/missing-secret-key', file, 'it has: access_key_id'],
    sops: [`    secret_access_key: ${encrypted}\n`, '', 'resolve/missing-secret-key', file, 'it has: access_key_id'],
    roleOfAws: [role, '', 'input/missing-field', 'workloadIdentity', '"roleArn"'],
    federationOfGoogle: [provider, '', 'input/missing-field', 'workloadIdentity', '"audience"'],
    applicationOfAzure: [`, tenantId: ${uuid}`, '', 'input/missing-field', 'workloadIdentity', '"tenantId"'],
    instanceIdentity: ['sharedIdentity: true', '', 'input/missing-field', 'instanceIdentity', '"sharedIdentity"'],
    anonymous: ['anonymous: true', '', 'input/exactly-one', 'credentials', 'has none'],
  }),
  'a key has another name': cells({
    secretRef: ['secret_access_key:', 'secret_acces_key:', 'input/unknown-field', 'secret_acces_key', 'did you mean "secret_access_key"?'],
    externalSecret: ['secret_access_key:', 'secret_acces_key:', 'input/unknown-field', 'secret_acces_key', 'did you mean "secret_access_key"?'],
    sealedSecret: ['secret_access_key:', 'secret_acces_key:', 'resolve/missing-secret-key', file, 'did you mean "secret_acces_key"?'],
    sops: ['secret_access_key:', 'secret_acces_key:', 'resolve/missing-secret-key', file, 'did you mean "secret_acces_key"?'],
    roleOfAws: ['roleArn:', 'roleARN:', 'input/unknown-field', 'roleARN', 'did you mean "roleArn"?'],
    federationOfGoogle: ['audience:', 'audiance:', 'input/unknown-field', 'audiance', 'did you mean "audience"?'],
    applicationOfAzure: ['tenantId:', 'tenantID:', 'input/unknown-field', 'tenantID', 'did you mean "tenantId"?'],
    instanceIdentity: ['sharedIdentity:', 'shareIdentity:', 'input/unknown-field', 'shareIdentity', 'did you mean "sharedIdentity"?'],
    anonymous: ['anonymous:', 'anonymus:', 'input/unknown-field', 'anonymus', 'did you mean "anonymous"?'],
  }),
  'two modes stand side by side': every((mode) => {
    const other = mode === 'anonymous' ? 'secretRef: {name: risk-s3}' : 'anonymous: true';
    return [modes[mode], modes[mode].replace('{', `{${other}, `), 'input/exactly-one', 'credentials', 'keep one of them'];
  }),
  'it is of another namespace': cells({
    secretRef: ['name: risk-s3', 'name: risk-s3, namespace: growth', 'input/unknown-field', 'namespace', 'its own namespace'],
    externalSecret: ['name: vault', 'name: vault, namespace: growth', 'input/unknown-field', 'namespace', 'its own namespace'],
    sealedSecret: ['namespace: risk', 'namespace: growth', 'resolve/secret-file-does-not-fit', file, 'namespaces: risk'],
    sops: ['namespace: risk', 'namespace: growth', 'resolve/secret-file-does-not-fit', file, 'namespaces: risk'],
    roleOfAws: ['name: batch', 'name: batch, namespace: growth', 'input/unknown-field', 'namespace', 'its own namespace'],
    federationOfGoogle: ['name: batch', 'name: batch, namespace: growth', 'input/unknown-field', 'namespace', 'its own namespace'],
    applicationOfAzure: ['name: batch', 'name: batch, namespace: growth', 'input/unknown-field', 'namespace', 'its own namespace'],
    instanceIdentity: ['y: true', 'y: true, namespace: growth', 'input/unknown-field', 'namespace', 'its own namespace'],
    anonymous: ['anonymous: true', 'anonymous: {namespace: growth}', 'input/not-one-of', '{namespace: growth}', 'write anonymous: true'],
  }),
  'a letter only looks right': cells({
    secretRef: ['name: risk-s3', `name: ri${s}k-s3`, 'input/name', `ri${s}k-s3`, 'none from a to z'],
    externalSecret: ['name: vault', `name: v${a}ult`, 'input/name', `v${a}ult`, 'none from a to z'],
    sealedSecret: ['risk.yaml', `ri${s}k.yaml`, 'input/wrong-form', `secrets/ri${s}k.yaml`, 'none from a to z'],
    sops: ['risk.yaml', `ri${s}k.yaml`, 'input/wrong-form', `secrets/ri${s}k.yaml`, 'none from a to z'],
    roleOfAws: ['name: batch', `name: b${a}tch`, 'input/name', `b${a}tch`, 'none from a to z'],
    federationOfGoogle: ['audience:', `${a}udience:`, 'input/unknown-field', `${a}udience`, 'did you mean "audience"?'],
    applicationOfAzure: ['clientId:', `cli${e}ntId:`, 'input/unknown-field', `cli${e}ntId`, 'did you mean "clientId"?'],
    instanceIdentity: ['sharedIdentity:', `shar${e}dIdentity:`, 'input/unknown-field', `shar${e}dIdentity`, 'did you mean "sharedIdentity"?'],
    anonymous: ['anonymous:', `${a}nonymous:`, 'input/unknown-field', `${a}nonymous`, 'did you mean "anonymous"?'],
  }),
  'the prefix is the beginning of the name': every(() => ['fraud/in/', 'fraud-2/in/', 'resolve/access-denied', 'fraud-2/in/', 'it may read: fraud/']),
} satisfies Record<string, Readonly<Record<Mode, Cell>>>;

describe.each(Object.entries(table))('%s', (_what, row) => {
  test.each(Object.entries(row) as (readonly [Mode, Cell])[])('%s', (mode, [right, wrong, code, at, says]) => {
    const given = repository(mode);
    const changed = [secret, store, service].find((path) => given[path]?.includes(right)) ?? store;
    const files = withChange(given, [changed, right, wrong]);
    const [first, ...others] = problemsOf(files);
    expect(first).toMatchObject({ code, at: `${changed === secret ? store : changed}: ${at}` });
    expect(first?.said).toContain(says);
    // Who would use the connection has a problem, too, where it has no Secret for its namespace.
    expect(others.map((other) => other.code)).toEqual(code === 'resolve/secret-file-does-not-fit' ? ['resolve/no-secret-for-namespace'] : []);
  });
});

const notAllowed = {
  secretRef: ['resolve/secret-not-allowed', 'risk-s3'],
  externalSecret: ['resolve/secret-store-not-allowed', 'vault'],
  sealedSecret: ['resolve/secret-not-allowed', file],
  sops: ['resolve/secret-not-allowed', file],
  roleOfAws: ['resolve/identity-not-allowed', '"arn:aws:iam::123456789012:role/batch"'],
  federationOfGoogle: ['resolve/identity-not-allowed', provider.replace(', audience: ', '')],
  applicationOfAzure: ['resolve/identity-not-allowed', uuid],
  instanceIdentity: ['resolve/identity-not-allowed', '{sharedIdentity: true}'],
  // Nobody need be trusted for what is public.
  anonymous: undefined,
} as const satisfies Record<Mode, readonly [code: string, at: string] | undefined>;

/** The names are beginnings of one another, on either side: `risk` lists no `risk-s3`, and `vault-2` no `vault`. */
test.each(Object.entries(notAllowed))("a team's own connection is of what Platform lists under another name: %s", (mode, expected) => {
  const problems = problemsOf(ownOf('risk', repository(mode as Mode)));
  expect(problems.map(({ code, at }) => [code, at])).toEqual(expected ? [[expected[0], `services/risk/connections/store.yaml: ${expected[1]}`]] : []);
});

test.each(Object.entries(notAllowed))('a team uses the connection of another: %s', (mode, expected) => {
  const problems = problemsOf(ownOf('growth', repository(mode as Mode)));
  expect(problems.at(-1)).toMatchObject({ code: 'resolve/connection-of-another-team', at: `${service}: store` });
  const codes = problems.map(({ code }) => code);
  if (expected) expect(codes).toContain(expected[0]);
  else expect(codes).toHaveLength(1);
});
