/** What there is once on a machine, and test files that run at the same time must take in turn. */
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** The test bed that runs, and the folder that its programs are unpacked to. */
export type Shared = 'testbed' | 'testbed-tools';

/** Waits until no other process on this machine has it. Returns what gives it back; it is free, too, once this process has ended in any way. */
export async function lockOnMachine(what: Shared): Promise<() => void> {
  for (;;) {
    const release = await tryToLock(what);
    if (release) return release;
    await sleep(500);
  }
}

function tryToLock(what: Shared): Promise<(() => void) | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(undefined);
      else reject(error);
    });
    // A socket in no folder (Linux only, as the test bed is): nothing is left of one that was killed.
    server.listen(`\0millrace-${what}`, () => {
      server.unref();
      resolve(() => void server.close());
    });
  });
}
