import { spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { millrace, type Outcome, packageRoot, temporaryFolder, writeFiles } from './command.js';

const job = (spec: object, id = 'fraud-scorer'): string => JSON.stringify({ kind: 'InferenceJob', spec: { inferenceServiceId: id, ...spec } });

function send(body: string, args: readonly string[] = [], service = 'risk/fraud-scorer'): Outcome {
  const folder = temporaryFolder();
  writeFiles(folder, { 'job.json': body, key: 'the key' });
  return millrace(['simulate', service, '--body', join(folder, 'job.json'), ...args.map((word) => (word === 'KEY' ? join(folder, 'key') : word))]);
}

describe('wrong usage', () => {
  it.each([
    [[], 'TEAM/NAME is missing'],
    [['fraud-scorer'], '"fraud-scorer" is no TEAM/NAME'],
    [['risk/fraud-scorer'], '--body FILE is missing'],
    [['risk/fraud-scorer', '--body', 'x', '--key-file', 'y'], '--key-file needs --caller'],
    [['risk/fraud-scorer', '--body', 'x', '--path', 'y'], '--path y is no path'],
    [['risk/fraud-scorer', '--body', 'x', '--header', 'secret: value'], 'a --header is no NAME=VALUE'],
    [['risk/fraud-scorer', '--body', 'x', '--header', 'a=b\nc'], 'a --header is no NAME=VALUE'],
    [['risk/fraud-scorer', '--body', 'x', '--format', 'jsn'], 'unknown format "jsn"'],
  ])('%j', (args, message) => {
    const { code, stdout, stderr } = millrace(['simulate', ...args]);
    expect({ code, stdout, first: stderr.split('\n')[0] }).toEqual({ code: 2, stdout: '', first: `millrace simulate: ${message}` });
  });
});

describe('a request that is right', () => {
  it('is the TaskRun that kubectl would take', () => {
    const { code, stdout, stderr } = send(job({ requestId: 'r-1', dataSource: { path: 'fraud/in/today/' } }), ['--caller', 'airflow']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const run = parse(stdout) as { kind: string; metadata: Record<string, unknown>; spec: { params: { name: string; value: string }[] } };
    expect(run.kind).toBe('TaskRun');
    expect(run.metadata).toMatchObject({ name: 'fraud-scorer--r-1', namespace: 'risk', labels: { 'millrace.dev/caller': 'airflow' } });
    expect(run.spec.params).toContainEqual({ name: 'dataPath', value: 'fraud/in/today/' });
  });

  it('has no name without a requestId', () => {
    const { stdout } = send(job({}), ['--caller', 'airflow']);
    expect((parse(stdout) as { metadata: object }).metadata).toEqual(expect.objectContaining({ generateName: 'fraud-scorer--' }));
    expect((parse(stdout) as { metadata: object }).metadata).not.toHaveProperty('name');
  });

  it('without --caller, tells which callers get through, and shows the run of the first', () => {
    const { code, stdout, stderr } = send(job({}, 'churn'), [], 'growth/churn');
    expect({ code, stderr }).toEqual({ code: 0, stderr: 'airflow: gets through\nci: gets through\nas caller airflow:\n' });
    expect(stdout).toContain('millrace.dev/caller: airflow\n');
  });

  it('as JSON, with an answer for each caller', () => {
    const { code, stdout, stderr } = send(job({ requestId: 'r-1' }), ['--format', 'json']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '[]\n' });
    expect(JSON.parse(stdout)).toMatchObject({
      service: 'risk/fraud-scorer',
      callers: [{ caller: 'airflow', accepted: true, taskRun: { metadata: { name: 'fraud-scorer--r-1' } } }],
    });
  });
});

describe('a request from standard input', () => {
  const simulate = (input: string): Outcome => millrace(['simulate', 'risk/fraud-scorer', '--body', '-', '--caller', 'airflow'], { input });

  it('is read by -', () => {
    const { code, stdout, stderr } = simulate(job({ requestId: 'r-1' }));
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('name: fraud-scorer--r-1\n');
  });

  it('is read to its end where it comes in pieces', async () => {
    const words = ['simulate', 'risk/fraud-scorer', '--body', '-', '--caller', 'airflow'];
    const child = spawn(process.execPath, [join(packageRoot, 'bin/millrace.mjs'), ...words], { stdio: ['pipe', 'pipe', 'inherit'] });
    let stdout = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    const body = job({ requestId: 'r-2' });
    child.stdin.write(body.slice(0, 20));
    setTimeout(() => child.stdin.end(body.slice(20)), 1500);
    const [code] = (await once(child, 'close')) as [number];
    expect({ code, isThere: stdout.includes('name: fraud-scorer--r-2\n') }).toEqual({ code: 0, isThere: true });
  });

  it.each([
    ['', 'error: the listener would answer 400'],
    ['['.repeat(2 ** 20 + 1), 'error: the request (standard input): it is larger than 1 MiB [run/request-unreadable]'],
  ])('is refused like that of a file', (input, problem) => {
    const { code, stderr } = simulate(input);
    expect(code).toBe(1);
    expect(stderr).toContain(problem);
  });
});

describe('a request that is refused', () => {
  it('run/request-refused says what is wrong, in words and as the rule', () => {
    const { code, stdout, stderr } = send(job({ dataSource: { path: 'other/' } }));
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain(
      'error: the listener would not start risk/fraud-scorer: spec.dataSource.path is "other/", but must start with "fraud/in/" [run/request-refused]\n',
    );
    expect(stderr).toContain('hint: millrace simulate with --format json has the rule as it stands in dist/\n');
  });

  it('says so once where all callers are refused for the same', () => {
    const { stderr } = send(job({ requestId: 'R' }, 'churn'), [], 'growth/churn');
    expect(stderr.match(/^error: /gm)).toHaveLength(1);
  });

  it('by its path', () => {
    const { code, stderr } = send(job({}), ['--path', '/growth/api/v1/batch/job']);
    expect(code).toBe(1);
    expect(stderr).toContain('the path of the URL is "/growth/api/v1/batch/job", but must be "/risk/api/v1/batch/job"');
  });

  it('simulate/bad-body is what the caller is told, too', () => {
    const { code, stderr } = send('[]');
    expect(code).toBe(1);
    expect(stderr).toMatch(/^error: the listener would answer 400: its body is no JSON object \[simulate\/bad-body\]\n/);
  });

  it('run/unknown-caller where the caller may not start it', () => {
    const { code, stderr } = send(job({}), ['--caller', 'ci']);
    expect(code).toBe(1);
    expect(stderr).toContain(
      'error: caller "ci" may not start risk/fraud-scorer [run/unknown-caller]\n   hint: callers of this service: "airflow"\n',
    );
  });

  it('as JSON, with who refuses', () => {
    const { code, stdout, stderr } = send(job({ requestId: 5 }), ['--format', 'json', '--caller', 'airflow']);
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toEqual({
      service: 'risk/fraud-scorer',
      callers: [
        {
          caller: 'airflow',
          accepted: false,
          refusals: [
            {
              by: 'trigger',
              trigger: 'fraud-scorer',
              sentence: 'spec.requestId is 5, but must be a string',
              rule: expect.stringContaining('requestId') as string,
            },
          ],
        },
      ],
    });
    expect((JSON.parse(stderr) as { code: string }[]).map(({ code }) => code)).toEqual(['run/request-refused']);
  });

  it('run/unknown-service, run/request-unreadable and run/no-webhook, as for a run', () => {
    expect(send(job({}), [], 'risk/fraud').stderr).toContain('[run/unknown-service]');
    expect(millrace(['simulate', 'risk/fraud-scorer', '--body', 'nothing.json']).stderr).toContain('[run/request-unreadable]');
    const root = temporaryFolder();
    cpSync(join(packageRoot, 'services'), join(root, 'services'), { recursive: true });
    const service = join(root, 'services/risk/fraud-scorer.yaml');
    writeFileSync(service, '  triggers:\n    webhook:\n      enabled: false\n', { flag: 'a' });
    const { code, stderr } = send(job({}), ['--root', root]);
    expect(code).toBe(1);
    expect(stderr).toContain('[run/no-webhook]');
  });

  it('problems of the definitions come first', () => {
    const root = temporaryFolder();
    writeFiles(root, { 'services/platform.yaml': 'kind: Platform\n' });
    const { code, stderr } = send(job({}), ['--root', root]);
    expect(code).toBe(1);
    expect(stderr).toContain('services/platform.yaml');
  });
});

describe('with the key of the caller', () => {
  const body = job({});
  const signature = (key: string): string => `X-Hub-Signature-256=sha256=${createHmac('sha256', key).update(body).digest('hex')}`;
  const as = (header: string): Outcome => send(body, ['--caller', 'airflow', '--key-file', 'KEY', '--header', header]);

  it('the signature is checked', () => {
    expect(as(signature('the key')).code).toBe(0);
    const { code, stderr } = as(signature('another key'));
    expect(code).toBe(1);
    expect(stderr).toContain('the signature in X-Hub-Signature-256 is not that of this body with the key token of Secret webhook-airflow');
    expect(stderr).not.toContain('the key:');
  });

  it('the token is checked, and shown nowhere', () => {
    const token = (value: string): Outcome =>
      send(job({}, 'churn'), ['--caller', 'ci', '--key-file', 'KEY', '--header', `X-Millrace-Token=${value}`], 'growth/churn');
    expect(token('the key').code).toBe(0);
    const { code, stderr } = token('canary');
    expect(code).toBe(1);
    expect(stderr).toContain('the header X-Millrace-Token is not what the key token of Secret webhook-ci holds');
    expect(stderr).not.toContain('canary');
  });

  it('simulate/key-unreadable', () => {
    const { code, stderr } = send(body, ['--caller', 'airflow', '--key-file', '/dev/zero']);
    expect(code).toBe(1);
    expect(stderr).toContain('error: the key /dev/zero: it is a device, and only a regular file is read [simulate/key-unreadable]\n');
  });
});
