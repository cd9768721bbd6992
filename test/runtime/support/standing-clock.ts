import { onTestFinished, vi } from 'vitest';

/**
 * A clock that stands still for the sink, whatever holds up this process, until the function that it gives lets milliseconds
 * pass; from then on it goes.
 */
export function standingClock(): (milliseconds: number) => void {
  vi.useFakeTimers({ toFake: ['performance', 'setTimeout', 'clearTimeout'] });
  let pulse: NodeJS.Timeout | undefined;
  onTestFinished(() => {
    clearInterval(pulse);
    vi.useRealTimers();
  });
  return (milliseconds) => {
    // The sink has sent the chunk before it waits for the answer.
    setImmediate(() => vi.advanceTimersByTime(milliseconds));
    pulse ??= setInterval(() => vi.advanceTimersByTime(1), 1);
  };
}
