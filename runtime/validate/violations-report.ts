import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { jsonLine } from '../../src/base/quote.js';
import { files } from '../../src/contract/paths.js';
import type { ReasonArguments } from '../../src/contract/reasons.js';
import type { Verdict, Violation } from '../../src/oip/violation.js';
import { createLineWriter, type LineWriter } from '../base/line-writer.js';

/** Below `report/upload`, so published as it is. */
export const reportFolder = '_report';

/** The errors and warnings of one direction, one JSON line each; there is no file where there are none. */
export interface ViolationsReport {
  add(file: string, verdict: Verdict): Promise<void>;
  close(): Promise<void>;
  /** What a failure says, of `total` files; undefined where all that were added are valid. */
  summary(total: number): ReasonArguments<'runtime/invalid-input'> | undefined;
}

export async function createViolationsReport(report: string, name: string): Promise<ViolationsReport> {
  const path = join(report, files.upload, reportFolder, name);
  await rm(path, { force: true });
  let writer: LineWriter | undefined;
  let invalid = 0;
  let first: { readonly file: string; readonly violation: Violation } | undefined;
  return {
    add: async (file, { violations, errors, warnings }) => {
      if (errors > 0) invalid += 1;
      if (errors + warnings === 0) return;
      writer ??= await createLineWriter(path);
      for (const violation of violations) {
        if (violation.severity === 'error') first ??= { file, violation };
        await writer.write(jsonLine({ file, ...violation }));
      }
      const notShown = errors + warnings - violations.length;
      if (notShown > 0) await writer.write(jsonLine({ file, notShown }));
    },
    close: async () => {
      await writer?.close();
    },
    summary: (total) => {
      if (first === undefined) return undefined;
      const { file, violation } = first;
      const { pointer, line, offset, message } = violation;
      return { invalid, total, file, pointer, line, offset, message, report: `${reportFolder}/${name}` };
    },
  };
}
