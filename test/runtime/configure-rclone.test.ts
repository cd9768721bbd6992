import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { configureRclone } from '../../runtime/steps/configure-rclone.js';
import { parseJobRecord } from '../../src/contract/records.js';
import { stepEnv } from '../../src/contract/paths.js';
import type { StepConfig, StepConnection } from '../../src/contract/step-config.js';
import { createCertificate } from '../support/certificate.js';
import { createJob, stepConfig, type TestJob } from './support/job.js';

const config = (changes: Partial<StepConfig>): Readonly<Record<string, string>> => ({
  [stepEnv.config]: JSON.stringify({ ...stepConfig, ...changes }),
});
const withConnection = (name: string, connection: StepConnection): Readonly<Record<string, string>> =>
  config({ connections: { ...stepConfig.connections, [name]: connection } });
const withParam = (pattern: string): Readonly<Record<string, string>> => config({ params: { threshold: pattern } });
const jobRecord = (job: TestJob): ReturnType<typeof parseJobRecord>['value'] => parseJobRecord(job.read('control/job.json')).value;

/** Runs the step and expects it to fail with a reason; returns the sentence. */
async function fails(job: TestJob, env: Readonly<Record<string, string | undefined>>, reason: string, code = 2): Promise<string> {
  expect(await job.run(configureRclone, env)).toBe(code);
  expect(job.has('rclone/rclone.conf')).toBe(false);
  expect(job.has('control/failure.json')).toBe(false);
  expect(job.stderr()).toContain(`help: millrace explain ${reason}\n`);
  const line = JSON.parse(job.stdout().trim().split('\n').at(-1) ?? '') as Readonly<Record<string, unknown>>;
  expect(line).toMatchObject({ level: 'error', step: 'configure-rclone', reason, code });
  return String(line['message']);
}

describe('configure-rclone', () => {
  it('keeps the params of the run for the manifest, also one that is empty', async () => {
    const job = createJob();
    const env = { ...config({ params: { mode: '^(low|)$', threshold: '^0\\.[0-9]+$' } }), MILLRACE_PARAM_MODE: '', MILLRACE_PARAM_THRESHOLD: '0.7' };
    expect(await job.run(configureRclone, env)).toBe(0);
    expect(jobRecord(job)?.params).toEqual({ mode: '', threshold: '0.7' });
  });

  it('writes a section for each connection in use, an alias for each place, and the filters', async () => {
    const job = createJob();
    expect(await job.run(configureRclone)).toBe(0);
    expect(job.read('rclone/rclone.conf')).toBe(`[connection-models]
type = """google cloud storage"""
bucket_policy_only = true
no_check_bucket = true
env_auth = false
anonymous = true

[connection-raw]
type = s3
provider = AWS
region = eu-central-1
no_check_bucket = true
env_auth = false

[connection-results]
type = azureblob
account = riskaccount
no_check_container = true
env_auth = false
upload_concurrency = 4

[data]
type = alias
remote = connection-raw:raw-bucket/fraud/in/

[model]
type = alias
remote = connection-models:models-bucket/fraud/1.4/

[output]
type = alias
remote = connection-results:results/fraud/out/
`);
    expect(statSync(job.path('rclone/rclone.conf')).mode & 0o777).toBe(0o600);
    expect(job.read('rclone/data.filter')).toBe('+ *.json\n- **\n');
    expect(job.has('rclone/model.filter')).toBe(false);
    expect(jobRecord(job)).toEqual({
      version: 1,
      jobId: 'fraud-scorer--abc',
      startedAt: '2026-11-22T12:30:00.000Z',
      service: stepConfig.service,
      model: { ...stepConfig.model, uri: 'gs://models-bucket/fraud/1.4/' },
      data: { connection: 'raw', path: 'fraud/in/', uri: 's3://raw-bucket/fraud/in/', allowEmpty: false },
      output: { connection: 'results', path: 'fraud/out/', uri: 'azblob://riskaccount/results/fraud/out/' },
      validation: stepConfig.validation,
      feedback: stepConfig.feedback,
    });
  });

  it('gives the same bytes when it runs again, and forgets a failure of a run before', async () => {
    const job = createJob();
    job.write('control/failure.json', { step: 'x', code: 2, reason: 'x', sentence: 'x' });
    job.write('control/exit-code', '2\n');
    await job.run(configureRclone);
    const first = job.read('rclone/rclone.conf');
    await job.run(configureRclone);
    expect(job.read('rclone/rclone.conf')).toBe(first);
    expect(job.has('control/failure.json')).toBe(false);
    expect(job.has('control/exit-code')).toBe(false);
  });

  it('names one object by its folder and a filter', async () => {
    const job = createJob();
    const model = { kind: 'remote', connection: 'models', path: 'fraud/m.tar.gz', form: 'tar.gz', name: 'fraud', version: '1' } as const;
    expect(await job.run(configureRclone, { ...config({ model }), [stepEnv.dataPath]: 'fraud/in/a.json' })).toBe(0);
    expect(job.read('rclone/rclone.conf')).toContain('[data]\ntype = alias\nremote = connection-raw:raw-bucket/fraud/in/\n');
    expect(job.read('rclone/rclone.conf')).toContain('[model]\ntype = alias\nremote = connection-models:models-bucket/fraud/\n');
    expect(job.read('rclone/data.filter')).toBe('+ /a.json\n- **\n');
    expect(job.read('rclone/model.filter')).toBe('+ /m.tar.gz\n- **\n');
  });

  it('needs no model remote for an embedded model', async () => {
    const job = createJob();
    expect(await job.run(configureRclone, config({ model: { kind: 'embedded', imagePath: '/opt/app/model', name: 'fraud', version: '1' } }))).toBe(0);
    expect(job.read('rclone/rclone.conf')).not.toContain('model');
    expect(jobRecord(job)?.model.uri).toBe('image:/opt/app/model');
  });

  it('fills the placeholders, applies the layout and keeps the request', async () => {
    const job = createJob();
    const output = { allowed: [{ connection: 'results', prefix: 'fraud/{requestId}/' }], layout: 'perJob' } as const;
    const env = { ...config({ output }), [stepEnv.outputPath]: 'fraud/{requestId}/', [stepEnv.requestId]: 'nightly-7', [stepEnv.caller]: 'airflow' };
    expect(await job.run(configureRclone, env)).toBe(0);
    expect(jobRecord(job)).toMatchObject({ requestId: 'nightly-7', caller: 'airflow', output: { path: 'fraud/nightly-7/fraud-scorer--abc/' } });
  });

  it('takes the id and the caller of a run that a schedule made', async () => {
    const job = createJob();
    const output = { allowed: [{ connection: 'results', prefix: 'fraud/{requestId}/' }], layout: 'perJob' } as const;
    const env = {
      ...config({ output }),
      [stepEnv.outputPath]: 'fraud/{requestId}/',
      [stepEnv.requestId]: 'sched-nightly-202611220100',
      [stepEnv.caller]: 'schedule.nightly',
    };
    expect(await job.run(configureRclone, env)).toBe(0);
    expect(jobRecord(job)).toMatchObject({
      requestId: 'sched-nightly-202611220100',
      caller: 'schedule.nightly',
      output: { path: 'fraud/sched-nightly-202611220100/fraud-scorer--abc/' },
    });
  });

  it('takes an output path without its final slash as the same folder', async () => {
    const job = createJob();
    expect(await job.run(configureRclone, { [stepEnv.outputPath]: 'fraud/out' })).toBe(0);
    expect(jobRecord(job)?.output.path).toBe('fraud/out/');
  });

  it.each<[string, Readonly<Record<string, string | undefined>>, string, string]>([
    ['no data source', { [stepEnv.dataPath]: '-' }, 'runtime/reference-not-given', 'spec.dataSource'],
    [
      'no output destination',
      { [stepEnv.outputConnection]: '-', [stepEnv.outputPath]: '-' },
      'runtime/reference-not-given',
      'spec.outputDestination',
    ],
    ['a path that leads out', { [stepEnv.dataPath]: 'fraud/../secret/' }, 'runtime/bad-path', 'holds ".."'],
    ['a path from the root', { [stepEnv.dataPath]: '/fraud/' }, 'runtime/bad-path', 'begins with "/"'],
    ['a placeholder in the data source', { [stepEnv.dataPath]: 'fraud/{jobId}/' }, 'runtime/bad-path', 'not allowed'],
    ['a path with a line break', { [stepEnv.dataPath]: 'fraud/a\n[x]/' }, 'runtime/bad-path', '"fraud/a\\u000a[x]/"'],
    ['a connection the service does not use', { [stepEnv.dataConnection]: 'secret' }, 'runtime/unknown-connection', 'models, raw, results'],
    ['a member of the prototype as connection', { [stepEnv.dataConnection]: 'constructor' }, 'runtime/unknown-connection', 'raw'],
    ['data outside what is allowed', { [stepEnv.dataPath]: 'other/in/' }, 'runtime/path-not-allowed', '"fraud/"'],
    ['data from a connection without any allowed path', { [stepEnv.dataConnection]: 'models' }, 'runtime/path-not-allowed', 'no path of it'],
    ['output outside what is allowed', { [stepEnv.outputPath]: 'fraud/outside/' }, 'runtime/path-not-allowed', '"fraud/out/"'],
    [
      'a job id that would lead out of its folder',
      { ...config({ output: { allowed: [{ connection: 'results', prefix: 'fraud/out/' }], layout: 'perJob' } }), [stepEnv.jobId]: 'a..b' },
      'runtime/bad-path',
      'holds ".."',
    ],
    ['a requestId in upper case', { [stepEnv.requestId]: 'Nightly' }, 'runtime/bad-request-id', '"Nightly"'],
    ['a param that does not match', { ...withParam('^0\\.[0-9]+$'), MILLRACE_PARAM_THRESHOLD: '5' }, 'runtime/bad-param', '"5"'],
    ['a param with a dollar', { ...withParam('^.*$'), MILLRACE_PARAM_THRESHOLD: '$(HOME)' }, 'runtime/bad-param', 'without $'],
    ['a param with a line feed', { ...withParam('^.*$'), MILLRACE_PARAM_THRESHOLD: '0\n' }, 'runtime/bad-param', 'without $'],
    ['a param of 257 characters', { ...withParam('^.*$'), MILLRACE_PARAM_THRESHOLD: '0'.repeat(257) }, 'runtime/bad-param', '256'],
    ['a param that is not set', withParam('^.*$'), 'runtime/bad-environment', 'MILLRACE_PARAM_THRESHOLD'],
    ['a pattern that is none', { ...withParam('^(0$'), MILLRACE_PARAM_THRESHOLD: '0' }, 'runtime/bad-config', 'params.threshold'],
    ['a pattern without an anchor', { ...withParam('0'), MILLRACE_PARAM_THRESHOLD: '0' }, 'runtime/bad-config', 'params.threshold'],
    ['a requestId of 37 characters', { [stepEnv.requestId]: 'a'.repeat(37) }, 'runtime/bad-request-id', '36'],
    [
      'no requestId where the path needs one',
      {
        ...config({ output: { allowed: [{ connection: 'results', prefix: 'x/{requestId}/' }], layout: 'exact' } }),
        [stepEnv.outputPath]: 'x/{requestId}/',
      },
      'runtime/request-id-not-given',
      'spec.requestId',
    ],
    ['no job id', { [stepEnv.jobId]: undefined }, 'runtime/bad-environment', 'MILLRACE_JOB_ID is not set'],
    ['a job id that is no name', { [stepEnv.jobId]: 'A b' }, 'runtime/bad-environment', 'MILLRACE_JOB_ID'],
    ['a caller that is no name', { [stepEnv.caller]: 'A b' }, 'runtime/bad-environment', 'MILLRACE_CALLER'],
    ['a caller of another kind', { [stepEnv.caller]: 'other.nightly' }, 'runtime/bad-environment', 'MILLRACE_CALLER'],
    ['a configuration of another version', { [stepEnv.config]: '{"version":2}' }, 'runtime/bad-config', 'version must be 1'],
  ])('fails on %s', async (_, env, reason, words) => {
    expect(await fails(createJob(), env, reason)).toContain(words);
  });
});

describe('credentials', () => {
  const s3: StepConnection = {
    type: 's3',
    bucket: 'raw-bucket',
    region: 'eu-central-1',
    endpoint: 'https://minio.example.com',
    credentials: {
      kind: 'secret',
      name: 'store',
      keys: { access_key_id: 'access_key_id', secret_access_key: 'secret_access_key', session_token: 'session_token' },
    },
  };
  const gcs: StepConnection = {
    type: 'gcs',
    bucket: 'b',
    projectNumber: '12',
    endpoint: 'http://127.0.0.1:4443',
    credentials: { kind: 'secret', name: 'store', keys: { 'service_account.json': 'service_account.json' } },
  };
  const azure = (keys: Readonly<Record<string, string>>, endpoint?: string): StepConnection => ({
    type: 'azureblob',
    account: 'acc',
    container: 'c',
    ...(endpoint === undefined ? {} : { endpoint }),
    credentials: { kind: 'secret', name: 'store', keys },
  });
  const accountKey = { account_key: 'account_key' };
  const account = { type: 'service_account', client_email: 'a@b', private_key: '-----BEGIN-----\nx\n' };

  it('come from the files of the mounted Secret', async () => {
    const job = createJob();
    job.write('credentials/raw/access_key_id', 'KEYID');
    job.write('credentials/raw/secret_access_key', 'a/b+c=`%"; #');
    expect(await job.run(configureRclone, withConnection('raw', s3))).toBe(0);
    expect(job.read('rclone/rclone.conf')).toContain(`[connection-raw]
type = s3
provider = Other
region = eu-central-1
endpoint = https://minio.example.com
no_check_bucket = true
env_auth = false
access_key_id = KEYID
secret_access_key = """a/b+c=\`%"; #"""
`);
    expect(job.stdout() + job.stderr() + job.read('control/job.json')).not.toMatch(/KEYID|a\/b/);
  });

  it('hold a session token where there is one, and the path style', async () => {
    const job = createJob();
    for (const key of ['access_key_id', 'secret_access_key', 'session_token']) job.write(`credentials/raw/${key}`, key.toUpperCase());
    expect(await job.run(configureRclone, withConnection('raw', { ...s3, pathStyle: false } as StepConnection))).toBe(0);
    expect(job.read('rclone/rclone.conf')).toContain('session_token = SESSION_TOKEN\n');
    expect(job.read('rclone/rclone.conf')).toContain('force_path_style = false\n');
  });

  it('of a Google service account are written on one line, with nothing that rclone would replace', async () => {
    const job = createJob();
    job.write('credentials/raw/service_account.json', `${JSON.stringify({ ...account, note: 'a%(type)s' }, undefined, 2)}\n`);
    expect(await job.run(configureRclone, withConnection('raw', gcs))).toBe(0);
    expect(job.read('rclone/rclone.conf')).toContain(
      `service_account_credentials = """{"type":"service_account","client_email":"a@b","private_key":"-----BEGIN-----\\nx\\n","note":"a\\u0025(type)s"}"""\n`,
    );
    expect(job.read('rclone/rclone.conf')).toContain('project_number = 12\nendpoint = http://127.0.0.1:4443/storage/v1/\n');
    expect(job.read('rclone/rclone.conf')).not.toMatch(/\[connection-raw\][^[]*anonymous/);
  });

  it.each<[string, StepConnection, Readonly<Record<string, string>>, string, string | undefined]>([
    [
      'an account key',
      azure(accountKey),
      { account_key: 'S2V5' },
      'type = azureblob\naccount = acc\nno_check_container = true\nenv_auth = false\nupload_concurrency = 4\nkey = S2V5\n',
      undefined,
    ],
    ['an emulator', azure(accountKey, 'http://127.0.0.1:10000'), { account_key: 'S2V5' }, 'endpoint = http://127.0.0.1:10000/acc\n', undefined],
    [
      'an endpoint with its path',
      azure(accountKey, 'http://127.0.0.1:10000/acc'),
      { account_key: 'S2V5' },
      'endpoint = http://127.0.0.1:10000/acc\n',
      undefined,
    ],
    [
      'a cloud of its own',
      azure(accountKey, 'https://acc.blob.core.chinacloudapi.cn/'),
      { account_key: 'S2V5' },
      'endpoint = https://acc.blob.core.chinacloudapi.cn\n',
      undefined,
    ],
    [
      'a shared access signature',
      azure({ sas_url: 'sas_url' }),
      { sas_url: 'https://acc.blob.core.windows.net/c?sv=1&sig=a%2Bb' },
      'sas_url = """https://acc.blob.core.windows.net/c?sv=1&sig=a%2Bb"""\n',
      'account',
    ],
  ])('of Azure: %s', async (_, connection, secret, expected, absent) => {
    const job = createJob();
    for (const [key, value] of Object.entries(secret)) job.write(`credentials/raw/${key}`, value);
    expect(await job.run(configureRclone, withConnection('raw', connection))).toBe(0);
    const section =
      job
        .read('rclone/rclone.conf')
        .split('\n\n')
        .find((text) => text.startsWith('[connection-raw]')) ?? '';
    expect(`${section}\n`).toContain(expected);
    if (absent !== undefined) expect(section).not.toContain(`${absent} =`);
  });

  it.each<[string, StepConnection, Readonly<Record<string, string | Uint8Array>>, string, string]>([
    ['no Secret at all', s3, {}, 'runtime/missing-secret', 'access_key_id'],
    ['a missing key', s3, { access_key_id: 'A' }, 'runtime/missing-secret', 'secret_access_key'],
    ['neither of two keys', azure({ account_key: 'account_key', sas_url: 'sas_url' }), {}, 'runtime/missing-secret', '"account_key" or "sas_url"'],
    [
      'both of two keys',
      azure({ account_key: 'account_key', sas_url: 'sas_url' }),
      { account_key: 'x', sas_url: 'y' },
      'runtime/two-credentials',
      'only one of them',
    ],
    [
      'an empty value',
      s3,
      { access_key_id: '', secret_access_key: 'hunter2' },
      'runtime/bad-secret',
      'The key "access_key_id" of the Secret "store" (connection "raw") is empty',
    ],
    ['a value of blanks', s3, { access_key_id: 'A', secret_access_key: ' \n' }, 'runtime/bad-secret', 'is empty'],
    ['a final line break', s3, { access_key_id: 'A', secret_access_key: 'hunter2\n' }, 'runtime/bad-secret', 'secret_access_key'],
    ['a blank in front', s3, { access_key_id: 'A', secret_access_key: ' hunter2' }, 'runtime/bad-secret', 'blank'],
    ['a line break inside', s3, { access_key_id: 'A', secret_access_key: 'hunter2\n[x]' }, 'runtime/bad-secret', 'line break'],
    ['what rclone would replace', s3, { access_key_id: 'A', secret_access_key: 'hunter2%(type)s' }, 'runtime/bad-secret', '%(…)s'],
    ['a value that is no text', s3, { access_key_id: 'A', secret_access_key: Uint8Array.of(0xff, 0x68) }, 'runtime/bad-secret', 'UTF-8'],
    ['a value of megabytes', s3, { access_key_id: 'A', secret_access_key: 'h'.repeat(100_000) }, 'runtime/bad-secret', '64 KiB'],
    ['a key file that is no JSON', gcs, { 'service_account.json': 'hunter2' }, 'runtime/bad-secret', 'service_account.json'],
    ['a key file that is a list', gcs, { 'service_account.json': '["hunter2"]' }, 'runtime/bad-secret', 'object'],
    [
      'a key file of another kind',
      gcs,
      { 'service_account.json': '{"type":"external_account","x":"hunter2"}' },
      'runtime/bad-secret',
      'service_account',
    ],
    [
      'half of a key file',
      gcs,
      { 'service_account.json': '{"type":"service_account","client_email":"hunter2"}' },
      'runtime/bad-secret',
      'private_key',
    ],
    ['a key file of 60,000 levels', gcs, { 'service_account.json': '['.repeat(60_000) }, 'runtime/bad-secret', 'nested too deeply'],
    [
      'a key file of 10,000 levels',
      gcs,
      { 'service_account.json': `{"type":"service_account","client_email":"a","private_key":"b","x":${'['.repeat(10_000)}${']'.repeat(10_000)}}` },
      'runtime/bad-secret',
      'nested too deeply',
    ],
    [
      'a signature in place of an account key',
      azure(accountKey),
      { account_key: 'https://acc.blob.core.windows.net/c?sig=hunter2' },
      'runtime/bad-secret',
      'as "sas_url"',
    ],
    ['an account key in place of a signature', azure({ sas_url: 'sas_url' }), { sas_url: 'aHVudGVyMg==' }, 'runtime/bad-secret', 'is not the URL'],
    ['an account key that is none', azure(accountKey), { account_key: 'hunter2?' }, 'runtime/bad-secret', 'Base64'],
    ['only the signature where the account key is named', azure(accountKey), { sas_url: 'x' }, 'runtime/missing-secret', 'keys: {sas_url: …}'],
    [
      'only the account key where the signature is named',
      azure({ sas_url: 'sas_url' }),
      { account_key: 'x' },
      'runtime/missing-secret',
      'keys: {account_key: …}',
    ],
    ...[
      ['host', 'https://evil.example.com/c?sig=hunter2'],
      ['host that begins like it', 'https://acc.blob.core.windows.net.evil.example.com/c?sig=hunter2'],
      ['user and host', 'https://acc.blob.core.windows.net@evil.example.com/c?sig=hunter2'],
      ['host without TLS', 'http://acc.blob.core.windows.net/c?sig=hunter2'],
      ['port', 'https://acc.blob.core.windows.net:8443/c?sig=hunter2'],
      ['account', 'https://acc2.blob.core.windows.net/c?sig=hunter2'],
      ['container', 'https://acc.blob.core.windows.net/c-2?sig=hunter2'],
    ].map(([what = '', url = '']): [string, StepConnection, Readonly<Record<string, string>>, string, string] => [
      `a signature for another ${what}`,
      azure({ sas_url: 'sas_url' }),
      { sas_url: url },
      'runtime/bad-secret',
      'another host, account or container',
    ]),
    [
      'a signature for an endpoint that the connection does not name',
      azure({ sas_url: 'sas_url' }, 'https://blob.example.com'),
      { sas_url: 'https://acc.blob.core.windows.net/c?sig=hunter2' },
      'runtime/bad-secret',
      'another host, account or container',
    ],
    ...[
      'http://169.254.169.254/token',
      'https://googleapis.com.evil.example.com/',
      'http://oauth2.googleapis.com/token',
      'oauth2.googleapis.com',
      1,
    ].map((uri): [string, StepConnection, Readonly<Record<string, string>>, string, string] => [
      `a key file that asks ${String(uri)} for tokens`,
      gcs,
      { 'service_account.json': JSON.stringify({ type: 'service_account', client_email: 'a', private_key: 'hunter2', token_uri: uri }) },
      'runtime/bad-secret',
      'token_uri',
    ]),
    ['a signature without its URL', azure({ sas_url: 'sas_url' }), { sas_url: 'sv=1&sig=hunter2' }, 'runtime/bad-secret', 'sas_url'],
  ])('fail on %s, by the name of the key', async (_, connection, secret, reason, words) => {
    const job = createJob();
    for (const [key, value] of Object.entries(secret)) job.write(`credentials/raw/${key}`, value);
    expect(await fails(job, withConnection('raw', connection), reason)).toContain(words);
    expect(job.stdout() + job.stderr()).not.toContain('hunter2');
  });

  it.each<[string, StepConnection, Readonly<Record<string, string>>]>([
    ['a URL of the account', azure({ sas_url: 'sas_url' }), { sas_url: 'https://acc.blob.core.windows.net/?sv=1&sig=a' }],
    ['a URL of a folder', azure({ sas_url: 'sas_url' }), { sas_url: 'https://acc.blob.core.windows.net/c/fraud?sv=1&sig=a' }],
    ["a URL of another of Azure's clouds", azure({ sas_url: 'sas_url' }), { sas_url: 'https://acc.blob.core.usgovcloudapi.net/c?sig=a' }],
    ['a URL of a zone', azure({ sas_url: 'sas_url' }), { sas_url: 'https://acc.z01.blob.storage.azure.net/c?sig=a' }],
    ['a URL of an emulator', azure({ sas_url: 'sas_url' }, 'http://127.0.0.1:10000'), { sas_url: 'http://127.0.0.1:10000/acc/c?sig=a' }],
    [
      'a URL of an endpoint',
      azure({ sas_url: 'sas_url' }, 'https://acc.blob.core.chinacloudapi.cn'),
      { sas_url: 'https://acc.blob.core.chinacloudapi.cn/c?sig=a' },
    ],
    ...['https://oauth2.googleapis.com/token', 'https://accounts.google.com/o/oauth2/token'].map(
      (uri): [string, StepConnection, Readonly<Record<string, string>>] => [
        `a key file with ${uri}`,
        gcs,
        { 'service_account.json': JSON.stringify({ type: 'service_account', client_email: 'a', private_key: 'b', token_uri: uri }) },
      ],
    ),
    [
      "a key file with the endpoint's own tokens",
      { ...gcs, endpoint: 'http://127.0.0.1:4443' },
      {
        'service_account.json': JSON.stringify({ type: 'service_account', client_email: 'a', private_key: 'b', token_uri: 'http://127.0.0.1:99/t' }),
      },
    ],
  ])('are taken: %s', async (_, connection, secret) => {
    const job = createJob();
    for (const [key, value] of Object.entries(secret)) job.write(`credentials/raw/${key}`, value);
    expect(await job.run(configureRclone, withConnection('raw', connection)), job.stderr()).toBe(0);
  });

  it('are read through the links of a mounted Secret, and from nothing but files', async () => {
    const job = createJob();
    job.write('credentials/raw/..data_1/access_key_id', 'KEYID');
    job.write('credentials/raw/secret_access_key', 'x');
    symlinkSync('..data_1', job.path('credentials/raw/..data'));
    symlinkSync('..data/access_key_id', job.path('credentials/raw/access_key_id'));
    expect(await job.run(configureRclone, withConnection('raw', s3))).toBe(0);
    rmSync(job.path('rclone/rclone.conf'));
    for (const make of [
      (path: string) => void execFileSync('mkfifo', [path]),
      (path: string) => mkdirSync(path),
      (path: string) => symlinkSync('/dev/zero', path),
    ]) {
      rmSync(job.path('credentials/raw/secret_access_key'), { recursive: true });
      make(job.path('credentials/raw/secret_access_key'));
      expect(await fails(job, withConnection('raw', s3), 'runtime/bad-secret')).toContain('is no regular file');
    }
  });

  it('need their folder in the environment', async () => {
    expect(await fails(createJob(), { ...withConnection('raw', s3), [stepEnv.credentials]: undefined }, 'runtime/bad-environment')).toContain(
      'MILLRACE_CREDENTIALS',
    );
  });
});

describe('certificates of authorities', () => {
  const connection: StepConnection = {
    type: 's3',
    bucket: 'b',
    region: 'r',
    ca: { name: 'company-ca', key: 'ca.pem' },
    credentials: { kind: 'anonymous' },
  };
  const withCa = (job: TestJob): Record<string, string | undefined> => ({ ...withConnection('raw', connection), [stepEnv.ca]: job.path('ca') });

  it('are taken, one or several', async () => {
    const job = createJob();
    const { cert } = createCertificate('minio.example.com');
    for (const text of [cert, `# company\n${cert}\n${cert}`, cert.replaceAll('\n', '\r\n')]) {
      job.write('ca/raw.crt', text);
      expect(await job.run(configureRclone, withCa(job))).toBe(0);
    }
  });

  it('are missed by the names of their ConfigMap and key', async () => {
    const job = createJob();
    const message = await fails(job, withCa(job), 'runtime/missing-ca-bundle');
    expect(message).toContain('company-ca');
    expect(message).toContain('ca.pem');
  });

  it.each([
    ['', 'holds no certificate'],
    ['-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n', 'no certificate: the 1. of 1'],
    [createCertificate('minio.example.com').key, 'holds a private key'],
    ['x'.repeat(1_048_577), 'is longer than 1 MiB'],
  ])('are refused: %#', async (text, words) => {
    const job = createJob();
    job.write('ca/raw.crt', text);
    expect(await fails(job, withCa(job), 'runtime/bad-ca-bundle')).toContain(words);
  });

  it('are not looked at where a folder stands for the stores', async () => {
    const job = createJob();
    for (const name of ['raw/fraud/in', 'models/fraud/1.4']) mkdirSync(job.path(`store/${name}`), { recursive: true });
    expect(await job.run(configureRclone, { ...withConnection('raw', connection), [stepEnv.store]: job.path('store') })).toBe(0);
  });
});

describe('a local store', () => {
  const folders = (job: TestJob, ...names: readonly string[]): void => {
    for (const name of names) mkdirSync(job.path(`store/${name}`), { recursive: true });
  };

  it('stands for every connection, without credentials', async () => {
    const job = createJob();
    folders(job, 'raw/fraud/in', 'models/fraud/1.4');
    const secret: StepConnection = {
      type: 's3',
      bucket: 'b',
      region: 'r',
      credentials: { kind: 'secret', name: 'store', keys: { access_key_id: 'a', secret_access_key: 'b' } },
    };
    expect(
      await job.run(configureRclone, { ...withConnection('raw', secret), [stepEnv.store]: job.path('store'), [stepEnv.credentials]: undefined }),
    ).toBe(0);
    expect(job.read('rclone/rclone.conf')).toContain(`[connection-raw]\ntype = alias\nremote = ${job.path('store/raw')}\n`);
    expect(job.read('rclone/rclone.conf')).toContain('[data]\ntype = alias\nremote = connection-raw:fraud/in/\n');
    expect(job.has('store/results/fraud/out')).toBe(true);
    expect(jobRecord(job)?.data.uri).toBe('s3://b/fraud/in/');
  });

  it('has nothing at a folder that is missing, as a store would', async () => {
    const job = createJob();
    folders(job, 'raw', 'models');
    writeFileSync(job.path('store/raw/fraud'), 'a file in place of the folder');
    expect(await job.run(configureRclone, { [stepEnv.store]: job.path('store') })).toBe(0);
    expect(job.read('rclone/rclone.conf')).toContain(`[data]\ntype = alias\nremote = ${job.path('rclone/nothing')}\n`);
  });

  it('has a folder for each connection that is read', async () => {
    const job = createJob();
    folders(job, 'raw');
    expect(await fails(job, { [stepEnv.store]: job.path('store') }, 'runtime/missing-store-folder')).toContain('store/models');
  });

  it('is named by an absolute path that rclone reads unchanged', async () => {
    await fails(createJob(), { [stepEnv.store]: 'store' }, 'runtime/bad-environment');
    await fails(createJob(), { [stepEnv.store]: '/x/%(type)s' }, 'runtime/bad-environment');
  });
});

describe('what the rclone steps have in their environment', () => {
  const environmentOf = async (changes: Partial<StepConfig>): Promise<string | undefined> => {
    const job = createJob();
    const env = { MILLRACE_CONFIG: JSON.stringify({ ...stepConfig, ...changes }), MILLRACE_IDENTITY: '/identity', MILLRACE_CA: '/ca' };
    expect(await job.run(configureRclone, env), job.stderr()).toBe(0);
    return job.has('rclone/environment') ? job.read('rclone/environment').replaceAll(job.root, '') : undefined;
  };
  const uuid = '01234567-89ab-cdef-0123-456789abcdef';
  const audience = '//iam.googleapis.com/projects/12/locations/global/workloadIdentityPools/pool/providers/cluster';

  it('is nothing where rclone.conf holds all', async () => {
    expect(await environmentOf({})).toBeUndefined();
  });

  it('is who the run is for each cloud, the authorities and the proxy', async () => {
    const { raw, models, results } = stepConfig.connections;
    const roleArn = 'arn:aws:iam::123456789012:role/batch/fraud';
    const connections = {
      raw: { ...raw, credentials: { kind: 'workloadIdentity', roleArn } },
      models: { ...models, credentials: { kind: 'workloadIdentity', audience } },
      results: { ...results, credentials: { kind: 'workloadIdentity', tenantId: uuid, clientId: uuid } },
    } as StepConfig['connections'];
    const proxy = { url: 'http://proxy.example.com:3128', noProxy: ['.svc', '198.51.100.0/24'] };
    expect((await environmentOf({ connections, proxy }))?.split('\n')).toEqual([
      'AWS_REGION=eu-central-1',
      `AWS_ROLE_ARN=${roleArn}`,
      'AWS_ROLE_SESSION_NAME=millrace',
      'AWS_WEB_IDENTITY_TOKEN_FILE=/identity/s3',
      'GOOGLE_APPLICATION_CREDENTIALS=/rclone/google-identity.json',
      `AZURE_CLIENT_ID=${uuid}`,
      'AZURE_FEDERATED_TOKEN_FILE=/identity/azureblob',
      `AZURE_TENANT_ID=${uuid}`,
      'HTTP_PROXY=http://proxy.example.com:3128',
      'HTTPS_PROXY=http://proxy.example.com:3128',
      'NO_PROXY=.svc,198.51.100.0/24',
      '',
    ]);
  });

  it('is one line for each variable: what would be two is refused', async () => {
    const job = createJob();
    const proxy = { url: 'http://proxy.example.com:3128', noProxy: ['a\nPATH=/tmp'] };
    expect(await job.run(configureRclone, { MILLRACE_CONFIG: JSON.stringify({ ...stepConfig, proxy }) })).not.toBe(0);
    expect(job.stderr() + job.stdout()).toContain('proxy.noProxy[0]');
  });
});
