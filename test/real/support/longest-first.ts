/** The order of test files: vitest's own, but for the longest of `test/real`. */
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * Longest first, so that none is left alone at the end. Those that need the test bed, of which there is one, are not neighbours:
 * with two files at a time none waits for another.
 */
const longest = [
  ...['many-objects', 'pod', 'faults-predictor', 'faults', 'operations', 'published', 'faults-many-files', 'rclone-programs', 'feedback', 'stores'],
  ...['faults-large-file', 'containers', 'job'],
];

const rank = ({ moduleId }: TestSpecification): number => {
  const index = longest.findIndex((name) => moduleId.endsWith(`/test/real/${name}.test.ts`));
  return index < 0 ? longest.length : index;
};

export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b));
  }
}
