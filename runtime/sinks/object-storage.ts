import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { jsonLine } from '../../src/base/quote.js';
import { files } from '../../src/contract/paths.js';
import type { ObjectStorageSettings } from '../../src/contract/feedback.js';
import type { FeedbackRecord, Sink } from './sink.js';

const names = { request: 'requests.jsonl', response: 'responses.jsonl' } as const;

/** JSON lines beside the results: sync-output uploads them as `_feedback/requests.jsonl` and `_feedback/responses.jsonl`, or `….jsonl.gz`. */
export const objectStorageSink = ({ compression }: ObjectStorageSettings, report: string): Sink => ({
  send: async (kind, records) => {
    const folder = join(report, files.upload, files.feedbackFolder);
    await mkdir(folder, { recursive: true });
    let delivered = 0;
    const lines = function* (): Generator<string> {
      for (const text of blocks(records)) {
        delivered += text.count;
        yield text.lines;
      }
    };
    if (compression === 'gzip') await pipeline(Readable.from(lines()), createGzip(), createWriteStream(join(folder, `${names[kind]}.gz`)));
    else await pipeline(Readable.from(lines()), createWriteStream(join(folder, names[kind])));
    return { delivered };
  },
});

const blockSize = 1 << 16;

/** Some lines at a time: a write for each would take longer than the records. */
function* blocks(records: Iterable<FeedbackRecord>): Generator<{ readonly lines: string; readonly count: number }> {
  let lines = '';
  let count = 0;
  for (const record of records) {
    lines += `${jsonLine(record)}\n`;
    count += 1;
    if (lines.length < blockSize) continue;
    yield { lines, count };
    lines = '';
    count = 0;
  }
  if (count > 0) yield { lines, count };
}
