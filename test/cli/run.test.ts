/** What `millrace run` refuses before anything runs; test/real/run.test.ts runs jobs. */
import { spawnSync } from 'node:child_process';
import { appendFileSync, chmodSync, cpSync, mkdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { service, writeRepository } from './definitions.js';
import { millrace, type Outcome, packageRoot, temporaryFolder } from './command.js';

/** A folder with a store and all programs that a job needs, none of which is ever called for more than its version. */
function machine(): { readonly folder: string; readonly run: (args: readonly string[]) => Outcome } {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'bin'));
  mkdirSync(join(folder, 'store'));
  for (const name of ['rclone', 'sh', 'python3', 'embed']) {
    writeFileSync(join(folder, 'bin', name), '#!/bin/sh\necho "rclone v1.75.2"\n');
    chmodSync(join(folder, 'bin', name), 0o755);
  }
  const run = (args: readonly string[]): Outcome => millrace(['run', ...args], { env: { PATH: join(folder, 'bin') } });
  return { folder, run };
}

it('the help text names every exit code', () => {
  const { stdout } = machine().run(['--help']);
  expect(/^exit codes: (.*\n.*)$/m.exec(stdout)?.[1]?.match(/\b\d+\b/g)).toEqual(['0', '1', '2', '3', '130', '143', '129']);
});

describe('wrong usage', () => {
  it.each([
    [[], 'TEAM/NAME is missing'],
    [['fraud-scorer', '--store', '.', '--exec'], '"fraud-scorer" is no TEAM/NAME'],
    [['risk/fraud-scorer/x', '--store', '.', '--exec'], '"risk/fraud-scorer/x" is no TEAM/NAME'],
    [['risk/fraud-scorer', '--exec'], '--store DIR is missing'],
    [['risk/fraud-scorer', '--store', '.', '--exec', '--caller', 'airflow'], '--caller needs --request'],
    [['risk/fraud-scorer', '--store', '.', '--exec', '--param', 'threshold'], '--param threshold is no NAME=VALUE'],
    [['risk/fraud-scorer', '--store', '.', '--exec', '--param', 'a=b', '--request', 'x'], '--param and --request exclude each other'],
    [['risk/fraud-scorer', '--store', '.', '--exec', '--at', '2026-11-22T01:00Z'], '--at needs --schedule'],
    [['risk/fraud-scorer', '--store', '.', '--exec', '--schedule', 'a', '--request', 'x'], '--request and --schedule exclude each other'],
    [['risk/fraud-scorer', '--store', '.', '--exec', '--schedule', 'a', '--param', 'a=b'], '--param and --schedule exclude each other'],
    ...['2026-11-22', '2026-11-22T01:00', '2026-02-30T01:00Z', '2026-11-22T25:00Z', 'now'].map((at): [string[], string] => [
      ['risk/fraud-scorer', '--store', '.', '--exec', '--schedule', 'a', '--at', at],
      `--at ${at} is no time`,
    ]),
    [
      ['risk/fraud-scorer', '--store', '.', '--exec', '--schedule', 'a', '--at', '1989-12-31T23:59Z'],
      '--at 1989-12-31T23:59Z is not between 1990 and 2159',
    ],
    [['risk/fraud-scorer', '--store', '.', '--exec', '--job-id', 'A'], '--job-id A is no name of a job'],
    [['risk/fraud-scorer', '--store', '.', '--exec', '--exec-map', 'app=.'], '--exec-map app=. is no FOLDER=DIR'],
    [['risk/fraud-scorer', '--store', '.', '--exec', '--exec-map', '/opt/app'], '--exec-map /opt/app is no FOLDER=DIR'],
  ])('%j', (args, message) => {
    const { code, stdout, stderr } = machine().run(args);
    expect({ code, stdout, first: stderr.split('\n')[0] }).toEqual({ code: 2, stdout: '', first: `millrace run: ${message}` });
  });
});

it('run/unknown-service lists those that there are', () => {
  const { folder, run } = machine();
  const { code, stderr } = run(['risk/fraud', '--store', join(folder, 'store'), '--exec']);
  expect(code).toBe(1);
  expect(stderr).toBe(`error: there is no service risk/fraud [run/unknown-service]
   hint: services: growth/churn, growth/embedder, risk/document-tagger, risk/fraud-scorer
   help: millrace explain run/unknown-service
`);
});

it('run/request-needed names what the service leaves open', () => {
  const { folder, run } = machine();
  const { code, stderr } = run(['growth/embedder', '--store', join(folder, 'store'), '--exec', '--exec-map', `/opt/app=${join(folder, 'bin')}`]);
  expect(code).toBe(1);
  expect(stderr).toContain('error: growth/embedder leaves dataSource to the request, and there is none [run/request-needed]\n');
});

it('run/unknown-param suggests the one that was meant', () => {
  const { folder, run } = machine();
  const root = join(folder, 'repository');
  const params = '  params:\n    threshold: {default: "0.5", pattern: \'^0[.][0-9]+$\'}\n';
  writeRepository(root, { [service]: (text) => `${text.trimEnd()}\n${params}` });
  const { code, stderr } = run(['demo/scorer', '--root', root, '--store', join(folder, 'store'), '--exec', '--param', 'treshold=0.7']);
  expect(code).toBe(1);
  expect(stderr).toContain('error: demo/scorer has no param "treshold" [run/unknown-param]\n');
  expect(stderr).toContain('hint: did you mean "threshold"?');
});

it('run/unknown-schedule suggests the one that was meant', () => {
  const { folder, run } = machine();
  const root = join(folder, 'repository');
  const triggers = '  triggers:\n    schedules: [{name: nightly, cron: "0 2 * * *"}]\n';
  writeRepository(root, { [service]: (text) => `${text.trimEnd()}\n${triggers}` });
  const { code, stderr } = run(['demo/scorer', '--root', root, '--store', join(folder, 'store'), '--exec', '--schedule', 'nigthly']);
  expect(code).toBe(1);
  expect(stderr).toContain('error: demo/scorer has no schedule "nigthly" [run/unknown-schedule]\n');
  expect(stderr).toContain('hint: did you mean "nightly"?');
});

describe('a request', () => {
  interface Sent {
    readonly service?: string;
    readonly caller?: string;
    readonly root?: string;
  }
  function send(body: string, { service = 'risk/fraud-scorer', caller, root }: Sent = {}): Outcome {
    const { folder, run } = machine();
    writeFileSync(join(folder, 'job.json'), body);
    return run([
      service,
      ...['--store', join(folder, 'store'), '--exec', '--exec-map', `/opt/app=${join(folder, 'bin')}`, '--request', join(folder, 'job.json')],
      ...(caller === undefined ? [] : ['--caller', caller]),
      ...(root === undefined ? [] : ['--root', root]),
    ]);
  }
  const job = (spec: object): string => JSON.stringify({ kind: 'InferenceJob', spec: { inferenceServiceId: 'fraud-scorer', ...spec } });

  it.each([
    ['', 'is empty'],
    ['{', 'is no JSON'],
    ['[]', 'is no JSON object'],
    ['\ufeff{}', 'is no JSON'],
  ])('run/request-unreadable: %j', (body, problem) => {
    const { code, stderr } = send(body);
    expect(code).toBe(1);
    expect(stderr).toMatch(new RegExp(`^error: the request \\S+job\\.json: its body ${problem} \\[run/request-unreadable\\]\n`));
  });

  it('run/request-unreadable: no such file', () => {
    const { folder, run } = machine();
    const { code, stderr } = run(['risk/fraud-scorer', '--store', join(folder, 'store'), '--exec', '--request', 'nothing.json']);
    expect(code).toBe(1);
    expect(stderr).toContain('error: the request nothing.json: it cannot be read: no such file or directory (ENOENT)');
  });

  it('run/request-unreadable: a body that is nested without end', () => {
    const problem = 'its body is nested more than 1000 levels deep [run/request-unreadable]';
    for (const [open, close] of [
      ['{"a":', '}'],
      ['[', ']'],
    ] as const) {
      const deep = (levels: number): Outcome => send(job({}).replace('{', `{"x":${open.repeat(levels)}1${close.repeat(levels)},`));
      for (const { code, stderr } of [deep(100_000), deep(1001)]) {
        expect(code).toBe(1);
        expect(stderr).toContain(problem);
      }
      expect(deep(900).stderr).not.toContain(problem);
    }
    const { stderr } = send(`{"kind": "InferenceJob", "spec": ${'['.repeat(900)}${']'.repeat(900)}}`);
    expect(stderr).toContain('[run/request-refused]');
  });

  it('run/request-unreadable: what never ends is not read at all, and what is large not to its end', () => {
    const { folder, run } = machine();
    const pipe = join(folder, 'pipe');
    expect(spawnSync('mkfifo', [pipe]).status).toBe(0);
    const large = join(folder, 'large.json');
    writeFileSync(large, '');
    truncateSync(large, 2 ** 30);
    for (const [file, problem] of [
      [pipe, 'it is a pipe, and only a regular file is read; - reads standard input'],
      ['/dev/zero', 'it is a device, and only a regular file is read; - reads standard input'],
      [folder, 'it is a folder, and only a regular file is read; - reads standard input'],
      [large, 'it is larger than 1 MiB'],
    ] as const) {
      const { code, stdout, stderr } = run(['risk/fraud-scorer', '--store', join(folder, 'store'), '--exec', '--request', file]);
      expect({ file, code, stdout }).toEqual({ file, code: 1, stdout: '' });
      expect(stderr).toContain(`error: the request ${file}: ${problem} [run/request-unreadable]\n`);
    }
    const { stderr } = run(['risk/fraud-scorer', '--store', join(folder, 'store'), '--exec', '--request', '-']);
    expect(stderr).toMatch(/error: the request \(standard input\): its body .* \[run\/request-unreadable\]\n/);
  });

  it('run/request-refused says the rule in words, and where it stands as it is', () => {
    const { code, stderr } = send(job({ requestId: 'R1' }));
    expect(code).toBe(1);
    expect(stderr).toContain('error: the listener would not start risk/fraud-scorer: spec.requestId is "R1", but must be ');
    expect(stderr).toContain('hint: millrace simulate with --format json has the rule as it stands in dist/\n');
  });

  it('run/unknown-caller lists those that may call', () => {
    const { code, stderr } = send(job({}), { caller: 'ci' });
    expect(code).toBe(1);
    expect(stderr).toContain(
      'error: caller "ci" may not start risk/fraud-scorer [run/unknown-caller]\n   hint: callers of this service: "airflow"\n',
    );
  });

  it('run/no-webhook where no listener would start the service', () => {
    const root = temporaryFolder();
    cpSync(join(packageRoot, 'services'), join(root, 'services'), { recursive: true });
    appendFileSync(join(root, 'services/risk/fraud-scorer.yaml'), '  triggers:\n    webhook:\n      enabled: false\n');
    const { code, stderr } = send(job({}), { root });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^error: risk\/fraud-scorer takes no requests: its webhook is off, or nobody may call it \[run\/no-webhook\]\n/);
  });
});

it('run/no-temporary-folder names TMPDIR, and not rclone', () => {
  const { folder } = machine();
  const args = ['run', 'risk/fraud-scorer', '--store', join(folder, 'store'), '--exec', '--exec-map', `/opt/app=${join(folder, 'bin')}`];
  const { code, stderr } = millrace(args, { env: { PATH: join(folder, 'bin'), TMPDIR: join(folder, 'none') } });
  expect(code).toBe(1);
  expect(stderr).toBe(`error: the folder for temporary files, ${join(folder, 'none')}, is no folder [run/no-temporary-folder]
   hint: set TMPDIR to an existing folder, or unset it
   help: millrace explain run/no-temporary-folder
`);
});

it('nothing that a program prints acts on the terminal', () => {
  const { folder } = machine();
  for (const name of ['raw', 'models', 'results']) mkdirSync(join(folder, 'store', name));
  rmSync(join(folder, 'bin/sh'));
  const hostile = '\\033]0;mine\\007\\033[2J10%%\\r20%%\\ttab \\342\\200\\256live\\302\\233K';
  writeFileSync(join(folder, 'bin/rclone'), `#!/bin/sh\n[ "$1" = version ] && echo "rclone v1.75.2" && exit\nprintf '${hostile}\\n' >&2\nexit 1\n`);
  const args = ['run', 'risk/fraud-scorer', '--store', join(folder, 'store'), '--exec', '--exec-map', `/opt/app=${folder}`];
  const { code, stdout, stderr } = millrace([...args, '--work', join(folder, 'work')], { env: { PATH: `${join(folder, 'bin')}:/usr/bin:/bin` } });
  expect(code).toBe(1);
  const shown = '\\u001b]0;mine\\u0007\\u001b[2J10%\\u000d20%\ttab \\u202elive\\u009bK\n';
  expect(stdout).toContain(`    ${shown}`);
  expect(stderr).toContain(`last lines of sync-data:\n    | ${shown}`);
  expect(stdout + stderr).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202e]/);
});
