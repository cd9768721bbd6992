import { join } from 'node:path';
import { jsonLine } from '../../src/base/quote.js';
import { files } from '../../src/contract/paths.js';
import { createLineWriter } from '../base/line-writer.js';
import type { Sink } from './sink.js';

const names = { request: 'requests.jsonl', response: 'responses.jsonl' } as const;

/** JSON lines beside the results: sync-output uploads them as `_feedback/requests.jsonl` and `_feedback/responses.jsonl`. */
export const objectStorageSink = (report: string): Sink => ({
  send: async (kind, records) => {
    const writer = await createLineWriter(join(report, files.upload, '_feedback', names[kind]));
    let count = 0;
    try {
      for (const record of records) {
        await writer.write(jsonLine(record));
        count += 1;
      }
    } finally {
      await writer.close();
    }
    return count;
  },
});
