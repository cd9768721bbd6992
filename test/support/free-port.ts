import { createServer } from 'node:net';

/** Ports that no system gives to whoever connects, in shares for test files that run at the same time. */
const [first, share, shares] = [12_000, 2_250, 8];
/** Of this file: their programs may not listen yet. */
const given = new Set<number>();

/**
 * A port of the loopback interface that nobody listens on. Not one that the system chooses: whoever connects in the same moment
 * gets one of those, and it would be taken before the program of a test listens on it.
 */
export async function freePort(): Promise<number> {
  const start = first + share * (Number(process.env['VITEST_POOL_ID'] ?? 0) % shares);
  for (;;) {
    const port = start + Math.floor(Math.random() * share);
    if (given.has(port)) continue;
    given.add(port);
    if (await isFree(port)) return port;
  }
}

const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => {
      resolve(false);
    });
    server.listen(port, '127.0.0.1', () => {
      server.close(() => {
        resolve(true);
      });
    });
  });
