/** One program of a step as a process of this machine, in a process group of its own. */
import { spawn, type ChildProcess } from 'node:child_process';
import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';

export interface ProcessOptions {
  readonly file: string;
  readonly args: readonly string[];
  /** All of it: nothing of this process' environment is added. */
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly timeoutSeconds: number | undefined;
  readonly signal: AbortSignal;
  /** Each line of stdout and stderr without its end, in the order in which they arrive. */
  readonly onLine: (line: string) => void;
}

export type ProcessEnd =
  /** `code` is -1 where a signal ended the process, as Go and so Tekton counts. */
  | { readonly kind: 'exited'; readonly code: number; readonly signal: NodeJS.Signals | undefined }
  | { readonly kind: 'timed-out' }
  | { readonly kind: 'aborted' }
  | { readonly kind: 'not-started'; readonly message: string };

/** A program that prints without line ends is shown in pieces of this many characters. */
const longestLine = 65_536;
/** How long output may still come from what outlives a killed group (a daemon in a session of its own). */
const drainMilliseconds = 1000;
/** A timer cannot be set to more; longer timeouts than 24 days are none. */
const longestTimer = 2 ** 31 - 1;

/** Runs a program to its end. The whole process group is killed at the timeout, when aborted, and after the program has ended. */
export function runProcess(options: ProcessOptions): Promise<ProcessEnd> {
  return new Promise((resolve) => {
    if (options.signal.aborted) {
      resolve({ kind: 'aborted' });
      return;
    }
    let end: ProcessEnd | undefined;
    let drain: NodeJS.Timeout | undefined;
    const child = spawn(options.file, options.args, { cwd: options.cwd, env: { ...options.env }, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    const streams = [child.stdout, child.stderr];
    for (const stream of streams) splitLines(stream, options.onLine);

    const stop = (kind: 'timed-out' | 'aborted'): void => {
      end ??= { kind };
      killGroup(child);
    };
    const abort = (): void => stop('aborted');
    const milliseconds = (options.timeoutSeconds ?? 0) * 1000;
    const timer = milliseconds > 0 && milliseconds <= longestTimer ? setTimeout(() => stop('timed-out'), milliseconds) : undefined;
    options.signal.addEventListener('abort', abort, { once: true });
    const finish = (result: ProcessEnd): void => {
      clearTimeout(timer);
      clearTimeout(drain);
      options.signal.removeEventListener('abort', abort);
      resolve(result);
    };

    child.on('error', (error) => {
      // Also emitted where a signal could not be sent; only a process that never was has no id.
      if (child.pid === undefined) finish({ kind: 'not-started', message: error.message });
    });
    child.on('exit', (code, signal) => {
      clearTimeout(timer);
      end ??= { kind: 'exited', code: code ?? -1, signal: signal ?? undefined };
      // In a pod, what a step leaves running dies with its container.
      killGroup(child);
      drain = setTimeout(() => streams.forEach((stream) => stream.destroy()), drainMilliseconds);
    });
    child.on('close', () => {
      if (end) finish(end);
    });
  });
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // Nobody is left in the group.
  }
}

function splitLines(stream: Readable, onLine: (line: string) => void): void {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  const take = (text: string): void => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) onLine(line.endsWith('\r') ? line.slice(0, -1) : line);
    if (rest.length > longestLine) {
      onLine(rest);
      rest = '';
    }
  };
  const flush = (): void => {
    take(decoder.end());
    if (rest !== '') onLine(rest);
    rest = '';
  };
  stream.on('data', (chunk: Buffer) => take(decoder.write(chunk)));
  stream.on('end', flush);
  stream.on('error', flush);
}
