/** The life of one container, with an engine of the test; test/real/containers.test.ts does it with real ones. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ContainerSpec } from '../../../src/engine/run/containers/create-args.js';
import type { ContainerEngine, EngineKind } from '../../../src/engine/run/containers/engine.js';
import { type ContainerEnd, runContainer } from '../../../src/engine/run/containers/run-container.js';
import { type FakeBehaviour, type FakeEngine, makeFakeEngine } from '../../support/fake-engine.js';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'millrace-container-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const name = 'millrace-0123456789ab-user-container';

const specOf = (command: readonly [string, ...string[]], env: Readonly<Record<string, string>> = {}): ContainerSpec => ({
  name,
  job: 'fraud--local',
  image: 'fraud:1',
  command,
  env: new Map(Object.entries(env)),
  mounts: [],
  user: { inside: { uid: 65532, gid: 65532 }, options: [], owner: undefined },
  readOnlyRoot: true,
  dropCapabilities: ['ALL'],
  noNewPrivileges: true,
  memory: undefined,
  cpus: undefined,
  gpus: 0,
  network: undefined,
});

interface Run {
  readonly command: readonly [string, ...string[]];
  readonly env?: Readonly<Record<string, string>>;
  readonly kind?: EngineKind;
  readonly behaviour?: FakeBehaviour;
  readonly timeoutSeconds?: number;
  readonly signal?: AbortSignal;
}

interface Outcome extends ContainerEnd {
  readonly fake: FakeEngine;
  readonly lines: readonly string[];
}

const engineOf = (kind: ContainerEngine['kind'], program: string): ContainerEngine => ({
  kind,
  program,
  env: {},
  version: '1',
  rootless: false,
  remapsUsers: false,
  limits: new Set(),
  cpus: 8,
});

async function run({ command, env, kind = 'docker', behaviour = {}, timeoutSeconds, signal = new AbortController().signal }: Run): Promise<Outcome> {
  const fake = makeFakeEngine(folder, kind, behaviour);
  const engine = engineOf(kind, fake.program);
  const lines: string[] = [];
  const end = await runContainer({ engine, spec: specOf(command, env), timeoutSeconds, cwd: folder, signal, onLine: (line) => lines.push(line) });
  return { ...end, fake, lines };
}

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    // A zombie still has an id, and no command line.
    return readFileSync(`/proc/${String(pid)}/cmdline`, 'utf8') !== '';
  } catch {
    return false;
  }
};

/** The id that the program wrote down when it started. */
async function pidOf(file: string): Promise<number> {
  while (!existsSync(file) || readFileSync(file, 'utf8').trim() === '') await sleep(20);
  return Number(readFileSync(file, 'utf8'));
}

describe('a program that ends', () => {
  it.each([0, 3, 125, 127])('with %i', async (code) => {
    const { end, fake, lines, left } = await run({ command: ['sh', '-c', `echo one; echo two >&2; exit ${String(code)}`] });
    expect(end).toEqual({ kind: 'exited', code, signal: undefined });
    expect({ lines, left, containers: fake.containers() }).toEqual({ lines: ['one', 'two'], left: undefined, containers: [] });
    expect(fake.calls().map(([verb]) => verb)).toEqual(['rm', 'create', 'start', 'inspect', 'rm']);
  });

  it('was given its arguments and variables as they are: no shell reads them', async () => {
    const values = ['$(id)', '`id`', '; exit 9', "it's", '"quoted"', '-x', '--name=other', 'two\nlines', '*', ' ', ''];
    const print = 'const {argv, env} = process; console.log(JSON.stringify([argv.slice(1), env.VALUE]))';
    const { lines } = await run({ command: [process.execPath, '-e', print, '--', ...values], env: { VALUE: '$(id) "a=b"\n-c' } });
    expect(JSON.parse(lines[0] ?? '')).toEqual([values, '$(id) "a=b"\n-c']);
  });

  it('ran into its limit of memory', async () => {
    const { end, outOfMemory } = await run({ command: ['sh', '-c', 'kill -9 $$'], behaviour: { oomKilled: true } });
    expect({ end, outOfMemory }).toEqual({ end: { kind: 'exited', code: 137, signal: undefined }, outOfMemory: true });
  });
});

describe.each(['docker', 'podman', 'nerdctl'] as const)('a program that does not end, in %s', (kind) => {
  const forever = (): readonly [string, ...string[]] => ['sh', '-c', `echo $$ > ${join(folder, 'pid')}; while :; do sleep 0.1; done`];

  it('is killed at its timeout, and its container removed', async () => {
    const { end, fake, left } = await run({ kind, command: forever(), timeoutSeconds: 1 });
    expect({ end, left, containers: fake.containers() }).toEqual({ end: { kind: 'timed-out' }, left: undefined, containers: [] });
    const pid = await pidOf(join(folder, 'pid'));
    // Also a signal that nothing catches takes a moment.
    await expect.poll(() => isAlive(pid)).toBe(false);
    expect(fake.calls().at(-1)).toEqual(['rm', '--force', '--volumes', ...(kind === 'podman' ? ['--time=0'] : []), name]);
  });

  it('is killed when the run is stopped, and its container removed', async () => {
    const abort = new AbortController();
    const running = run({ kind, command: forever(), signal: abort.signal });
    const pid = await pidOf(join(folder, 'pid'));
    abort.abort();
    const { end, fake, left } = await running;
    expect({ end, left, containers: fake.containers() }).toEqual({ end: { kind: 'aborted' }, left: undefined, containers: [] });
    await expect.poll(() => isAlive(pid)).toBe(false);
  });
});

describe('what goes wrong with the engine', () => {
  it('a run that was stopped before makes no container', async () => {
    const { end, fake } = await run({ command: ['true'], signal: AbortSignal.abort() });
    expect({ end, verbs: fake.calls().map(([verb]) => verb) }).toEqual({ end: { kind: 'aborted' }, verbs: ['rm'] });
  });

  it('a run that is stopped while the container is made does not start it, and removes it', async () => {
    const abort = new AbortController();
    const fake = makeFakeEngine(folder, 'docker', {});
    const slow = join(folder, 'slow');
    writeFileSync(slow, `#!/bin/sh\nif [ "$1" = create ]; then echo $$ > ${folder}/creating; sleep 0.5; fi\nexec ${fake.program} "$@"\n`, {
      mode: 0o755,
    });
    const engine = engineOf('docker', slow);
    const running = runContainer({
      engine,
      spec: specOf(['true']),
      timeoutSeconds: undefined,
      cwd: folder,
      signal: abort.signal,
      onLine: () => undefined,
    });
    await pidOf(join(folder, 'creating'));
    abort.abort();
    expect((await running).end).toEqual({ kind: 'aborted' });
    expect(fake.calls().map(([verb]) => verb)).toEqual(['rm', 'create', 'rm']);
    expect(fake.containers()).toEqual([]);
  });

  it('what a killed run left under this name is removed first', async () => {
    const fake = makeFakeEngine(folder, 'docker', {});
    writeFileSync(join(folder, 'docker.state', `${name}.json`), JSON.stringify({ args: [], code: 0 }));
    expect(fake.containers()).toEqual([name]);
    expect((await run({ command: ['true'] })).end).toEqual({ kind: 'exited', code: 0, signal: undefined });
    expect(fake.containers()).toEqual([]);
  });

  it.each([
    ["docker: Error response from daemon: invalid mount config.\nSee 'docker run --help'.", 'invalid mount config.'],
    ['Error: runc: no such file: OCI not found', 'runc: no such file: OCI not found'],
    ['time="2026-11-22T10:00:00Z" level=fatal msg="cannot access containerd socket"', '"cannot access containerd socket"'],
    ['FATA[0000] image not known', 'image not known'],
    ['', 'it ended with exit code 125'],
  ])('a container that cannot be made: %j', async (stderr, message) => {
    const { end, left } = await run({ command: ['true'], behaviour: { failing: { create: stderr } } });
    expect({ end, left }).toEqual({ end: { kind: 'not-started', message }, left: undefined });
  });

  it('a program that the image does not have', async () => {
    const { end } = await run({ command: ['/opt/app/none'] });
    expect(end).toEqual({ kind: 'not-started', message: 'spawn /opt/app/none ENOENT' });
  });

  it('an engine that goes away in the middle', async () => {
    const { end } = await run({ command: ['true'], behaviour: { failing: { inspect: 'Cannot connect to the daemon' } } });
    expect(end).toEqual({ kind: 'not-started', message: 'docker lost its container' });
  });

  it('a container that cannot be removed is told', async () => {
    const { end, left } = await run({ command: ['true'], behaviour: { failing: { rm: 'Error: device or resource busy' } } });
    expect({ end, left }).toEqual({ end: { kind: 'exited', code: 0, signal: undefined }, left: 'device or resource busy' });
  });

  it('an engine that is not there any more', async () => {
    const engine = engineOf('docker', join(folder, 'gone'));
    const { end } = await runContainer({
      engine,
      spec: specOf(['true']),
      timeoutSeconds: 1,
      cwd: folder,
      signal: new AbortController().signal,
      onLine: () => undefined,
    });
    expect(end.kind).toBe('not-started');
  });
});
