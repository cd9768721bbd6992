/** `millrace run` with containers, up to the first of them; test/real/containers.test.ts runs whole jobs in real ones. */
import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { dockerInfo, type FakeBehaviour, type FakeEngine, makeFakeEngine } from '../support/fake-engine.js';
import { millrace, type Outcome, packageRoot, temporaryFolder } from './command.js';

interface Machine {
  readonly folder: string;
  readonly bin: string;
  readonly engine: (kind: string, behaviour: FakeBehaviour) => FakeEngine;
  readonly run: (more?: readonly string[], service?: string) => Outcome;
}

/** A store, and the programs that the steps need which are processes; of engines, none. */
function machine(): Machine {
  const folder = temporaryFolder();
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  mkdirSync(join(folder, 'store'));
  // Whoever runs the tests: root's containers have another user.
  chmodSync(join(folder, 'store'), 0o777);
  for (const name of ['rclone', 'sh']) {
    writeFileSync(join(bin, name), '#!/bin/sh\necho "rclone v1.75.2"\n');
    chmodSync(join(bin, name), 0o755);
  }
  return {
    folder,
    bin,
    engine: (kind, behaviour) => makeFakeEngine(bin, kind, behaviour),
    run: (more = [], service = 'risk/fraud-scorer') =>
      millrace(['run', service, '--store', join(folder, 'store'), '--work', join(folder, 'work'), ...more], { env: { PATH: bin } }),
  };
}

const image = 'registry.example.com/risk/fraud@sha256:f02b95ed0b00ce45335979782615d60879b99e788fa3b7b8fca1599589b88846';

describe('wrong usage', () => {
  it.each([
    [['--exec', '--image', 'fraud:dev'], '--image is about containers, and with --exec there are none'],
    [['--exec', '--containers', 'all'], '--containers is about containers, and with --exec there are none'],
    [['--exec', '--container-engine', 'podman'], '--container-engine is about containers, and with --exec there are none'],
    [['--exec', '--network', 'none'], '--network is about containers, and with --exec there are none'],
    [['--exec', '--no-gpu'], '--no-gpu is about containers, and with --exec there are none'],
    [['--exec-map', '/opt/app=.'], '--exec-map needs --exec'],
    [['--containers', 'predictors'], '--containers "predictors" is none of predictor, all'],
    [['--container-engine', 'Docker'], '--container-engine "Docker" is none of docker, podman, nerdctl'],
    [['--image', 'Fraud'], '--image Fraud is no name of an image'],
    [['--image=--privileged'], '--image --privileged is no name of an image'],
    [['--network=--privileged'], '--network --privileged is no name of a network'],
    [['--network', 'container:other'], '--network container:other is no name of a network'],
  ])('%j', (args, message) => {
    const { code, stdout, stderr } = machine().run(args);
    expect({ code, stdout, first: stderr.split('\n')[0] }).toEqual({ code: 2, stdout: '', first: `millrace run: ${message}` });
  });
});

describe('run/engine-missing', () => {
  it('where no engine is on PATH', () => {
    const { code, stdout, stderr } = machine().run();
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toBe(`error: the predictor is to run as a container, and neither docker nor podman nor nerdctl is on PATH [run/engine-missing]
   hint: install one of them, or run the predictor as a process of this machine: --exec
   help: millrace explain run/engine-missing
`);
  });

  it('where the one that is asked for is not', () => {
    const { engine, run } = machine();
    engine('docker', { info: dockerInfo });
    const { code, stderr } = run(['--container-engine', 'podman']);
    expect(code).toBe(1);
    expect(stderr).toContain('error: the predictor is to run as a container, and podman is not on PATH [run/engine-missing]');
  });

  it('is told together with all else that is missing', () => {
    const { bin, run } = machine();
    writeFileSync(join(bin, 'rclone'), '#!/bin/sh\necho "rclone v1.60.0"\n');
    const { stderr } = run(['--work', '/tmp/a,b']);
    expect(stderr.match(/\[run\/[a-z-]+\]/g)).toEqual(['[run/rclone-too-old]', '[run/path-not-mountable]', '[run/engine-missing]']);
  });
});

describe('run/engine-unavailable', () => {
  it('where it does not answer', () => {
    const { engine, run } = machine();
    engine('docker', {});
    const { code, stderr } = run();
    expect(code).toBe(1);
    expect(stderr).toBe(`error: docker is on PATH and cannot run containers: Cannot connect to the daemon. Is it running? [run/engine-unavailable]
   hint: see what "docker info" says; another engine can be chosen with --container-engine, and --exec needs none
   help: millrace explain run/engine-unavailable
`);
  });

  it.each([
    ['docker', { ServerVersion: '' }, 'its daemon gave no answer'],
    ['docker', 'text', 'its daemon gave no answer'],
    [
      'podman',
      { host: { security: { rootless: true } }, version: { Version: '3.4.4' } },
      'it is version 3.4.4, and without root 4.3 or later is needed',
    ],
  ])('%s that answers %j', (kind, info, problem) => {
    const { engine, run } = machine();
    engine(kind, { info });
    expect(run().stderr).toContain(`error: ${kind} is on PATH and cannot run containers: ${problem} [run/engine-unavailable]`);
  });

  it('is not the end where another one answers', () => {
    const { engine, run } = machine();
    const docker = engine('docker', {});
    const nerdctl = engine('nerdctl', { info: dockerInfo });
    expect(run().stderr).toContain('[run/image-not-pulled]');
    expect(docker.calls()).toEqual([['info', '--format', '{{json .}}']]);
    expect(nerdctl.calls().map(([verb]) => verb)).toEqual(['info', 'image', 'pull']);
  });
});

describe('run/image-not-pulled', () => {
  it('says what to do, and leaves no work folder', () => {
    const { engine, run, folder } = machine();
    const docker = engine('docker', { info: dockerInfo });
    const { code, stdout, stderr } = run();
    expect({ code, stdout }).toEqual({ code: 1, stdout: `pulling ${image}\n` });
    expect(stderr)
      .toBe(`error: the image ${image} is not on this machine, and docker could not pull it: pull access denied for ${image} [run/image-not-pulled]
   hint: log in with "docker login registry.example.com"; for the predictor, --image takes one that you built here
   help: millrace explain run/image-not-pulled
`);
    expect(docker.calls().slice(1)).toEqual([
      ['image', 'inspect', image],
      ['pull', '--quiet', image],
    ]);
    expect(existsSync(join(folder, 'work'))).toBe(false);
  });

  it('tells of each image once, and of the one that stands in for the predictor', () => {
    const { engine, run } = machine();
    engine('docker', { info: dockerInfo, images: ['fraud:dev'] });
    const { stdout } = run(['--containers', 'all', '--image', 'fraud:dev']);
    expect(stdout.split('\n').map((line) => /^pulling ([^@]+)/.exec(line)?.[1])).toEqual([
      'docker.io/library/node',
      'docker.io/rclone/rclone',
      undefined,
    ]);
  });
});

it('a signal during a pull ends it, and nothing has been made', async () => {
  const { engine, folder, bin } = machine();
  const docker = engine('docker', { info: dockerInfo, slowPull: true });
  const args = ['run', 'risk/fraud-scorer', '--store', join(folder, 'store'), '--work', join(folder, 'work')];
  const child = spawn(process.execPath, [join(packageRoot, 'bin/millrace.mjs'), ...args], { cwd: packageRoot, env: { PATH: bin }, stdio: 'ignore' });
  while (!docker.calls().some(([verb]) => verb === 'pull')) await sleep(50);
  const end = ended(child);
  child.kill('SIGINT');
  expect(await end).toBe(130);
  expect(docker.calls().map(([verb]) => verb)).toEqual(['info', 'image', 'pull']);
  expect(existsSync(join(folder, 'work'))).toBe(false);
});

it('run/path-not-mountable names the option', () => {
  const { engine, run } = machine();
  engine('docker', { info: dockerInfo });
  expect(run(['--work', 'a:b']).stderr).toContain(`error: the folder a:b cannot be given to a container: its whole path has a comma, a colon, `);
});

/** All images are there, and a container of the first step lasts until it is removed. */
async function startStep(
  kind: string,
  behaviour: FakeBehaviour = {},
): Promise<{ readonly child: ReturnType<typeof spawn>; readonly fake: FakeEngine; readonly output: () => string }> {
  const { engine, folder, bin } = machine();
  const images = ['fraud:dev', ...['node', 'rclone'].map((name) => imageOf(name))];
  const info = kind === 'podman' ? { host: { cpus: 2, security: { rootless: true } }, version: { Version: '5.0.0' } } : dockerInfo;
  const fake = engine(kind, { info, images, path: `${bin}:/usr/bin:/bin`, ...behaviour });
  // What the container's "node" is, in the place of the image's.
  const forever = join(folder, 'bin/node');
  writeFileSync(forever, '#!/bin/sh\necho "it runs"\nwhile :; do /bin/sleep 0.1; done\n');
  chmodSync(forever, 0o755);
  const args = [
    'run',
    'risk/fraud-scorer',
    '--store',
    join(folder, 'store'),
    '--work',
    join(folder, 'work'),
    '--containers',
    'all',
    '--image',
    'fraud:dev',
  ];
  const child = spawn(process.execPath, [join(packageRoot, 'bin/millrace.mjs'), ...args], { cwd: packageRoot, env: { PATH: bin } });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  while (!fake.calls().some(([verb]) => verb === 'start')) {
    await sleep(50);
    if (child.exitCode !== null) throw new Error(output);
  }
  await sleep(200);
  return { child, fake, output: () => output };
}

const imageOf = (name: string): string => {
  const platform = readFileSync(join(packageRoot, 'services/platform.yaml'), 'utf8');
  return (new RegExp(`\\n    ${name}: (\\S+)`).exec(platform)?.[1] ?? '').replace(/:[^:@/]+@/, '@');
};

const ended = (child: ReturnType<typeof spawn>): Promise<number | null> =>
  new Promise((resolve) => {
    child.on('close', resolve);
  });

describe('a signal in the middle of a step', () => {
  it.each([
    ['docker', 'SIGINT', 130],
    ['docker', 'SIGTERM', 143],
    ['podman', 'SIGINT', 130],
    ['nerdctl', 'SIGINT', 130],
  ] as const)('with %s, %s removes the container and ends with %i', async (kind, signal, expected) => {
    const { child, fake, output } = await startStep(kind);
    expect(fake.containers()).toHaveLength(1);
    const end = ended(child);
    child.kill(signal);
    expect(await end).toBe(expected);
    expect(fake.containers()).toEqual([]);
    expect(output()).toContain(`job fraud-scorer--local of risk/fraud-scorer (all steps in ${kind})\n\n1/9 configure-rclone ... stopped`);
    expect(output()).not.toContain('2/9');
  });
});

it('run/container-left says what remains and how to remove it', async () => {
  const { child, fake, output } = await startStep('docker', { failing: { rm: 'Error response from daemon: device or resource busy' } });
  const end = ended(child);
  child.kill('SIGINT');
  const code = await end;
  fake.killAll();
  expect(code).toBe(130);
  expect(output()).toMatch(
    /warning: the container (millrace-[0-9a-f]{12}-configure-rclone) could not be removed: device or resource busy \[run\/container-left\]\n {3}hint: remove it with: docker rm --force --volumes \1\n/,
  );
});
