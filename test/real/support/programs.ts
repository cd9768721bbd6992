/** Programs that tests start: to their end, or in the background until the test stops them. */
import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Site } from './site.js';

export interface ExecuteOptions {
  readonly input?: string;
  /** All of the environment; default: this process'. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
}

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end, whatever its exit code. */
export function execute([program = '', ...args]: readonly string[], { input = '', env, cwd }: ExecuteOptions = {}): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, env: { ...(env ?? process.env) }, stdio: 'pipe' });
    const chunks = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
    child.stdout.on('data', (chunk: Buffer) => chunks.stdout.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => chunks.stderr.push(chunk));
    // A program that does not read all of its input has a reason, and its exit code tells.
    child.stdin.on('error', () => undefined).end(input);
    child.on('error', (cause) => reject(notStarted(program, cause)));
    child.on('close', (code) => {
      resolve({ code, stdout: Buffer.concat(chunks.stdout).toString(), stderr: Buffer.concat(chunks.stderr).toString() });
    });
  });
}

/** Likewise, but throws with all that the program said unless it exits with 0. */
export async function succeed(argv: readonly string[], options?: ExecuteOptions): Promise<string> {
  const { code, stdout, stderr } = await execute(argv, options);
  if (code !== 0) throw new Error(`${argv.slice(0, 8).join(' ')} ended with ${String(code)}:\n${stdout.slice(-2000)}${stderr.slice(-4000)}`);
  return stdout;
}

const notStarted = (program: string, cause: unknown): Error =>
  new Error(`${program} cannot be started: it must be on PATH (README, "Working on millrace")`, { cause });

export interface BackgroundProgram {
  /** Throws if the program has ended by itself, with what it said. */
  check(): void;
  /** Ends the program and whatever it has started. */
  stop(): void;
  /** Nothing of it is left: what it listened on is free. */
  readonly gone: Promise<void>;
}

/** Runs its arguments as a command; ends the whole group when its input ends, as it does when the tests are killed. */
const leash = 'exec 3<&0; { cat <&3 >/dev/null; kill -9 0; } & "$@" </dev/null 3<&-';
/** How a shell says that it has not found a command. */
const notFound = 127;

/** Starts a program in a process group of its own. */
export function startProgram(argv: readonly string[]): BackgroundProgram {
  const [program = ''] = argv;
  const child = spawn('sh', ['-c', leash, 'sh', ...argv], { stdio: 'pipe', detached: true });
  let said = '';
  let ended: Error | undefined;
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(-4000);
    });
  }
  child.on('exit', (code) => {
    ended = code === notFound ? notStarted(program, said) : new Error(`${argv.join(' ')} ended with ${String(code)}:\n${said}`);
  });
  // Whatever it has started holds its output.
  const gone = new Promise<void>((resolve) => child.on('close', () => resolve()));
  return {
    gone,
    check: () => {
      if (ended) throw ended;
    },
    stop: () => {
      if (ended || child.pid === undefined) return;
      try {
        process.kill(-child.pid, 'SIGKILL');
      } catch {
        // It ended in this very moment.
      }
    },
  };
}

/** Tries until an attempt does not throw; throws the last reason after the time is up, or at once if what it waits for has ended. */
export async function eventually<T>(program: BackgroundProgram, what: string, attempt: () => Promise<T>, seconds = 30): Promise<T> {
  const end = performance.now() + seconds * 1000;
  for (;;) {
    program.check();
    try {
      return await attempt();
    } catch (cause) {
      if (performance.now() > end) throw new Error(`${what} did not come up in ${String(seconds)} s`, { cause });
      await sleep(200);
    }
  }
}

/** Waits until somebody listens at a port of a site. Asks by a program there: the site may be a network of its own. */
export async function untilListening(program: BackgroundProgram, what: string, site: Site, port: number): Promise<void> {
  const ask = `
    const [address, port] = process.argv.slice(1);
    require('node:net').connect(Number(port), address, () => process.exit(0)).on('error', () => process.exit(1));`;
  await eventually(program, what, () => succeed(site.at([process.execPath, '-e', ask, site.address, String(port)])));
}
