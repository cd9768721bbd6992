/** Who the processes of a container are: its user's files must be this machine's user's, and the other way round. */
import type { Step } from '../task.js';
import type { ContainerEngine } from './engine.js';

export interface UserIds {
  readonly uid: number;
  readonly gid: number;
}

/** Who runs this; undefined where the system has no such ids. */
export function invoker(): UserIds | undefined {
  const [uid, gid] = [process.geteuid?.(), process.getegid?.()];
  return uid === undefined || gid === undefined ? undefined : { uid, gid };
}

/** The Task's on every cluster but OpenShift, which chooses one itself. */
const usualUser: UserIds = { uid: 65532, gid: 65532 };

/** The user that the Task gives a step. */
export const userOf = ({ container: { user, group } }: Pick<Step, 'container'>): UserIds => ({
  uid: user ?? usualUser.uid,
  gid: group ?? usualUser.gid,
});

export interface ContainerUser {
  /** Inside of the container. */
  readonly inside: UserIds;
  /** How the engine maps it to this machine. */
  readonly options: readonly string[];
  /** Whose the mounted folders must be; undefined: they are right as this process makes them. */
  readonly owner: UserIds | undefined;
}

/**
 * The Task's own user wherever this machine can have it. A user without root cannot give files to another one, so with a
 * daemon of root its containers run as itself; and where the engine itself runs without root, as far as the engine maps users:
 * podman maps any, docker and nerdctl only root, who then is nobody but that user and has no capabilities.
 */
export function containerUser(
  engine: Pick<ContainerEngine, 'kind' | 'rootless' | 'remapsUsers'>,
  task: UserIds,
  invoker: UserIds | undefined,
): ContainerUser {
  if (engine.kind === 'podman' && engine.rootless) {
    return { inside: task, options: [`--userns=keep-id:uid=${String(task.uid)},gid=${String(task.gid)}`], owner: undefined };
  }
  if (engine.rootless) return { inside: { uid: 0, gid: 0 }, options: [], owner: undefined };
  const options = engine.remapsUsers ? ['--userns=host'] : [];
  if (invoker === undefined) return { inside: task, options, owner: undefined };
  return invoker.uid === 0 ? { inside: task, options, owner: task } : { inside: invoker, options, owner: undefined };
}
