/**
 * A container engine of a test, in the place of docker, podman or nerdctl on PATH. It writes down how it is called, and runs a
 * container's program as a process that outlives its client, as a container does. Isolation is what it does not have.
 */
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface FakeBehaviour {
  /** What `info` prints; undefined: it says on stderr that it cannot connect. */
  readonly info?: unknown;
  /** Images that are there. */
  readonly images?: readonly string[];
  readonly oomKilled?: boolean;
  /** A pull that never ends, instead of one that is refused. */
  readonly slowPull?: boolean;
  /** PATH in its containers. */
  readonly path?: string;
  /** Calls that fail, by their first word, with what they say on stderr. */
  readonly failing?: Readonly<Record<string, string>>;
}

export interface FakeEngine {
  readonly program: string;
  /** The argument lists of all calls so far. */
  calls(): readonly (readonly string[])[];
  /** Names of the containers that are there. */
  containers(): readonly string[];
  /** Ends what a failing `rm` left running. */
  killAll(): void;
}

/** Facts of an engine that runs as root and can enforce everything. */
export const dockerInfo = {
  ServerVersion: '28.0.0',
  MemoryLimit: true,
  CpuCfsQuota: true,
  PidsLimit: true,
  NCPU: 8,
  SecurityOptions: ['name=seccomp,profile=builtin'],
};

export function makeFakeEngine(bin: string, kind: string, behaviour: FakeBehaviour): FakeEngine {
  const state = join(bin, `${kind}.state`);
  mkdirSync(state, { recursive: true });
  const program = join(bin, kind);
  const log = join(state, 'calls.log');
  writeFileSync(program, `#!${process.execPath}\n(${fake.toString()})(${JSON.stringify(state)}, ${JSON.stringify(behaviour)});\n`);
  chmodSync(program, 0o755);
  const containers = (): readonly string[] => readdirSync(state).flatMap((name) => (name.endsWith('.json') ? [name.slice(0, -5)] : []));
  return {
    program,
    containers,
    calls: () =>
      // The last line may be half written.
      (existsSync(log) ? readFileSync(log, 'utf8').split('\n').slice(0, -1) : []).map((line) => JSON.parse(line) as readonly string[]),
    killAll: () => {
      for (const name of containers()) {
        const pid = /"pid":(\d+)/.exec(readFileSync(join(state, `${name}.json`), 'utf8'))?.[1];
        if (pid !== undefined) process.kill(-Number(pid), 'SIGKILL');
      }
    },
  };
}

/** The program itself: its text is written into a file, so it uses nothing from around it. */
function fake(state: string, { info, images = [], oomKilled = false, slowPull = false, failing = {}, path = '/usr/bin:/bin' }: FakeBehaviour): void {
  const {
    appendFileSync,
    closeSync,
    existsSync: exists,
    openSync,
    readFileSync: read,
    renameSync: rename,
    rmSync,
    writeFileSync: write,
  } = process.getBuiltinModule('node:fs');
  const { spawn } = process.getBuiltinModule('node:child_process');
  interface Container {
    readonly args: readonly string[];
    readonly pid?: number;
    readonly code?: number;
    readonly error?: string;
  }
  const args = process.argv.slice(2);
  appendFileSync(`${state}/calls.log`, `${JSON.stringify(args)}\n`);
  const [verb = ''] = args;
  const name = args.at(-1) ?? '';
  const file = (container: string): string => `${state}/${container}.json`;
  const load = (container: string): Container => JSON.parse(read(file(container), 'utf8')) as Container;
  const save = (container: string, value: Container): void => {
    const part = `${file(container)}.${String(process.pid)}`;
    write(part, JSON.stringify(value));
    rename(part, file(container));
  };
  const fail = (message: string, code = 1): never => {
    process.stderr.write(`${message}\n`);
    process.exit(code);
  };
  const problem = failing[verb];
  if (problem !== undefined) fail(problem, 125);
  const option = (words: readonly string[], option: string): readonly string[] =>
    words.flatMap((word) => (word.startsWith(`--${option}=`) ? [word.slice(option.length + 3)] : []));

  switch (verb) {
    case 'info':
      if (info === undefined) fail('Cannot connect to the daemon. Is it running?');
      process.stdout.write(JSON.stringify(info));
      return;
    case 'image':
      if (!images.includes(name)) fail(`Error: no such image: ${name}`);
      return;
    case 'pull':
      if (slowPull) {
        setInterval(() => undefined, 1000);
        return;
      }
      fail(`Error response from daemon: pull access denied for ${name}`);
      return;
    case 'create': {
      const [container = ''] = option(args, 'name');
      if (exists(file(container))) fail(`the name ${container} is in use`, 125);
      save(container, { args });
      process.stdout.write('0123456789ab\n');
      return;
    }
    case 'start': {
      const container = load(name);
      const end = container.args.findIndex((word) => word.startsWith('--entrypoint='));
      const [entrypoint = ''] = option(container.args, 'entrypoint');
      const program = entrypoint.startsWith('[') ? ((JSON.parse(entrypoint) as readonly string[])[0] ?? '') : entrypoint;
      const env = Object.fromEntries(
        option(container.args, 'env').map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]),
      );
      const output = openSync(`${state}/${name}.out`, 'w+');
      const child = spawn(program, container.args.slice(end + 2), {
        env: { PATH: path, ...env },
        stdio: ['ignore', output, output],
        detached: true,
      });
      child.on('error', (error) => {
        save(name, { ...container, error: error.message });
        fail(`Error response from daemon: ${error.message}`, 127);
      });
      if (child.pid !== undefined) save(name, { ...container, pid: child.pid });
      child.on('exit', (code, signal) => {
        closeSync(output);
        process.stdout.write(read(`${state}/${name}.out`));
        save(name, { ...container, code: signal === null ? (code ?? 0) : 137 });
        // Its own code for what it does not like, whatever the program said.
        process.exitCode = signal === null ? (code ?? 0) : 137;
      });
      return;
    }
    case 'inspect': {
      if (!exists(file(name))) fail(`Error: No such container: ${name}`);
      const { code, error } = load(name);
      const status = code === undefined ? 'created' : 'exited';
      process.stdout.write(JSON.stringify({ Status: status, ExitCode: code ?? 127, OOMKilled: oomKilled, Error: error ?? '' }));
      return;
    }
    case 'rm': {
      if (!exists(file(name))) fail(`Error: No such container: ${name}`);
      const { pid, code } = load(name);
      if (pid !== undefined && code === undefined) process.kill(-pid, 'SIGKILL');
      rmSync(file(name));
      return;
    }
    default:
      fail(`unknown command ${verb}`);
  }
}
