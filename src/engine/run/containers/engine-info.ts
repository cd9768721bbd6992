/** What `ENGINE info` says of itself: written by another program, so every field may be missing. */
import { fieldAt } from '../../../base/fields.js';

export type Limit = 'memory' | 'cpu' | 'pids';

export interface EngineFacts {
  readonly version: string;
  /** It runs without root: root in its containers is the user that started it. */
  readonly rootless: boolean;
  /** Users of its containers are others outside (`userns-remap` of docker). */
  readonly remapsUsers: boolean;
  /** Which limits it can enforce; podman refuses the others, docker drops them. */
  readonly limits: ReadonlySet<Limit>;
  /** How many processors its containers can have; docker refuses a limit above it. */
  readonly cpus: number;
}

/** Of docker and nerdctl, whose answers have the same form. Undefined: only the client answered, the daemon did not. */
export function readDockerInfo(info: unknown): EngineFacts | undefined {
  const version = fieldAt(info, 'ServerVersion');
  if (typeof version !== 'string' || version === '') return undefined;
  const options = fieldAt(info, 'SecurityOptions');
  const hasOption = (name: string): boolean =>
    Array.isArray(options) && options.some((option) => option === name || (typeof option === 'string' && option.split(',').includes(`name=${name}`)));
  const limits: readonly (readonly [Limit, string])[] = [
    ['memory', 'MemoryLimit'],
    ['cpu', 'CpuCfsQuota'],
    ['pids', 'PidsLimit'],
  ];
  return {
    version,
    rootless: hasOption('rootless'),
    remapsUsers: hasOption('userns'),
    limits: new Set(limits.filter(([, name]) => fieldAt(info, name) !== false).map(([limit]) => limit)),
    cpus: processors(fieldAt(info, 'NCPU')),
  };
}

/** Undefined where the answer is not podman's. */
export function readPodmanInfo(info: unknown): EngineFacts | undefined {
  const host = fieldAt(info, 'host');
  const version = fieldAt(info, 'version', 'Version');
  if (host === undefined || typeof version !== 'string') return undefined;
  const controllers = fieldAt(host, 'cgroupControllers');
  const known: readonly Limit[] = ['memory', 'cpu', 'pids'];
  return {
    version,
    rootless: fieldAt(host, 'security', 'rootless') === true,
    remapsUsers: false,
    // Without root, an old kernel or systemd may give it none.
    limits: new Set(Array.isArray(controllers) ? known.filter((limit) => controllers.includes(limit)) : known),
    cpus: processors(fieldAt(host, 'cpus')),
  };
}

const processors = (value: unknown): number => (typeof value === 'number' && value >= 1 ? value : Number.POSITIVE_INFINITY);
