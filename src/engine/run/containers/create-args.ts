/** The arguments of `ENGINE create` for one step. An argument list and never a shell: values may hold anything. */
import { assertInvariant } from '../../../base/assert.js';
import type { ContainerEngine } from './engine.js';
import type { ContainerUser } from './user.js';

export interface ContainerSpec {
  readonly name: string;
  /** By which someone who finds it knows where it comes from. */
  readonly job: string;
  readonly image: string;
  /** The program and its arguments; what the image would start is not used. */
  readonly command: readonly [string, ...string[]];
  readonly env: ReadonlyMap<string, string>;
  readonly mounts: readonly ContainerMount[];
  readonly user: ContainerUser;
  readonly readOnlyRoot: boolean;
  readonly dropCapabilities: readonly string[];
  readonly noNewPrivileges: boolean;
  /** Bytes. */
  readonly memory: number | undefined;
  readonly cpus: number | undefined;
  readonly gpus: number;
  /** A network of the engine; undefined: its usual one. */
  readonly network: string | undefined;
}

export type ContainerMount =
  | { readonly kind: 'folder'; readonly source: string; readonly target: string; readonly readOnly: boolean }
  /** In memory, of so many bytes. */
  | { readonly kind: 'memory'; readonly size: number | undefined; readonly target: string };

/** No pod is limited so by default; a predictor that starts processes without end would take this machine with it. */
const mostProcesses = 4096;
/** What the container runtime of a cluster gives where the Task mounts nothing. */
const usualShm: ContainerMount = { kind: 'memory', size: 64 * 1024 * 1024, target: '/dev/shm' };

/** Engines read mounts as CSV or by `:`, each with quoting of its own or none. */
export const canMount = (path: string): boolean => !/[,:"'\\\p{Cc}]/u.test(path);

/** The words behind `docker`, `podman` or `nerdctl` that make a container, and only make it. */
export function createArgs(engine: Pick<ContainerEngine, 'kind' | 'limits' | 'cpus'>, spec: ContainerSpec): readonly string[] {
  const [program, ...args] = spec.command;
  const isPodman = engine.kind === 'podman';
  const { uid, gid } = spec.user.inside;
  return [
    'create',
    `--name=${spec.name}`,
    `--label=millrace.dev/job=${spec.job}`,
    // It was pulled before the first step, where that can be told.
    '--pull=never',
    `--user=${String(uid)}:${String(gid)}`,
    ...spec.user.options,
    ...(spec.readOnlyRoot ? ['--read-only'] : []),
    // Otherwise podman makes /tmp, /var/tmp and /run writable.
    ...(spec.readOnlyRoot && isPodman ? ['--read-only-tmpfs=false'] : []),
    ...spec.dropCapabilities.map((name) => `--cap-drop=${name}`),
    ...(spec.noNewPrivileges ? ['--security-opt=no-new-privileges'] : []),
    // On a machine with SELinux, a container could not read the folders of its user otherwise. nerdctl knows no labels.
    ...(engine.kind === 'nerdctl' ? [] : ['--security-opt=label=disable']),
    ...limits(engine, spec),
    ...gpus(engine, spec.gpus),
    ...(spec.network === undefined ? [] : [`--network=${spec.network}`]),
    // Otherwise podman hands on the proxy of this machine.
    ...(isPodman ? ['--http-proxy=false'] : []),
    // What it prints is read as it comes, and kept by nobody.
    ...(engine.kind === 'nerdctl' ? [] : ['--log-driver=none']),
    ...mountsOf(engine, spec).map((mount) => `--mount=${mountText(mount)}`),
    ...[...spec.env].map(([name, value]) => `--env=${name}=${value}`),
    // podman reads a list as JSON, and what looks like one.
    `--entrypoint=${isPodman ? JSON.stringify([program]) : program}`,
    spec.image,
    ...args,
  ];
}

function limits(engine: Pick<ContainerEngine, 'limits' | 'cpus'>, { memory, cpus }: ContainerSpec): readonly string[] {
  return [
    // The same for both is no swap, as on a cluster.
    ...(memory !== undefined && engine.limits.has('memory') ? [`--memory=${String(memory)}`, `--memory-swap=${String(memory)}`] : []),
    ...(cpus !== undefined && engine.limits.has('cpu') && cpus < engine.cpus ? [`--cpus=${String(cpus)}`] : []),
    ...(engine.limits.has('pids') ? [`--pids-limit=${String(mostProcesses)}`] : []),
  ];
}

/** podman knows GPUs by the names that the NVIDIA container toolkit writes (CDI), the others by their count. */
function gpus({ kind }: Pick<ContainerEngine, 'kind'>, count: number): readonly string[] {
  if (count === 0) return [];
  return kind === 'podman' ? Array.from({ length: count }, (_, index) => `--device=nvidia.com/gpu=${String(index)}`) : [`--gpus=${String(count)}`];
}

function mountsOf({ kind }: Pick<ContainerEngine, 'kind'>, { mounts }: ContainerSpec): readonly ContainerMount[] {
  // Without its own writable folders, podman leaves /dev/shm to us; the others always have one.
  const isMissing = kind === 'podman' && !mounts.some(({ target }) => target === usualShm.target);
  return isMissing ? [...mounts, usualShm] : mounts;
}

function mountText(mount: ContainerMount): string {
  assertInvariant(canMount(mount.target) && (mount.kind === 'memory' || canMount(mount.source)), `${mount.target} cannot be mounted`);
  if (mount.kind === 'folder') return `type=bind,source=${mount.source},destination=${mount.target}${mount.readOnly ? ',readonly' : ''}`;
  const size = mount.size === undefined ? '' : `,tmpfs-size=${String(mount.size)}`;
  return `type=tmpfs,destination=${mount.target}${size},tmpfs-mode=1777`;
}
