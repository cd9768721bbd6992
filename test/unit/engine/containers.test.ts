/** What containers are made of, from the emitted Task. The lists in container-args/ are what each engine is called with. */
import { chmodSync, lstatSync, mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Diagnostic } from '../../../src/diagnostics/diagnostic.js';
import { checkContainers, checkFolders, checkOutputFolder } from '../../../src/engine/run/containers/check-containers.js';
import { containerHost, containerSpec } from '../../../src/engine/run/containers/container-host.js';
import { canMount, createArgs } from '../../../src/engine/run/containers/create-args.js';
import { readDockerInfo, readPodmanInfo } from '../../../src/engine/run/containers/engine-info.js';
import { type ContainerEngine, engineKinds } from '../../../src/engine/run/containers/engine.js';
import { imageName } from '../../../src/engine/run/containers/images.js';
import { giveTo } from '../../../src/engine/run/containers/ownership.js';
import { containerUser } from '../../../src/engine/run/containers/user.js';
import { removeTree } from '../../../src/engine/run/remove-tree.js';
import type { Invocation } from '../../../src/engine/run/step-host.js';
import { readTask, type Step, type Task } from '../../../src/engine/run/task.js';
import { pathStage, replaceVariables } from '../../../src/engine/run/variables.js';
import { renderTask } from '../../../src/manifests/job/task.js';
import type { ServiceModel } from '../../../src/model/model.js';
import { makeFakeEngine } from '../../support/fake-engine.js';
import { makeDeepTree } from '../../support/hostile-folders.js';
import { gpuPool, serviceModel } from '../../support/models.js';

const all = new Set(['memory', 'cpu', 'pids'] as const);
const engineOf = (changes: Partial<ContainerEngine> = {}): ContainerEngine => ({
  kind: 'docker',
  program: '/usr/bin/docker',
  env: {},
  version: '28.0.0',
  rootless: false,
  remapsUsers: false,
  limits: all,
  cpus: 8,
  ...changes,
});

const work = {
  path: '/work/job',
  volume: (name: string, subPath = '') => join('/work/job/volumes', name, subPath),
  steps: '/work/job/steps',
  home: (step: string) => join('/work/job/home', step),
  release: () => undefined,
};

/** A step as runTask hands it over; only its paths are filled in. */
const invocationOf = (step: Step): Invocation => ({
  step,
  command: [step.command[0] ?? '', ...step.command.slice(1), ...step.args],
  env: new Map(step.env.map(({ name, value }) => [name, replaceVariables(value, [pathStage(step.name)])])),
  mounts: step.mounts.map((mount) => ({ ...mount, host: work.volume(mount.volume, mount.subPath) })),
  work,
  signal: new AbortController().signal,
  onLine: () => undefined,
});

interface Settings {
  readonly service?: ServiceModel;
  readonly engine?: Partial<ContainerEngine>;
  readonly gpu?: boolean;
  readonly network?: string;
}

const taskOf = (service: ServiceModel): Task => readTask(renderTask(service, 'millrace-runtime-0123456789'));

function argsOf(name: string, { service = serviceModel, engine, gpu = true, network }: Settings = {}): readonly string[] {
  const task = taskOf(service);
  const step = task.steps.find((each) => each.name === name);
  if (!step) throw new Error(`there is no step ${name}`);
  const options = {
    engine: engineOf(engine),
    task,
    jobId: 'fraud-scorer--local',
    image: step.container.image,
    network,
    gpu,
    store: '/home/ada/store',
    invoker: { uid: 1000, gid: 1000 },
    notice: () => undefined,
  };
  return createArgs(options.engine, containerSpec(options, invocationOf(step)));
}

/** With a GPU, a limit of CPU and shared memory. */
const rich: ServiceModel = {
  ...serviceModel,
  storage: { ...serviceModel.storage, shm: '1Gi' },
  resources: { ...serviceModel.resources, limits: { ...serviceModel.resources.limits, cpu: '1500m', gpu: 2 } },
  nodePool: gpuPool,
};

it.each(engineKinds)('%s is called for a predictor', async (kind) => {
  const args = argsOf('user-container', { engine: { kind }, service: rich });
  await expect(`${args.join('\n')}\n`).toMatchFileSnapshot(`container-args/${kind}.txt`);
});

describe('of what is beside the volumes', () => {
  const mountsOf = (name: string): readonly string[] =>
    argsOf(name).filter((arg) => arg.startsWith('--mount=') && !arg.includes('source=/work/job/volumes/'));
  const envOf = (name: string): readonly string[] => argsOf(name).filter((arg) => /^--env=MILLRACE_(STORE|RESULT_RUN|EXIT_CODE_FILE)=/.test(arg));

  it('the steps that see rclone.conf have the store, and write to it only where they publish', () => {
    expect(mountsOf('configure-rclone')).toEqual(['--mount=type=bind,source=/home/ada/store,destination=/mnt/store']);
    expect(envOf('configure-rclone')).toEqual(['--env=MILLRACE_STORE=/mnt/store']);
    expect(mountsOf('sync-data')).toEqual(['--mount=type=bind,source=/home/ada/store,destination=/mnt/store,readonly']);
    expect(mountsOf('sync-model')).toEqual(['--mount=type=bind,source=/home/ada/store,destination=/mnt/store,readonly']);
    expect(mountsOf('sync-output')).toEqual(['--mount=type=bind,source=/home/ada/store,destination=/mnt/store']);
    expect(mountsOf('log-output')).toEqual([]);
  });

  it('a step that leaves a result may write it, and one that is told of an exit code may read it', () => {
    expect(mountsOf('validate-input')).toEqual(['--mount=type=bind,source=/work/job/steps,destination=/tekton/steps']);
    expect(envOf('validate-input')).toEqual(['--env=MILLRACE_RESULT_RUN=/tekton/steps/step-validate-input/results/run']);
    expect(mountsOf('validate-output')).toEqual(['--mount=type=bind,source=/work/job/steps,destination=/tekton/steps,readonly']);
    expect(envOf('validate-output')).toEqual(['--env=MILLRACE_EXIT_CODE_FILE=/tekton/steps/step-user-container/exitCode']);
  });

  it('a helper has what its image and the stepTemplate give it', () => {
    const args = argsOf('log-output');
    expect(args).toEqual(expect.arrayContaining(['--read-only', '--cap-drop=ALL', '--memory=2147483648', '--entrypoint=node', '--env=HOME=/tmp']));
    expect(args.slice(-3)).toEqual([`docker.io/library/node@sha256:${'b'.repeat(64)}`, '/opt/millrace/runtime.mjs', 'log-output']);
  });
});

describe('limits', () => {
  const limitsOf = (args: readonly string[]): readonly string[] =>
    args.filter((arg) => /^--(memory|memory-swap|cpus|pids-limit|gpus|device)=/.test(arg));

  it('are left out where the engine cannot hold them', () => {
    expect(limitsOf(argsOf('user-container', { service: rich, gpu: false, engine: { kind: 'podman', limits: new Set() } }))).toEqual([]);
  });

  it('of more processors than there are would be refused, and limit nothing', () => {
    expect(limitsOf(argsOf('user-container', { service: rich, gpu: false, engine: { cpus: 1 } }))).not.toContain('--cpus=1.5');
    expect(limitsOf(argsOf('user-container', { service: rich, gpu: false, engine: { cpus: 2 } }))).toContain('--cpus=1.5');
  });

  it('of GPUs only where they are asked for', () => {
    expect(argsOf('user-container', { service: rich })).toContain('--gpus=2');
    expect(argsOf('user-container', { service: rich, gpu: false }).join(' ')).not.toContain('gpus');
    expect(argsOf('configure-rclone', { service: rich }).join(' ')).not.toContain('gpus');
  });
});

it('takes the network that is asked for', () => {
  expect(argsOf('user-container', { network: 'none' })).toContain('--network=none');
  expect(argsOf('user-container').join(' ')).not.toContain('--network');
});

it('a predictor sees no store, no rclone.conf and no results of steps', () => {
  const mounts = argsOf('user-container', { service: rich }).filter((arg) => arg.startsWith('--mount='));
  expect(mounts.map((mount) => /destination=([^,]+)/.exec(mount)?.[1]).sort()).toEqual([
    '/dev/shm',
    '/mnt/job/input',
    '/mnt/job/model',
    '/mnt/job/output',
    '/tmp',
  ]);
});

describe('the user of a container', () => {
  const task = { uid: 65532, gid: 65532 };
  const ada = { uid: 1000, gid: 100 };
  const root = { uid: 0, gid: 0 };
  it.each([
    ['docker as root, started by root: the folders are given to it', {}, root, { inside: task, options: [], owner: task }],
    ['docker as root, started by Ada: her own user', {}, ada, { inside: ada, options: [], owner: undefined }],
    ['docker that remaps users', { remapsUsers: true }, ada, { inside: ada, options: ['--userns=host'], owner: undefined }],
    ['docker without root: root of its namespace is Ada', { rootless: true }, ada, { inside: root, options: [], owner: undefined }],
    ['nerdctl without root', { kind: 'nerdctl', rootless: true }, ada, { inside: root, options: [], owner: undefined }],
    [
      'podman without root maps any user',
      { kind: 'podman', rootless: true },
      ada,
      { inside: task, options: ['--userns=keep-id:uid=65532,gid=65532'], owner: undefined },
    ],
    ['podman as root', { kind: 'podman' }, root, { inside: task, options: [], owner: task }],
    ['a system without user ids', {}, undefined, { inside: task, options: [], owner: undefined }],
  ] as const)('%s', (_, engine, invoker, expected) => {
    expect(containerUser(engineOf(engine), task, invoker)).toEqual(expected);
  });
});

describe('what an engine says of itself', () => {
  const docker = {
    ServerVersion: '28.0',
    MemoryLimit: true,
    CpuCfsQuota: true,
    PidsLimit: true,
    NCPU: 4,
    SecurityOptions: ['name=seccomp,profile=builtin'],
  };
  it.each([
    [docker, { version: '28.0', rootless: false, remapsUsers: false, limits: all, cpus: 4 }],
    [
      { ...docker, SecurityOptions: ['name=rootless', 'name=cgroupns'] },
      { version: '28.0', rootless: true, remapsUsers: false, limits: all, cpus: 4 },
    ],
    [
      { ...docker, SecurityOptions: ['name=userns'] },
      { version: '28.0', rootless: false, remapsUsers: true, limits: all, cpus: 4 },
    ],
    [
      { ...docker, MemoryLimit: false },
      { version: '28.0', rootless: false, remapsUsers: false, limits: new Set(['cpu', 'pids']), cpus: 4 },
    ],
    [{ ServerVersion: '1' }, { version: '1', rootless: false, remapsUsers: false, limits: all, cpus: Number.POSITIVE_INFINITY }],
    [{ ...docker, ServerVersion: '' }, undefined],
    [null, undefined],
    ['text', undefined],
  ])('docker %j', (info, facts) => {
    expect(readDockerInfo(info)).toEqual(facts);
  });

  const podman = { host: { cpus: 2, security: { rootless: true }, cgroupControllers: ['memory', 'pids'] }, version: { Version: '4.3.1' } };
  it.each([
    [podman, { version: '4.3.1', rootless: true, remapsUsers: false, limits: new Set(['memory', 'pids']), cpus: 2 }],
    [
      { ...podman, host: { cpus: 2 } },
      { version: '4.3.1', rootless: false, remapsUsers: false, limits: all, cpus: 2 },
    ],
    [
      { ...podman, host: { ...podman.host, cgroupControllers: [] } },
      { version: '4.3.1', rootless: true, remapsUsers: false, limits: new Set(), cpus: 2 },
    ],
    [{ host: podman.host }, undefined],
    [[], undefined],
  ])('podman %j', (info, facts) => {
    expect(readPodmanInfo(info)).toEqual(facts);
  });
});

it.each([
  ['/home/ada/a=b c', true],
  ['/home/ada/üñ', true],
  ['/home/ada/a,b', false],
  ['/home/ada/a:b', false],
  ['/home/ada/"a"', false],
  ["/home/ada/'a'", false],
  ['/home/ada/a\\b', false],
  ['/home/ada/a\nb', false],
])('%j may be mounted: %s', (path, expected) => {
  expect(canMount(path)).toBe(expected);
});

it.each([
  ['registry.example.com:5000/risk/fraud:1.4@sha256:' + 'a'.repeat(64), 'registry.example.com:5000/risk/fraud@sha256:' + 'a'.repeat(64)],
  ['registry.example.com:5000/risk/fraud@sha256:' + 'a'.repeat(64), 'registry.example.com:5000/risk/fraud@sha256:' + 'a'.repeat(64)],
  ['registry.example.com:5000/risk/fraud:1.4', 'registry.example.com:5000/risk/fraud:1.4'],
  ['fraud', 'fraud'],
])('of %s engines are asked for %s', (image, expected) => {
  expect(imageName(image)).toBe(expected);
});

const told = (diagnostics: readonly Diagnostic[]): readonly string[] => diagnostics.map(({ code, message }) => `${code}: ${message}`);

describe('what is told before the first step', () => {
  const steps = taskOf({ ...rich, nodePool: { ...gpuPool, gpuResource: 'amd.com/gpu' } }).steps;

  it('nothing where all is there', () => {
    expect(checkContainers(taskOf(rich).steps, engineOf(), true)).toEqual([]);
  });

  it('run/limits-not-enforced', () => {
    expect(told(checkContainers(taskOf(rich).steps, engineOf({ kind: 'podman', limits: new Set(['pids']) }), true))).toEqual([
      'run/limits-not-enforced: podman cannot limit memory and cpu on this machine, so the containers may use more than on a cluster',
    ]);
  });

  it('run/device-not-given, unless it is not asked for', () => {
    expect(told(checkContainers(steps, engineOf(), true))).toEqual([
      'run/device-not-given: the predictor asks for amd.com/gpu, and gets none here: container engines know nvidia.com/gpu only',
    ]);
    expect(checkContainers(steps, engineOf(), false)).toEqual([]);
  });

  it('run/path-not-mountable', () => {
    const [found] = checkFolders([
      { path: '/a/b', display: 'b', option: '--work' },
      { path: '/a,b/c', display: 'c', option: '--store' },
    ]);
    expect(found?.code).toBe('run/path-not-mountable');
    expect(found?.hint).toBe('give another folder with --store');
  });
});

describe('folders of this machine', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'millrace-folders-'));
  });
  afterEach(() => {
    removeTree(folder);
  });

  it('run/store-not-writable: the nearest folder that is there decides', () => {
    const stranger = { uid: 4_000_000, gid: 4_000_000 };
    mkdirSync(join(folder, 'results'));
    chmodSync(join(folder, 'results'), 0o755);
    expect(told(checkOutputFolder(folder, 'results/fraud/out/', stranger))).toEqual([
      `run/store-not-writable: with --containers all, every step is user 4000000 here, who may not write to ${join(folder, 'results')}`,
    ]);
    chmodSync(join(folder, 'results'), 0o777);
    expect(checkOutputFolder(folder, 'results/fraud/out/', stranger)).toEqual([]);
    const { uid, gid } = lstatSync(folder);
    chmodSync(join(folder, 'results'), 0o755);
    expect(checkOutputFolder(folder, 'results/fraud/out/', { uid, gid })).toEqual([]);
    expect(checkOutputFolder(folder, 'results/fraud/out/', undefined)).toEqual([]);
    expect(checkOutputFolder(join(folder, 'none'), 'results/', stranger)).toEqual([]);
  });

  it('giving a folder away follows no link', () => {
    mkdirSync(join(folder, 'volume/sub'), { recursive: true });
    writeFileSync(join(folder, 'volume/sub/file'), '');
    symlinkSync(join(folder, 'missing'), join(folder, 'volume/link'));
    const { uid, gid } = lstatSync(folder);
    // To its own owner, so that it needs no root.
    expect(() => giveTo({ uid, gid }, [join(folder, 'volume')])).not.toThrow();
    if (uid !== 0) return;
    writeFileSync(join(folder, 'missing'), '');
    giveTo({ uid: 65532, gid: 65532 }, [join(folder, 'volume')]);
    const owners = ['volume', 'volume/sub', 'volume/sub/file', 'volume/link', 'missing'].map((path) => lstatSync(join(folder, path)).uid);
    expect(owners).toEqual([65532, 65532, 65532, 65532, 0]);
  });

  it('giving away what is gone, or deeper than a path reaches, is no reason to end a run', () => {
    const { uid, gid } = lstatSync(folder);
    makeDeepTree(folder);
    writeFileSync(join(folder, 'file'), '');
    expect(() => {
      giveTo({ uid, gid }, [join(folder, 'gone'), folder]);
    }).not.toThrow();
    if (uid !== 0) return;
    giveTo({ uid: 65532, gid: 65532 }, [join(folder, 'gone'), folder]);
    // What stands behind it is given away all the same.
    expect(lstatSync(join(folder, 'file')).uid).toBe(65532);
  });

  it('run/out-of-memory names the limit that the step has', async () => {
    const fake = makeFakeEngine(folder, 'docker', { oomKilled: true });
    const task = taskOf(serviceModel);
    const step = task.steps.find(({ name }) => name === 'user-container');
    if (!step) throw new Error('there is no predictor');
    const notices: Diagnostic[] = [];
    const host = containerHost({
      engine: engineOf({ program: fake.program }),
      task,
      jobId: 'fraud-scorer--local',
      image: 'fraud:dev',
      network: undefined,
      gpu: true,
      store: folder,
      invoker: { uid: 1000, gid: 1000 },
      notice: (diagnostic) => notices.push(diagnostic),
    });
    const end = await host.run({ ...invocationOf(step), command: ['sh', '-c', 'exit 137'], work: { ...work, home: () => folder } });
    expect(end).toEqual({ kind: 'exited', code: 137, signal: undefined });
    expect(told(notices)).toEqual([
      'run/out-of-memory: step user-container used more memory than its limit of 8Gi, and the kernel killed a process of it',
    ]);
  });
});
