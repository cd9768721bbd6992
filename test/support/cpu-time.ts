/**
 * Milliseconds of the processor that a synchronous piece of work takes: what a busy machine stretches least. For code that
 * would take a hundred times as long were it quadratic; nothing closer can be told from noise.
 */
export function cpuMilliseconds(work: () => unknown): number {
  const start = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}
