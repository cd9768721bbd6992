/** Random tests that can be repeated: `FUZZ_SEED=… npx vitest run test/properties`, with `FUZZ_RUNS=10` for ten times as many. */
import { randomInt } from 'node:crypto';

export const seed = Number(process.env['FUZZ_SEED'] ?? randomInt(2 ** 31));
const factor = Number(process.env['FUZZ_RUNS'] ?? 1);

console.log(`FUZZ_SEED=${seed}`);

export const runs = (numRuns: number): { readonly seed: number; readonly numRuns: number } => ({ seed, numRuns: Math.ceil(numRuns * factor) });
