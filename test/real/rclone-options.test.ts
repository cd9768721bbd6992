/**
 * Whatever a definition makes us tell rclone is something that rclone knows: from a repository with every mode of
 * credentials and every setting of a store, through the compiled Tasks and configure-rclone, to the options of the real
 * rclone, which must be on PATH.
 */
import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { accountEndpoint } from '../../runtime/rclone/endpoint.js';
import { configureRclone } from '../../runtime/steps/configure-rclone.js';
import { parseStepConfig } from '../../src/contract/parse-step-config.js';
import { files, stepEnv } from '../../src/contract/paths.js';
import type { StepConnection } from '../../src/contract/step-connection.js';
import { constantFlags } from '../../src/contract/rclone-env.js';
import { createJob, type TestJob } from '../runtime/support/job.js';
import { createCertificate } from '../support/certificate.js';
import { compileFiles, textOf } from '../support/compile-files.js';
import { repositoryOfAllModes } from '../support/secret-files.js';
import { succeed } from './support/programs.js';

interface Option {
  readonly Name: string;
  readonly Type: string;
  readonly Exclusive: boolean;
  readonly Examples?: readonly { readonly Value: string }[];
}
type Section = Readonly<Record<string, string>>;
interface Schema {
  readonly const?: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
}
interface Step {
  readonly name: string;
  readonly image: string;
  readonly env: readonly { readonly name: string; readonly value: string }[];
}
interface Task {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec: { readonly params: readonly { readonly name: string; readonly default?: string }[]; readonly steps: readonly Step[] };
}

const repository = repositoryOfAllModes();
const result = compileFiles(repository);
const tasks = result.files
  .filter(({ path }) => path.startsWith('risk/') && !path.endsWith('.sops.yaml'))
  .flatMap(({ text }) => parseAllDocuments(text).map((document) => document.toJS() as Task))
  .filter(({ kind }) => kind === 'Task');

const { cert: certificate } = createCertificate('minio.example.com');

/** A value for each key of a Secret that configure-rclone takes. */
const secrets: Readonly<Record<string, string>> = {
  access_key_id: 'id',
  secret_access_key: 'key',
  session_token: 'token',
  'service_account.json': JSON.stringify({
    type: 'service_account',
    client_email: 'job@p.iam.gserviceaccount.com',
    private_key: generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs8', format: 'pem' }),
  }),
  account_key: 'S2V5',
};

const variablesOf = (step: Step | undefined): Section => Object.fromEntries((step?.env ?? []).map(({ name, value }) => [name, value]));

/** A URL with a signature is of its connection's account and container. */
const signatureOf = (connection: StepConnection): string =>
  connection.type === 'azureblob'
    ? `${accountEndpoint(connection.endpoint ?? `https://${connection.account}.blob.core.windows.net`, connection.account)}/${connection.container}?sv=1&sig=a`
    : '';

/** What configure-rclone of the Task writes. */
async function configured({ metadata, spec }: Task): Promise<TestJob> {
  const job = createJob();
  const given = variablesOf(spec.steps.find(({ name }) => name === 'configure-rclone'));
  const { value: config, problem } = parseStepConfig(given[stepEnv.config] ?? '');
  if (!config) throw new Error(problem);
  for (const [name, connection] of Object.entries(config.connections)) {
    const { credentials, ca } = connection;
    if (credentials.kind === 'secret')
      for (const key of Object.keys(credentials.keys))
        job.write(`credentials/${name}/${key}`, key === 'sas_url' ? signatureOf(connection) : (secrets[key] ?? ''));
    if (ca) job.write(`ca/${name}.crt`, certificate);
  }
  const ofParams = Object.fromEntries(
    Object.entries(given).flatMap(([name, text]) => {
      const param = /^\$\(params\.(\w+)\)$/.exec(text)?.[1];
      return param === undefined ? [] : [[name, spec.params.find((each) => each.name === param)?.default ?? '']];
    }),
  );
  const env = { ...ofParams, [stepEnv.config]: given[stepEnv.config], [stepEnv.identity]: job.path('identity'), [stepEnv.ca]: job.path('ca') };
  expect(await job.run(configureRclone, env), `${metadata.name}: ${job.stderr()}`).toBe(0);
  return job;
}

/** rclone.conf, as rclone reads it. */
async function sectionsOf(task: Task): Promise<Readonly<Record<string, Section>>> {
  const job = await configured(task);
  return JSON.parse(await succeed(['rclone', 'config', 'dump', '--config', job.path(`rclone/${files.rcloneConf}`)])) as Record<string, Section>;
}

let backends: Readonly<Record<string, readonly Option[]>> = {};
beforeAll(async () => {
  const providers = JSON.parse(await succeed(['rclone', 'config', 'providers'])) as readonly { Name: string; Options: readonly Option[] }[];
  backends = Object.fromEntries(providers.map(({ Name, Options }) => [Name, Options]));
});

/** What is wrong with an option, as one reads it: nothing, that it is none, or that its value is none. */
function problemOf(type: string, name: string, value: string): string | undefined {
  const option = backends[type]?.find(({ Name }) => Name === name);
  if (!option) return `${type} has no option ${name}`;
  const values = option.Examples?.map(({ Value }) => Value) ?? [];
  if (/^(bool|Tristate)$/.test(option.Type) && !/^(true|false)$/.test(value)) return `${type}: ${name} is a ${option.Type}`;
  if (option.Type === 'int' && !/^\d+$/.test(value)) return `${type}: ${name} is a number`;
  const isOneOf = option.Exclusive || ['provider', 'server_side_encryption'].includes(name);
  return isOneOf && values.length > 0 && !values.includes(value) ? `${type}: ${name} is none of ${values.join()}` : undefined;
}

describe('rclone.conf', () => {
  it('has options of the real rclone only, for every connection, with values of their types', async () => {
    expect(textOf(result)).toBe('');
    const written: Record<string, Set<string>> = {};
    for (const task of tasks) {
      for (const { type = '', ...options } of Object.values(await sectionsOf(task))) {
        expect(backends[type], type).toBeDefined();
        for (const [name, value] of Object.entries(options)) {
          expect(problemOf(type, name, value), task.metadata.name).toBeUndefined();
          (written[type] ??= new Set()).add(name);
        }
      }
    }
    expect(Object.fromEntries(Object.entries(written).map(([type, names]) => [type, [...names].sort()]))).toEqual({
      alias: ['remote'],
      s3: [
        'access_key_id',
        'endpoint',
        'env_auth',
        'force_path_style',
        'no_check_bucket',
        'provider',
        'region',
        'requester_pays',
        'secret_access_key',
        'server_side_encryption',
        'session_token',
        'sse_kms_key_id',
        'storage_class',
      ],
      'google cloud storage': [
        'anonymous',
        'bucket_policy_only',
        'endpoint',
        'env_auth',
        'no_check_bucket',
        'project_number',
        'service_account_credentials',
        'storage_class',
        'user_project',
      ],
      azureblob: [
        'access_tier',
        'account',
        'endpoint',
        'env_auth',
        'key',
        'msi_client_id',
        'no_check_container',
        'sas_url',
        'upload_concurrency',
        'use_msi',
      ],
    });
  });

  it.each(['S3', 'Gcs', 'Azureblob'])('is made here from every field that a connection can have, and every mode of credentials: %s', (kind) => {
    const { $defs } = JSON.parse(readFileSync('schemas/connection.json', 'utf8')) as { readonly $defs: Readonly<Record<string, Schema>> };
    const { type, credentials, ...fields } = $defs[`${kind}ConnectionSpec`]?.properties ?? {};
    const specs = Object.entries(repository)
      .filter(([path]) => /^services\/connections\/[^/]+$/.test(path))
      .map(([, text]) => (parse(text) as { readonly spec: Readonly<Record<string, object>> }).spec)
      .filter((spec) => spec['type'] === type?.const);
    const used = (of: readonly (object | undefined)[]): Set<string> => new Set(of.flatMap((each) => Object.keys(each ?? {})));
    const given = used(specs);
    // Where a reference points that names no path, which is none of rclone.conf's.
    expect(Object.keys(fields).filter((field) => field !== 'defaultPath' && !given.has(field))).toEqual([]);
    // These three bring the Secret that `secretRef` would name, see secrets.test.ts; every kind of store has one of them.
    const modes = Object.keys(credentials?.properties ?? {}).filter((mode) => !['externalSecret', 'sealedSecret', 'sops'].includes(mode));
    expect(modes.length).toBeGreaterThan(3);
    const proofs = used(specs.map((spec) => spec['credentials']));
    expect(modes.filter((mode) => !proofs.has(mode))).toEqual([]);
  });

  it('would not pass with an option that rclone does not have, or a value that is none', () => {
    expect(problemOf('s3', 'sse_kms_key', 'a')).toBe('s3 has no option sse_kms_key');
    expect(problemOf('s3', 'requester_pays', 'yes')).toBe('s3: requester_pays is a bool');
    expect(problemOf('s3', 'provider', 'Aws')).toContain('s3: provider is none of');
  });
});

describe('the environment of the rclone steps', () => {
  const steps = tasks.flatMap(({ spec }) => spec.steps.filter(({ name }) => name.startsWith('sync-')));
  const variables = [...new Set(steps.flatMap(({ env }) => env.map(({ name }) => name)))];

  it('has general flags of the real rclone, as RCLONE_ and in our own list of them', async () => {
    const help = await succeed(['rclone', 'help', 'flags']);
    const flags = new Set([...help.matchAll(/^ {2,}(?:-\w, )?(--[a-z0-9-]+)/gm)].map(([, flag = '']) => flag));
    const shorts = new Set([...help.matchAll(/^ {2,}(-\w), --/gm)].map(([, flag = '']) => flag));
    const ofVariables = variables.filter((name) => name.startsWith('RCLONE_')).map((name) => `--${name.slice(7).toLowerCase().replaceAll('_', '-')}`);
    expect(ofVariables).toEqual(['--config']);
    const chosen = steps.flatMap((step) => (variablesOf(step)['MILLRACE_RCLONE_FLAGS'] ?? '').split(' '));
    expect(chosen.length).toBeGreaterThanOrEqual(steps.length * 3);
    const given = [...constantFlags, ...chosen].map((flag) => flag.split('=')[0] ?? '');
    expect([...new Set([...given, ...ofVariables])].filter((flag) => !flags.has(flag) && !shorts.has(flag))).toEqual([]);
  });

  it('has variables that libraries inside the real rclone read', async () => {
    const program = readFileSync((await succeed(['sh', '-c', 'command -v rclone'])).trim());
    expect(variables.filter((name) => !/^(RCLONE|MILLRACE)_/.test(name))).toEqual([]);
    // The programs take them from a file of configure-rclone's.
    const written = await Promise.all(
      tasks.map(async (task) => {
        const job = await configured(task);
        return job.has(`rclone/${files.environment}`) ? job.read(`rclone/${files.environment}`).trimEnd().split('\n') : [];
      }),
    );
    const ofLibraries = [...new Set(written.flat().map((line) => line.split('=')[0] ?? ''))].sort();
    expect(ofLibraries).toEqual([
      'AWS_REGION',
      'AWS_ROLE_ARN',
      'AWS_ROLE_SESSION_NAME',
      'AWS_WEB_IDENTITY_TOKEN_FILE',
      'AZURE_CLIENT_ID',
      'AZURE_FEDERATED_TOKEN_FILE',
      'AZURE_TENANT_ID',
      'GOOGLE_APPLICATION_CREDENTIALS',
      'HTTPS_PROXY',
      'HTTP_PROXY',
      'NO_PROXY',
      'SSL_CERT_DIR',
    ]);
    expect([...ofLibraries, 'AWS_WEB_IDENTITY_TOKEN_FILES'].filter((name) => !program.includes(name))).toEqual(['AWS_WEB_IDENTITY_TOKEN_FILES']);
  });
});
