/** Names of input files and of a model's files that are no text, or that a reader of a log would not see. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { digestOfFolder } from '../../runtime/input/model.js';
import { readListing } from '../../runtime/input/listing.js';
import { createJob, type TestJob } from './support/job.js';

/** A name as the source has it, and what rclone 1.75 writes into its listing for it. */
function copied(name: Uint8Array, listed: Uint8Array = name): TestJob {
  const job = createJob();
  mkdirSync(job.path('data/raw'));
  writeFileSync(Buffer.concat([Buffer.from(`${job.path('data/raw')}/`), name]), '{}');
  writeFileSync(job.path('data/listing.txt'), Buffer.concat([listed, Buffer.from('\n')]));
  return job;
}

describe('a file name', () => {
  it.each<[string, string | Buffer, string | undefined, string]>([
    ['a tab', 'a\tb.json', 'a␉b.json', '"a\\u0009b.json", whose name holds a control character'],
    ['a line break', 'a\nb.json', 'a␊b.json', '"a\\u000ab.json", whose name holds a control character'],
    ['DEL', 'a\u007fb.json', 'a␡b.json', '"a\\u007fb.json", whose name holds a control character'],
    ['a control character of C1', 'a\u009bb.json', undefined, '"a\\u009bb.json", whose name holds a control character'],
    ['a direction mark', 'a\u202eb.json', undefined, '"a\\u202eb.json", whose name holds a control character or one that cannot be seen'],
    ['bytes that are no text', Buffer.from([0x61, 0xff]), undefined, '"a\\xff", whose name is not UTF-8'],
  ])('with %s is refused by its name, and trying again does not help', async (_, name, listed, words) => {
    const bytes = Buffer.from(name);
    const job = copied(bytes, listed === undefined ? bytes : Buffer.from(listed));
    await expect(readListing(job.path('data'))).rejects.toMatchObject({
      reason: 'runtime/bad-file-name',
      code: 2,
      sentence: expect.stringContaining(`The data source holds ${words}`) as string,
    });
    await expect(digestOfFolder(job.path('data/raw'))).rejects.toMatchObject({
      reason: 'runtime/bad-file-name',
      sentence: expect.stringContaining(`The model holds ${words}`) as string,
    });
  });

  it('that rclone lists and cannot bring is refused by its name', async () => {
    const job = copied(Buffer.from('other.json'), Buffer.from('a␀b.json\nother.json'));
    await expect(readListing(job.path('data'))).rejects.toMatchObject({ reason: 'runtime/bad-file-name', code: 2 });
  });

  it.each([' lead.json', 'trail.json ', 'a%2Fb.json', '.dot.json', '#h.json', ';s.json', '-d.json', 'ä.json', 'a\u0308.json', 'x'.repeat(255)])(
    'such as %j is a name',
    async (name) => {
      expect(await readListing(copied(Buffer.from(name)).path('data'))).toEqual([name]);
    },
  );
});
