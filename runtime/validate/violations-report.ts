import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { files } from '../../src/contract/paths.js';
import type { ReasonArguments } from '../../src/contract/reasons.js';
import type { Verdict, Violation } from '../../src/oip/violation.js';
import { createReportFile } from './report-file.js';

/** The errors and warnings of one direction, one JSON line each; there is no file where there are none. */
export interface ViolationsReport {
  add(file: string, verdict: Verdict): Promise<void>;
  close(): Promise<void>;
  /** What a failure says, of `total` files; undefined where all that were added are valid. */
  summary(total: number): ReasonArguments<'runtime/invalid-input'> | undefined;
}

/** An empty report. One that an earlier attempt of the step left is removed. */
export async function createViolationsReport(report: string, name: typeof files.inputReport | typeof files.outputReport): Promise<ViolationsReport> {
  const path = join(report, files.upload, files.reportFolder, name);
  await rm(path, { force: true });
  const lines = createReportFile(path);
  let invalid = 0;
  let first: { readonly file: string; readonly violation: Violation } | undefined;
  return {
    add: async (file, { violations, errors, warnings }) => {
      if (errors > 0) invalid += 1;
      const error = violations.find(({ severity }) => severity === 'error');
      if (error) first ??= { file, violation: error };
      await lines.add({ file }, violations, errors + warnings);
    },
    close: () => lines.close(),
    summary: (total) => {
      if (first === undefined) return undefined;
      const { file, violation } = first;
      const { pointer, line, offset, message } = violation;
      return { invalid, total, file, pointer, line, offset, message, report: `${files.reportFolder}/${name}` };
    },
  };
}
