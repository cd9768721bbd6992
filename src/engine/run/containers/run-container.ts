/** One container from its creation to its removal, whatever happens in between. */
import { parseJson } from '../../../base/fields.js';
import { type ProcessEnd, runProcess } from '../process.js';
import { type Answer, callEngine, problemOf } from './call.js';
import { type ContainerSpec, createArgs } from './create-args.js';
import type { ContainerEngine } from './engine.js';

export interface ContainerRun {
  readonly engine: ContainerEngine;
  readonly spec: ContainerSpec;
  /** Of the program; to create and to remove the container is not part of it. */
  readonly timeoutSeconds: number | undefined;
  /** Where the engine's own command runs. */
  readonly cwd: string;
  readonly signal: AbortSignal;
  readonly onLine: (line: string) => void;
}

export interface ContainerEnd {
  readonly end: ProcessEnd;
  /** The kernel killed something in it, because it used more memory than its limit. */
  readonly outOfMemory: boolean;
  /** Why it could not be removed; undefined: nothing is left of it. */
  readonly left: string | undefined;
}

const patienceSeconds = 120;

/**
 * Created first and started then, so that at every moment it has a name by which it can be removed: a client that is killed
 * in the middle of `run` may leave a container that starts after it was looked for.
 */
export async function runContainer(run: ContainerRun): Promise<ContainerEnd> {
  const { engine, spec } = run;
  // Of a run of this work folder that was killed.
  await remove(engine, spec.name);
  if (run.signal.aborted) return { end: { kind: 'aborted' }, outOfMemory: false, left: undefined };
  const created = await callEngine(engine, createArgs(engine, spec), { seconds: patienceSeconds });
  let ended: Omit<ContainerEnd, 'left'> = { end: { kind: 'not-started', message: problemOf(created) }, outOfMemory: false };
  let left: string | undefined;
  try {
    if (created.code === 0) ended = await start(run);
  } finally {
    left = await remove(engine, spec.name);
  }
  return { ...ended, left };
}

async function start({ engine, spec, cwd, timeoutSeconds, signal, onLine }: ContainerRun): Promise<Omit<ContainerEnd, 'left'>> {
  let last = '';
  const end = await runProcess({
    file: engine.program,
    args: ['start', '--attach', spec.name],
    env: engine.env,
    cwd,
    timeoutSeconds,
    signal,
    onLine: (line) => {
      last = line;
      onLine(line);
    },
  });
  if (end.kind !== 'exited') return { end, outOfMemory: false };
  const state = readState(
    await callEngine(engine, ['inspect', '--type=container', '--format', '{{json .State}}', spec.name], { seconds: patienceSeconds }),
  );
  if (state === undefined) {
    // The engine went away, or someone removed the container: its client cannot have the program's exit code.
    const message = end.signal === undefined ? `${engine.kind} lost its container` : `${engine.kind} was ended by ${end.signal}`;
    return { end: { kind: 'not-started', message }, outOfMemory: false };
  }
  if (!state.started)
    return { end: { kind: 'not-started', message: problemOf({ code: end.code, stdout: '', stderr: state.error || last }) }, outOfMemory: false };
  return { end: { kind: 'exited', code: state.code, signal: undefined }, outOfMemory: state.outOfMemory };
}

interface State {
  readonly started: boolean;
  readonly code: number;
  readonly outOfMemory: boolean;
  readonly error: string;
}

/** The engine's own word: the client's exit code may be its own as well as the program's. */
function readState({ code, stdout }: Answer): State | undefined {
  if (code !== 0) return undefined;
  const state = parseJson(stdout);
  if (typeof state !== 'object' || state === null || !('ExitCode' in state) || typeof state.ExitCode !== 'number') return undefined;
  const status = 'Status' in state && typeof state.Status === 'string' ? state.Status : '';
  if (status === 'running') return undefined;
  return {
    started: !['created', 'configured', 'initialized'].includes(status),
    code: state.ExitCode,
    outOfMemory: 'OOMKilled' in state && state.OOMKilled === true,
    error: 'Error' in state && typeof state.Error === 'string' ? state.Error : '',
  };
}

/** Kills it, too. Gives the problem where it may still be there. */
async function remove(engine: ContainerEngine, name: string): Promise<string | undefined> {
  // An image's VOLUME is a volume without a name, which would stay. podman would ask the program to end and wait for it.
  const args = ['rm', '--force', '--volumes', ...(engine.kind === 'podman' ? ['--time=0'] : []), name];
  const answer = await callEngine(engine, args, { seconds: patienceSeconds });
  return answer.code === 0 || /no such|not found|no container/i.test(answer.stderr) ? undefined : problemOf(answer);
}
