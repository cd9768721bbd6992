/** One short call of a container engine's command, whose answer is read. */
import { spawn } from 'node:child_process';
import type { Readable } from 'node:stream';

/** The command of an engine on this machine. */
export interface EngineCommand {
  readonly program: string;
  /** The whole environment of its user: where its daemon is and who is logged in to which registry stands there. */
  readonly env: Readonly<Record<string, string>>;
}

export interface Answer {
  /** -1 where it did not end by itself. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CallOptions {
  /** Undefined: as long as it takes. */
  readonly seconds?: number;
  readonly signal?: AbortSignal;
}

/** Answers are small; of what is longer (the progress of a pull), the end tells what came of it. */
const longestAnswer = 1024 * 1024;

/** In a process group of its own: Ctrl-C must not end the call that removes a container. */
export function callEngine({ program, env }: EngineCommand, args: readonly string[], { seconds, signal }: CallOptions = {}): Promise<Answer> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { env: { ...env }, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    const stdout = collect(child.stdout);
    const stderr = collect(child.stderr);
    let stopped: string | undefined;
    const stop = (why: string): void => {
      stopped ??= why;
      child.kill('SIGKILL');
      // What it started itself may hold the pipes.
      child.stdout.destroy();
      child.stderr.destroy();
    };
    const abort = (): void => stop('was stopped');
    const timer = seconds === undefined ? undefined : setTimeout(() => stop(`gave no answer within ${String(seconds)} seconds`), seconds * 1000);
    const finish = (code: number, message?: string): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
      resolve({ code, stdout: stdout(), stderr: message ?? stderr() });
    };
    child.on('error', (error) => {
      if (child.pid === undefined) finish(-1, error.message);
    });
    child.on('close', (code) => finish(stopped === undefined ? (code ?? -1) : -1, stopped));
    if (signal?.aborted) abort();
    signal?.addEventListener('abort', abort, { once: true });
  });
}

function collect(stream: Readable): () => string {
  let text = '';
  stream.setEncoding('utf8');
  stream.on('data', (chunk: string) => {
    text = (text + chunk).slice(-longestAnswer);
  });
  stream.on('error', () => undefined);
  return () => text;
}

/** What engines write around the sentence that matters. */
const aroundProblem = /^(?:time="[^"]*" level=\w+ msg=|FATA\[\d+\] ?|Error(?: response from daemon)?: |docker: )/;
const advice = /^(?:See '|Run '|Usage:)/;

/** Why a call failed, as the engine says it: the last line that is about it. */
export function problemOf({ code, stderr }: Answer): string {
  const lines = stderr
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !advice.test(line));
  let problem = lines.at(-1) ?? `it ended with exit code ${String(code)}`;
  while (aroundProblem.test(problem)) problem = problem.replace(aroundProblem, '');
  return problem;
}
