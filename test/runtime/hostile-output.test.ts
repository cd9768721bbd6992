/** What a predictor may leave behind: always a recorded failure that names the file, never a bug of ours. */
import { mkdirSync, readdirSync, renameSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { describe, expect, it, vi } from 'vitest';
import { isLostAndFound } from '../../runtime/base/files.js';
import { copyOutput } from '../../runtime/output/copy-output.js';
import { fromPredictor } from '../../runtime/output/predictor-fault.js';
import { openFolder } from '../../runtime/output/safe-folder.js';
import { validateOutput } from '../../runtime/steps/validate-output.js';
import { createJob, inputPart, jobRecord, type TestJob } from './support/job.js';

function prepare(): TestJob {
  const job = createJob();
  job.write('control/job.json', jobRecord);
  job.write('report/input.part.json', inputPart());
  job.write('exit-code-of-predictor', '0');
  job.write('output/a.csv', '1');
  return job;
}

async function fails(job: TestJob, reason: string, words: string, code = 2): Promise<void> {
  expect(await job.run(validateOutput)).toBe(0);
  expect(job.failure()).toMatchObject({ reason, code });
  expect(job.failure()?.sentence).toContain(words);
  expect(readdirSync(job.path('publish'))).toEqual([]);
  expect(job.stdout()).not.toMatch(/ at .*\.[mt][js]:\d+/);
}

describe('an output folder', () => {
  it('that is gone is a failure of the predictor', async () => {
    const job = prepare();
    rmSync(job.path('output'), { recursive: true });
    await fails(job, 'runtime/unsafe-output', "The predictor's output folder is not there any more.");
  });

  it('that is a file is a failure of the predictor', async () => {
    const job = prepare();
    rmSync(job.path('output'), { recursive: true });
    writeFileSync(job.path('output'), 'x');
    await fails(job, 'runtime/unsafe-output', "The predictor's output folder is a link or a file.");
  });

  it('that is a link is a failure of the predictor, wherever it leads', async () => {
    const job = prepare();
    renameSync(job.path('output'), job.path('elsewhere'));
    symlinkSync(job.path('elsewhere'), job.path('output'));
    await fails(job, 'runtime/unsafe-output', "The predictor's output folder is a link or a file.");
  });
});

describe('a file of the output', () => {
  it.each([
    ['ENOENT', 'runtime/output-changed', 'changed while it was copied'],
    ['ESTALE', 'runtime/output-changed', 'changed while it was copied'],
    ['ELOOP', 'runtime/unsafe-output', 'which is a link'],
    ['ENOTDIR', 'runtime/unsafe-output', 'which is a link'],
    ['ENXIO', 'runtime/unsafe-output', 'which is a socket or a device'],
    ['EACCES', 'runtime/unsafe-output', 'which is closed to the other steps of the job (EACCES)'],
    ['EPERM', 'runtime/unsafe-output', 'which is closed to the other steps of the job (EPERM)'],
    ['ENAMETOOLONG', 'runtime/bad-output-name', 'longer than the system reads'],
  ])('that the system refuses with %s is told by name', async (code, reason, words) => {
    const refused = Object.assign(new Error('no'), { code, syscall: 'open' });
    await expect(fromPredictor('sub/a', () => Promise.reject(refused))).rejects.toMatchObject({
      reason,
      code: 2,
      sentence: expect.stringMatching(new RegExp(`"sub/a".*${words.replace(/[()]/g, '\\$&')}`)) as string,
    });
  });

  it('that the disk itself refuses is none of the predictor', async () => {
    const refused = Object.assign(new Error('no'), { code: 'EIO', syscall: 'read' });
    await expect(fromPredictor('a', () => Promise.reject(refused))).rejects.toBe(refused);
  });

  it('that goes away between two looks has changed', async () => {
    const job = prepare();
    const root = await openFolder(job.path('output'));
    const [name = Buffer.from('')] = await root.names();
    rmSync(job.path('output/a.csv'));
    await expect(fromPredictor('a.csv', () => root.look(name))).rejects.toMatchObject({ reason: 'runtime/output-changed' });
    await root.close();
  });

  it('that says it is larger than the disk is refused before it is copied', async () => {
    const job = prepare();
    truncateSync(job.path('output/a.csv'), 10 * 2 ** 40);
    await fails(job, 'runtime/disk-full', 'ENOSPC', 3);
  });

  it('with a name of C1 is refused by its name', async () => {
    const job = prepare();
    job.write('output/x\u009by', '1');
    await fails(job, 'runtime/bad-output-name', '"x\\u009by"');
  });
});

describe('lost+found', () => {
  it('is published where it is a folder of the predictor', async () => {
    const job = prepare();
    mkdirSync(job.path('output/lost+found'));
    writeFileSync(job.path('output/lost+found/found.csv'), '1');
    const files = await copyOutput(job.path('output'), { publish: job.path('publish'), destination: 'fraud/out/' });
    expect(files.map(({ path }) => path)).toEqual(['a.csv', 'lost+found/found.csv']);
    // And again: nothing of the first attempt is in the way of the second.
    expect(await job.run(validateOutput)).toBe(0);
    expect(job.failure()).toBeUndefined();
    expect(job.read('publish/lost+found/found.csv')).toBe('1');
  });

  it("is the volume's own where it is root's and we are not", () => {
    const getuid = vi.spyOn(process, 'getuid');
    try {
      getuid.mockReturnValue(65532);
      expect(isLostAndFound('lost+found', 0)).toBe(true);
      expect(isLostAndFound('lost+found', 65532)).toBe(false);
      expect(isLostAndFound('sub/lost+found', 0)).toBe(false);
      getuid.mockReturnValue(0);
      expect(isLostAndFound('lost+found', 0)).toBe(false);
    } finally {
      getuid.mockRestore();
    }
  });
});
