/** A step as a process of this machine: paths of its container are replaced by those of the folders that stand for them. */
import { mountPaths } from '../../contract/paths.js';
import { mapArgument, mapPath, mapValue, type Mapping } from './mappings.js';
import { runProcess } from './process.js';
import { protect } from './read-only.js';
import type { StepHost } from './step-host.js';
import { stepFolder } from './variables.js';

export interface ProcessHostOptions {
  /** The program for the command, which is mapped already; undefined: there is none on this machine. */
  readonly program: (command: string) => string | undefined;
  /** Folders of the step's image. */
  readonly imageFolders: readonly Mapping[];
  /** Of the step's environment, besides HOME and TMPDIR: `PATH`. */
  readonly baseEnv: Readonly<Record<string, string>>;
  /** Set above everything else. */
  readonly env: Readonly<Record<string, string>>;
  /** Takes the paths below read-only mounts that the step changed, as it sees them; without it, these are not kept from it. */
  readonly changedReadOnly?: (paths: readonly string[]) => void;
}

/** Carries out a step as a process of this machine, with the paths of its container replaced by its folders. */
export const processHost = ({ program: find, imageFolders, baseEnv, env: ownEnv, changedReadOnly }: ProcessHostOptions): StepHost => ({
  async run({ step, command: [command, ...args], env, mounts: folders, work, signal, onLine }) {
    const mounts = folders.map((mount) => ({ ...mount, container: mount.mountPath }));
    const mappings = [...imageFolders, ...mounts, { container: stepFolder, host: work.steps }];
    const program = find(mapValue(command, mappings));
    if (program === undefined) return { kind: 'not-started', message: `${command} was not found` };

    const home = work.home(step.name);
    const guard = changedReadOnly && protect(mounts.filter(({ readOnly }) => readOnly).map(({ host }) => host));
    try {
      return await runProcess({
        file: program,
        args: args.map((argument) => mapArgument(argument, mappings)),
        env: {
          ...baseEnv,
          HOME: home,
          TMPDIR: mapPath(mountPaths.tmp, mounts) ?? home,
          ...Object.fromEntries([...env].map(([name, value]) => [name, mapValue(value, mappings)])),
          ...ownEnv,
        },
        cwd: home,
        timeoutSeconds: step.timeoutSeconds,
        signal,
        onLine,
      });
    } finally {
      const changed = guard?.release() ?? [];
      if (changed.length > 0) changedReadOnly?.(changed.map((path) => asSeen(path, mounts)));
    }
  },
});

/** The path inside the container, for messages. */
const asSeen = (path: string, mounts: readonly Mapping[]): string =>
  mapValue(
    path,
    mounts.map(({ container, host }) => ({ container: host, host: container })),
  );
