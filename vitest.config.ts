import { defineConfig } from 'vitest/config';
import { LongestFirst } from './test/real/support/longest-first.js';

export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
    projects: [
      // vitest would leave one processor to itself: half of them, where there are two.
      { test: { name: 'unit', include: ['test/**/*.test.ts'], exclude: ['test/real/**'], testTimeout: 60_000, maxWorkers: '100%' } },
      {
        test: {
          name: 'real',
          include: ['test/real/**/*.test.ts'],
          testTimeout: 300_000,
          // Of a file that waits until another one has done with the test bed, too.
          hookTimeout: 900_000,
          // Each starts programs of its own; one that waits leaves the processors to the other.
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
