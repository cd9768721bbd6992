/**
 * A job from its configuration to its markers with the real rclone: the constant programs of the rclone steps, our own
 * steps between them, against folders of this machine and against `rclone serve s3`. rclone must be on PATH.
 */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { configureRclone } from '../../runtime/steps/configure-rclone.js';
import { logInput } from '../../runtime/steps/log-input.js';
import { logOutput } from '../../runtime/steps/log-output.js';
import { validateInput } from '../../runtime/steps/validate-input.js';
import { validateOutput } from '../../runtime/steps/validate-output.js';
import { stepEnv } from '../../src/contract/paths.js';
import { programs } from '../../src/contract/programs.js';
import { rcloneEnv } from '../../src/contract/rclone-env.js';
import type { StepConfig, StepConnection } from '../../src/contract/step-config.js';
import { tarGz } from '../runtime/support/archives.js';
import { createJob, request, response, stepConfig, type TestJob } from '../runtime/support/job.js';
import { rcloneStepEnv } from './support/faulty-store.js';
import type { Ended } from './support/programs.js';

/** Every shell of this machine that the programs are written for: `sh`, and busybox', which the rclone image has. */
const shells = [['sh'], ...(spawnSync('busybox', ['true']).status === 0 ? [['busybox', 'sh']] : [])] as const;

/**
 * Runs a program as its step would, with less patience than a real job, but with some: of two objects that are put at the
 * same time below a folder that is not there yet, `rclone serve s3` answers 500 to one (seen in rclone 1.75.2).
 */
function run(job: TestJob, program: string, shell: readonly string[] = ['sh']): Ended {
  const [command = 'sh', ...args] = shell;
  const env = rcloneStepEnv(job, '--retries=1 --low-level-retries=4');
  const { status, stdout, stderr } = spawnSync(command, [...args, '-ec', program], { env, encoding: 'utf8' });
  return { code: status, stdout, stderr };
}

/** What one store holds, for the tests' own eyes. */
interface Bucket {
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  readonly config: (changes?: Partial<StepConfig>) => StepConfig;
}

const put = (bucket: Bucket, path: string, content: string | Uint8Array | object): void => {
  const file = join(bucket.folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, typeof content === 'string' || content instanceof Uint8Array ? content : JSON.stringify(content));
};
const get = (bucket: Bucket, path: string): string => readFileSync(join(bucket.folder, path), 'utf8');
const filesBelow = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
const tree = (bucket: Bucket, path: string): readonly string[] => filesBelow(join(bucket.folder, path));

const root = mkdtempSync(join(tmpdir(), 'millrace-programs-'));
let server: ChildProcess | undefined;
let endpoint = '';
const key = { id: 'key-id', secret: 's3cr=t/+ `"%' };

beforeAll(async () => {
  const port = await new Promise<number>((resolve) => {
    const probe = createServer();
    probe.listen(0, '127.0.0.1', () => {
      const { port: free } = probe.address() as AddressInfo;
      probe.close(() => {
        resolve(free);
      });
    });
  });
  endpoint = `http://127.0.0.1:${String(port)}`;
  mkdirSync(join(root, 's3'));
  server = spawn(
    'rclone',
    ['serve', 's3', join(root, 's3'), '--addr', `127.0.0.1:${String(port)}`, '--auth-key', `${key.id},${key.secret}`, '--dir-cache-time', '10ms'],
    {
      stdio: 'ignore',
    },
  );
  for (let tries = 0; tries < 100; tries += 1) {
    if (
      await fetch(endpoint).then(
        () => true,
        () => false,
      )
    )
      return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('rclone serve s3 did not come up');
});
afterAll(() => {
  server?.kill('SIGKILL');
  rmSync(root, { recursive: true, force: true });
});

let buckets = 0;
const s3Connection = (bucket: string): StepConnection => ({
  type: 's3',
  bucket,
  region: 'us-east-1',
  endpoint,
  pathStyle: true,
  credentials: { kind: 'secret', name: 'store', keys: { access_key_id: 'access_key_id', secret_access_key: 'secret_access_key' } },
});

/** All three connections are one bucket. */
function s3Bucket(job: TestJob, secret = key.secret): Bucket {
  buckets += 1;
  const name = `bucket-${String(buckets)}`;
  mkdirSync(join(root, 's3', name));
  for (const connection of ['raw', 'models', 'results']) {
    job.write(`credentials/${connection}/access_key_id`, key.id);
    job.write(`credentials/${connection}/secret_access_key`, secret);
  }
  const connections = { raw: s3Connection(name), models: s3Connection(name), results: s3Connection(name) };
  return { folder: join(root, 's3', name), env: {}, config: (changes = {}) => ({ ...stepConfig, connections, ...changes }) };
}

/** All three connections are one folder, as with `millrace run --store`. */
function localStore(job: TestJob): Bucket {
  mkdirSync(job.path('bucket'));
  mkdirSync(job.path('store'));
  for (const connection of ['raw', 'models', 'results']) symlinkSync(job.path('bucket'), job.path(`store/${connection}`));
  return { folder: job.path('bucket'), env: { [stepEnv.store]: job.path('store') }, config: (changes = {}) => ({ ...stepConfig, ...changes }) };
}

const configure = (job: TestJob, bucket: Bucket, changes?: Partial<StepConfig>, env: Readonly<Record<string, string>> = {}): Promise<number> =>
  job.run(configureRclone, { ...bucket.env, [stepEnv.config]: JSON.stringify(bucket.config(changes)), ...env });

/** Steps 2 to 9, with a predictor that answers each request. */
async function runJob(job: TestJob, predict: () => number = () => answerAll(job), model: string = programs.syncModelDirectory): Promise<Ended> {
  for (const program of [programs.syncData, model]) {
    const ended = run(job, program);
    if (ended.code !== 0) return ended;
  }
  expect(await job.run(validateInput)).toBe(0);
  expect(await job.run(logInput)).toBe(0);
  job.write('exit-code-of-predictor', job.read('result-run') === 'yes' ? String(predict()) : '0');
  expect(await job.run(validateOutput)).toBe(0);
  expect(await job.run(logOutput)).toBe(0);
  return run(job, programs.syncOutput);
}

function answerAll(job: TestJob): number {
  for (const file of filesBelow(job.path('data/valid'))) job.write(`output/${file}`, response);
  return 0;
}

const feedback = { ...stepConfig.feedback, sink: 'objectStorage', compression: 'none' } as const;

describe.each([
  ['folders of this machine', localStore],
  ['an S3 store', s3Bucket],
] as const)('a job with %s', (_, open) => {
  it('reads its data and model and publishes its results', async () => {
    const job = createJob();
    const bucket = open(job);
    put(bucket, 'fraud/in/a.json', request);
    put(bucket, 'fraud/in/deep/b c=+@~.json', request);
    put(bucket, 'fraud/in/notes.txt', 'not included');
    put(bucket, 'fraud/1.4/weights/w.bin', 'w');
    put(bucket, 'fraud/1.4/empty', '');
    expect(await configure(job, bucket, { feedback })).toBe(0);
    const ended = await runJob(job);
    expect(ended.code, ended.stderr).toBe(0);
    expect(job.read('data/listing.txt').split('\n').sort()).toEqual(['', 'a.json', 'deep/b c=+@~.json']);
    expect(job.read('model/weights/w.bin')).toBe('w');
    expect(tree(bucket, 'fraud/out')).toEqual([
      '_MANIFEST.json',
      '_SUCCESS',
      '_feedback/requests.jsonl',
      '_feedback/responses.jsonl',
      'a.json',
      'deep/b c=+@~.json',
    ]);
    expect(JSON.parse(get(bucket, 'fraud/out/_MANIFEST.json'))).toMatchObject({
      counts: { listed: 2, valid: 2, outputs: 2 },
      feedback: { input: { delivered: 2, undelivered: 0 }, output: { delivered: 2, undelivered: 0 } },
    });
    expect(get(bucket, 'fraud/out/a.json')).toBe(JSON.stringify(response));
  });

  it('compares the digest of a folder, and takes name and version from the model', async () => {
    const job = createJob();
    const bucket = open(job);
    put(bucket, 'fraud/in/a.json', request);
    put(bucket, 'fraud/1.4/w.bin', 'w');
    put(bucket, 'fraud/1.4/odahuflow.project.yaml', "model:\n  name: wine\n  version: '1.0'\n");
    const listed = "find . -type f -printf '%P\\0' | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum";
    const [sha256 = ''] = spawnSync('sh', ['-c', listed], { cwd: join(bucket.folder, 'fraud/1.4'), encoding: 'utf8' }).stdout.split(' ');
    const model = { kind: 'remote', connection: 'models', path: 'fraud/1.4/', form: 'directory', sha256 } as const;
    expect(await configure(job, bucket, { model })).toBe(0);
    const ended = await runJob(job);
    expect(ended.code, ended.stderr).toBe(0);
    expect(JSON.parse(get(bucket, 'fraud/out/_MANIFEST.json'))).toMatchObject({ model: { name: 'wine', version: '1.0', sha256 } });
  });

  it('reads one object and one archive, and nothing beside them', async () => {
    const job = createJob();
    const bucket = open(job);
    put(bucket, 'fraud/in/a.json', request);
    put(bucket, 'fraud/in/aXjson', request);
    put(bucket, 'fraud/in/sub/a.json', request);
    put(bucket, 'fraud/m.tar.gz', tarGz([{ name: 'w.bin', content: 'w' }]));
    put(bucket, 'fraud/n.tar.gz', 'another');
    const model = { kind: 'remote', connection: 'models', path: 'fraud/m.tar.gz', form: 'tar.gz', name: 'fraud', version: '1' } as const;
    expect(await configure(job, bucket, { model }, { [stepEnv.dataPath]: 'fraud/in/a.json' })).toBe(0);
    expect((await runJob(job, undefined, programs.syncModelArchive)).code).toBe(0);
    expect(job.read('data/listing.txt')).toBe('a.json\n');
    expect(readdirSync(job.path('model-raw'))).toEqual(['m.tar.gz']);
    expect(job.read('model/w.bin')).toBe('w');
  });

  it('replaces what it published before, also a file of the same size, and leaves what others put there', async () => {
    const job = createJob();
    const bucket = open(job);
    put(bucket, 'fraud/in/a.json', request);
    put(bucket, 'fraud/1.4/w', 'w');
    put(bucket, 'fraud/out/other/kept.csv', 'x');
    await configure(job, bucket);
    let answer = 'first!';
    const predict = (): number => {
      job.write('output/result.txt', answer);
      // As old as the first one: neither size nor time tells the two apart.
      utimesSync(job.path('output/result.txt'), 1, 1);
      return 0;
    };
    expect((await runJob(job, predict)).code).toBe(0);
    answer = 'second';
    expect((await runJob(job, predict)).code).toBe(0);
    expect(get(bucket, 'fraud/out/result.txt')).toBe('second');
    expect(tree(bucket, 'fraud/out')).toEqual(['_MANIFEST.json', '_SUCCESS', 'other/kept.csv', 'result.txt']);
    expect(get(bucket, 'fraud/out/_MANIFEST.json')).toBe(job.read('report/final/_MANIFEST.json'));
  });

  it('tells of a failure where a success was, and ends with its code', async () => {
    const job = createJob();
    const bucket = open(job);
    put(bucket, 'fraud/in/a.json', request);
    put(bucket, 'fraud/1.4/w', 'w');
    await configure(job, bucket);
    expect((await runJob(job)).code).toBe(0);
    await configure(job, bucket);
    expect((await runJob(job, () => 42)).code).toBe(42);
    expect(tree(bucket, 'fraud/out')).toEqual(['_FAILED.json', 'a.json']);
    expect(JSON.parse(get(bucket, 'fraud/out/_FAILED.json'))).toMatchObject({
      failure: { step: 'user-container', code: 42, reason: 'runtime/predictor-failed' },
    });
    await configure(job, bucket);
    expect((await runJob(job)).code).toBe(0);
    expect(tree(bucket, 'fraud/out')).toEqual(['_MANIFEST.json', '_SUCCESS', 'a.json']);
  });

  it('publishes the report of an invalid input', async () => {
    const job = createJob();
    const bucket = open(job);
    put(bucket, 'fraud/in/a.json', '{');
    put(bucket, 'fraud/1.4/w', 'w');
    await configure(job, bucket);
    expect((await runJob(job)).code).toBe(2);
    expect(tree(bucket, 'fraud/out')).toEqual(['_FAILED.json', '_report/validation.jsonl']);
  });

  it('leaves nothing that our own steps published for an earlier run, and all that others did', async () => {
    const job = createJob();
    const bucket = open(job);
    put(bucket, 'fraud/in/a.json', '{');
    put(bucket, 'fraud/1.4/w', 'w');
    const kept = ['_reports/x', '_report.txt', '_SUCCESSES', 'deep/_SUCCESS', 'deep/_report/validation.jsonl', 'result.csv'];
    for (const path of [...kept, '_feedback/deep/b c.jsonl', '_quarantine/a.json']) put(bucket, `fraud/out/${path}`, 'x');
    await configure(job, bucket);
    expect((await runJob(job)).code).toBe(2);
    expect(tree(bucket, 'fraud/out')).toEqual([...kept, '_FAILED.json', '_report/validation.jsonl'].sort());
    put(bucket, 'fraud/in/a.json', request);
    for (let runs = 0; runs < 2; runs += 1) {
      await configure(job, bucket);
      expect((await runJob(job)).code).toBe(0);
      expect(tree(bucket, 'fraud/out')).toEqual([...kept, '_MANIFEST.json', '_SUCCESS', 'a.json'].sort());
    }
  });

  it('takes away what an earlier run published before it publishes anything, `_SUCCESS` first', async () => {
    const job = createJob();
    const bucket = open(job);
    for (const path of ['_FAILED.json', '_MANIFEST.json', '_SUCCESS', '_feedback/requests.jsonl', '_report/validation.jsonl'])
      put(bucket, `fraud/out/${path}`, 'old');
    await configure(job, bucket);
    job.write('publish/r.txt', 'r');
    job.write('report/final/_MANIFEST.json', '{}');
    const done = run(job, programs.syncOutput)
      .stderr.trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { readonly msg: string; readonly object?: string })
      .filter(({ msg }) => /^(?:Deleted|Copied)/.test(msg))
      .map(({ msg, object = '' }) => `${msg.slice(0, 6).trim()} ${object}`);
    expect(done).toEqual([
      'Delete _SUCCESS',
      'Delete _MANIFEST.json',
      'Delete _FAILED.json',
      'Delete validation.jsonl',
      'Delete requests.jsonl',
      'Copied r.txt',
      'Copied _MANIFEST.json',
    ]);
    expect(tree(bucket, 'fraud/out')).toEqual(['_MANIFEST.json', 'r.txt']);
  });

  it('finds nothing where there is nothing, and says so', async () => {
    const job = createJob();
    const bucket = open(job);
    put(bucket, 'fraud/1.4/w', 'w');
    await configure(job, bucket, undefined, { [stepEnv.dataPath]: 'fraud/no/such/folder/' });
    const first = run(job, programs.syncData);
    expect(first).toMatchObject({ code: 0, stdout: expect.stringContaining('Nothing was found') as string });
    expect((await runJob(job)).code).toBe(2);
    expect(JSON.parse(get(bucket, 'fraud/out/_FAILED.json'))).toMatchObject({ failure: { reason: 'runtime/no-input' } });

    await configure(job, bucket, { data: { ...stepConfig.data, allowEmpty: true } }, { [stepEnv.dataPath]: 'fraud/no/such/folder/' });
    expect((await runJob(job)).code).toBe(0);
    expect(tree(bucket, 'fraud/out')).toEqual(['_MANIFEST.json', '_SUCCESS']);
  });

  it('finds no model where there is none, as a folder and as an archive', async () => {
    const job = createJob();
    const bucket = open(job);
    put(bucket, 'fraud/in/a.json', request);
    await configure(job, bucket);
    expect((await runJob(job)).code).toBe(2);
    expect(job.failure()?.reason).toBe('runtime/missing-model');
    const model = { kind: 'remote', connection: 'models', path: 'fraud/m.zip', form: 'zip', name: 'fraud', version: '1' } as const;
    await configure(job, bucket, { model });
    expect((await runJob(job, undefined, programs.syncModelArchive)).code).toBe(2);
    expect(job.failure()?.reason).toBe('runtime/missing-model');
  });

  it.each(shells.map((shell) => [shell.join(' '), shell] as const))('runs its programs in %s', async (_name, shell) => {
    const job = createJob();
    const bucket = open(job);
    put(bucket, 'fraud/in/a.json', request);
    put(bucket, 'fraud/out/_SUCCESS', 'old');
    put(bucket, 'fraud/out/_FAILED.json', 'old');
    await configure(job, bucket);
    expect(run(job, programs.syncData, shell).code).toBe(0);
    expect(run(job, programs.syncData, shell).code).toBe(0);
    expect(job.has('data/raw/a.json')).toBe(true);
    expect(run(job, programs.syncModelEmbedded, shell)).toMatchObject({
      code: 0,
      stdout: 'The model is part of the image: there is nothing to copy.\n',
      stderr: '',
    });
    job.write('publish/r.txt', 'r');
    job.write('report/final/_MANIFEST.json', '{}');
    job.write('report/final/_SUCCESS', 's');
    job.write('control/exit-code', '7\n');
    expect(run(job, programs.syncOutput, shell).code).toBe(7);
    expect(tree(bucket, 'fraud/out')).toEqual(['_MANIFEST.json', '_SUCCESS', 'r.txt']);
  });

  it('keeps the folder that the predictor has mounted', async () => {
    const job = createJob();
    const bucket = open(job);
    put(bucket, 'fraud/in/a.json', request);
    await configure(job, bucket);
    mkdirSync(job.path('data/valid'));
    const before = statSync(job.path('data/valid')).ino;
    job.write('data/raw/left-over.json', 'x');
    expect(run(job, programs.syncData).code).toBe(0);
    expect(statSync(job.path('data/valid')).ino).toBe(before);
    expect(readdirSync(job.path('data/raw'))).toEqual(['a.json']);
  });

  it('never marks a run as complete that our own steps did not finish', async () => {
    const job = createJob();
    const bucket = open(job);
    put(bucket, 'fraud/out/_SUCCESS', 'old');
    await configure(job, bucket);
    job.write('publish/r.txt', 'r');
    const { code, stderr } = run(job, programs.syncOutput);
    expect(code).toBe(1);
    expect(stderr).toContain('cannot be marked as complete');
    expect(tree(bucket, 'fraud/out')).toEqual(['r.txt']);
  });

  it('never publishes through a link', async () => {
    const job = createJob();
    const bucket = open(job);
    await configure(job, bucket);
    job.write('report/final/_MANIFEST.json', '{}');
    job.write('secret', 'hunter2');
    symlinkSync(job.path('secret'), job.path('publish/link'));
    expect(run(job, programs.syncOutput).code).toBe(0);
    expect(tree(bucket, 'fraud/out')).toEqual(['_MANIFEST.json']);
  });
});

describe('a job with an S3 store', () => {
  it('with a wrong secret fails at once, and prints no secret', async () => {
    const job = createJob();
    const bucket = s3Bucket(job, 'hunter2');
    expect(await configure(job, bucket)).toBe(0);
    for (const program of [programs.syncData, programs.syncModelDirectory, programs.syncOutput]) {
      const { code, stdout, stderr } = run(job, program);
      expect(code).toBe(1);
      expect(stderr).toContain('SignatureDoesNotMatch');
      expect(stdout + stderr).not.toContain('hunter2');
    }
  });

  it.each(shells.map((shell) => [shell.join(' '), shell] as const))(
    'tells what failed as our own steps do (%s): runtime/transfer-failed',
    async (_, shell) => {
      const job = createJob();
      await configure(job, s3Bucket(job, 'hunter2'));
      for (const [program, step, words] of [
        [programs.syncData, 'sync-data', 'The data was not copied from its source.'],
        [programs.syncModelDirectory, 'sync-model', 'The model was not copied from its store.'],
        [programs.syncModelArchive, 'sync-model', 'The model was not copied from its store.'],
        [programs.syncOutput, 'sync-output', 'Not all that the run leaves was published, so no marker says that it is complete.'],
      ] as const) {
        const { code, stdout, stderr } = run(job, program, shell);
        const line: unknown = JSON.parse(stdout);
        expect(line).toMatchObject({
          level: 'error',
          step,
          reason: 'runtime/transfer-failed',
          code,
          message: expect.stringContaining(words) as string,
        });
        expect(line).toHaveProperty('time', expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/));
        expect(stderr).toMatch(new RegExp(`\n${words} The lines above say why\\. .*\nhelp: millrace explain runtime/transfer-failed\n$`));
      }
    },
  );

  it('with a bucket that does not exist fails, and makes none', async () => {
    const job = createJob();
    const bucket = s3Bucket(job);
    const missing = s3Connection('no-such-bucket');
    expect(await configure(job, bucket, { connections: { raw: missing, models: missing, results: missing } })).toBe(0);
    expect(run(job, programs.syncData)).toMatchObject({ code: 3, stderr: expect.stringContaining('directory not found') as string });
    job.write('publish/r.txt', 'r');
    job.write('report/final/_MANIFEST.json', '{}');
    expect(run(job, programs.syncOutput).code).not.toBe(0);
    expect(existsSync(join(root, 's3', 'no-such-bucket'))).toBe(false);
  });

  it('that does not answer fails within its retries', async () => {
    const job = createJob();
    const bucket = s3Bucket(job);
    const gone = { ...s3Connection('bucket'), endpoint: 'http://127.0.0.1:1' } as StepConnection;
    await configure(job, bucket, { connections: { raw: gone, models: gone, results: gone } });
    expect(run(job, programs.syncData)).toMatchObject({ code: 5, stderr: expect.stringContaining('connection refused') as string });
  });

  it('uploads the markers last', async () => {
    const job = createJob();
    const bucket = s3Bucket(job);
    await configure(job, bucket);
    job.write('publish/r.txt', 'r');
    job.write('report/upload/_report/validation.jsonl', '{}');
    job.write('report/final/_MANIFEST.json', '{}');
    job.write('report/final/_SUCCESS', 's');
    const { stderr } = run(job, programs.syncOutput);
    const copied = stderr
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { readonly msg: string; readonly object?: string })
      .filter(({ msg }) => msg.startsWith('Copied'))
      .map(({ object }) => object);
    expect(copied).toEqual(['r.txt', '_report/validation.jsonl', '_MANIFEST.json', '_SUCCESS']);
  });
});

describe('the programs', () => {
  it('hold nothing that Tekton, the kubelet or Flux would replace, and no text of a user', () => {
    for (const program of Object.values(programs)) expect(program).not.toMatch(/\$\(|\$\$|\$\{/);
  });

  it('never delete but what our own steps published, and never follow links', () => {
    const all = `${Object.values(programs).join('')}${JSON.stringify(rcloneEnv({ parallel: 8, bandwidth: '10M' }))}`;
    expect(all).not.toMatch(/\b(?:sync|purge|move|cleanup|rmdirs?) [a-z]+:/);
    expect([...all.matchAll(/delete\w* "?\w+:\S*/g)].map(String)).toEqual(['delete "output:$name"']);
    expect(all).not.toMatch(/--(?:copy-links|links|l|vv|dump|verbose)\b/);
  });
});
