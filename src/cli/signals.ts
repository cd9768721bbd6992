import { constants } from 'node:os';

export interface Signals {
  readonly signal: AbortSignal;
  /** Undefined while nobody wants this process to end. */
  readonly exitCode: number | undefined;
  release(): void;
}

/** Turns Ctrl-C and its like into the end of what was started, instead of the end of this process alone. */
export function catchSignals(): Signals {
  const abort = new AbortController();
  let exitCode: number | undefined;
  const listeners = (['SIGINT', 'SIGTERM', 'SIGHUP'] as const).map((name) => {
    const listener = (): void => {
      exitCode ??= 128 + constants.signals[name];
      abort.abort();
    };
    process.on(name, listener);
    return [name, listener] as const;
  });
  return {
    signal: abort.signal,
    get exitCode() {
      return exitCode;
    },
    release: () => {
      for (const [name, listener] of listeners) process.off(name, listener);
    },
  };
}
