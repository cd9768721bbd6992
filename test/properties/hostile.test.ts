import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sourceLimits } from '../../src/source/limits.js';
import { hostileTexts } from '../support/hostile.js';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));
let folder = '';

interface Taken {
  readonly milliseconds: number;
  readonly mebibytes: number;
  readonly files: number;
  readonly codes: readonly string[];
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'millrace-hostile-'));
  await build({
    entryPoints: [join(root, 'test/support/hostile-child.ts')],
    outfile: join(folder, 'child.mjs'),
    bundle: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'error',
    // Packages in CommonJS that are bundled still ask for Node's own modules.
    banner: {
      js: `import{createRequire as __createRequire}from'node:module';const require=__createRequire(${JSON.stringify(createRequire(import.meta.url).resolve('yaml'))});`,
    },
  });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a file of 256 KiB', () => {
  // A child that is killed, since what hangs cannot be interrupted from inside. How long each takes is for the bench to say.
  it.concurrent.each(Object.keys(hostileTexts))('of %s is refused, without a hang or much memory', async (kind) => {
    expect(Buffer.byteLength(hostileTexts[kind] ?? '')).toBeLessThanOrEqual(sourceLimits.bytes);
    const args = ['--max-old-space-size=300', join(folder, 'child.mjs'), kind, join(root, 'services/platform.yaml')];
    const { stdout } = await run(process.execPath, args, { timeout: 30_000, killSignal: 'SIGKILL' });
    const taken: Taken = JSON.parse(stdout);
    expect(taken.files).toBe(0);
    expect(taken.codes.length).toBeGreaterThan(0);
    expect(taken.mebibytes).toBeLessThan(300);
  });
});
