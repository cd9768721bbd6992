import { jsonLine } from '../../src/base/quote.js';
import type { Violation } from '../../src/oip/violation.js';
import { createLineWriter, type LineWriter } from '../base/line-writer.js';

/** JSON lines about files; the file is made with its first line. */
export interface ReportFile {
  /**
   * One line for each violation, and one that says how many more there are.
   * @param head first members of each line: which file
   * @param total how many violations there are in all
   */
  add(head: Readonly<Record<string, string>>, violations: readonly Violation[], total: number): Promise<void>;
  close(): Promise<void>;
}

/** Of 100,000 wrong files nobody reads more than the first; the volume of the reports has 1 GiB. */
const detailed = 64 << 20;

/** @param room bytes; after them, each file has one line that only counts */
export function createReportFile(path: string, room = detailed): ReportFile {
  let writer: LineWriter | undefined;
  let left = room;
  const write = async (line: string): Promise<void> => {
    writer ??= await createLineWriter(path);
    left -= Buffer.byteLength(line) + 1;
    await writer.write(line);
  };
  return {
    add: async (head, violations, total) => {
      if (total === 0) return;
      let shown = 0;
      for (const violation of violations) {
        if (left <= 0) break;
        await write(jsonLine({ ...head, ...violation }));
        shown += 1;
      }
      if (total > shown) await write(jsonLine({ ...head, notShown: total - shown }));
    },
    close: async () => {
      await writer?.close();
    },
  };
}
