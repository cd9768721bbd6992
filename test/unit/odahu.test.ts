import { describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { analyze } from '../../src/analyze.js';
import { importOdahu, type Imported, type Target } from '../../src/odahu/import.js';
import { readDefinitions } from '../../src/read-definitions.js';
import { memoryFileSystem } from '../../src/source/file-system.js';
import { isSpan, type Diagnostic } from '../../src/diagnostics/diagnostic.js';
import { platformFile } from '../../src/input/locate-kind.js';
import { coverForeign } from '../../src/source/foreign.js';
import { insertItem } from '../../src/source/insert-item.js';
import { secretFields } from '../../src/odahu/connection.js';
import { batchJob, canary, connection, image, job, platform, service } from '../support/odahu.js';
import { secrets } from '../support/planted.js';

function importTexts(files: Readonly<Record<string, string>>, repository: Readonly<Record<string, string>> = { [platformFile]: platform }) {
  const { definitions, sources } = readDefinitions(memoryFileSystem(repository));
  if (!definitions.platform) throw new Error('the platform of the test has errors');
  const target: Target = {
    team: 'risk',
    platform: { text: sources.get(platformFile) ?? '', spec: definitions.platform.spec },
    connections: new Map(definitions.connections.map(({ name, spec, place }) => [name, { file: place.file, spec }])),
    exists: (path) => path in repository,
  };
  const [imported, diagnostics] = importOdahu(
    Object.entries(files).map(([path, text]) => ({ path, text })),
    target,
  );
  return { imported, diagnostics, repository };
}

const codes = (diagnostics: readonly Diagnostic[]): readonly string[] => diagnostics.map(({ code }) => code);

/** The repository after the import, as its files. */
function after({ imported, repository }: { imported: Imported | undefined; repository: Readonly<Record<string, string>> }): Record<string, string> {
  const added = Object.fromEntries((imported?.files ?? []).map(({ path, text }) => [path, text]));
  return { ...repository, ...added, ...(imported?.platform === undefined ? {} : { [platformFile]: imported.platform }) };
}

const problemsAfter = (result: Parameters<typeof after>[0]): readonly string[] =>
  analyze(memoryFileSystem(after(result)))
    .diagnostics.filter(({ severity }) => severity === 'error')
    .map(({ message }) => message);

const texts = { 'connection.yaml': connection(), 'service.yaml': service(), 'job.yaml': job() };

test('a service with its connection and job compiles, for a team that the platform did not have', () => {
  const result = importTexts(texts);
  expect(result.diagnostics).toEqual([]);
  expect(result.imported?.files.map(({ path }) => path)).toEqual(['jobs/job.json', 'services/connections/store.yaml', 'services/risk/scorer.yaml']);
  expect(result.imported?.commands).toEqual([
    'kubectl create secret generic store --namespace risk --from-file=access_key_id=FILE --from-file=secret_access_key=FILE',
  ]);
  expect(problemsAfter(result)).toEqual([]);
  const [model] = analyze(memoryFileSystem(after(result))).services;
  expect(model).toMatchObject({
    serviceId: 'scorer',
    command: ['python'],
    args: ['/opt/app/predictor.py'],
    model: { kind: 'remote', path: 'models/scorer/' },
    dataSource: undefined,
    validation: { profile: 'odahu', onInvalid: 'skip' },
    webhook: { dataSource: [{ connection: 'store', prefix: 'data/in/' }], outputDestination: [{ connection: 'store', prefix: 'data/out/' }] },
  });
});

test('what is there stays as it is: comments of the platform, and its order', () => {
  const { imported } = importTexts(texts);
  expect(imported?.platform?.replace(/ {4}- name: risk\n {6}namespace: risk\n {6}registries:\n {8}- registry\.example\.com\/odahu\/\n/, '')).toBe(
    platform,
  );
});

test('the same documents as a list of JSON, as custom resources and in one file give the same definitions', () => {
  const { imported } = importTexts(texts);
  const expected = imported?.files.filter(({ path }) => path.startsWith('services/'));
  const documents = (importTexts({ 'all.yaml': Object.values(texts).join('---\n') }).imported?.files ?? []).filter(({ path }) =>
    path.startsWith('services/'),
  );
  expect(documents).toEqual(expected);
  const api = [
    { id: 'store', spec: { type: 's3', uri: 's3://bucket/own/path', region: 'eu-central-1', keyID: 'QQ==', keySecret: 'QQ==' }, status: {} },
    {
      id: 'scorer',
      createdAt: '2022-01-01T00:00:00Z',
      spec: {
        image,
        command: ['python'],
        args: ['/opt/app/predictor.py'],
        modelRegistry: { remote: { modelConnection: 'store', modelPath: 'models/scorer' } },
        triggers: { webhook: { enabled: true } },
      },
    },
    {
      id: 'job-scorer-1a2b3',
      spec: {
        inferenceServiceId: 'scorer',
        dataSource: { connection: 'store', path: 'data/in' },
        outputDestination: { connection: 'store', path: '/data/out/' },
        nodeSelector: null,
        resources: null,
        requestId: '',
      },
    },
  ];
  expect(importTexts({ 'list.json': JSON.stringify(api) }).imported?.files.filter(({ path }) => path.startsWith('services/'))).toEqual(expected);
});

test("ODAHU's own custom resource of a job becomes its service and a request", () => {
  const result = importTexts({ 'connection.yaml': connection({ crd: true }), 'jobs.yaml': batchJob });
  expect(result.diagnostics).toEqual([]);
  expect(problemsAfter(result)).toEqual([]);
  expect(result.imported?.files.map(({ path }) => path)).toEqual(['jobs/jobs.json', 'services/connections/store.yaml', 'services/risk/scorer.yaml']);
  expect(JSON.parse(after(result)['jobs/jobs.json'] ?? '')).toEqual({
    kind: 'InferenceJob',
    spec: {
      inferenceServiceId: 'scorer',
      dataSource: { connection: 'store', path: 'data/in/' },
      outputDestination: { connection: 'store', path: 'data/out/' },
      requestId: 'r-1',
    },
  });
});

describe('names', () => {
  test.each([
    ['fraud-scoring-service-for-cards', 'fraud-scoring-service-for'],
    ['team', 'odahu-team'],
    ['platform', 'odahu-platform'],
    ['millrace-like', 'odahu-millrace-like'],
    ['a--b', 'a-b'],
  ])('%s becomes %s and keeps its id for requests', (id, name) => {
    const result = importTexts({ 'connection.yaml': connection(), 'service.yaml': service({ id }), 'job.yaml': job({ service: id }) });
    expect(problemsAfter(result)).toEqual([]);
    expect(after(result)[`services/risk/${name}.yaml`]).toContain(`serviceId: ${id}\n`);
  });

  test('that would be the same for two ids are an error (odahu/same-name)', () => {
    const long = 'fraud-scoring-service-for-';
    const { imported, diagnostics } = importTexts({ 'a.yaml': service({ id: `${long}cards` }), 'b.yaml': service({ id: `${long}loans` }) });
    expect(imported).toBeUndefined();
    expect(codes(diagnostics)).toEqual(['odahu/same-name']);
  });

  test('of connections that would be the same are an error, which says nothing of services', () => {
    const { imported, diagnostics } = importTexts({ 'a.yaml': connection({ id: 'Raw-Data' }), 'b.yaml': connection({ id: 'raw-data' }) });
    expect(imported).toBeUndefined();
    const [problem] = diagnostics.filter(({ code }) => code === 'odahu/same-name');
    expect(problem?.hint).toMatch(/^names of connections .* another id/);
  });
});

describe('paths keep what ODAHU meant', () => {
  test.each([
    ['s3://bucket/own/path', 'own/path/'],
    ['s3://bucket/own/path/', 'own/path/'],
    ['s3://bucket', undefined],
    ['s3://bucket/', undefined],
  ])("the path of %s is the connection's own, %s", (uri, own) => {
    const result = importTexts({ ...texts, 'connection.yaml': connection({ uri }) });
    const text = after(result)['services/connections/store.yaml'] ?? '';
    expect(text).toContain('bucket: bucket\n');
    expect(/defaultPath: (.*)/.exec(text)?.[1]).toBe(own);
  });

  test('a reference without path means the connection’s own, and none is joined to it', () => {
    const result = importTexts({ ...texts, 'job.yaml': job({ data: '', output: 'other' }) });
    expect(problemsAfter(result)).toEqual([]);
    expect(after(result)['jobs/job.json']).toContain('"path": "own/path/"');
    expect(after(result)['jobs/job.json']).toContain('"path": "other/"');
  });

  test.each([
    ['models/m.tar.gz', 'models/m.tar.gz'],
    ['models/m.zip', 'models/m.zip'],
    ['/models/m', 'models/m/'],
    ['models//m/.', 'models/m/'],
  ])('model %s is %s', (given, path) => {
    const result = importTexts({ ...texts, 'service.yaml': service({ model: given }) });
    expect(problemsAfter(result)).toEqual([]);
    expect(after(result)['services/risk/scorer.yaml']).toContain(`path: ${path}\n`);
  });

  test('one that no definition can name is said', () => {
    const { diagnostics } = importTexts({ ...texts, 'job.yaml': job({ data: 'with blank/in' }) });
    expect(new Set(codes(diagnostics))).toEqual(new Set(['odahu/not-carried-over']));
  });
});

describe('Azure', () => {
  const sas = (url: string) => Buffer.from(url).toString('base64');

  test('the account comes from the SAS URL, and nothing else of it', () => {
    const url = `https://myaccount.blob.core.windows.net/?sv=1&sig=${canary}`;
    const result = importTexts({ ...texts, 'connection.yaml': connection({ type: 'azureblob', uri: 'bucket/own', keySecret: sas(url) }) });
    const text = after(result)['services/connections/store.yaml'] ?? '';
    expect(text).toContain('account: myaccount\n');
    expect(text).toContain('container: bucket\n');
    expect(text).not.toContain('endpoint');
    expect(problemsAfter(result)).toEqual([]);
  });

  test('where the API has masked it, the account is to be filled in: an error until it is', () => {
    const result = importTexts({ ...texts, 'connection.yaml': connection({ type: 'azureblob', uri: 'bucket', keySecret: '*****' }) });
    expect(problemsAfter(result)).toEqual(['spec lacks the field "account"']);
  });
});

test('a connection that no document defines is to be filled in', () => {
  const result = importTexts({ 'service.yaml': service(), 'job.yaml': job() });
  expect(result.imported?.said.join()).toContain('services/connections/store.yaml is to be filled in');
  expect(problemsAfter(result).length).toBeGreaterThan(0);
});

test('a service without data of its own and without jobs is to be filled in', () => {
  const result = importTexts({ 'connection.yaml': connection(), 'service.yaml': service() });
  expect(after(result)['services/risk/scorer.yaml']).toContain('Fill in: the service has no dataSource and no outputDestination of its own');
  expect(problemsAfter(result).length).toBeGreaterThan(0);
});

test('a nodeSelector becomes a pool of the platform, one for equal selectors', () => {
  const selector = { pool: 'gpu', zone: 'a' };
  const result = importTexts({
    ...texts,
    'service.yaml': service({ nodeSelector: selector, resources: { limits: { gpu: '2', memory: '4Gi' }, requests: { cpu: '500m' } } }),
    'second.yaml': service({ id: 'second', nodeSelector: { zone: 'a', pool: 'gpu' } }),
    'second-job.yaml': job({ service: 'second' }),
  });
  expect(problemsAfter(result)).toEqual([]);
  expect(result.imported?.platform).toContain('  - name: gpu-a\n');
  expect(result.imported?.platform?.match(/name: gpu-a\n/g)).toHaveLength(1);
  expect(after(result)['services/risk/scorer.yaml']).toContain('nodePool: gpu-a\n');
  expect(analyze(memoryFileSystem(after(result))).services[0]?.resources).toMatchObject({ limits: { gpu: 2, memory: '4Gi' } });
});

describe('a connection that is there', () => {
  const own = (bucket: string) =>
    [
      'apiVersion: millrace.dev/v1',
      'kind: Connection',
      'metadata: {name: store}',
      `spec: {type: s3, bucket: ${bucket}, region: eu-central-1, credentials: {anonymous: true}, access: []}`,
      '',
    ].join('\n');

  test('is kept where it names the same place', () => {
    const { imported, diagnostics } = importTexts(texts, { [platformFile]: platform, 'services/connections/store.yaml': own('bucket') });
    expect(diagnostics).toEqual([]);
    expect(imported?.said.join()).toContain('services/connections/store.yaml was there and is kept');
    expect(imported?.files.map(({ path }) => path)).not.toContain('services/connections/store.yaml');
  });

  test('is an error where it names another one (odahu/file-exists)', () => {
    const { imported, diagnostics } = importTexts(texts, { [platformFile]: platform, 'services/connections/store.yaml': own('other') });
    expect(imported).toBeUndefined();
    expect(codes(diagnostics)).toEqual(['odahu/file-exists']);
  });
});

test('no file is overwritten (odahu/file-exists)', () => {
  const { imported, diagnostics } = importTexts(texts, { [platformFile]: platform, 'jobs/job.json': '{}' });
  expect(imported).toBeUndefined();
  expect(codes(diagnostics)).toEqual(['odahu/file-exists']);
});

describe('what is no document of ODAHU', () => {
  test.each([
    ['odahu/unknown-kind', 'kind: Deployment\nid: a\nspec: {}\n'],
    ['odahu/unknown-kind', 'apiVersion: v1\nkind: Secret\nmetadata: {name: a}\n'],
    ['odahu/unknown-kind', 'just a text\n'],
    ['odahu/unknown-kind', 'id: a\nspec: {}\n'],
    ['odahu/missing-field', 'kind: InferenceService\nspec: {}\n'],
    ['odahu/missing-field', 'kind: Connection\nid: a\nspec: {type: s3, region: x}\n'],
    ['odahu/missing-field', 'kind: Connection\nid: a\n'],
    ['odahu/missing-field', service().replace(/ {2}command:\n {4}- python\n/, '')],
    ['odahu/wrong-type', service().replace('image: ', 'image: 1 #')],
    [
      'odahu/wrong-type',
      job()
        .replace('kind: InferenceJob', 'kind: InferenceJob')
        .replace(/dataSource:\n.*\n.*\n/, 'dataSource: [a]\n'),
    ],
    ['odahu/bad-uri', connection({ uri: 'bucket-without-scheme/path' })],
    ['odahu/bad-uri', connection({ uri: 's3://user@bucket/path' })],
    ['source/secret', connection({ uri: 's3://user:pass@bucket/path' })],
    ['check/secret-value', service().replace('- /opt/app/predictor.py', '- --password=hunter2')],
    ['odahu/bad-uri', connection({ type: 'azureblob', uri: 'https://x.blob.core.windows.net/' })],
    ['odahu/duplicate-id', `${connection()}---\n${connection()}`],
    ['odahu/nothing-found', '# nothing\n'],
    ['odahu/too-large', `kind: Connection\nid: a\nspec: [${'a, '.repeat(20_000)}]\n`],
    ['source/alias', 'kind: Connection\nid: &a b\nspec: {type: *a}\n'.replace('&a ', '')],
    ['source/unclosed-bracket', 'kind: Connection\nid: a\nspec: {type: s3,\n'],
    ['source/unclosed-quote', 'kind: Connection\nid: "a\n'],
  ])('%s', (code, text) => {
    const { imported, diagnostics } = importTexts({ 'file.yaml': text });
    expect(codes(diagnostics)).toContain(code);
    expect(imported).toBeUndefined();
  });

  test('an id that is given twice is said once', () => {
    for (const text of [`${service()}---\n${service()}`, `${connection()}---\n${connection()}`])
      expect(codes(importTexts({ 'file.yaml': text }).diagnostics)).toEqual(['odahu/duplicate-id']);
  });

  test.each([
    ['a model training', 'kind: ModelTraining\nid: a\nspec: {}\n'],
    ['a connection to git', connection({ type: 'git', uri: 'git@github.com:odahu/x.git' })],
    ['a connection to a registry', connection({ type: 'docker', uri: 'docker.io' })],
    ['a role', `${connection()}  role: x\n`],
    ['a field that ODAHU does not know', `${service()}  retries: 3\n`],
    ['a requestId that is none', `${service()}---\n${job()}  requestId: Not_An_Id\n`],
    ['a job of an unknown service', job({ service: 'elsewhere' })],
  ])('%s is named with the reason why it is left out (odahu/not-carried-over)', (_, text) => {
    const { imported, diagnostics } = importTexts({ 'file.yaml': text });
    expect(codes(diagnostics)).toContain('odahu/not-carried-over');
    expect(imported).toBeDefined();
  });
});

describe('a document as people wrote it', () => {
  test.each([
    ['quoted', JSON.stringify('Of the team\r\nfor\tscores\rby night\r\n')],
    ['with the ends of lines of Windows', '|\r\n    Of the team\r\n    for\tscores\r\n    by night\r'],
  ])('a description of several lines, %s, becomes comments', (_, description) => {
    const result = importTexts({ ...texts, 'connection.yaml': `${connection()}  description: ${description}\n` });
    expect(result.diagnostics).toEqual([]);
    expect(after(result)['services/connections/store.yaml']).toContain('# Of the team\n# for scores\n# by night\n');
    expect(problemsAfter(result)).toEqual([]);
  });

  test.each([
    ['a description that deceives', `${connection()}  description: "a\\u202eb\\r"\n`],
    ['an end of a line in what is used', connection().replace('region: ', 'region: "a\\rb" #')],
  ])('%s is refused (source/unsafe-character)', (_, text) => {
    const { imported, diagnostics } = importTexts({ 'connection.yaml': text });
    expect(codes(diagnostics)).toEqual(['source/unsafe-character']);
    expect(imported).toBeUndefined();
  });

  test('a tab that indents is named where it stands (source/tab)', () => {
    const text = connection().replace('\n  uri:', '\n\turi:');
    const { diagnostics } = importTexts({ 'connection.yaml': text });
    expect(codes(diagnostics)).toEqual(['source/tab']);
    expect(diagnostics[0]?.where).toEqual({ file: 'connection.yaml', start: text.indexOf('\t'), end: text.indexOf('\t') + 1 });
    expect(diagnostics[0]?.hint).toContain('YAML does not take it for indentation');
  });

  test('a tab that indents JSON is none of its problems', () => {
    expect(importTexts({ 'connection.json': JSON.stringify(parse(connection()), undefined, '\t') }).diagnostics).toEqual([]);
  });

  test('a type that only looks like one is told by its code point', () => {
    const { diagnostics } = importTexts({ 'connection.yaml': connection({ type: 'ѕ3' }) });
    expect(diagnostics.map(({ message }) => message)).toContainEqual(expect.stringContaining('no connections of type ѕ3, with U+0455'));
  });
});

describe('mistakes, whatever the store', () => {
  const uris = { s3: 's3://bucket/own', gcs: 'gs://bucket/own', azureblob: 'container/own' } as const;
  type Type = keyof typeof uris;
  const types = Object.keys(uris) as Type[];
  const of = (type: Type, id = 'store'): string => connection({ id, type, uri: uris[type] });

  /** What is written, the code that tells it, and the text of its line from there on. */
  const mistakes: Readonly<Record<string, (type: Type) => readonly [text: string, code: string, at: string]>> = {
    'the file is cut off in a key': (type) => [of(type).replace(/keySecret: .*\n/, 'keySecret: "QQ'), 'source/unclosed-quote', '"QQ'],
    'the file is cut off in a list': (type) => [
      `[${JSON.stringify({ kind: 'Connection', id: 'a', spec: { type } })}, {`,
      'source/unclosed-bracket',
      '{',
    ],
    'the kind is unknown': (type) => [`${of(type)}---\n${of(type).replace('Connection', 'Conection')}`, 'odahu/unknown-kind', 'Conection'],
    'an id stands twice': (type) => [`${of(type)}---\n${of(type)}# end\n`, 'odahu/duplicate-id', 'store'],
    'two ids become one name': (type) => [`${of(type, 'Store.A')}---\n${of(type, 'store-a')}`, 'odahu/same-name', 'store-a'],
  };
  test.each(types.flatMap((type) => Object.keys(mistakes).map((mistake) => [type, mistake] as const)))('%s: %s', (type, mistake) => {
    const [text, code, at] = mistakes[mistake]?.(type) ?? ['', '', ''];
    const { imported, diagnostics } = importTexts({ 'file.yaml': text });
    const errors = diagnostics.filter(({ severity }) => severity === 'error');
    expect(codes(errors)).toEqual([code]);
    const { where } = errors[0] ?? {};
    expect(where && isSpan(where) ? text.slice(where.start).split('\n')[0] : undefined).toBe(at);
    // The last of what is given twice is at fault, not the first.
    expect(where && isSpan(where) ? where.start : 0).toBeGreaterThanOrEqual(text.lastIndexOf(at));
    expect(imported).toBeUndefined();
  });

  test.each(types)('of %s with a letter that only looks right, the connection is named and left out', (type) => {
    const wrong = type.replace(/[sca]/, '\u0455');
    const { imported, diagnostics } = importTexts({ 'file.yaml': of(type).replace(`type: ${type}`, `type: ${wrong}`) });
    expect(diagnostics.map(({ code, message }) => [code, message.includes(wrong)])).toEqual([['odahu/not-carried-over', true]]);
    expect(imported?.files).toEqual([]);
  });
});

test.each([
  ['modelRegistry', service().replace('modelRegistry:', 'modelSource:').replace('remote:', 'elsewhere:')],
  ['modelSource', batchJob.replace('modelSource:', 'modelConnection:')],
])('a document of before ODAHU 1.6 is told what it lacks: spec.%s.remote', (field, text) => {
  const { imported, diagnostics } = importTexts({ 'file.yaml': text });
  expect(diagnostics.filter(({ severity }) => severity === 'error').map(({ message }) => message)).toEqual([
    `this resource has no spec.${field}.remote`,
  ]);
  expect(imported).toBeUndefined();
});

test('what kubectl exports holds the last applied configuration, whose keys go nowhere', () => {
  const resource = parse(connection({ crd: true, keySecret: canary })) as { readonly metadata: object };
  const applied = JSON.stringify(parse(connection({ crd: true, keySecret: secrets.awsKey, keyID: secrets.awsId })));
  const metadata = {
    ...resource.metadata,
    annotations: { 'kubectl.kubernetes.io/last-applied-configuration': `${applied}\n` },
    creationTimestamp: '2022-04-01T10:00:00Z',
    managedFields: [{ manager: 'kubectl', fieldsV1: { 'f:spec': { 'f:keySecret': {} } } }],
    uid: '123e4567-e89b-12d3-a456-426614174000',
  };
  const list = { apiVersion: 'v1', kind: 'List', metadata: { resourceVersion: '' }, items: [{ ...resource, metadata, status: { state: 'ready' } }] };
  const result = importTexts({ 'export.yaml': stringify(list) });
  expect(result.diagnostics).toEqual([]);
  expect(after(result)['services/connections/store.yaml']).toBe(
    after(importTexts({ 'connection.yaml': connection() }))['services/connections/store.yaml'],
  );
  for (const key of [canary, secrets.awsKey, secrets.awsId]) expect(JSON.stringify(result.imported)).not.toContain(key);
});

describe('keys', () => {
  const text = connection({ keyID: Buffer.from(canary).toString('base64'), keySecret: canary });

  test('are in no file, sentence or command', () => {
    const result = importTexts({ ...texts, 'connection.yaml': `${text}  username: ${canary}\n  publicKey: ${canary}\n` });
    const all = JSON.stringify([result.imported, result.diagnostics]);
    expect(all).not.toContain(canary);
    expect(all).not.toContain(Buffer.from(canary).toString('base64'));
  });

  test.each([
    ['a right file', text],
    ['JSON', JSON.stringify({ kind: 'Connection', spec: { keySecret: canary, keyID: [canary], nested: { password: { a: canary } } } })],
    ['a block', `spec:\n  keySecret: |\n    ${canary}\n    ${canary}\n  type: s3\n`],
    ['a truncated file', `${text.slice(0, -12)}\n  "`],
    ['a password in a URL, of one of several documents', `a: 1\n---\nspec:\n  uri: s3://me:${canary}@bucket/in\n  keySecret: x\n`],
    ['a variable', `spec:\n  env: [{name: PASSWORD, value: ${canary}}]\n`],
    ['one line of flow style that is cut', `{kind: Connection, spec: {keySecret: ${canary}, type: `],
  ])('are covered where an excerpt of %s is shown', (_, given) => {
    const covered = coverForeign(given, secretFields);
    expect(covered).not.toContain(canary.slice(0, 20));
    expect(covered).toHaveLength(given.length);
    expect(covered.split('\n')).toHaveLength(given.split('\n').length);
  });
});

describe('insertItem', () => {
  test.each([
    ['a list', 'a:\n  - x: 1 # one\n    y: 2\n\n# after\nb: 1\n', 'a:\n  - x: 1 # one\n    y: 2\n  - key: 1\n\n# after\nb: 1\n'],
    ['a list at the column of its key', 'a:\n- x: 1\nb: 1\n', 'a:\n- x: 1\n- key: 1\nb: 1\n'],
    ['a list without a line end', 'a:\n  - x', 'a:\n  - x\n  - key: 1\n'],
    ['a list that ends in a block', 'a:\n  - |\n    x\nb: 1\n', 'a:\n  - |\n    x\n  - key: 1\nb: 1\n'],
    ['a flow list', '# c\na: [x]\n', '# c\na:\n  - x\n  - key: 1\n'],
    ['no list', '# c\nb: 1\n', '# c\nb: 1\na:\n  - key: 1\n'],
    ['an empty list', 'a: []\n', 'a:\n  - key: 1\n'],
  ])('%s', (_, before, expected) => {
    expect(insertItem(before, ['a'], { key: 1 })).toBe(expected);
  });
});
