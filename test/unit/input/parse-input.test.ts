import { describe, expect, test } from 'vitest';
import { parseInput } from '../../../src/input/parse-input.js';
import { document, documentOf, linesOf, minimal, parseFiles } from './support.js';

const platformFile = { 'services/platform.yaml': minimal.platform };

describe('documents that are right', () => {
  const input = parseFiles({
    ...platformFile,
    'services/connections/raw.yaml': minimal.connection,
    'services/risk/connections/raw.yaml': minimal.connection,
    'services/risk/fraud.yaml': minimal.service,
    'services/risk/team.yaml': minimal.team,
  });

  test('come out with their place, name and spec as written', () => {
    expect(linesOf(input)).toEqual([]);
    expect(input.incomplete).toEqual([]);
    expect(input.platform?.spec.target.kubernetes).toBe('1.34');
    expect(input.connections.map(({ file, team, name }) => [file, team, name])).toEqual([
      ['services/connections/raw.yaml', undefined, 'raw'],
      ['services/risk/connections/raw.yaml', 'risk', 'raw'],
    ]);
    expect(input.teams.map(({ team, name, spec }) => [team, name, spec.owner])).toEqual([['risk', 'risk', 'risk@example.com']]);
    const [service] = input.services;
    expect([service?.team, service?.name]).toEqual(['risk', 'fraud']);
    expect(service?.spec).toBe((service?.document.value as { spec: unknown }).spec);
  });
});

describe('which document a file holds', () => {
  const at = (path: string, text: string): readonly string[] => linesOf(parseFiles({ ...platformFile, [path]: text }));
  const serviceOf = (head: string): string => `${head}\nmetadata: {name: x}\nspec: {}\n`;

  test.each([
    [
      'services/risk/x.yaml',
      minimal.connection,
      'kind: kind is "Connection", but an InferenceService belongs in this file [input/wrong-kind] | a Connection belongs in services/connections/NAME.yaml (the platform\'s) or services/TEAM/connections/NAME.yaml (a team\'s own)',
    ],
    [
      'services/connections/x.yaml',
      minimal.service,
      'kind: kind is "InferenceService", but a Connection belongs in this file [input/wrong-kind] | an InferenceService belongs in services/TEAM/NAME.yaml',
    ],
    [
      'services/risk/team.yaml',
      minimal.platform,
      'kind: kind is "Platform", but a Team belongs in this file [input/wrong-kind] | a Platform belongs in services/platform.yaml',
    ],
    [
      'services/risk/x.yaml',
      serviceOf('apiVersion: millrace.dev/v1\nkind: InferenceServce'),
      'kind: kind is "InferenceServce", but an InferenceService belongs in this file [input/wrong-kind] | did you mean InferenceService?',
    ],
    [
      'services/risk/x.yaml',
      serviceOf('apiVersion: millrace.dev/v1\nkind: Cat'),
      'kind: kind is "Cat", but an InferenceService belongs in this file [input/wrong-kind] | there are Platform, Team, Connection and InferenceService',
    ],
    [
      'services/risk/x.yaml',
      'kind: BatchInferenceService\nid: x\nspec: {}\n',
      'kind: this is ODAHU\'s own document ("BatchInferenceService"), which is not read [input/odahu-document] | write it as a millrace.dev/v1 document: the page of this code shows which field becomes which',
    ],
    [
      'services/risk/x.yaml',
      serviceOf('apiVersion: odahuflow.odahu.org/v1alpha1\nkind: InferenceService'),
      'kind: this is ODAHU\'s own document ("InferenceService"), which is not read [input/odahu-document] | write it as a millrace.dev/v1 document: the page of this code shows which field becomes which',
    ],
    [
      'services/risk/x.yaml',
      serviceOf('apiVersion: serving.kserve.io/v1beta1\nkind: InferenceService'),
      'kind: this is a Kubernetes object ("InferenceService" of "serving.kserve.io/v1beta1"), not a definition [input/kubernetes-object] | services/ holds only millrace.dev/v1 documents; keep other objects in another folder of the repository',
    ],
    [
      'services/connections/x.yaml',
      serviceOf('apiVersion: v1\nkind: Secret'),
      'kind: this is a Kubernetes object ("Secret" of "v1"), not a definition [input/kubernetes-object] | a Secret does not belong in git: remove it, and replace what it holds',
    ],
    [
      'services/risk/x.yaml',
      '',
      '.: the file is empty, an InferenceService belongs here [input/empty-document] | write the document, or remove the file',
    ],
    [
      'services/risk/x.yaml',
      'hello',
      '.: the document is text, an InferenceService belongs here [input/not-a-map] | a document begins with apiVersion: millrace.dev/v1',
    ],
    [
      'services/risk/x.yaml',
      '- a',
      '.: the document is a list, an InferenceService belongs here [input/not-a-map] | a document begins with apiVersion: millrace.dev/v1',
    ],
  ])('%s', (path, text, expected) => {
    expect(at(path, text)).toEqual([expected]);
  });

  test('an API group that is nearly ours is a slip of the pen', () => {
    const lines = at('services/risk/x.yaml', minimal.service.replace('millrace.dev/v1', 'milrace.dev/v1').replace('{name: fraud}', '{name: x}'));
    expect(lines).toEqual([
      'apiVersion: apiVersion is "milrace.dev/v1", but only millrace.dev/v1 is known [input/api-version] | write apiVersion: millrace.dev/v1',
    ]);
    for (const version of ['millrace.dev/v2', 'v1', 'millrace.dev']) {
      expect(at('services/risk/fraud.yaml', minimal.service.replace('millrace.dev/v1', version))).toEqual([
        expect.stringContaining('[input/api-version]'),
      ]);
    }
  });

  test('everything that a document lacks is named', () => {
    expect(at('services/risk/x.yaml', '{}').map((line) => line.replace(/ \|.*/, ''))).toEqual([
      '.: the document lacks the field "apiVersion" [input/missing-field]',
      '.: the document lacks the field "kind" [input/missing-field]',
      '.: the document lacks the field "metadata" [input/missing-field]',
      '.: the document lacks the field "spec" [input/missing-field]',
    ]);
  });

  test('a file that could not be read is not a missing one', () => {
    const input = parseInput([documentOf('services/risk/fraud.yaml', minimal.service)], ['services/platform.yaml', 'services/connections/raw.yaml']);
    expect(linesOf(input)).toEqual([]);
    expect(input.incomplete).toEqual([
      { kind: 'Platform', team: undefined, name: 'platform', file: 'services/platform.yaml' },
      { kind: 'Connection', team: undefined, name: 'raw', file: 'services/connections/raw.yaml' },
    ]);
  });

  test('services/platform.yaml must be there and hold something', () => {
    expect(linesOf(parseFiles({}))).toEqual([
      '-: services/platform.yaml is missing [input/missing-platform] | `millrace init` writes one to start from',
    ]);
    expect(linesOf(parseFiles({ 'services/platform.yaml': '# nothing\n' }))).toEqual([
      '.: services/platform.yaml is empty [input/missing-platform] | `millrace init` writes one to start from',
    ]);
  });
});

describe('names', () => {
  const named = (path: string, text: string): readonly string[] => linesOf(parseFiles({ ...platformFile, [path]: text }));

  test.each([
    ['services/risk/churn.yaml', minimal.service, 'metadata.name: metadata.name is "fraud", but the file is called "churn"'],
    ['services/risk/connections/x.yaml', minimal.connection, 'metadata.name: metadata.name is "raw", but the file is called "x"'],
    ['services/growth/team.yaml', minimal.team, 'metadata.name: metadata.name is "risk", but the folder is called "growth"'],
    [
      'services/platform.yaml',
      minimal.platform.replace('{name: platform}', '{name: main}'),
      'metadata.name: metadata.name is "main", but the file is called "platform"',
    ],
  ])('%s must be called like its file or folder', (path, text, expected) => {
    // The platform's file cannot be renamed.
    const hint = path === 'services/platform.yaml' ? 'write name: platform' : 'give both the same name';
    expect(named(path, text)).toEqual([expect.stringContaining(`${expected} [input/name-differs-from-file] | ${hint}`)]);
  });

  test.each([
    ['Fraud_Scorer', 'for example fraud-scorer'],
    ['-fraud', 'for example fraud'],
    ['fraud--scorer', 'for example fraud-scorer'],
    ['fraud.scorer', 'for example fraud-scorer'],
    ['"frаud"', '"а" is U+0430, no letter from a to z; for example fr-ud'],
    ['"…"', undefined],
  ])('%s is no name of a service', (name, hint) => {
    const file = name.replaceAll('"', '');
    const lines = named(
      `services/risk/${file}.yaml`,
      document('InferenceService', name, 'image: x\ncommand: [x]\nmodelSource: {imagePath: /m, name: m, version: "1"}'),
    );
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain('must be lower-case letters, digits and single "-"');
    expect(lines[0]?.split(' | ')[1]).toBe(hint);
  });

  test('a service has at most 25 characters, a connection 63', () => {
    const service = (name: string): readonly string[] =>
      named(`services/risk/${name}.yaml`, minimal.service.replace('{name: fraud}', `{name: ${name}}`));
    expect(service('a'.repeat(25))).toEqual([]);
    expect(service('a'.repeat(26))).toEqual([
      `metadata.name: metadata.name "${'a'.repeat(26)}" has 26 characters, at most 25 are allowed [input/name] | what requests call the service may be longer: its serviceId`,
    ]);
    const connection = (name: string): readonly string[] =>
      named(`services/connections/${name}.yaml`, minimal.connection.replace('{name: raw}', `{name: ${name}}`));
    expect(connection('a'.repeat(63))).toEqual([]);
    expect(connection('a'.repeat(64))).toEqual([expect.stringContaining('has 64 characters, at most 63 are allowed [input/name]')]);
  });

  test.each(['platform', 'millrace', 'millrace-x'])('%s is reserved', (name) => {
    const lines = named(`services/risk/${name}.yaml`, minimal.service.replace('{name: fraud}', `{name: ${name}}`));
    expect(lines).toEqual([expect.stringMatching(new RegExp(`^metadata.name: the name "${name}" is reserved: .* \\[input/reserved-name\\]`))]);
  });

  test.each([
    ['{name: connections, registries: [r/]}', 'spec.teams.0.name: the name "connections" is reserved'],
    ['{name: cluster, registries: [r/]}', 'spec.teams.0.name: the name "cluster" is reserved'],
    ['{name: a, namespace: cluster, registries: [r/]}', 'spec.teams.0.namespace: the name "cluster" is reserved'],
    ['{name: a, namespace: kube-system, registries: [r/]}', 'spec.teams.0.namespace: the name "kube-system" is reserved'],
    ['{name: a, namespace: kube-anything, registries: [r/]}', 'spec.teams.0.namespace: the name "kube-anything" is reserved'],
    ['{name: a, namespace: default, registries: [r/]}', 'spec.teams.0.namespace: the name "default" is reserved'],
    ['{name: default, registries: [r/]}', 'spec.teams.0.name: the name "default" is reserved'],
    [
      '{name: a, namespace: tekton-pipelines, registries: [r/]}',
      'spec.teams.0.namespace: the name "tekton-pipelines" is reserved: Tekton runs there',
    ],
    ['{name: a, namespace: tekton-pipelines-resolvers, registries: [r/]}', 'the name "tekton-pipelines-resolvers" is reserved: Tekton runs there'],
    ['{name: a, namespace: argocd, registries: [r/]}', 'spec.teams.0.namespace: the name "argocd" is reserved: Argo CD runs there'],
    ['{name: a, namespace: flux-system, registries: [r/]}', 'spec.teams.0.namespace: the name "flux-system" is reserved: Flux runs there'],
  ])('of a team: %s', (team, expected) => {
    const lines = named('services/platform.yaml', minimal.platform.replace(/teams: .*/, `teams: [${team}]`));
    expect(lines).toEqual([expect.stringContaining(expected)]);
  });

  test.each(['defaults', 'kube', 'argocd-jobs', 'tekton-jobs', 'flux', 'constructor'])('%s is a namespace like any other', (name) => {
    expect(named('services/platform.yaml', minimal.platform.replace(/teams: .*/, `teams: [{name: ${name}, registries: [r/]}]`))).toEqual([]);
  });

  test('a team called cluster may have another namespace', () => {
    expect(
      named('services/platform.yaml', minimal.platform.replace(/teams: .*/, 'teams: [{name: cluster, namespace: ml, registries: [r/]}]')),
    ).toEqual([]);
  });
});
