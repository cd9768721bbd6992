/** `millrace job` against a small cluster and a listener that answer as the real ones did (test/recordings); test/real/job.test.ts has a real API server. */
import { createHmac } from 'node:crypto';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createCertificate } from '../support/certificate.js';
import { type FakeServer, kubeconfig, type Received, type Reply, serve, status } from '../support/fake-api.js';
import { type CommandEnd, type CommandOptions, runCommand } from '../support/run-command.js';
import { allOk, taskRun } from '../support/taskruns.js';
import { millrace, type Outcome, temporaryFolder } from './command.js';
import { service, writeRepository } from './definitions.js';

type Run = Record<string, unknown> & { metadata: { name: string; labels: Record<string, string> } };
const succeeded = { status: 'True', reason: 'Succeeded', message: 'All Steps have completed executing' };
const running = { status: 'Unknown', reason: 'Running', message: 'Not all Steps in the Task have finished executing' };
const failed = { status: 'False', reason: 'StepFailed', message: '"step-sync-output" exited with code 2: Error' };

interface Bed {
  readonly runs: Map<string, unknown>;
  readonly secrets: Map<string, Reply>;
  readonly logs: Map<string, string>;
  readonly api: FakeServer;
  readonly listener: FakeServer;
  /** What a run is when it appears; undefined: none does. */
  appears: ((name: string, eventId: string) => unknown) | undefined;
  /** What comes of a log before nothing more does; undefined: all of it. */
  stalls: (container: string, isFollowed: boolean) => string | undefined;
  /** Called for each look at a run. */
  looked: (name: string, count: number) => void;
  readonly job: (args: readonly string[], options?: CommandOptions) => Promise<CommandEnd>;
}

/** TaskRuns, Secrets and logs of namespace `risk` and `growth`, and a listener that answers 202 to everything. */
async function makeBed(): Promise<Bed> {
  const looks = new Map<string, number>();
  const api = await serve((request) => answer(request));
  const answer = ({ method, url, body }: Received): Reply => {
    const { pathname, searchParams } = new URL(url, 'http://api');
    const [, name = ''] = /\/(?:taskruns|secrets|pods)\/([^/]+)/.exec(pathname) ?? [];
    if (pathname.endsWith('/log')) {
      const container = searchParams.get('container') ?? '';
      const begun = bed.stalls(container, searchParams.get('follow') === 'true');
      if (begun !== undefined) return (response) => void response.writeHead(200).write(begun);
      const text = bed.logs.get(container);
      return text === undefined ? status(400, 'container is waiting to start: PodInitializing') : { status: 200, body: text };
    }
    if (pathname.includes('/secrets/')) return bed.secrets.get(name) ?? status(404, `secrets "${name}" not found`);
    if (name === '' && method === 'GET') {
      const event = /eventid=(.*)/.exec(searchParams.get('labelSelector') ?? '')?.[1];
      const items = [...bed.runs.values()].filter(
        (run) => event === undefined || (run as Run).metadata.labels['triggers.tekton.dev/triggers-eventid'] === event,
      );
      return { status: 200, body: { items } };
    }
    if (method === 'POST') {
      const made = JSON.parse(body.toString()) as Run & { metadata: { generateName: string } };
      const created = { ...made, metadata: { ...made.metadata, name: made.metadata.name ?? `${made.metadata.generateName}abcde` } };
      if (bed.runs.has(created.metadata.name)) return status(409, 'already exists');
      bed.runs.set(created.metadata.name, created);
      return { status: 201, body: created };
    }
    if (method === 'GET') {
      looks.set(name, (looks.get(name) ?? 0) + 1);
      bed.looked(name, looks.get(name) ?? 0);
    }
    const found = bed.runs.get(name);
    if (found === undefined) return status(404, `taskruns.tekton.dev "${name}" not found`);
    if (method === 'DELETE') bed.runs.delete(name);
    if (method === 'PATCH')
      bed.runs.set(name, taskRun({ name, condition: { status: 'False', reason: 'TaskRunCancelled', message: 'cancelled' }, ended: {} }));
    return { status: 200, body: found };
  };
  let events = 0;
  const listener = await serve(({ body }) => {
    const eventID = `event-${String(++events)}`;
    const { requestId } = (JSON.parse(body.toString()) as { spec: { requestId?: string } }).spec;
    const name = `fraud-scorer--${requestId ?? 'abcde'}`;
    if (bed.appears && !bed.runs.has(name)) bed.runs.set(name, bed.appears(name, eventID));
    return { status: 202, body: { eventListener: 'millrace', namespace: 'risk', eventID } };
  });
  const config = kubeconfig(api.url);
  const bed: Bed = {
    runs: new Map(),
    secrets: new Map([['webhook-airflow', { status: 200, body: { data: { token: Buffer.from('hmac-key').toString('base64') } } }]]),
    logs: new Map(),
    api,
    listener,
    appears: (name, eventId) => taskRun({ name, condition: succeeded, ended: allOk, labels: { 'triggers.tekton.dev/triggers-eventid': eventId } }),
    stalls: () => undefined,
    looked: () => undefined,
    job: ([subcommand = '', ...args], options) => runCommand(['job', subcommand, ...args, '--kubeconfig', config], options),
  };
  return bed;
}

const key = { env: { MILLRACE_KEY: 'hmac-key' } };
const path = '/risk/api/v1/batch/job';
const submit = (bed: Bed, args: readonly string[] = [], options: CommandOptions = key): Promise<CommandEnd> =>
  bed.job(['submit', 'risk/fraud-scorer', '--url', bed.listener.url + path, ...args], options);
const signature = (body: Buffer, secret: string): string => `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;

describe('job submit', () => {
  it('signs the bytes that it sends, and finds the run of the event', async () => {
    const bed = await makeBed();
    expect(await submit(bed)).toEqual({ code: 0, stdout: 'job risk/fraud-scorer--abcde started\n', stderr: '' });
    const [sent] = bed.listener.received;
    expect(sent).toMatchObject({ method: 'POST', url: path });
    expect(sent?.headers['x-hub-signature-256']).toBe(signature(sent?.body ?? Buffer.of(), 'hmac-key'));
    expect(JSON.parse(sent?.body.toString() ?? '')).toEqual({ kind: 'InferenceJob', spec: { inferenceServiceId: 'fraud-scorer' } });
    expect(bed.api.received.at(-1)?.url).toContain('labelSelector=triggers.tekton.dev%2Ftriggers-eventid%3Devent-1');
  });

  it('lets options win over the body, and sends a body that they leave alone as it is', async () => {
    const bed = await makeBed();
    const folder = temporaryFolder();
    const file = join(folder, 'job.json');
    const text = '{ "kind":"InferenceJob",\n"spec":{"inferenceServiceId":"fraud-scorer","requestId":"r1"} }';
    writeFileSync(file, text);
    await submit(bed, ['--body', file]);
    expect(bed.listener.received[0]?.body.toString()).toBe(text);
    bed.runs.clear();
    await submit(bed, [
      '--body',
      file,
      '--data',
      'raw:fraud/in/x/',
      '--output',
      'fraud/out/',
      '--request-id',
      'r2',
      '--param',
      'a=b=c',
      '--node-pool',
      'gpu-a100',
    ]);
    expect(JSON.parse(bed.listener.received[1]?.body.toString() ?? '')).toEqual({
      kind: 'InferenceJob',
      spec: {
        inferenceServiceId: 'fraud-scorer',
        requestId: 'r2',
        dataSource: { connection: 'raw', path: 'fraud/in/x/' },
        outputDestination: { path: 'fraud/out/' },
        params: { a: 'b=c' },
        nodePool: 'gpu-a100',
      },
    });
  });

  it('takes the key of a file without its last line feed, and that of the Secret as it is', async () => {
    const bed = await makeBed();
    const file = join(temporaryFolder(), 'key');
    writeFileSync(file, 'of-the-file\n');
    await submit(bed, ['--key-file', file], {});
    bed.secrets.set('webhook-airflow', { status: 200, body: { data: { token: Buffer.from('of-the-secret\n').toString('base64') } } });
    const { stdout, stderr } = await submit(bed, [], {});
    const keys = ['of-the-file', 'of-the-secret\n'];
    for (const [index, { headers, body }] of bed.listener.received.entries())
      expect(headers['x-hub-signature-256']).toBe(signature(body, keys[index] ?? ''));
    expect(stdout + stderr).not.toContain('of-the-secret');
  });

  it('sends the token of a caller that has one', async () => {
    const bed = await makeBed();
    const sent = await runCommand(
      ['job', 'submit', 'growth/embedder', '--caller', 'ci', '--send-only', '--url', bed.listener.url, '--format', 'json'],
      { env: { MILLRACE_KEY: 'to ken' } },
    );
    expect({ ...sent, stdout: JSON.parse(sent.stdout) as unknown }).toEqual({ code: 0, stdout: { eventId: 'event-1' }, stderr: '[]\n' });
    expect(bed.listener.received[0]?.headers['x-millrace-token']).toBe('to ken');
    expect(bed.api.received).toEqual([]);
  });

  it.each([
    ['job/no-key', { status: 404, body: { kind: 'Status', message: 'not found' } }, 'the Secret webhook-airflow in namespace risk does not exist'],
    ['job/no-key', { status: 403, body: { kind: 'Status', message: 'forbidden' } }, 'may not be read by you'],
    ['job/no-key', { status: 200, body: { data: { other: 'eA==' } } }, 'has no key "token"'],
    ['job/bad-key', { status: 200, body: { data: { token: '' } } }, 'it is empty'],
  ])('%s: %j', async (code, reply, text) => {
    const bed = await makeBed();
    bed.secrets.set('webhook-airflow', reply);
    const { code: exit, stderr } = await submit(bed, [], {});
    expect(exit).toBe(1);
    expect(stderr).toContain(`[${code}]`);
    expect(stderr).toContain(text);
    expect(bed.listener.received).toEqual([]);
  });

  it('job/key-file and job/bad-body: nothing is sent', async () => {
    const bed = await makeBed();
    const file = join(temporaryFolder(), 'empty');
    writeFileSync(file, '\n');
    expect((await submit(bed, ['--key-file', file], {})).stderr).toContain('is empty [job/key-file]');
    expect((await submit(bed, ['--key-file', '/nowhere'], {})).stderr).toContain('[job/key-file]');
    writeFileSync(file, '[]');
    expect((await submit(bed, ['--body', file])).stderr).toContain('is no JSON object [job/bad-body]');
    expect((await submit(bed, ['--body', '-'])).stderr).toMatch(/the job body \(standard input\): .*\[job\/bad-body\]/);
    expect((await submit(bed, ['--body', '/nowhere'])).stderr).toMatch(/cannot be read.*\[job\/bad-body\]/);
    expect(bed.listener.received).toEqual([]);
  });

  it('job/refused says which rule', async () => {
    const bed = await makeBed();
    bed.appears = undefined;
    const { code, stdout, stderr } = await submit(bed, ['--data', 'elsewhere/']);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^error: no run of risk\/fraud-scorer appeared, and this is why: spec\.dataSource.*\[job\/refused\]/);
    expect(stderr).not.toContain('body.spec');
  });

  it('job/refused where the key is not that of the Secret, if that may be read: the listener answers 202 to every key', async () => {
    const bed = await makeBed();
    bed.appears = undefined;
    const secret = (text: string): Reply => ({ status: 200, body: { data: { token: Buffer.from(text).toString('base64') } } });
    bed.secrets.set('webhook-airflow', secret('hmac-key-of-others'));
    const { code, stderr } = await submit(bed);
    expect(code).toBe(1);
    expect(stderr).toContain('is not that of this body with the key token of Secret webhook-airflow [job/refused]');
    expect(stderr).not.toMatch(/hmac-key/);
    bed.secrets.delete('webhook-airflow');
    expect((await submit(bed)).stderr).toContain('Secret webhook-airflow is missing, or has no key token [job/refused]');
  });

  it('a key that may not be compared, or is right, keeps no job from starting', async () => {
    const bed = await makeBed();
    for (const reply of [status(403, 'forbidden'), { status: 200, body: { data: { token: Buffer.from('hmac-key').toString('base64') } } }]) {
      bed.secrets.set('webhook-airflow', reply);
      bed.runs.clear();
      expect(await submit(bed)).toEqual({ code: 0, stdout: 'job risk/fraud-scorer--abcde started\n', stderr: '' });
    }
  });

  it('job/refused where the address has another path than the listener takes', async () => {
    const bed = await makeBed();
    bed.appears = undefined;
    const { stderr } = await submit(bed, ['--url', `${bed.listener.url}/other`]);
    expect(stderr).toContain('the path of the URL is "/other", but must be "/risk/api/v1/batch/job" [job/refused]');
  });

  it.each([
    [400, '{"errorMessage":"Invalid event body format : unexpected end of JSON input"}', 'Invalid event body format'],
    [404, '<html>not here</html>', 'answered 404 ['],
    [413, 'too large', 'lets no such large body pass'],
    [200, 'a login page', 'answered 200: a login page'],
    [503, 'no healthy upstream', 'no healthy upstream'],
  ])('job/listener-refused: %i', async (code, body, text) => {
    const bed = await makeBed();
    const { url } = await serve(() => ({ status: code, body }));
    const { stderr } = await submit(bed, ['--url', url]);
    expect(stderr).toContain('[job/listener-refused]');
    expect(stderr).toContain(text);
  });

  it('job/listener-unreachable and job/listener-untrusted; --ca-file is what to do', async () => {
    const bed = await makeBed();
    expect((await submit(bed, ['--url', 'http://127.0.0.1:1/'])).stderr).toContain('nobody listens there [job/listener-unreachable]');
    const certificate = createCertificate('127.0.0.1');
    const tls = createTlsServer(certificate, (_, response) => response.writeHead(202).end('{"eventID":"e"}'));
    await new Promise<void>((resolve) => tls.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void tls.close());
    const url = `https://127.0.0.1:${String((tls.address() as AddressInfo).port)}/`;
    expect((await submit(bed, ['--url', url])).stderr).toContain('[job/listener-untrusted]');
    const ca = join(temporaryFolder(), 'ca.pem');
    writeFileSync(ca, certificate.cert);
    bed.runs.set('fraud-scorer--x', taskRun({ name: 'fraud-scorer--x', labels: { 'triggers.tekton.dev/triggers-eventid': 'e' } }));
    expect((await submit(bed, ['--url', url, '--ca-file', ca])).stdout).toBe('job risk/fraud-scorer--x started\n');
    // Another authority does not replace those that Node was told of.
    const other = join(temporaryFolder(), 'other.pem');
    writeFileSync(other, createCertificate('127.0.0.1').cert);
    expect((await submit(bed, ['--url', url, '--ca-file', other])).stderr).toContain('[job/listener-untrusted]');
    const told = { env: { ...key.env, NODE_EXTRA_CA_CERTS: ca } };
    expect((await submit(bed, ['--url', url, '--ca-file', other], told)).stdout).toBe('job risk/fraud-scorer--x started\n');
  });

  it('goes by the proxy that the environment names, and says where that is what is wrong', async () => {
    const bed = await makeBed();
    const url = `http://jobs.example.com${path}`;
    const via = (env: Readonly<Record<string, string>>, ...args: readonly string[]): Promise<CommandEnd> =>
      submit(bed, ['--url', url, ...args], { env: { ...key.env, ...env } });
    expect((await via({ HTTP_PROXY: bed.listener.url })).stdout).toBe('job risk/fraud-scorer--abcde started\n');
    expect(bed.listener.received[0]).toMatchObject({ url, headers: { host: 'jobs.example.com' } });
    const refused = await via({ https_proxy: 'user:secret@127.0.0.1:1' }, '--url', 'https://jobs.example.com/');
    expect(refused.stderr).toContain('the proxy 127.0.0.1:1 of https_proxy cannot be reached (ECONNREFUSED) [job/listener-unreachable]');
    expect(refused.stderr).not.toContain('secret');
    expect((await via({ HTTP_PROXY: 'socks5://x:1' })).stderr).toContain('HTTP_PROXY names a proxy of socks5://');
  });

  it('one requestId starts one job: job/already-there, job/still-running, and --rerun', async () => {
    const bed = await makeBed();
    await submit(bed, ['--request-id', 'r1']);
    const again = await submit(bed, ['--request-id', 'r1']);
    expect({ ...again, stderr: again.stderr.split('\n')[0] }).toEqual({
      code: 0,
      stdout: '',
      stderr: 'warning: the job risk/fraud-scorer--r1 is there already (succeeded), so nothing was started [job/already-there]',
    });
    expect(bed.listener.received).toHaveLength(1);
    expect((await submit(bed, ['--request-id', 'r1', '--rerun'])).stdout).toBe('job risk/fraud-scorer--r1 started\n');
    expect(bed.api.received.find(({ method }) => method === 'DELETE')?.body.toString()).toContain('"propagationPolicy":"Foreground"');
    bed.runs.set('fraud-scorer--r1', taskRun({ condition: running, ended: {} }));
    const { code, stderr } = await submit(bed, ['--request-id', 'r1', '--rerun']);
    expect(code).toBe(1);
    expect(stderr).toContain('is running, so it cannot be started again [job/still-running]');
  });

  it('--direct creates the run of the template, without a caller, and asks no listener', async () => {
    const bed = await makeBed();
    expect((await bed.job(['submit', 'risk/fraud-scorer', '--direct', '--request-id', 'd1', '--data', 'fraud/in/d/'])).stdout).toBe(
      'job risk/fraud-scorer--d1 started\n',
    );
    expect((await bed.job(['submit', 'risk/fraud-scorer', '--direct'])).stdout).toBe('job risk/fraud-scorer--abcde started\n');
    const [made, unnamed] = bed.api.received
      .filter(({ method }) => method === 'POST')
      .map(({ body }) => JSON.parse(body.toString()) as Run & { spec: { params: unknown[] } });
    expect(made?.metadata).toMatchObject({ name: 'fraud-scorer--d1', labels: { 'millrace.dev/caller': 'none' } });
    expect(made?.spec.params).toContainEqual({ name: 'caller', value: 'none' });
    expect(made?.spec.params).toContainEqual({ name: 'dataPath', value: 'fraud/in/d/' });
    expect(unnamed?.metadata).not.toHaveProperty('name');
    const refused = await bed.job(['submit', 'risk/fraud-scorer', '--direct', '--data', 'elsewhere/']);
    expect(refused.stderr).toContain('[run/request-refused]');
  });

  it('--wait tells each step, then the first failure', async () => {
    const bed = await makeBed();
    const ended = { ...allOk, 'user-container': [0, 'Skipped'], 'sync-output': [2, 'Error'] } as const;
    bed.appears = (name, eventId) => taskRun({ name, condition: failed, ended, labels: { 'triggers.tekton.dev/triggers-eventid': eventId } });
    bed.logs.set(
      'step-validate-input',
      '{"level":"error","message":"1 of 2 input files are not valid.","reason":"runtime/invalid-input","code":2}\nhelp: millrace explain runtime/invalid-input\n',
    );
    for (const step of ['configure-rclone', 'sync-data', 'sync-model', 'log-input', 'validate-output', 'log-output', 'sync-output'])
      bed.logs.set(`step-${step}`, '');
    const { code, stdout, stderr } = await submit(bed, ['--request-id', 'r1', '--wait']);
    expect(code).toBe(1);
    expect(stdout).toContain('4/9 validate-input ok 2s\n');
    expect(stdout).toContain('6/9 user-container skipped\n7/9 validate-output ok 2s\n');
    expect(stdout).toContain('9/9 sync-output exit code 2 2s\n');
    expect(stderr).toBe(`error: the job risk/fraud-scorer--r1 failed in step validate-input: 1 of 2 input files are not valid. [job/failed]
   hint: more about it: millrace explain runtime/invalid-input
   help: millrace explain job/failed
`);
    const json = await submit(bed, ['--request-id', 'r1', '--wait', '--format', 'json']);
    expect(JSON.parse(json.stdout)).toMatchObject({
      job: 'fraud-scorer--r1',
      state: 'failed',
      started: false,
      failure: { step: 'validate-input', reason: 'runtime/invalid-input' },
    });
    expect((JSON.parse(json.stderr) as { code: string }[]).map((each) => each.code)).toEqual(['job/already-there', 'job/failed']);
  });

  it('--wait lives through an API server that is away, and ends with job/vanished or job/not-ended', async () => {
    const bed = await makeBed();
    bed.runs.set('fraud-scorer--r1', taskRun({ condition: running, ended: {} }));
    bed.looked = (name, count) => {
      if (count === 3 && name.endsWith('r1')) bed.runs.delete(name);
    };
    expect((await submit(bed, ['--request-id', 'r1', '--wait'])).stderr).toContain('[job/vanished]');
    bed.runs.set('fraud-scorer--r2', taskRun({ name: 'fraud-scorer--r2', condition: running, ended: {} }));
    expect((await submit(bed, ['--request-id', 'r2', '--wait', '--timeout', '1s'])).stderr).toContain('is still running after 1s [job/not-ended]');
  });

  it('Ctrl-C ends the wait at once and leaves the job alone', async () => {
    const bed = await makeBed();
    bed.appears = (name, eventId) => taskRun({ name, condition: running, ended: {}, labels: { 'triggers.tekton.dev/triggers-eventid': eventId } });
    const { code, stderr } = await submit(bed, ['--request-id', 'r1', '--wait'], { ...key, interruptAt: 'started' });
    expect({ code, stderr }).toEqual({ code: 130, stderr: '' });
    expect(bed.api.received.filter(({ method }) => method !== 'GET')).toEqual([]);
  });
});

describe('a backfill', () => {
  const backfill = (bed: Bed, args: readonly string[]): Promise<CommandEnd> => submit(bed, args);

  it('starts one job for each prefix, with an id of its own', async () => {
    const bed = await makeBed();
    const file = join(temporaryFolder(), 'days');
    writeFileSync(file, '# days\n2026-11-01\n2026-11-02/\n\n2026-11-01/\nEU/Late_Night/\n');
    const { code, stdout } = await backfill(bed, ['--each-prefix-file', file, '--output', 'fraud/out/{prefix}/']);
    expect({ code, lines: stdout.trim().split('\n').sort() }).toEqual({
      code: 0,
      lines: ['2026-11-01/ started', '2026-11-02/ started', '3 jobs: 3 started', 'EU/Late_Night/ started'],
    });
    const bodies = bed.listener.received.map(
      ({ body }) => (JSON.parse(body.toString()) as { spec: { requestId: string; dataSource: unknown; outputDestination: unknown } }).spec,
    );
    expect(bodies.find(({ requestId }) => requestId === 'backfill-2026-11-01')).toMatchObject({
      dataSource: { path: 'fraud/in/2026-11-01/' },
      outputDestination: { path: 'fraud/out/2026-11-01/' },
    });
    expect(bodies.map(({ requestId }) => requestId).sort()).toEqual([
      'backfill-2026-11-01',
      'backfill-2026-11-02',
      expect.stringMatching(/^backfill-eu-late-night-[0-9a-f]{8}$/),
    ]);
  });

  it('says why the file of the prefixes cannot be read', async () => {
    const bed = await makeBed();
    const { code, stderr } = await backfill(bed, ['--each-prefix-file', 'nowhere', '--output', 'fraud/out/{prefix}/']);
    expect(code).toBe(2);
    expect(stderr).toContain('--each-prefix-file nowhere cannot be read: no such file or directory (ENOENT)\n');
  });

  it('never has more at a time than it may, and goes on after a failure', async () => {
    const bed = await makeBed();
    let now = 0;
    let most = 0;
    bed.appears = (name, eventId) => {
      now += 1;
      most = Math.max(most, now);
      return taskRun({ name, condition: running, ended: {}, labels: { 'triggers.tekton.dev/triggers-eventid': eventId } });
    };
    bed.looked = (name, count) => {
      if (count < 3 || (bed.runs.get(name) as { status: { completionTime?: string } } | undefined)?.status.completionTime !== undefined) return;
      now -= 1;
      bed.runs.set(name, taskRun({ name, condition: name.endsWith('b') ? failed : succeeded, ended: allOk }));
    };
    const prefixes = ['a', 'b', 'c', 'd', 'e'].flatMap((prefix) => ['--each-prefix', prefix]);
    const { code, stdout } = await backfill(bed, [...prefixes, '--output', 'fraud/out/{prefix}/', '--parallel', '2', '--wait', '--format', 'json']);
    expect(most).toBe(2);
    const states = (JSON.parse(stdout) as { prefix: string; state: string }[]).map(({ prefix, state }) => `${prefix} ${state}`);
    expect(states).toEqual(['a/ succeeded', 'b/ failed', 'c/ succeeded', 'd/ succeeded', 'e/ succeeded']);
    expect(code).toBe(1);
  });

  it('job/shared-output and job/bad-prefix: nothing is sent', async () => {
    const bed = await makeBed();
    expect((await backfill(bed, ['--each-prefix', 'a/'])).stderr).toContain('[job/shared-output]');
    for (const prefix of ['../x', '/x', 'a//b', 'a b', 'ä'])
      expect((await backfill(bed, ['--each-prefix', prefix, '--output', 'fraud/out/{prefix}/'])).stderr).toContain('[job/bad-prefix]');
    expect(bed.listener.received).toEqual([]);
  });
});

describe('list, get, logs and delete', () => {
  it('lists by service, caller, state and age, the youngest first', async () => {
    const bed = await makeBed();
    const ago = (hours: number): string => new Date(Date.now() - hours * 3_600_000).toISOString();
    bed.runs.set('a', taskRun({ name: 'fraud-scorer--a', condition: succeeded, ended: allOk, createdAt: ago(30) }));
    bed.runs.set('b', taskRun({ name: 'fraud-scorer--b', condition: failed, ended: allOk, createdAt: ago(2) }));
    bed.runs.set('c', taskRun({ name: 'fraud-scorer--c', condition: running, ended: { 'configure-rclone': [0, 'Completed'] }, createdAt: ago(1) }));
    bed.runs.set('d', taskRun({ name: 'fraud-scorer--d', condition: { status: 'Unknown', reason: 'ExceededResourceQuota' }, createdAt: ago(0) }));
    const names = async (...args: readonly string[]): Promise<readonly string[]> =>
      (JSON.parse((await bed.job(['list', 'risk/fraud-scorer', '--format', 'json', ...args])).stdout) as { job: string; state: string }[]).map(
        ({ job, state }) => `${job} ${state}`,
      );
    expect(await names()).toEqual(['fraud-scorer--d waiting', 'fraud-scorer--c running', 'fraud-scorer--b failed', 'fraud-scorer--a succeeded']);
    expect(await names('--since', '3h', '--state', 'failed,running')).toEqual(['fraud-scorer--c running', 'fraud-scorer--b failed']);
    await names('--caller', 'airflow');
    expect(new URL(bed.api.received.at(-1)?.url ?? '', 'http://a').searchParams.get('labelSelector')).toBe(
      'millrace.dev/service=fraud-scorer,millrace.dev/caller=airflow',
    );
    const text = (await bed.job(['list', 'risk'])).stdout;
    expect(text).toContain('2/9 sync-data');
    expect(text).toContain('ExceededResourceQuota');
  });

  it('job/unknown-job, and what get shows', async () => {
    const bed = await makeBed();
    expect((await bed.job(['get', 'risk/fraud-scorer--none'])).stderr).toContain(
      'there is no job "fraud-scorer--none" in namespace risk [job/unknown-job]',
    );
    bed.runs.set('fraud-scorer--r1', taskRun({ condition: succeeded, ended: allOk }));
    const { stdout, code } = await bed.job(['get', 'fraud-scorer--r1', '--namespace', 'risk']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^risk\/fraud-scorer--r1 succeeded\n {2}service {4}fraud-scorer\n {2}caller {5}airflow\n {2}requestId {2}r1\n/);
    expect(stdout).toContain('  6/9  user-container    ok 2s\n');
  });

  it('logs puts the first failure on top, then a section for each step, and escapes what acts on a terminal', async () => {
    const bed = await makeBed();
    const ended = { ...allOk, 'user-container': [7, 'Continued'], 'sync-output': [7, 'Error'] } as const;
    bed.runs.set('fraud-scorer--r1', taskRun({ condition: failed, ended }));
    for (const step of Object.keys(allOk)) bed.logs.set(`step-${step}`, '');
    bed.logs.set('step-user-container', 'loading\n\x1b[2Jout of luck\n');
    bed.logs.set(
      'step-validate-output',
      '{"level":"error","message":"The predictor exited with code 7.","reason":"runtime/predictor-failed","code":7}\n',
    );
    const { stdout, code } = await bed.job(['logs', 'risk/fraud-scorer--r1']);
    expect(code).toBe(0);
    expect(stdout.startsWith('risk/fraud-scorer--r1 failed\n  failed in user-container with exit code 7: The predictor exited with code 7.\n')).toBe(
      true,
    );
    expect(stdout).toContain('6/9 user-container ...\n    | loading\n    | \\u001b[2Jout of luck\n    exit code 7 2s\n');
    expect(stdout).not.toContain('\x1b');
    const json = JSON.parse((await bed.job(['logs', 'risk/fraud-scorer--r1', '--format', 'json'])).stdout) as {
      logs: { step: string; lines: string[] }[];
    };
    expect(json.logs.map(({ step }) => step)).toEqual(Object.keys(allOk));
    expect((await bed.job(['logs', 'risk/fraud-scorer--r1', '--step', 'user-container'])).stdout).toBe('loading\n\\u001b[2Jout of luck\n');
    const unknown = await bed.job(['logs', 'risk/fraud-scorer--r1', '--step', 'user']);
    expect(unknown.code).toBe(2);
  });

  it('logs of a pod that is gone say so', async () => {
    const bed = await makeBed();
    bed.runs.set('fraud-scorer--r1', taskRun({ condition: failed, ended: { ...allOk, 'sync-data': [4, 'Error'] } }));
    const { stdout, stderr } = await bed.job(['logs', 'risk/fraud-scorer--r1']);
    expect(stdout).toContain('failed in sync-data with exit code 4: "step-sync-output" exited');
    expect(stderr).toContain('no log of configure-rclone, sync-data');
  });

  it('follows a job to its end', async () => {
    const bed = await makeBed();
    bed.runs.set('fraud-scorer--r1', taskRun({ condition: running, ended: { 'configure-rclone': [0, 'Completed'] } }));
    for (const step of Object.keys(allOk)) bed.logs.set(`step-${step}`, step === 'user-container' ? 'scoring\n' : '');
    bed.looked = (name, count) => {
      if (count === 4) bed.runs.set(name, taskRun({ condition: succeeded, ended: allOk }));
    };
    const { stdout, code } = await bed.job(['logs', 'risk/fraud-scorer--r1', '--follow']);
    expect(code).toBe(0);
    expect(stdout.match(/^[1-9]\/9/gm)).toHaveLength(9);
    expect(stdout.match(/scoring/g)).toHaveLength(1);
  });

  it('follows a log to its end when nothing more comes by the connection that it was followed by', async () => {
    const bed = await makeBed();
    const before = Object.fromEntries(Object.entries(allOk).slice(0, 5));
    bed.runs.set('fraud-scorer--r1', taskRun({ condition: running, ended: before }));
    for (const step of Object.keys(allOk)) bed.logs.set(`step-${step}`, step === 'user-container' ? 'first line\nlast line\n' : '');
    bed.stalls = (container, isFollowed) => {
      if (container !== 'step-user-container' || !isFollowed) return undefined;
      // The step ends only when its log is followed.
      bed.runs.set('fraud-scorer--r1', taskRun({ condition: succeeded, ended: allOk }));
      return 'first line\n';
    };
    const { stdout, code } = await bed.job(['logs', 'risk/fraud-scorer--r1', '--follow']);
    expect(code).toBe(0);
    expect(stdout.match(/(first|last) line/g)).toEqual(['first line', 'last line']);
    expect(stdout.match(/^[1-9]\/9/gm)).toHaveLength(9);
  });

  it('job/not-confirmed without --yes; with it a job is stopped, then deleted', async () => {
    const bed = await makeBed();
    bed.runs.set('fraud-scorer--r1', taskRun({ condition: running, ended: {} }));
    const asked = await bed.job(['delete', 'risk/fraud-scorer--r1']);
    expect(asked.code).toBe(1);
    expect(asked.stderr).toContain('is running: it would be stopped and deleted [job/not-confirmed]');
    expect(bed.api.received.every(({ method }) => method === 'GET')).toBe(true);
    const { stdout } = await bed.job(['delete', 'risk/fraud-scorer--r1', '--yes', '--format', 'json']);
    expect(JSON.parse(stdout)).toEqual({ job: 'fraud-scorer--r1', namespace: 'risk', stopped: true, deleted: true });
    expect(bed.api.received.filter(({ method }) => method !== 'GET').map(({ method, body }) => `${method} ${body.toString()}`)).toEqual([
      'PATCH {"spec":{"status":"TaskRunCancelled","statusMessage":"stopped by millrace job delete"}}',
      'DELETE {"apiVersion":"v1","kind":"DeleteOptions","propagationPolicy":"Foreground"}',
    ]);
  });
});

describe('a service with a listener of its own', () => {
  const repository = (): string => {
    const root = temporaryFolder();
    writeRepository(root, {
      [service]: (text) => `${text.trimEnd()}\n  triggers: {webhook: {listener: dedicated}}\n`,
      'services/platform.yaml': (text) => text.replace(/host: \S+/, 'host: localhost'),
    });
    return root;
  };
  const own = '/demo/scorer/api/v1/batch/job';

  it('is posted to at a path of its own', () => {
    const { code, stderr } = millrace(['job', 'submit', 'demo/scorer', '--root', repository(), '--send-only'], { env: { MILLRACE_KEY: 'key' } });
    expect({ code, hasAddress: stderr.includes(`https://localhost${own}`) }, stderr).toEqual({ code: 1, hasAddress: true });
  });

  it('takes no requests at the path of its team', () => {
    const body = join(temporaryFolder(), 'job.json');
    writeFileSync(body, '{"kind":"InferenceJob","spec":{"inferenceServiceId":"scorer"}}');
    const root = repository();
    const simulate = (...args: readonly string[]): Outcome => millrace(['simulate', 'demo/scorer', '--root', root, '--body', body, ...args]);
    expect(simulate().code).toBe(0);
    expect(simulate('--path', own).code).toBe(0);
    const refused = simulate('--path', '/demo/api/v1/batch/job');
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain(own);
  });
});

describe('wrong usage', () => {
  it.each([
    [[], 'a subcommand is missing'],
    [['sumbit', 'risk/x'], 'unknown subcommand "sumbit"'],
    [['submit'], 'TEAM/NAME is missing'],
    [['submit', 'risk'], '"risk" is no TEAM/NAME'],
    [['submit', 'risk/fraud-scorer', '--direct', '--url', 'http://x'], '--direct does not go with --url'],
    [['submit', 'risk/fraud-scorer', '--send-only', '--wait'], '--send-only does not go with --wait'],
    [['submit', 'risk/fraud-scorer', '--request-id', 'Upper'], '--request-id Upper is no requestId'],
    [['submit', 'risk/fraud-scorer', '--timeout', '1h'], '--timeout needs --wait or --logs'],
    [['submit', 'risk/fraud-scorer', '--parallel', '2'], '--parallel needs --each-prefix'],
    [['submit', 'risk/fraud-scorer', '--each-prefix', 'a', '--parallel', '65'], '--parallel 65 is no number from 1 to 64'],
    [['submit', 'risk/fraud-scorer', '--url', 'ftp://x'], '--url ftp://x is no address'],
    [['submit', 'risk/fraud-scorer', '--param', 'x'], '--param x is no NAME=VALUE'],
    [['list', 'risk', '--state', 'faild'], '--state faild is not known'],
    [['list', 'risk', '--since', 'yesterday'], '--since yesterday is no duration'],
    [['get', 'x'], '"x" is no TEAM/JOB'],
    [['logs', 'risk/x', '--follow', '--format', 'json'], '--follow prints text only'],
    [['list', 'risk', '--format', 'sarif'], 'unknown format "sarif"'],
  ])('%j', (args, message) => {
    const { code, stdout, stderr } = millrace(['job', ...args]);
    expect({ code, stdout, first: stderr.split('\n')[0] }).toEqual({ code: 2, stdout: '', first: `millrace job: ${message}` });
  });
});
