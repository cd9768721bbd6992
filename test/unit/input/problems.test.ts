import { describe, expect, test } from 'vitest';
import { document, linesOf, minimal, parseFiles } from './support.js';

const right = 'image: registry.example.com/risk/fraud:1\ncommand: [python]\nmodelSource: {imagePath: /model, name: fraud, version: "1"}\n';

const service = (spec: string): readonly string[] =>
  linesOf(parseFiles({ 'services/platform.yaml': minimal.platform, 'services/risk/fraud.yaml': document('InferenceService', 'fraud', spec) }));

const connection = (spec: string): readonly string[] =>
  linesOf(parseFiles({ 'services/platform.yaml': minimal.platform, 'services/connections/raw.yaml': document('Connection', 'raw', spec) }));

const platform = (change: (text: string) => string): readonly string[] => linesOf(parseFiles({ 'services/platform.yaml': change(minimal.platform) }));

describe('a service', () => {
  test.each([
    [
      'a misspelt field',
      `${right}dataSorce: {}`,
      'spec.dataSorce (key): spec has no field "dataSorce" [input/unknown-field] | did you mean "dataSource"?',
    ],
    [
      'a field nobody can have meant',
      `${right}resources: {colour: red}`,
      'spec.resources.colour (key): spec.resources has no field "colour" [input/unknown-field] | fields here: requests, limits',
    ],
    [
      'a merge key',
      `${right}<<: {a: 1}`,
      'spec.<< (key): spec has no field "<<" [input/unknown-field] | merge keys are not read: write the fields out',
    ],
    [
      'a number where text belongs',
      `${right}resources: {requests: {cpu: 2}}`,
      'spec.resources.requests.cpu: spec.resources.requests.cpu must be text, but is the number 2 [input/wrong-type] | put it in quotes: cpu: "2"',
    ],
    [
      'a version that lost a zero',
      right.replace('"1"', '1.10'),
      'spec.modelSource.version: spec.modelSource.version must be text, but is the number 1.10 [input/wrong-type] | put it in quotes: version: "1.10"; without quotes, 1.10 is read as 1.1',
    ],
    [
      'true where text belongs',
      `${right}env: {DEBUG: true}`,
      'spec.env.DEBUG: spec.env.DEBUG must be text, but is true [input/wrong-type] | put it in quotes',
    ],
    [
      'a number in a list of text',
      `${right}args: [--port, 8080]`,
      'spec.args.1: spec.args[1] must be text, but is the number 8080 [input/wrong-type] | put it in quotes: "8080"',
    ],
    [
      'text where a number belongs',
      `${right}retries: "3"`,
      'spec.retries: spec.retries must be a whole number, but is text [input/wrong-type] | write it without quotes: retries: 3',
    ],
    [
      'yes where true belongs',
      `${right}triggers: {webhook: {enabled: yes}}`,
      'spec.triggers.webhook.enabled: spec.triggers.webhook.enabled must be true or false, but is text [input/wrong-type] | write enabled: true',
    ],
    [
      'one word where a list belongs',
      right.replace('[python]', 'python'),
      'spec.command: spec.command must be a list, but is text [input/wrong-type] | write it as a list: command: [python]',
    ],
    ['nothing where a list belongs', `${right}args:`, 'spec.args: spec.args must be a list, but is empty [input/wrong-type]'],
    ['a map where text belongs', `${right}owner: {}`, 'spec.owner: spec.owner must be text, but is a map [input/wrong-type]'],
    ['a list where a map belongs', `${right}dataSource: []`, 'spec.dataSource: spec.dataSource must be a map, but is a list [input/wrong-type]'],
    [
      'half a GPU',
      `${right}resources: {limits: {gpu: 0.5}}`,
      'spec.resources.limits.gpu: spec.resources.limits.gpu must be a whole number, but is the number 0.5 [input/wrong-type]',
    ],
    [
      'too many GPUs',
      `${right}resources: {limits: {gpu: 65}}`,
      'spec.resources.limits.gpu: spec.resources.limits.gpu must be from 0 to 64, but is 65 [input/out-of-range]',
    ],
    [
      'an unknown word',
      `${right}outputDestination: {connection: c, layout: perjob}`,
      'spec.outputDestination.layout: spec.outputDestination.layout must be exact or perJob, but is "perjob" [input/not-one-of] | did you mean perJob?',
    ],
    [
      'no command',
      right.replace('command: [python]\n', ''),
      "spec (key): the command of the service is missing [input/missing-command] | the image's entrypoint is never used: give the program, for example command: [python]",
    ],
    [
      'an empty command',
      right.replace('[python]', '[]'),
      "spec.command (key): the command of the service is empty [input/missing-command] | the image's entrypoint is never used: give the program, for example command: [python]",
    ],
    [
      'no image',
      right.replace(/image:.*\n/, ''),
      'spec (key): spec lacks the field "image" [input/missing-field] | image: The predictor\'s image, from one of the team\'s registries, for example registry.example.com/risk/fraud:1.4.2@sha256:…',
    ],
    [
      'both forms of model',
      right.replace('imagePath: /model', 'imagePath: /model, connection: models, path: m/'),
      'spec.modelSource (key): spec.modelSource must have exactly one of imagePath (a model that is part of the image) or connection and path (a model that lies in a store), but has imagePath, connection and path [input/exactly-one]',
    ],
    [
      'neither form of model',
      right.replace('imagePath: /model, ', ''),
      'spec.modelSource (key): spec.modelSource must have exactly one of imagePath (a model that is part of the image) or connection and path (a model that lies in a store), but has none [input/exactly-one]',
    ],
    [
      'half a form of model',
      right.replace('imagePath: /model', 'connection: models'),
      'spec.modelSource (key): spec.modelSource lacks the field "path" [input/missing-field] | path: Where the model lies: a folder (ends in "/") or one archive (.zip, .tar.gz, .tar), for example fraud/1.4/model.tar.gz',
    ],
    [
      'a short digest',
      right.replace('imagePath: /model', 'connection: models, path: m.zip, sha256: abc'),
      'spec.modelSource.sha256: spec.modelSource.sha256 must be 64 lower-case hexadecimal digits [input/wrong-form]',
    ],
    [
      'a variable that no shell knows',
      `${right}env: {LOG-LEVEL: info}`,
      'spec.env.LOG-LEVEL (key): spec.env "LOG-LEVEL" must be letters, digits and "_", not beginning with a digit [input/name]',
    ],
    ['empty text', `${right}timeout: ""`, 'spec.timeout: spec.timeout must not be empty [input/empty]'],
    [
      'long text',
      `${right}description: ${'x'.repeat(1025)}`,
      'spec.description: spec.description has 1025 characters, at most 1024 are allowed [input/too-long]',
    ],
    [
      'too many arguments',
      `${right}args: [${'a, '.repeat(257)}]`,
      'spec.args (key): spec.args has 257 items, at most 256 are allowed [input/too-many]',
    ],
    [
      'too many variables',
      `${right}env: {${Array.from({ length: 129 }, (_, index) => `A${String(index)}: x`).join(', ')}}`,
      'spec.env (key): spec.env has 129 entries, at most 128 are allowed [input/too-many]',
    ],
    ['characters, not bytes', `${right}description: ${'😀'.repeat(1024)}`, undefined],
  ])('with %s', (_, spec, expected) => {
    expect(service(spec)).toEqual(expected === undefined ? [] : [expected]);
  });

  test('a field of spec that stands beside it', () => {
    const text = `${minimal.service}image: x\nowner: y\n`;
    expect(linesOf(parseFiles({ 'services/platform.yaml': minimal.platform, 'services/risk/fraud.yaml': text }))).toEqual([
      'image (key): the document has no field "image" [input/unknown-field] | it belongs below spec',
      'owner (key): the document has no field "owner" [input/unknown-field] | it belongs below spec',
    ]);
  });
});

describe('a connection', () => {
  test.each([
    [
      "another type's field",
      'type: gcs\nbucket: raw\nregion: x\ncredentials: {anonymous: true}',
      'spec.region (key): spec of type gcs has no field "region" [input/unknown-field] | it belongs to type s3',
    ],
    [
      "two other types' field",
      'type: azureblob\naccount: a\ncontainer: raw\nstorageClass: x\ncredentials: {anonymous: true}',
      'spec.storageClass (key): spec of type azureblob has no field "storageClass" [input/unknown-field] | it belongs to type s3 and gcs',
    ],
    [
      'an unknown type',
      'type: s4\nbucket: raw',
      'spec.type: spec.type must be s3, gcs or azureblob, but is "s4" [input/not-one-of] | did you mean s3?',
    ],
    ['no type', 'bucket: raw', 'spec (key): spec lacks the field "type" [input/missing-field] | type: Kind of store: s3, gcs or azureblob'],
    [
      'two modes of credentials',
      'type: gcs\nbucket: raw\ncredentials: {anonymous: true, secretRef: {name: x}}',
      'spec.credentials (key): spec.credentials must have exactly one of secretRef, anonymous, externalSecret, sealedSecret, sops, workloadIdentity or instanceIdentity, but has secretRef and anonymous [input/exactly-one] | keep one of them',
    ],
    [
      'no mode of credentials',
      'type: gcs\nbucket: raw\ncredentials: {}',
      'spec.credentials (key): spec.credentials must have exactly one of secretRef, anonymous, externalSecret, sealedSecret, sops, workloadIdentity or instanceIdentity, but has none [input/exactly-one]',
    ],
    [
      'a key of an external Secret that is called otherwise',
      'type: s3\nbucket: raw\nregion: r\ncredentials: {externalSecret: {secretStoreRef: {name: vault}, keys: {access_key: {key: a}, secret_access_key: {key: a}}}}',
      'spec.credentials.externalSecret.keys.access_key (key): spec.credentials.externalSecret.keys has no field "access_key" [input/unknown-field] | did you mean "access_key_id"?',
    ],
    [
      'a role that is none',
      'type: s3\nbucket: raw\nregion: r\ncredentials: {workloadIdentity: {name: fraud, roleArn: fraud}}',
      'spec.credentials.workloadIdentity.roleArn: spec.credentials.workloadIdentity.roleArn must be the ARN of a role (for example arn:aws:iam::123456789012:role/batch/fraud) [input/wrong-form]',
    ],
    [
      'a letter that only looks like one',
      'type: s3\nbucket: raw\nregion: r\ncredentials: {workloadIdentity: {name: frаud, roleArn: "arn:aws:iam::123456789012:role/fraud"}}',
      'spec.credentials.workloadIdentity.name: spec.credentials.workloadIdentity.name must be lower-case letters, digits and "-", beginning and ending with a letter or digit (DNS-1123) [input/name] | a letter in it is none from a to z, even if it looks like one',
    ],
    [
      'an identity of the node without consent',
      'type: s3\nbucket: raw\nregion: r\ncredentials: {instanceIdentity: {}}',
      'spec.credentials.instanceIdentity (key): spec.credentials.instanceIdentity lacks the field "sharedIdentity" [input/missing-field] | sharedIdentity: Agree that the predictor can use the identity as well: whatever runs in the pod can ask for it. Only true: true',
    ],
    [
      'a file of a Secret outside the folder',
      'type: s3\nbucket: raw\nregion: r\ncredentials: {sealedSecret: {files: [../../growth/connections/secrets/a.yaml]}}',
      'spec.credentials.sealedSecret.files.0: spec.credentials.sealedSecret.files[0] must be a file beside the connection: secrets/NAME.yaml, in lower-case letters, digits, "-" and "." [input/wrong-form]',
    ],
    [
      'an entry above the one that is meant',
      'type: gcs\nbucket: raw\ncredentials: {externalSecret: {secretStoreRef: {name: vault}, keys: {service_account.json: {key: risk/../growth/raw}}}}',
      'spec.credentials.externalSecret.keys.service_account.json.key: spec.credentials.externalSecret.keys["service_account.json"].key must be letters, digits and _ + = @ : . -, in parts divided by "/" of which none begins with "." [input/wrong-form]',
    ],
    [
      'no region and no endpoint',
      'type: s3\nbucket: raw\ncredentials: {anonymous: true}',
      'spec (key): spec lacks the field "region" [input/missing-field] | region: Region of the bucket, for example eu-central-1; only with an endpoint may it be left out',
    ],
    [
      "another store's storage class",
      'type: gcs\nbucket: raw\nstorageClass: STANDARD_IA\ncredentials: {anonymous: true}',
      'spec.storageClass: spec.storageClass must be STANDARD, NEARLINE, COLDLINE, ARCHIVE, MULTI_REGIONAL or REGIONAL, but is "STANDARD_IA" [input/not-one-of] | did you mean STANDARD?',
    ],
    [
      "another store's setting",
      'type: gcs\nbucket: raw\nrequesterPays: true\ncredentials: {anonymous: true}',
      'spec.requesterPays (key): spec of type gcs has no field "requesterPays" [input/unknown-field] | it belongs to type s3',
    ],
    [
      'a misspelt mode of credentials',
      'type: gcs\nbucket: raw\ncredentials: {secretref: {name: x}}',
      'spec.credentials.secretref (key): spec.credentials has no field "secretref" [input/unknown-field] | did you mean "secretRef"?',
    ],
    [
      "another type's key",
      'type: gcs\nbucket: raw\ncredentials: {secretRef: {name: x, keys: {access_key_id: id}}}',
      'spec.credentials.secretRef.keys.access_key_id (key): spec.credentials.secretRef.keys has no field "access_key_id" [input/unknown-field] | fields here: service_account.json',
    ],
    [
      'two keys for one store',
      'type: azureblob\naccount: a\ncontainer: raw\ncredentials: {secretRef: {name: x, keys: {account_key: a, sas_url: b}}}',
      'spec.credentials.secretRef.keys (key): spec.credentials.secretRef.keys must have exactly one of account_key or sas_url, but has account_key and sas_url [input/exactly-one] | keep one of them',
    ],
    [
      'anonymous: false',
      'type: gcs\nbucket: raw\ncredentials: {anonymous: false}',
      'spec.credentials.anonymous: spec.credentials.anonymous must be true, but is false [input/not-one-of] | write anonymous: true',
    ],
    [
      'a project number',
      'type: gcs\nbucket: raw\nprojectNumber: 12\ncredentials: {anonymous: true}',
      'spec.projectNumber: spec.projectNumber must be text, but is the number 12 [input/wrong-type] | put it in quotes: projectNumber: "12"',
    ],
    [
      'a mode that is neither read nor write',
      'type: gcs\nbucket: raw\ncredentials: {anonymous: true}\naccess: [{teams: [risk], modes: [readwrite]}]',
      'spec.access.0.modes.0: spec.access[0].modes[0] must be read or write, but is "readwrite" [input/not-one-of]',
    ],
  ])('with %s', (_, spec, expected) => {
    expect(connection(spec)).toEqual([expected]);
  });

  test('needs no region with an endpoint', () => {
    expect(connection('type: s3\nbucket: raw\nendpoint: https://minio.example.com\ncredentials: {anonymous: true}')).toEqual([]);
  });

  test.each([
    'credentials: AKIASECRET',
    'credentials: {secretRef: AKIASECRET}',
    'credentials: {secretRef: {name: AKIASECRET}}',
    'credentials: {secretRef: {name: x, keys: {access_key_id: AKIA/SECRET}}}',
    'credentials: {secretRef: {name: x, keys: {access_key_id: 42424242}}}',
    'credentials: {anonymous: AKIASECRET}',
    'credentials: {secretRef: {name: x}, externalSecret: AKIASECRET}',
    'credentials: {externalSecret: {secretStoreRef: {name: AKIASECRET}, keys: {access_key_id: AKIASECRET, secret_access_key: {key: "AKIA SECRET"}}}}',
    'credentials: {externalSecret: {secretStoreRef: {name: x, kind: AKIASECRET}, refreshInterval: 42424242, keys: {}}}',
    'credentials: {sealedSecret: {files: [AKIASECRET]}}',
    'credentials: {sops: {files: AKIASECRET}}',
    'credentials: {workloadIdentity: {name: AKIASECRET, roleArn: AKIASECRET, sharedIdentity: AKIASECRET}}',
    'credentials: {instanceIdentity: AKIASECRET}',
  ])('never repeats what may be a secret: %s', (credentials) => {
    const lines = connection(`type: s3\nbucket: raw\nregion: x\n${credentials}`);
    expect(lines).not.toEqual([]);
    expect(lines.join('\n')).not.toMatch(/SECRET|42424242/);
  });
});

describe('the platform', () => {
  test.each([
    ['kubernetes: "1.34"', 'kubernetes: 1.30', 'spec.target.kubernetes must be text, but is the number 1.30 [input/wrong-type]'],
    [
      'kubernetes: "1.34"',
      'kubernetes: v1.34',
      'spec.target.kubernetes must be major and minor version, without "v" (for example "1.34") [input/wrong-form]',
    ],
    ['kubernetes: "1.34"', 'kubernetes: 1.34.1', '[input/wrong-form]'],
    ['kubernetes: "1.34"', 'kubernetes: "1.27"', 'Kubernetes 1.27 is too old: the output needs 1.28 or later [input/target-too-old]'],
    ['kubernetes: "1.34"', 'kubernetes: "1.9"', 'Kubernetes 1.9 is too old'],
    ['pipelines: "1.15"', 'pipelines: "0.70"', 'Tekton Pipelines 0.70 is too old: the output needs 1.15 or later [input/target-too-old]'],
    ['triggers: "0.37"', 'triggers: "0.36"', 'Tekton Triggers 0.36 is too old: the output needs 0.37 or later [input/target-too-old]'],
    ['registries: [registry.example.com/risk/]', 'registries: []', 'spec.teams[0].registries must not be empty [input/empty]'],
    ['name: risk,', 'name: risk, quota: {},', 'spec.teams[0].quota must not be empty [input/empty] | give at least one of cpu, memory, gpu or pods'],
    [
      '  teams:',
      '  gitops: {engine: argocd, repoURL: "https://git.example.com/x", revision: main, path: dist, decryption: {name: x}}\n  teams:',
      'it belongs to engine flux',
    ],
    ['name: risk,', 'name: Risk,', 'spec.teams[0].name "Risk" must be lower-case letters, digits and "-"'],
    [
      'name: risk,',
      'name: risk, secrets: ["*"],',
      'spec.teams[0].secrets[0] must be the name of a Secret, or its beginning followed by "*" (for example risk-*) [input/name]',
    ],
  ])('%s -> %s', (before, after, expected) => {
    expect(platform((text) => text.replace(before, after))).toEqual([expect.stringContaining(expected)]);
  });

  test.each(['1.28', '1.100', '2.0'])('Kubernetes %s is new enough', (version) => {
    expect(platform((text) => text.replace('"1.34"', `"${version}"`))).toEqual([]);
  });

  test.each([
    ['*', true],
    ['risk/*', true],
    ['risk/fraud', true],
    ['fraud', false],
    ['risk/fraud-*', false],
    ['risk/', false],
    ['*/fraud', false],
  ])('a caller may be given %s: %s', (pattern, fits) => {
    const webhook = `\n  webhook: {host: jobs.example.com, callers: [{name: a, auth: hmac, secretRef: {name: a}, services: ["${pattern}"]}]}\n`;
    expect(platform((text) => text + webhook)).toHaveLength(fits ? 0 : 1);
  });

  test("a caller's name leaves room for its label", () => {
    const callers = (name: string): readonly string[] =>
      platform(
        (text) => `${text}  webhook: {host: jobs.example.com, callers: [{name: ${name}, auth: hmac, secretRef: {name: a}, services: ["*"]}]}\n`,
      );
    expect(callers('a'.repeat(56))).toEqual([]);
    expect(callers('a'.repeat(57))).toEqual([expect.stringContaining('has 57 characters, at most 56 are allowed [input/name]')]);
  });
});

test.each(['true', '1', '[audit]'])('enforcement: %s is one problem, with the values there are', (value) => {
  const found = platform((text) => text.replace('registries:', `enforcement: ${value}, registries:`));
  expect(found).toEqual([expect.stringContaining('enforcement must be audit or enforce, but is ')]);
  expect(found.join()).not.toContain('quotes');
});
