import { join } from 'node:path';
import { files } from '../../src/contract/paths.js';
import type { Verdict } from '../../src/oip/violation.js';
import { createReportFile } from './report-file.js';

/** `_errors.jsonl` beside the files of a quarantine: what is wrong with each. There is no file where there are none. */
export interface ErrorsFile {
  add(file: string, quarantine: string, verdict: Verdict): Promise<void>;
  close(): Promise<void>;
}

/** @param folder of the quarantine: `''` or `_output` */
export function createErrorsFile(report: string, folder: string): ErrorsFile {
  const lines = createReportFile(join(report, files.upload, files.quarantineFolder, folder, files.errors));
  return {
    add: async (file, quarantine, { violations, errors }) => {
      await lines.add(
        { file, quarantine },
        violations.filter(({ severity }) => severity === 'error'),
        errors,
      );
    },
    close: () => lines.close(),
  };
}
