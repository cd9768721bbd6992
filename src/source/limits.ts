/**
 * Limits that hold before anything is composed. The composer alone is no protection: some inputs of a few hundred
 * kilobytes keep it busy for minutes, others exhaust the stack.
 */
export const sourceLimits = { bytes: 256 * 1024, tokens: 20_000, depth: 32 } as const;
